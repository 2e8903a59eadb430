"""read-adam.sas and read-adam.r: the analysis datasets with their labels, and the codelists as formats or factors."""

from __future__ import annotations

from collections.abc import Mapping

from adam.expressions.to_r import r_literal
from adam.expressions.to_sas import sas_literal
from adam.planning.values import ResolvedDataset, ResolvedStudy
from adam.submission.programs.formats import Formats
from adam.submission.programs.sas_display import read_dataset
from adam.submission.programs.text import ascii_text, wrapped

SAS_HEAD = """\
/* Reads the analysis datasets into the WORK library, with labels and formats. Set the two folders, then run the program. */
%let folder = ../datasets;
%let programs = .;
%include "&programs/formats.sas";
"""
R_HEAD = """\
# Reads the analysis datasets as a list of data frames. Text variables with a codelist are factors whose levels have the order
# of the codelist, values that are not in it last; blank is NA. Labels are kept in the attribute "label".
#   source("read-adam.r")
#   adam <- read_adam("../datasets")
library(haven)
"""
R_FUNCTION = """\
with_codelist <- function(column, terms) {
  others <- setdiff(sort(unique(column), method = "radix"), c(terms, ""))
  result <- factor(column, levels = c(terms, others))
  attr(result, "label") <- attr(column, "label")
  result
}

read_adam <- function(folder = "../datasets", datasets = names(codelists_of)) {
  read <- function(dataset) {
    data <- read_xpt(file.path(folder, paste0(tolower(dataset), ".xpt")))
    for (variable in names(codelists_of[[dataset]])) {
      data[[variable]] <- with_codelist(data[[variable]], codelists[[codelists_of[[dataset]][[variable]]]])
    }
    data
  }
  sapply(datasets, read, simplify = FALSE)
}
"""


def read_adam_sas(datasets: Mapping[str, ResolvedDataset], formats: Formats) -> str:
    """The content of read-adam.sas."""
    lines = [SAS_HEAD]
    for name, dataset in datasets.items():
        assigned = [f"{variable} {formats.variables[name, variable]}." for variable in dataset.variables if (name, variable) in formats.variables]
        statements = [f"  set source.{name.lower()};"]
        statements += [wrapped(f"  format {' '.join(assigned)};")] if assigned else []
        read = read_dataset(name, statements)
        read[1] = f"data {name.lower()} (label={sas_literal(ascii_text(dataset.label))});"
        lines += [*read, ""]
    return "\n".join(lines)


def read_adam_r(study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset], formats: Formats) -> str:
    """The content of read-adam.r."""
    lines = [R_HEAD, "codelists <- list("]
    texts = {name: codelist for name, codelist in formats.codelists.items() if codelist.type == "text"}
    entries = []
    for name, codelist in texts.items():
        numbers = study.codelists[codelist.name].numbers if codelist.name in study.codelists else {}
        terms = [term.value for term in codelist.terms]
        terms = sorted(terms, key=lambda term: numbers[term]) if set(terms) <= set(numbers) else terms  # noqa: B023  (called at once)
        entries.append(wrapped(f"  {_key(name)} = c({', '.join(map(r_literal, terms))})"))
    lines += [",\n".join(entries), ")", "", "codelists_of <- list("]
    entries = []
    for name, dataset in datasets.items():
        used = {each: formats.variables.get((name, each), "") for each in dataset.variables}
        pairs = ", ".join(f"{each} = {r_literal(_key(used[each]))}" for each in used if used[each] in texts)
        entries.append(wrapped(f"  {name} = c({pairs})"))
    return "\n".join([*lines, ",\n".join(entries), ")", "", R_FUNCTION])


def _key(name: str) -> str:
    """The name of a codelist in R."""
    return name.removeprefix("$").removesuffix("_F")
