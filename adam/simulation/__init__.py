"""SDTM frames of synthetic subjects from the facts of a study and a seed."""

from adam.simulation.simulate import SEED, File, simulate

__all__ = ["SEED", "File", "simulate"]
