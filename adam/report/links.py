"""Where the pages of a report link to: the metadata of a variable, a file of the specification, the records of a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from adam.core.errors import NOWHERE, Mark
from adam.planning.values import ResolvedDataset

REPORT, RECORDS, LINEAGE = "index.html", "records.html", "lineage.html"
"""The pages of a report, in one folder."""
DEFINE, SPECS = "../adam/define.html", "../specs"


@dataclass(frozen=True)
class Links:
    """The addresses of one report, relative to its folder; an address is blank if the output has no such file.

    Args:
        datasets: the datasets of the run.
        files: the file names of the specification by path.
        exported: whether the output has the specification next to the report.
        documents: whether it has define.html.
    """

    datasets: Mapping[str, ResolvedDataset]
    files: Mapping[str, str]
    exported: bool
    documents: bool

    def dataset(self, name: str) -> str:
        """The section of a dataset in the report."""
        return f"#dataset-{quote(name)}" if name in self.datasets else ""

    def variable(self, dataset: str, name: str) -> str:
        """A variable in define.html; in the lineage if it is temporary or there is no define.html."""
        known = self.datasets.get(dataset)
        if known is None or name not in (*known.variables, *known.temporary):
            return ""
        if self.documents and name in known.variables:
            return f"{DEFINE}#IT.{quote(dataset)}.{quote(name)}"
        return f"{LINEAGE}#{quote(dataset)}.{quote(name)}"

    def line(self, mark: Mark) -> str:
        """The text of a place: the file as the study lists it and the line; blank if there is none."""
        return specification_line(mark, self.files)

    def file(self, mark: Mark) -> str:
        """The file of a place."""
        name = self.files.get(mark.file, "")
        return f"{SPECS}/{quote(name)}" if name and self.exported else ""


def specification_line(mark: Mark, files: Mapping[str, str]) -> str:
    """The line of the specification that a finding refers to, with the file as the study lists it; blank if there is none.

    >>> specification_line(Mark("/home/x/specs/study/ads.yaml", 7, 3), {"/home/x/specs/study/ads.yaml": "study/ads.yaml"})
    'study/ads.yaml:7'
    """
    if mark == NOWHERE:
        return ""
    name = files.get(mark.file, Path(mark.file).name)
    return f"{name}:{mark.line}" if mark.line else name
