"""What a run wrote, as it can be asked for by case: dates as ISO text, everything missing as "", numbers as they are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import pyreadstat
from click.testing import CliRunner, Result

from adam.cli.commands import main

ROOT = Path(__file__).parents[2]
SPECS = ROOT / "specs" / "true_ad"
EPOCH = pd.Timestamp("1960-01-01")


def command(*words: str) -> Result:
    """Run the public command line."""
    return CliRunner().invoke(main, words)


def read(path: Path) -> tuple[pd.DataFrame, dict[str, str]]:
    """The records of a transport file and the labels of its variables."""
    frame, meta = pyreadstat.read_xport(str(path), disable_datetime_conversion=True)
    columns = {}
    for name in frame:
        column, kind = frame[name], meta.original_variable_types[name] or ""
        if kind.startswith("DATE"):
            moment = EPOCH + pd.to_timedelta(column, unit="s" if kind.startswith("DATETIME") else "D")
            column = moment.dt.strftime("%Y-%m-%dT%H:%M:%S" if kind.startswith("DATETIME") else "%Y-%m-%d")
        columns[name] = column.astype(object).where(column.notna(), "")
    return pd.DataFrame(columns), dict(zip(meta.column_names, meta.column_labels, strict=True))


@dataclass(frozen=True)
class Built:
    """The datasets, labels and findings of one run."""

    datasets: dict[str, pd.DataFrame]
    labels: dict[str, dict[str, str]]
    findings: list[dict]
    returncode: int
    output: str

    @cached_property
    def by_subject(self) -> dict[tuple[str, str], pd.DataFrame]:
        return {(name, subject): part for name, frame in self.datasets.items() for subject, part in frame.groupby("USUBJID", sort=False)}

    def every(self, dataset: str, case: str, names: str, **where: object) -> list[list]:
        """The values of some variables on the records of a case's subject that have what `where` says, in the dataset's order."""
        part = self.by_subject.get((dataset, usubjid(case)), self.datasets[dataset].iloc[:0])
        for name, value in where.items():
            part = part[part[name].isin(value if isinstance(value, list) else [value])]
        return part[names.split()].to_numpy(dtype=object).tolist()

    def one(self, dataset: str, case: str, names: str, **where: object) -> list:
        """The same of exactly one record."""
        found = self.every(dataset, case, names, **where)
        assert len(found) == 1, f"{dataset} has {len(found)} records of {case} with {where}"
        return found[0]

    def adsl(self, case: str, names: str) -> list:
        return self.one("ADSL", case, names)

    def adae(self, case: str, names: str, **where: object) -> list:
        return self.one("ADAE", case, names, **where)

    def adeff(self, case: str, names: str, **where: object) -> list:
        return self.one("ADEFF", case, names, **where)

    def of(self, severity: str) -> list[dict]:
        return [finding for finding in self.findings if finding["severity"] == severity]

    def warnings(self, case: str, of: str = "issue") -> list[str]:
        """The messages of a check's warnings (or of issues met while reading) whose first records name a case's subject."""
        told = [found for found in self.of("warning") if found["id"] == of]
        return [found["message"] for found in told if any(key.get("USUBJID") == usubjid(case) for key in found["keys"])]


def usubjid(case: str) -> str:
    """The subject of a case: `008B` is `SYNAD2-999-E008B`; case 38 is one of the site left out of efficacy."""
    return f"SYNAD2-{'217' if case == '038' else '999'}-E{case}"


def build(folder: Path, *options: str) -> Built:
    """Simulate a package, build it and read what was written, rejected or not."""
    made = command("simulate", str(SPECS), "--out", str(folder / "sdtm"), *options)
    assert made.exit_code == 0, made.stderr
    run = command("build", str(SPECS), "--sdtm", str(folder / "sdtm"), "--out", str(folder / "out"), "--json")
    assert run.exit_code in (0, 1), run.stderr
    body = json.loads(run.stdout)
    pairs = {name: read(Path(body["folder"]) / f"{name.lower()}.xpt") for name in body["records"]}
    datasets, labels = {name: pair[0] for name, pair in pairs.items()}, {name: pair[1] for name, pair in pairs.items()}
    return Built(datasets, labels, body["findings"], run.exit_code, body["folder"])
