"""The analysis data reviewer's guide."""
