"""The JSON Schema of the YAML: an editor completes, explains and checks a specification with it while it is typed."""
