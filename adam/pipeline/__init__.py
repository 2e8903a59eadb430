"""The only place where the rooms meet: one module per command, and the path they share.

    read → plan          planning.py   the specification and the headers of the source become a plan
    load → derive        derive.py     the records the plan reads become analysis datasets
    check                checks.py     suites and conformance rules, then waivers
    gate → publish       publish.py    the submission if no error remains, otherwise the rejected datasets

`build` follows the whole path, and `demo` does so on data that `simulate` writes. `validate` plans, reads the analysis datasets from
files instead of deriving them (analysis_files.py) and joins the path at the checks.
"""
