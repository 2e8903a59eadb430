"""The conformance rules of ADaM: `rules.yaml` binds each rule to a check; no rule has a function of its own."""
