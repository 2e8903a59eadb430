"""Study facts and a seed become SDTM frames of made-up subjects."""

from adam.simulate.simulate import SEED, File, simulate

__all__ = ["SEED", "File", "simulate"]
