"""Metadata of analysis datasets as tables: the sheets of a specification workbook, each a list of rows of text."""

from __future__ import annotations

from collections.abc import Mapping

Row = Mapping[str, str]
Metadata = Mapping[str, tuple[Row, ...]]
"""The rows of each sheet; a cell that a row lacks is blank."""

STUDY, DATASETS, VARIABLES, VALUES, CLAUSES = "Study", "Datasets", "Variables", "ValueLevel", "WhereClauses"
CODELISTS, DICTIONARIES, METHODS, COMMENTS, DOCUMENTS = "Codelists", "Dictionaries", "Methods", "Comments", "Documents"
_ITEM = (
    "Label",
    "Data Type",
    "Length",
    "Significant Digits",
    "Format",
    "Mandatory",
    "Codelist",
    "Origin",
    "Source",
    "Method",
    "Predecessor",
    "Comment",
)
SHEETS: Mapping[str, tuple[str, ...]] = {
    STUDY: ("Attribute", "Value"),
    DATASETS: (
        "Dataset",
        "Label",
        "Class",
        "SubClass",
        "Structure",
        "Key Variables",
        "Standard",
        "Has No Data",
        "Repeating",
        "Reference Data",
        "Comment",
    ),
    VARIABLES: ("Order", "Dataset", "Variable", *_ITEM),
    VALUES: ("Order", "Dataset", "Variable", "Where Clause", *_ITEM),
    CLAUSES: ("ID", "Dataset", "Variable", "Comparator", "Value"),
    CODELISTS: ("ID", "Name", "NCI Codelist Code", "Data Type", "Terminology", "Order", "Term", "NCI Term Code", "Decoded Value", "Extended"),
    DICTIONARIES: ("ID", "Name", "Data Type", "Dictionary", "Version"),
    METHODS: ("ID", "Name", "Type", "Description", "Expression Context", "Expression Code", "Document"),
    COMMENTS: ("ID", "Description", "Document"),
    DOCUMENTS: ("ID", "Title", "Href"),
}
"""The sheets of the workbook and their columns, as users of Pinnacle 21 know them."""
SEPARATOR = "; "
"""Between the values of a where clause in one cell."""
