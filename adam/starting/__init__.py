"""Starts a specification from the source data of a study: what the data have becomes YAML that builds."""
