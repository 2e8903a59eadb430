"""Simulated packages as frames."""

from pathlib import Path

from adam.simulation import simulate

SPECS = Path(__file__).parents[2] / "specs" / "true_ad"


def frames(study, **options):
    """Every file of the package: name of the domain to frame."""
    return {file.path.removesuffix(".xpt").upper(): file.frame() for file in simulate(study, **options) if "/" not in file.path}
