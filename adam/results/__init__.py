"""Numbers of the finished datasets, as the study's `results:` say them (LANGUAGE §12)."""
