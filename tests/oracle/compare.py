"""Every cell of a built dataset against the record-by-record reading."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from tests.oracle.adae import adae_rows
from tests.oracle.adsl import adsl_row
from tests.oracle.package import records, subjects

EPOCH = datetime(1960, 1, 1)


@dataclass(frozen=True)
class Difference:
    """One cell: what stands in the dataset and what the rules say."""

    dataset: str
    key: tuple
    variable: str
    built: object
    expected: object


def plain(value):
    """A value as the file holds it: dates are days, datetimes seconds since 1960."""
    if isinstance(value, datetime):
        return (value - EPOCH) // timedelta(seconds=1)
    if isinstance(value, date):
        return (value - EPOCH.date()).days
    return value


def same(built, expected) -> bool:
    if isinstance(built, float | int) and isinstance(expected, float | int):
        return abs(built - expected) < 1e-9
    return built == expected


def cells(dataset: str, key: tuple, built: dict, expected: dict) -> list[Difference]:
    names = sorted(set(built) | set(expected))
    found = [(name, built.get(name, "no such column"), expected.get(name, "no such column")) for name in names]
    return [Difference(dataset, key, name, left, right) for name, left, right in found if not same(plain(left), plain(right))]


def differences(package: Path, built: Path) -> list[Difference]:
    """The cells of ADSL and ADAE in `built` that are not what the rules make of `package`; rows missing, extra or misplaced too."""
    sources = subjects(package)
    given = {(row["STUDYID"], row["USUBJID"]): row for row in records(built / "adsl.xpt")}
    expected = {key: adsl_row(source, given[key]) for key, source in sources.items()}
    found = [Difference("ADSL", (), "keys", list(given), list(expected))] if list(given) != list(expected) else []
    for key, row in expected.items():
        found += cells("ADSL", key, given[key], row)
    events = {(row["STUDYID"], row["USUBJID"], row["AESEQ"]): row for row in records(built / "adae.xpt")}
    told = {(*key, row["AESEQ"]): row for key, source in sources.items() for row in adae_rows(source, expected[key])}
    if list(events) != list(told):
        found.append(Difference("ADAE", (), "keys", list(events), list(told)))
    for key in events.keys() & told.keys():
        found += cells("ADAE", key, events[key], told[key])
    return found
