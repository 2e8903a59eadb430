"""adamsmith: ADaM analysis datasets from one YAML specification."""

__version__ = "0.1.0"
