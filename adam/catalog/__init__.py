"""The catalog: derivations and record rules, each a function or class that declares its whole contract."""
