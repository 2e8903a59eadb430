"""The numbers of the TRuE-AD posters, from the exported files of an exact study, by the filters of the domain brief alone (its §2 and §7.4).

Nothing of the project is used but the command line. `examples/posters.csv` has the numbers as they are printed or follow from what is printed.
"""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pyreadstat
import pytest

ROOT = Path(__file__).parents[1]
SPECS = str(ROOT / "specs" / "true_ad")
VEHICLE, LOW, HIGH = "Vehicle Cream BID", "Ruxolitinib 0.75% Cream BID", "Ruxolitinib 1.5% Cream BID"
ARMS = {"vehicle": VEHICLE, "low": LOW, "high": HIGH}
STRENGTHS = {"low": (LOW, "RX075FL"), "high": (HIGH, "RX15FL")}
EFFICACY = [
    "USUBJID", "PARAMCD", "AVISITN", "AVAL", "APERIOD", "ANL01FL", "ANL02FL", "ANL04FL", "DTYPE", "SHIFT1", "TRT01P", "TRTP", "EEFL", "W8IGAFL",
    "NIGATSFL", "SEVADFL", "LTSEVFL",
]  # fmt: skip

with (ROOT / "examples" / "posters.csv").open(encoding="utf-8", newline="") as _file:
    LINES = {row.pop("line"): {name: value for name, value in row.items() if value} for row in csv.DictReader(_file)}


@pytest.fixture(scope="session")
def exported(tmp_path_factory):
    """The exported datasets of an exact study."""
    folder = tmp_path_factory.mktemp("exact")
    for words in (["simulate", SPECS, "--exact", "--out", "sdtm"], ["build", SPECS, "--sdtm", "sdtm", "--out", "out"]):
        run = subprocess.run([sys.executable, "-m", "adam", *words], capture_output=True, text=True, cwd=folder, check=False)
        assert run.returncode == 0, run.stdout + run.stderr
    return folder / "out" / "adam"


@pytest.fixture(scope="session")
def found(exported):
    """Line of the table to column to value."""
    adsl, _ = pyreadstat.read_xport(str(exported / "adsl.xpt"))
    adae, _ = pyreadstat.read_xport(str(exported / "adae.xpt"))
    adeff, _ = pyreadstat.read_xport(str(exported / "adeff.xpt"), usecols=EFFICACY)
    return populations(adsl) | week_8(adsl, adeff) | table_1(adsl) | severe(adsl, adeff) | severe_events(adsl, adae)


def by_arm(records, variable="TRT01P"):
    counts = {column: int((records[variable] == arm).sum()) for column, arm in ARMS.items()}
    return counts | {"total": sum(counts.values())}


def percent(numerators, denominators):
    return {column: 100 * numerators[column] / denominators[column] for column in numerators}


def populations(adsl):
    lts = adsl[adsl["LTSSAFFL"] == "Y"]
    same, control = lts["TRT01A"] == lts["TRT02A"], adsl[(adsl["LTSEVFL"] == "Y") & (adsl["TRT01P"] == adsl["TRT02P"])]
    lines = {
        "Randomised": by_arm(adsl[adsl["ITTFL"] == "Y"]),
        "Safety population": by_arm(adsl[adsl["SAFFL"] == "Y"], "TRT01A"),
        "Efficacy evaluable": by_arm(adsl[adsl["EEFL"] == "Y"]),
        "Excluded from efficacy": by_arm(adsl[(adsl["ITTFL"] == "Y") & (adsl["EEFL"] == "N")]),
        "Week 8 IGA observed": by_arm(adsl[adsl["W8IGAFL"] == "Y"]),
        "Week 8 IGA missing": by_arm(adsl[(adsl["EEFL"] == "Y") & (adsl["W8IGAFL"] == "N")]),
        "Any strength in any period": {column: int((adsl[flag] == "Y").sum()) for column, (_, flag) in STRENGTHS.items()},
        "LTS safety population": by_arm(lts, "TRT02A"),
        "LTS safety population from Day 1 on the strength": by_arm(lts[same], "TRT02A"),
        "LTS safety population from vehicle": by_arm(lts[lts["TRT01A"] == VEHICLE], "TRT02A"),
        "LTS disease control from Day 1 on the strength": by_arm(control, "TRT02P"),
    }
    for study in ("SYNAD1", "SYNAD2"):
        lines[f"Randomised in {study}"] = by_arm(adsl[(adsl["ITTFL"] == "Y") & (adsl["STUDYID"] == study)])
        lines[f"Efficacy evaluable in {study}"] = by_arm(adsl[(adsl["EEFL"] == "Y") & (adsl["STUDYID"] == study)])
    return lines


