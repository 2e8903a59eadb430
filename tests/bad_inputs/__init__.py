"""Bad inputs drawn at random: each is refused or reported, or gives the values of the good study. `benchmarks/bad_inputs.py` runs them."""
