"""The rules of `rules.yaml`: each bound to a general check with its arguments, or not decidable here, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from adam.plan.values import ResolvedDataset
from adam.specification.located import LocatedList, LocatedMap, load
from validation.conformance.general_check import GENERAL, GeneralCheck
from validation.conformance.names import Pair

FILE = Path(__file__).parent / "rules.yaml"
KEYS = ("in", "stated", "note")


class Scope(BaseModel):
    """A kind of dataset: its class, and of a subclass if one is said; without a subclass of its own it is known by the variable `has`."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    class_: str
    subclass: str = ""
    has: str = ""

    def fits(self, dataset: ResolvedDataset) -> bool:
        """Whether a dataset is of this kind."""
        known = self.subclass in ("", dataset.subclass) or (not dataset.subclass and self.has in dataset.variables)
        return dataset.class_ == self.class_ and known


@dataclass(frozen=True)
class ConformanceRule:
    """One rule: its general check and arguments, the kinds of dataset it is for, and the id under which DOMAIN states it as an error."""

    id: str
    check: GeneralCheck
    arguments: Mapping[str, Any]
    scopes: tuple[str, ...] = ()
    stated: str = ""
    note: bool = False

    @property
    def domain(self) -> str:
        """The domain it is traced to, or nothing."""
        return str(self.arguments.get("domain") or self.arguments.get("source") or "")

    def says(self) -> str:
        """The arguments, as a reader wants them."""
        given = {name: value for name, value in self.arguments.items() if value not in ("", [], (), None, False) and name not in ("pairs", "formats")}
        return ", ".join(f"{name}: {_said(value)}" for name, value in given.items())


def _said(value: object) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_said(each) for each in value) + "]"
    if value == "":
        return '""'
    return f"{value:g}" if isinstance(value, float | int) and not isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Rules:
    """All rules: those that are decided, in order (some by several checks), those of DOMAIN beside them, and why the others are not.

    `pairs`: the primary and secondary variables of the standard.
    """

    scopes: Mapping[str, Scope]
    decided: tuple[ConformanceRule, ...]
    own: tuple[ConformanceRule, ...]
    undecided: Mapping[str, str]
    pairs: tuple[Pair, ...] = ()

    def of(self, dataset: ResolvedDataset) -> list[ConformanceRule]:
        """The rules for one dataset."""
        return [rule for rule in (*self.decided, *self.own) if not rule.check.package and self._fits(rule, dataset)]

    def _fits(self, rule: ConformanceRule, dataset: ResolvedDataset) -> bool:
        return not rule.scopes or any(self.scopes[name].fits(dataset) for name in rule.scopes)


@lru_cache(maxsize=1)
def rules(file: Path = FILE) -> Rules:
    """The rules of the data file.

    Raises:
        ValueError: the file is not as it must be; it is a part of the package, so this is a defect of ours.
    """
    loaded, problems = load(file)
    if loaded is None or problems:
        raise ValueError("; ".join(map(str, problems)))
    scopes = {str(name): _scope(block) for name, block in loaded["scopes"].items()}
    pairs = [_pair(each) for each in loaded["lists"].pop("secondary")]
    lists: dict[str, list[Any]] = {"secondary": pairs} | {str(name): list(map(str, entry)) for name, entry in loaded["lists"].items()}
    decided, own = (
        tuple(
            _rule(str(name), each, lists, scopes)
            for name, said in loaded[part].items()
            for each in (said if isinstance(said, LocatedList) else [said])
        )
        for part in ("decided", "own")
    )
    undecided = {str(name): str(why) for name, why in loaded["undecided"].items()}
    twice = sorted(undecided.keys() & {rule.id for rule in decided})
    if twice:
        raise ValueError(f"{file.name}: decided and undecided: {', '.join(twice)}")
    return Rules(scopes, decided, own, undecided, tuple(pairs))


def _pair(entry: LocatedMap | LocatedList) -> Pair:
    """A primary and a secondary variable, alone or with what else is said of them."""
    if isinstance(entry, LocatedMap):
        return Pair.model_validate({str(key): _plain(value) for key, value in entry.items()})
    return Pair(of=(str(entry[0]), str(entry[1])))


def _scope(block: LocatedMap) -> Scope:
    return Scope(class_=str(block["class"]), subclass=str(block.get("subclass", "")), has=str(block.get("has", "")))


def _rule(name: str, block: LocatedMap, lists: Mapping[str, list[Any]], scopes: Mapping[str, Scope]) -> ConformanceRule:
    kinds = [key for key in block if key not in KEYS]
    if len(kinds) != 1 or kinds[0] not in GENERAL:
        raise ValueError(f"{name}: wants one general check, has {', '.join(map(str, kinds))}")
    check = GENERAL[kinds[0]]
    raw = {str(key): _plain(value) for key, value in (block[kinds[0]] or LocatedMap()).items()}
    for key in raw.keys() & {"pairs", "formats"}:
        raw[key] = lists[str(raw[key])]
    for key, value in raw.items():
        if "list[str]" in str(check.model.model_fields[key].annotation) and not isinstance(value, list):
            raw[key] = [value]
    made = check.model(**raw)
    said = block.get("in", LocatedList())
    where = tuple(map(str, said if isinstance(said, LocatedList) else [said]))
    unknown = [scope for scope in where if scope not in scopes]
    if unknown:
        raise ValueError(f"{name}: no scope is called {', '.join(unknown)}")
    arguments = {key: getattr(made, key) for key in check.model.model_fields}
    return ConformanceRule(name, check, arguments, where, str(block.get("stated", "")), bool(block.get("note", False)))


def _plain(value: object) -> Any:  # noqa: ANN401  (whatever the file says)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, str) else float(value) if isinstance(value, float) else value
