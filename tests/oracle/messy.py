"""A simulated package made messy, subject by subject, from a seed: what real collection shows, short of what a run refuses.

`python -m tests.oracle.messy SDTM OUT SEED` writes the perturbed copy.
"""

import random
import sys
from pathlib import Path

import pandas as pd
import pyreadstat

from tests.oracle.messy_events import EVENTS
from tests.oracle.messy_exposure import EXPOSURE
from tests.oracle.messy_subject import HISTORY
from tests.oracle.package import DOMAINS, Source, records

DIARY = "ITCH NRS"
VISITS = {"SCREENING", "DAY 1", "WEEK 8"}


def thinned(rows: list[dict], domain: str) -> list[dict]:
    """With a part of the scores only: the rules tried here read their dates, and the baselines."""
    if domain not in ("RS", "QS"):
        return rows
    return [row for row in rows if (row["QSSEQ"] % 9 == 0 if row[f"{domain}CAT"] == DIARY else row["VISIT"] in VISITS)]


def by_subject(tables: dict[str, list[dict]]) -> dict[str, Source]:
    found = {row["USUBJID"]: Source(row) for row in tables["DM"]}
    for domain in DOMAINS[1:]:
        for row in tables[domain]:
            found[row["USUBJID"]].domains[domain].append(row)
    return found


def perturb_subject(rng: random.Random, source: Source, pool: list[dict]) -> None:
    """Some subjects stay nearly as they are, some have much of everything."""
    eager = rng.choice([0.02, 0.3, 1, 1, 2, 4])
    for change, chance in [*HISTORY, *EXPOSURE]:
        if rng.random() < chance * eager:
            change(rng, source)
    for change, chance in EVENTS:
        if rng.random() < chance * eager:
            change(rng, source, pool)


def perturb(tables: dict[str, list[dict]], seed: int) -> None:
    """Change the records of every subject in place; the same seed makes the same mess."""
    rng = random.Random(seed)
    pool = [dict(row) for row in tables["AE"]]
    found = by_subject(tables)
    for source in found.values():
        perturb_subject(rng, source, pool)
    for domain in DOMAINS[1:]:
        tables[domain] = [row for source in found.values() for row in source[domain]]
        if domain in ("DS", "EX", "AE", "MH", "SE"):
            rng.shuffle(tables[domain])


def write(rows: list[dict], columns: list[str], numeric: set[str], path: Path) -> None:
    frame = pd.DataFrame({name: [row.get(name, None if name in numeric else "") for row in rows] for name in columns})
    for name in columns:
        frame[name] = frame[name].astype("float64") if name in numeric else frame[name].astype(object)
    pyreadstat.write_xport(frame, str(path), table_name=path.stem.upper(), file_format_version=5)


def mess(package: Path, out: Path, seed: int) -> None:
    """Write the perturbed copy of `package` to `out`."""
    out.mkdir(parents=True, exist_ok=True)
    tables, shapes = {}, {}
    for domain in DOMAINS:
        path = package / f"{domain.lower()}.xpt"
        _, meta = pyreadstat.read_xport(str(path), metadataonly=True)
        numeric = {name for name, kind in meta.readstat_variable_types.items() if kind != "string"}
        tables[domain], shapes[domain] = thinned(records(path), domain), (meta.column_names, numeric)
    perturb(tables, seed)
    for domain, (columns, numeric) in shapes.items():
        write(tables[domain], columns, numeric, out / f"{domain.lower()}.xpt")


if __name__ == "__main__":
    mess(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
