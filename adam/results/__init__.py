"""The numbers that a study computes from its finished datasets, as `results:` declares them."""