def week_8(adsl, adeff):
    at = adeff[adeff["AVISITN"] == 8]
    evaluable = by_arm(adsl[adsl["EEFL"] == "Y"])
    lines = {"Not IGA-TS at Week 8": by_arm(adsl[adsl["NIGATSFL"] == "Y"])}

    def line(name, code, chosen, share=True):
        rows = at[(at["PARAMCD"] == code) & chosen]
        lines[name] = by_arm(rows[rows["AVAL"] == 1])
        if share:
            lines[f"{name} %"] = percent(lines[name], by_arm(rows))

    primary, partial, observed = (at["EEFL"] == "Y") & (at["ANL02FL"] == "Y"), at["ANL04FL"] == "Y", (at["W8IGAFL"] == "Y") & (at["ANL02FL"] == "Y")
    line("IGA-TS at Week 8", "IGATS", primary)
    line("IGA 0/1 at Week 8", "IGA01", primary)
    for study in ("SYNAD1", "SYNAD2"):
        line(f"IGA-TS at Week 8 in {study}", "IGATS", primary & at["USUBJID"].str.startswith(study), share=False)
    line("Not IGA-TS: IGA 0/1", "IGA01", primary & (at["NIGATSFL"] == "Y"), share=False)
    line("Not IGA-TS: IGA 1-point reduction", "IGA1PT", partial)
    line("Not IGA-TS: composite", "CPR", partial)
    line("Not IGA-TS: composite incl. IGA", "CPRIGA", partial)
    line("Observed: IGA 1-point reduction", "IGA1PT", observed)
    line("Observed: IGA-TS or composite", "TSCPR", observed)
    line("Observed: IGA-TS or composite incl. IGA", "TSCPRIGA", observed)
    lines["The same counts of the efficacy evaluable %"] = percent(lines["Observed: IGA-TS or composite"], evaluable)
    iga = at[(at["PARAMCD"] == "IGA") & (at["ANL01FL"] == "Y") & (at["NIGATSFL"] == "Y")]
    lines["Not IGA-TS: IGA 3 to 2"] = by_arm(iga[iga["SHIFT1"] == "3 to 2"])
    return lines


def table_1(adsl):
    failed = adsl[adsl["NIGATSFL"] == "Y"]
    columns = {column: failed[failed["TRT01P"] == arm] for column, arm in ARMS.items()} | {"total": failed, "overall": adsl[adsl["EEFL"] == "Y"]}
    counts = {
        "female": ("SEX", "F"), "White": ("RACEGR1", "White"), "Black": ("RACEGR1", "Black"), "Asian": ("RACEGR1", "Asian"),
        "other race": ("RACEGR1", "Other"), "North America": ("REGION1", "North America"), "Europe": ("REGION1", "Europe"), "IGA 2": ("IGABL", 2),
        "IGA 3": ("IGABL", 3), "itch NRS >=2": ("NRS2BLFL", "Y"), "itch NRS >=4": ("NRS4BLFL", "Y"), "facial involvement": ("FACEBLFL", "Y"),
    }  # fmt: skip
    lines = {"n": {column: len(part) for column, part in columns.items()}}
    for name, (variable, value) in counts.items():
        lines[name] = {column: int((part[variable] == value).sum()) for column, part in columns.items()}
    lines["itch NRS >=2 %"] = percent(lines["itch NRS >=2"], lines["n"])
    for name, variable in {"BSA": "BSABL", "EASI": "EASIBL", "itch NRS": "NRSBL", "flares": "FLARE12N"}.items():
        lines[f"{name} mean"] = {column: part[variable].mean() for column, part in columns.items()}
        lines[f"{name} SD"] = {column: part[variable].std() for column, part in columns.items()}
    for name, variable in {"age": "AAGE", "duration": "ADDURY"}.items():
        for word, statistic in {"median": "median", "lowest": "min", "highest": "max"}.items():
            lines[f"{name} {word}"] = {column: getattr(part[variable], statistic)() for column, part in columns.items()}
    return {f"Table 1: {name}": line for name, line in lines.items()}


