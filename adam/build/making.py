"""Make the records of a part: read the bases, run each kind, put the pieces together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from adam.build.issues import findings_of
from adam.build.tables import Table, joined, taken
from adam.build.view import Data, View
from adam.errors import Finding
from adam.expr.evaluate import Evaluation
from adam.expr.kinds import Kind, nothing, true
from adam.expr.tree import Name
from adam.plan.graph import Graph
from adam.plan.making import Making, subject_condition
from adam.plan.names import Ref, kind_by_name
from adam.records.registry import Base, Made, On, Read


def make(graph: Graph, data: Data, owner: str, code: str) -> list[Finding]:
    """Make the records of one part and put them among the tables; what is to be said comes back."""
    dataset, part = graph.dataset(owner), graph.parts[owner][code]
    allowed = _subjects(graph, data, owner)
    pieces: list[Table] = []
    findings: list[Finding] = []
    for making in graph.makings.of(dataset, part):
        read = {name: _read(graph, data, owner, code, making, name, allowed) for name in making.bases}
        views = {name: view for name, (_, view) in read.items()}
        made = making.kind.make(making.arguments, making.facts, {name: base for name, (base, _) in read.items()})
        for text, mask in made.issues:
            findings += findings_of(owner, "", text, mask & allowed[views[made.base].subject], views[made.base], making.mark)
        pieces.append(_table(graph, owner, making, made, views, allowed))
    data.tables[owner, code] = _first_of_each(pieces)
    return findings


def _subjects(graph: Graph, data: Data, owner: str) -> np.ndarray:
    """Which subjects the dataset is of."""
    dataset = graph.dataset(owner)
    everyone = np.ones(data.subjects, dtype=bool)
    if dataset.subjects is None:
        return everyone
    refs = subject_condition(graph.catalogue, graph.programs, dataset)
    view = _each_subject(data, owner, refs)
    return true(Evaluation(view).column(dataset.subjects, Kind.CONDITION)).to_numpy()


def _each_subject(data: Data, owner: str, refs: Mapping[Name, Ref]) -> View:
    """One record for each subject, to ask what is known of it."""
    data.tables[owner, "*subjects"] = Table(np.arange(data.subjects))
    return View(data, owner, ["*subjects"], refs, {})


def _read(graph: Graph, data: Data, owner: str, code: str, making: Making, name: str, allowed: np.ndarray) -> tuple[Read, View]:
    base, refs = making.bases[name], making.refs[name]
    view = _view(graph, data, owner, code, base, refs)
    evaluation = Evaluation(view)
    columns = {}
    for column, expr in base.columns.items():
        if (name, column) in making.absent:
            columns[column] = nothing(kind_by_name(f"XX{column}"), view.index)
        else:
            columns[column] = evaluation.column(expr, making.kinds[name, column])
    subject = view.subject
    if base.on is On.SUBJECTS:
        columns["where"] = columns["where"] & pd.Series(allowed, dtype="boolean")
    return Read(subject, columns), view


def _view(graph: Graph, data: Data, owner: str, code: str, base: Base, refs: Mapping[Name, Ref]) -> View:
    match base.on:
        case On.DOMAIN:
            return View(data, base.names[0], [""], refs, {})
        case On.PARAMETERS:
            codes = [each for name in base.names for each in (name, f"{name}+") if each in graph.parts[owner]]
            return View(data, owner, codes, refs, {})
        case On.OWN:
            return View(data, owner, [code.rstrip("+")], refs, {})
        case On.SUBJECTS:
            return _each_subject(data, owner, refs)


def _table(graph: Graph, owner: str, making: Making, made: Made, views: Mapping[str, View], allowed: np.ndarray) -> Table:
    """The new records of allowed subjects, with what they are given, carry over and come from."""
    kept = allowed[made.subject]
    columns = {name: column[kept].reset_index(drop=True) for name, column in made.given.items()}
    table = Table(made.subject[kept], columns)
    if made.row is None:
        return table
    rows, view = made.row[kept], views[made.base]
    base = making.bases[made.base]
    if base.on is On.DOMAIN:
        table.rows[base.names[0]] = rows
    elif making.kind.carries:
        dataset = graph.dataset(owner)
        for name in dataset.carry:
            if name not in columns:
                columns[name] = taken(view.own(name), rows)
    return table


def _first_of_each(pieces: list[Table]) -> Table:
    """The records of several entries one after another."""
    if len(pieces) == 1:
        return pieces[0]
    names = dict.fromkeys(name for piece in pieces for name in piece.columns)
    domains = dict.fromkeys(domain for piece in pieces for domain in piece.rows)
    columns = {name: joined([_piece(piece, name, pieces) for piece in pieces]) for name in names}
    rows = {domain: np.concatenate([piece.rows.get(domain, np.full(len(piece), -1)) for piece in pieces]) for domain in domains}
    return Table(np.concatenate([piece.subject for piece in pieces]), columns, rows=rows)


def _piece(piece: Table, name: str, pieces: list[Table]) -> pd.Series:
    if name in piece.columns:
        return piece.columns[name]
    dtype = next(other.columns[name].dtype for other in pieces if name in other.columns)
    kind = Kind.TEXT if dtype == "str" else Kind.DATE if dtype.kind == "M" else Kind.NUMBER
    return nothing(kind, pd.RangeIndex(len(piece)))
