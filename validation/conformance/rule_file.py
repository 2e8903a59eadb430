"""The conformance rules of ADaM as data: each rule of `rules.yaml` names a check and its arguments, or why it is not decided here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

import validation.checks  # noqa: F401  (registers the checks)
from adam.core.located import LocatedList, LocatedMap, load
from adam.planning.values import ResolvedDataset
from validation.check import CHECKS, CheckFunction
from validation.delivery import Delivery
from validation.name_patterns import Pair

FILE, LISTS = Path(__file__).with_name("rules.yaml"), Path(__file__).with_name("lists.yaml")
KEYS = ("in", "for_each", "stated", "note")


class DatasetKind(BaseModel):
    """A kind of dataset: its class, and its subclass if there is one; a dataset that declares none is recognized by the variable `has`."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    class_: str
    subclass: str = ""
    has: str = ""

    def includes(self, dataset: ResolvedDataset) -> bool:
        """Whether a dataset is of this kind."""
        known = self.subclass in ("", dataset.subclass) or (not dataset.subclass and self.has in dataset.variables)
        return dataset.class_ == self.class_ and known


@dataclass(frozen=True)
class ConformanceRule:
    """One rule: its check and arguments, the kinds of dataset it applies to, and the id of the general rule that makes it an error.

    `for_each` is a name with places: the rule applies to each variable of that name, and the places of its arguments are filled with it.
    """

    id: str
    check: CheckFunction
    arguments: Mapping[str, Any]
    kinds: tuple[str, ...] = ()
    for_each: str = ""
    stated: str = ""
    note: bool = False

    @property
    def of_delivery(self) -> bool:
        """Whether it applies to the whole delivery, not to one dataset."""
        return self.check.checks is Delivery

    @property
    def domain(self) -> str:
        """The domain it is traced to, or nothing."""
        return str(self.arguments.get("domain") or self.arguments.get("source") or "")

    @property
    def arguments_text(self) -> str:
        """The arguments in one line."""
        shown = {"for_each": self.for_each, **self.arguments}
        empty: tuple[object, ...] = ("", [], (), None, False)
        return ", ".join(f"{name}: {_text(value)}" for name, value in shown.items() if value not in empty and name not in ("pairs", "formats"))


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_text(each) for each in value) + "]"
    if value == "":
        return '""'
    return f"{value:g}" if isinstance(value, float | int) and not isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class ConformanceRules:
    """All rules: the published ones that are decided, in order (some by several checks), those of the product, and why the others are not."""

    kinds: Mapping[str, DatasetKind]
    decided: tuple[ConformanceRule, ...]
    own: tuple[ConformanceRule, ...]
    undecided: Mapping[str, str]

    @property
    def all(self) -> tuple[ConformanceRule, ...]:
        """Every rule that is checked."""
        return (*self.decided, *self.own)

    def of(self, dataset: ResolvedDataset) -> list[ConformanceRule]:
        """Return the rules that apply to one dataset."""
        return [rule for rule in self.all if not rule.of_delivery and self._applies(rule, dataset)]

    def _applies(self, rule: ConformanceRule, dataset: ResolvedDataset) -> bool:
        return not rule.kinds or any(self.kinds[name].includes(dataset) for name in rule.kinds)


@dataclass(frozen=True)
class NameLists:
    """The lists of names that rules share: the primary and secondary variables of the standard, and the others by name."""

    pairs: tuple[Pair, ...]
    names: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def name_lists() -> NameLists:
    """Return the lists. They have a file of their own, because the generated rules of a study read them without the conformance rules."""
    loaded = _loaded(LISTS)
    pairs = tuple(_pair(each) for each in loaded.pop("secondary"))
    return NameLists(pairs, {str(name): tuple(map(str, entry)) for name, entry in loaded.items()})


def _loaded(file: Path) -> LocatedMap:
    loaded, problems = load(file)
    if loaded is None or problems:
        raise ValueError("; ".join(map(str, problems)))
    return loaded


@lru_cache(maxsize=1)
def conformance_rules(file: Path = FILE) -> ConformanceRules:
    """Return the rules of the data file.

    Raises:
        ValueError: the file is not valid. It is a part of the package, so this is a defect of the package.
    """
    loaded = _loaded(file)
    kinds = {str(name): _kind(block) for name, block in loaded["kinds"].items()}
    lists: dict[str, list[Any]] = {"secondary": list(name_lists().pairs), **{name: list(entry) for name, entry in name_lists().names.items()}}
    decided, own = (
        tuple(
            _rule(str(name), each, lists, kinds)
            for name, entry in loaded[part].items()
            for each in (entry if isinstance(entry, LocatedList) else [entry])
        )
        for part in ("decided", "own")
    )
    undecided = {str(name): str(why) for name, why in loaded["undecided"].items()}
    twice = sorted(undecided.keys() & {rule.id for rule in decided})
    if twice:
        raise ValueError(f"{file.name}: decided and undecided: {', '.join(twice)}")
    return ConformanceRules(kinds, decided, own, undecided)


def _pair(entry: LocatedMap | LocatedList) -> Pair:
    """A primary and a secondary variable, alone or with their options."""
    if isinstance(entry, LocatedMap):
        return Pair.model_validate({str(key): _plain(value) for key, value in entry.items()})
    return Pair(of=(str(entry[0]), str(entry[1])))


def _kind(block: LocatedMap) -> DatasetKind:
    return DatasetKind(class_=str(block["class"]), subclass=str(block.get("subclass", "")), has=str(block.get("has", "")))


def _rule(name: str, block: LocatedMap, lists: Mapping[str, list[Any]], kinds: Mapping[str, DatasetKind]) -> ConformanceRule:
    checks = [key for key in block if key not in KEYS]
    if len(checks) != 1 or checks[0] not in CHECKS:
        raise ValueError(f"{name}: expected one check, found {', '.join(map(str, checks))}")
    check = CHECKS[checks[0]]
    raw = {str(key): _plain(value) for key, value in (block[checks[0]] or LocatedMap()).items()}
    for key in raw.keys() & {"pairs", "formats"}:
        raw[key] = lists[str(raw[key])]
    for key, value in raw.items():
        if "list[str]" in str(check.model.model_fields[key].annotation) and not isinstance(value, list):
            raw[key] = [value]
    arguments = raw if check.usable_in_lines else dict(check.model(**raw))
    entry = block.get("in", LocatedList())
    applies = tuple(map(str, entry if isinstance(entry, LocatedList) else [entry]))
    unknown = [kind for kind in applies if kind not in kinds]
    if unknown:
        raise ValueError(f"{name}: unknown kind of dataset: {', '.join(unknown)}")
    return ConformanceRule(
        name, check, arguments, applies, str(block.get("for_each", "")), str(block.get("stated", "")), bool(block.get("note", False))
    )


def _plain(value: object) -> Any:  # noqa: ANN401  (any value of the file)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, str) else float(value) if isinstance(value, float) else value