def severe(adsl, adeff):
    names = ["applied the strength", "LTS disease control"]
    names += [f"IGA 0/1 {which} {what}" for which in ("lowest", "highest") for what in ("n", "N", "%")] + ["BSA lowest mean", "BSA highest mean"]
    lines = {f"More severe: {name}": {} for name in names}
    who = adsl[adsl["SEVADFL"] == "Y"]
    observed = (adeff["APERIOD"] == 2) & adeff["AVISITN"].between(12, 52) & (adeff["ANL01FL"] == "Y") & (adeff["DTYPE"] == "")
    later = adeff[(adeff["SEVADFL"] == "Y") & (adeff["LTSEVFL"] == "Y") & observed]
    for column, (strength, flag) in STRENGTHS.items():
        mine = later[later["TRTP"] == strength]
        visits = mine[mine["PARAMCD"] == "IGA01"].groupby("AVISITN")["AVAL"].agg(["sum", "count"])
        shares = (100 * visits["sum"] / visits["count"]).sort_values(kind="stable")
        values = [int((who[flag] == "Y").sum()), int(((who["LTSEVFL"] == "Y") & (who["TRT02P"] == strength)).sum())]
        for week in (shares.index[0], shares.index[-1]):
            values += [visits.at[week, "sum"], visits.at[week, "count"], shares[week]]
        means = mine[mine["PARAMCD"] == "BSA"].groupby("AVISITN")["AVAL"].mean()
        for name, value in zip(names, [*values, means.min(), means.max()], strict=True):
            lines[f"More severe: {name}"][column] = value
    return lines


def severe_events(adsl, adae):
    who, events = adsl[adsl["SEVADFL"] == "Y"], adae[adae["SEVADFL"] == "Y"]
    lts_reaction = (events["CQ01NAM"] != "") & (events["TREM02FL"] == "Y") & (events["AOCC05FL"] == "Y")
    related = events["AOCC04FL"] == "Y"
    marks = {
        "any TEAE": events["AOCC01FL"] == "Y", "application site reaction in LTS": lts_reaction, "related": related,
        "related and serious": (events["TRTEMFL"] == "Y") & (events["AREL"] == "RELATED") & (events["AESER"] == "Y"),
        "drug withdrawn for an event": (events["TRTEMFL"] == "Y") & (events["AEDISCFL"] == "Y"),
    }  # fmt: skip
    applied = {column: int((who[flag] == "Y").sum()) for column, (_, flag) in STRENGTHS.items()}
    lines = {
        name: {column: events[mark & (events["TRTA"] == strength)]["USUBJID"].nunique() for column, (strength, _) in STRENGTHS.items()}
        for name, mark in marks.items()
    }
    lines |= {f"{name} %": percent(lines[name], applied) for name in ("any TEAE", "related")}
    stopped = who[who["DCSREAS"] == "ADVERSE EVENT"]
    lines["study discontinued for an event"] = {column: int((stopped[flag] == "Y").sum()) for column, (_, flag) in STRENGTHS.items()}
    return {f"More severe: {name}": line for name, line in lines.items()}


@pytest.mark.parametrize("line", list(LINES))
def test_number_of_the_posters(found, line):
    for column, printed in LINES[line].items():
        half = 0.5 * 10.0 ** -len(printed.partition(".")[2]) if "." in printed else 0.0
        value = found[line][column]
        assert abs(value - float(printed)) <= half + 1e-9, f"{line}, {column}: {value} is not {printed}"


def test_every_line_is_computed_and_given(found):
    assert sorted(set(LINES) - set(found)) == []


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="Rscript is not on PATH: the R program of examples/ is NOT tested")
def test_the_r_program_finds_the_same_numbers(exported):
    if subprocess.run(["Rscript", "-e", "library(haven)"], capture_output=True, check=False).returncode:
        pytest.skip("R has no package haven: the R program of examples/ is NOT tested")
    words = ["Rscript", str(ROOT / "examples" / "posters.R"), str(exported), str(ROOT / "examples" / "posters.csv")]
    run = subprocess.run(words, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count(" ok") == sum(len(line) for line in LINES.values())


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="Rscript is not on PATH: the R programs of the displays are NOT tested")
def test_the_r_programs_of_the_displays_print_every_number(exported, tmp_path):
    if subprocess.run(["Rscript", "-e", "library(haven)"], capture_output=True, check=False).returncode:
        pytest.skip("R has no package haven: the R programs of the displays are NOT tested")
    files = sorted(path for path in (exported.parent / "programs").glob("*.r") if path.name != "read-adam.r")
    lines = ["for (file in c(" + ", ".join(f'"{path}"' for path in files) + ")) source(file, local = new.env())"]
    (tmp_path / "all.R").write_text("\n".join(lines), encoding="utf-8")
    run = subprocess.run(["Rscript", str(tmp_path / "all.R"), str(exported)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    printed = [row for row in csv.reader(run.stdout.splitlines()) if row[0] != "result"]
    found = {tuple(row[:3]): row[3:] for row in printed}
    assert len(found) == len(printed)
    with (exported.parent / "report" / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        ours = {(row["result"], row["group"], row["over"]): [row["value"], row["records"], row["among"]] for row in csv.DictReader(file)}
    assert len(ours) > 600
    assert {key: found.get(key) for key in ours} == ours
    more = {key: values for key, values in found.items() if key not in ours}  # a group of the codelist that has no record
    assert all(values[1] == "0" for values in more.values()), more
