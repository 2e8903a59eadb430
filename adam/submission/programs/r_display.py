"""The program of a display in R: it reads the transport files and prints each number of the display as a line of CSV."""

from __future__ import annotations

from adam.expressions.to_r import ToR, r_literal
from adam.expressions.tree import Both, Expr
from adam.planning.values import DisplayedResult, ResolvedDisplay, ResolvedStudy
from adam.submission.programs.displays import decimals_of, kinds_of, listed_groups, variables_read
from adam.submission.programs.text import ascii_text, file_name, wrapped

HEAD = """\
# {title}
# Display {name} of define.xml. Run it with the folder of the transport files: Rscript {file}.r FOLDER
# It prints CSV with one line for each number: the number, its records, and its denominator.
library(haven)

arguments <- commandArgs(trailingOnly = TRUE)
folder <- if (length(arguments) > 0) arguments[1] else if (dir.exists("../datasets")) "../datasets" else "../adam"
invisible(Sys.setlocale("LC_COLLATE", "C"))

# A number with a fixed number of decimals; a half is rounded up
shown <- function(value, decimals) {
  if (is.na(value)) return("")
  rounded <- sign(value) * floor(round(abs(value), 9) * 10^decimals + 0.5 + 1e-9) / 10^decimals
  sprintf("%.*f", decimals, rounded)
}

# Values as names of groups
named <- function(column) if (is.numeric(column)) ifelse(is.na(column), "", sprintf("%.15g", column)) else as.character(column)

number <- function(statistic, values, size, among) {
  if (statistic == "count") return(c(size, size, NA))
  if (statistic == "percent") {
    hits <- if (is.null(values)) size else sum(values, na.rm = TRUE)
    return(c(if (among > 0) 100 * hits / among else NA, hits, among))
  }
  values <- values[!is.na(values)]
  compute <- list(mean = mean, sd = sd, median = median, min = min, max = max)[[statistic]]
  c(if (length(values) > 0) compute(values) else NA, length(values), NA)
}

# Prints a result for each group of the variable `by`, those of `groups` first, and in total, at each value of `over`;
# `values` are what is analyzed, for a percentage the condition of the numerator, and `among` are the records of its denominator
show <- function(name, records, statistic, values = NULL, by = NULL, groups = NULL, over = NULL, among = NULL, decimals = 1) {
  all <- rep(TRUE, nrow(records))
  own <- if (is.null(by)) NULL else named(records[[by]])
  groups <- c(groups, setdiff(sort(unique(own)), c(groups, "")), "Total")
  for (group in groups) {
    inside <- if (group == "Total") all else own == group
    places <- if (is.null(over)) "" else sort(unique(records[[over]][inside]))
    for (place in places[!is.na(places) & (is.null(over) | places != "")]) {
      at <- inside & (if (is.null(over)) all else !is.na(records[[over]]) & records[[over]] == place)
      size <- if (is.null(among)) sum(at) else if (group == "Total" || !(by %in% names(among))) nrow(among) else sum(named(among[[by]]) == group)
      found <- number(statistic, if (is.null(values)) NULL else values[at], sum(at), size)
      line <- data.frame(name, group, if (is.null(over)) "" else named(place), shown(found[1], decimals), found[2], found[3])
      write.table(line, sep = ",", qmethod = "double", row.names = FALSE, col.names = FALSE, na = "")
    }
  }
}

cat("result,group,over,value,records,among\\n")
"""


def r_program(study: ResolvedStudy, display: ResolvedDisplay) -> str:
    """The program of a display; `displays_of` gives the display."""
    head = HEAD.replace("{title}", ascii_text(display.title)).replace("{name}", display.name).replace("{file}", file_name(display.name))
    reads = []
    for dataset, names in variables_read(study, display).items():
        columns = ", ".join(r_literal(name) for name in names) or r_literal(next(iter(study.datasets[dataset].variables)))
        file = r_literal(f"{dataset.lower()}.xpt")
        reads.append(wrapped(f"{dataset.lower()} <- as.data.frame(read_xpt(file.path(folder, {file}), col_select = c({columns})))", "  "))
    return "\n".join([head + "\n".join(reads) + "\n", *(_result(study, each) for each in display.results)])


def _result(study: ResolvedStudy, displayed: DisplayedResult) -> str:
    result, measure = displayed.result, displayed.result.value
    records = _subset(study, result.dataset, result.where)
    arguments = [r_literal(result.name), "records", r_literal(measure.name)]
    if measure.of is not None:
        translation = ToR(kinds_of(study, result.dataset), study.constants)
        translate = translation.condition if measure.name == "percent" else translation.value
        arguments.append(f"values = with(records, {translate(measure.of.root)})")
    arguments += [f"by = {r_literal(result.by)}"] if result.by else []
    groups = listed_groups(study, result)
    arguments += [f"groups = c({', '.join(map(r_literal, groups))})"] if groups else []
    arguments += [f"over = {r_literal(result.over)}"] if result.over else []
    lines = [f"# {ascii_text(result.title)}", f"records <- {records}"]
    if result.of is not None:
        lines.append(f"among <- {_subset(study, result.of.dataset, result.of.where)}")
        arguments.append("among = among")
    arguments.append(f"decimals = {decimals_of(result)}")
    return "\n".join([*lines, wrapped(f"show({', '.join(arguments)})", "  ")]) + "\n"


def _subset(study: ResolvedStudy, dataset: str, where: Expr | None) -> str:
    """The records of a dataset for which a condition is true; `subset` leaves out those for which it is unknown."""
    name = dataset.lower()
    if where is None:
        return name
    translation, root = ToR(kinds_of(study, dataset), study.constants), where.root
    parts = root.values if isinstance(root, Both) and root.op == "and" else (root,)
    text = " & ".join(f"({translation.condition(part)})" if isinstance(part, Both) else translation.condition(part) for part in parts)
    return wrapped(f"subset({name}, {text})", "  ")
