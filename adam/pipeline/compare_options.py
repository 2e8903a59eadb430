"""The options of a comparison as text: keys, tolerances, names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from adam.comparison.equality import Tolerance, Tolerances
from adam.core.errors import UsageError, did_you_mean
from adam.core.numerals import number_of

KINDS = ("absolute", "relative")


@dataclass(frozen=True)
class KeyOption:
    """The keys that a user declares: of all datasets, and of some."""

    default: tuple[str, ...] = ()
    by_dataset: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, dataset: str) -> tuple[str, ...]:
        """The key of a dataset; empty if none is declared."""
        return self.by_dataset.get(dataset, self.default)

    def require_known(self, datasets: Sequence[str]) -> None:
        """Refuse a key for a dataset that is not compared.

        Raises:
            UsageError: there is such a key.
        """
        unknown = [name for name in self.by_dataset if name not in datasets]
        if unknown:
            raise UsageError(f"--key names {unknown[0]}, which is not compared{did_you_mean(unknown[0], datasets)}")


def parse_keys(value: str | Sequence[str]) -> KeyOption:
    """The keys in one text or in several, `USUBJID,PARAMCD` or `ADVS=USUBJID,PARAMCD`.

    >>> parse_keys("usubjid, paramcd").default
    ('USUBJID', 'PARAMCD')
    >>> parse_keys(["ADSL=USUBJID"]).of("ADSL")
    ('USUBJID',)

    Raises:
        UsageError: a name is blank or twice in a key, or a dataset has two keys.
    """
    default: list[str] = []
    by_dataset: dict[str, tuple[str, ...]] = {}
    for text in [value] if isinstance(value, str) else value:
        dataset, equals, listed = text.rpartition("=")
        names = tuple(name.strip().upper() for name in listed.split(","))
        if not all(names) or (equals and not dataset.strip()):
            raise UsageError(f"--key is '{text}'; it must be variables separated by commas, such as USUBJID,PARAMCD or ADVS=USUBJID,PARAMCD.")
        if equals and by_dataset.setdefault(dataset.strip().upper(), names) != names:
            raise UsageError(f"--key has two keys for {dataset.strip().upper()}. Keep one.")
        default += [] if equals else names
    twice = next((name for key in (default, *by_dataset.values()) for name in key if list(key).count(name) > 1), None)
    if twice:
        raise UsageError(f"--key has {twice} twice. Remove one.")
    return KeyOption(tuple(default), by_dataset)


def parse_tolerances(value: float | str | Sequence[str]) -> Tolerances:
    """The tolerances in one text or in several, `0.001`, `relative:1e-8` or `AVAL=0.01`.

    >>> str(parse_tolerances(["1e-9", "relative:1e-8", "AVAL=0.01"]))
    'Numbers are equal within 1e-09 (absolute) or 1e-08 (relative); AVAL within 0.01 (absolute).'

    Raises:
        UsageError: a text has another form.
    """
    default: dict[str, float] = {}
    of: dict[str, dict[str, float]] = {}
    for text in [str(value)] if isinstance(value, str | float | int) else value:
        name, equals, rest = text.rpartition("=")
        kind, _, written = rest.rpartition(":")
        kind, number = kind.strip().lower() or "absolute", number_of(written)
        if kind not in KINDS or not number >= 0 or (equals and not name.strip()):
            raise UsageError(f"--tolerance is '{text}'; it must be a number from 0, such as 0.001, relative:1e-8 or AVAL=0.01.")
        (of.setdefault(name.strip().upper(), {}) if equals else default)[kind] = number
    return Tolerances(Tolerance(**default), {name: Tolerance(**each) for name, each in of.items()})


def parse_names(value: Mapping[str, str] | Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The pairs of a name in BASE and another in COMPARE, from texts such as `AVAL=QCVAL`, several with commas.

    >>> parse_names(["AVAL=QCVAL,chg=qcchg"])
    (('AVAL', 'QCVAL'), ('CHG', 'QCCHG'))

    Raises:
        UsageError: a text has another form, or a name has two partners.
    """
    texts = [f"{own}={other}" for own, other in value.items()] if isinstance(value, Mapping) else [each for text in value for each in text.split(",")]
    pairs = []
    for text in texts:
        own, _, other = (part.strip().upper() for part in text.partition("="))
        if not own or not other or "=" in other:
            raise UsageError(f"--map is '{text}'; it must be a variable of BASE and one of COMPARE, such as AVAL=QCVAL.")
        pairs.append((own, other))
    for place in (0, 1):
        listed = [pair[place] for pair in pairs]
        twice = next((name for name in listed if listed.count(name) > 1), None)
        if twice:
            raise UsageError(f"--map has {twice} twice. Compare a variable several times in several runs.")
    return tuple(pairs)
