"""DM, SUPPDM, DS, SE, SV, MH and FA of one subject made messy."""

from datetime import date, timedelta
from random import Random

from tests.oracle.disposition import MILESTONES
from tests.oracle.iso import parse
from tests.oracle.messy_dates import any_date, complete, odd, partial, shifted
from tests.oracle.package import Source

REASONS = [
    "ADVERSE EVENT",
    "LOST TO FOLLOW-UP",
    "OTHER",
    "DEATH",
    "COMPLETED",
    "WITHDRAWAL BY SUBJECT",
    "SCREEN FAILURE",
    "Lack of Efficacy",
    "PHYSICIAN DECISION",
]
EPOCHS = ["BLINDED TREATMENT", "CONTINUATION TREATMENT", "FOLLOW-UP", "", "SCREENING"]
OPTED = "OPTED TO CONTINUE INTO NEXT TRIAL ELEMENT"


def first_day(source: Source) -> date:
    starts = [parse(row["EXSTDTC"]).date for row in source["EX"]] + [parse(source.dm["RFICDTC"]).date]
    return next((day for day in starts if day is not None), date(2019, 3, 20))


def birth(rng: Random, source: Source) -> None:
    """Often a birthday between consent and the first dose, at an age that matters."""
    day = first_day(source)
    near = day - timedelta(days=rng.randint(-3, 25))
    turned = date(near.year - rng.choice([12, 13, 16, 18, 65]), near.month, min(near.day, 28))
    texts = [
        turned.isoformat(),
        day.replace(year=day.year - 16, day=min(day.day, 28)).isoformat(),
        partial(rng, turned),
        "2004-02-29",
        odd(rng, turned),
    ]
    source.dm["BRTHDTC"] = rng.choice([*texts, turned.isoformat() + "T10:00", ""])


def age(rng: Random, source: Source) -> None:
    years = rng.choice([11, 12, 15, 16, 17, 18, 40, 64, 65])
    unit, count = rng.choice(
        [
            ("MONTHS", years * 12 + rng.choice([-1, 0, 11])),
            ("WEEKS", round(years * 52.1775 + rng.choice([-1, 0, 1]))),
            ("DAYS", round(years * 365.25)),
            ("", years),
            ("YEARS", None),
        ]
    )
    source.dm.update(AGE=None if count is None else float(count), AGEU=unit)
    source.dm["BRTHDTC"] = rng.choice(["", source.dm["BRTHDTC"][:4], source.dm["BRTHDTC"]])


def background(rng: Random, source: Source) -> None:
    source.dm["RACE"] = rng.choice(["MULTIPLE", "", "UNKNOWN", "NOT REPORTED", "OTHER", "AMERICAN INDIAN OR ALASKA NATIVE", "ASIAN", "WHITE"])
    source.dm["ETHNIC"] = rng.choice(["", source.dm["ETHNIC"]])
    source.dm["COUNTRY"] = rng.choice(["", "CAN", "USA", "DEU", "SWE", "SVN", "GBR"])


def milestones(rng: Random, source: Source) -> None:
    for name in rng.sample(MILESTONES, 3):
        day = parse(source.dm[name]).date or first_day(source)
        source.dm[name] = any_date(rng, day + timedelta(days=rng.choice([0, 0, 0, 1, -1, 40, 1500])))


def consent(rng: Random, source: Source) -> None:
    source.dm["RFICDTC"] = any_date(rng, first_day(source) - timedelta(days=rng.randint(0, 20)))


def death(rng: Random, source: Source) -> None:
    day = first_day(source) + timedelta(days=rng.choice([0, 3, 30, 60, 100, 300, 700]))
    source.dm["DTHFL"] = rng.choice(["Y", "Y", "Y", "", "N"])
    source.dm["DTHDTC"] = rng.choice([complete, partial, partial, any_date])(rng, day)
    if rng.random() < 0.7:
        end = {"DSCAT": "DISPOSITION EVENT", "DSSCAT": "STUDY PARTICIPATION", "DSDECOD": "DEATH", "DSTERM": "DEATH", "EPOCH": "FOLLOW-UP"}
        add(source, "DS", end | {"DSSTDTC": rng.choice([source.dm["DTHDTC"], day.isoformat()])})


def supp(source: Source, name: str) -> list[dict]:
    return [row for row in source["SUPPDM"] if row["QNAM"] == name]


def arms(rng: Random, source: Source) -> None:
    """The arm missing, spelled otherwise, without its second part or unknown; the randomised treatment apart or missing."""
    arm = source.dm["ARM"]
    vehicle = rng.choice(["VEHICLE", "VEHICLE/RUX 0.75%", "vehicle / rux 1.5%"])
    source.dm["ARM"] = rng.choice(["", "", arm.lower(), f" {arm}", "Screen Failure", "RUX 3%", "RUX 1.5%", vehicle])
    for name in ("RNDTRT", "RRNDTRT"):
        if rng.random() < 0.3:
            source.domains["SUPPDM"] = [row for row in source["SUPPDM"] if row["QNAM"] != name]
    for row in supp(source, "RNDTRT"):
        row["QVAL"] = rng.choice([row["QVAL"], row["QVAL"].lower(), "VEHICLE / RUX 1.5%", "VEHICLE", "RUX 0.75%"])
    for row in supp(source, "RRNDTRT"):
        row["QVAL"] = rng.choice([row["QVAL"], row["QVAL"].lower(), "RUX 0.75%", "RUX 1.5%"])


def strata(rng: Random, source: Source) -> None:
    name = rng.choice(["STRAT1", "STRAT2"])
    if rng.random() < 0.5:
        source.domains["SUPPDM"] = [row for row in source["SUPPDM"] if row["QNAM"] != name]
    for row in supp(source, "STRAT1") + supp(source, "STRAT2"):
        row["QVAL"] = rng.choice([row["QVAL"], "", {"STRAT1": "Europe", "STRAT2": "3"}[row["QNAM"]]])


def add(source: Source, domain: str, values: dict) -> dict:
    """Append a record with the next sequence number."""
    number = max([row[f"{domain}SEQ"] for row in source[domain]], default=0) + 1
    row = {"STUDYID": source.dm["STUDYID"], "DOMAIN": domain, "USUBJID": source.dm["USUBJID"], f"{domain}SEQ": number} | values
    for name in ("EPOCH", "DSTERM", "DSSTDTC", "DSSCAT", "DSDECOD", "FASTAT"):
        row.setdefault(name, "")
    source[domain].append(row)
    return row


def decisions(source: Source, decoded: str) -> list[dict]:
    return [row for row in source["DS"] if row["DSDECOD"] == decoded]


def randomisation(rng: Random, source: Source) -> None:
    """Missing (treated all the same, or a screen failure), twice, or without a complete date."""
    rows = decisions(source, "RANDOMIZED")
    kind = rng.choice(["gone", "twice", "messy"])
    for row in rows:
        if kind == "gone":
            source["DS"].remove(row)
        elif kind == "twice":
            add(source, "DS", row | {"DSSEQ": row["DSSEQ"] + 50, "DSSTDTC": shifted(rng, row["DSSTDTC"], 9)})
        else:
            row["DSSTDTC"] = any_date(rng, first_day(source))


def entry(rng: Random, source: Source) -> None:
    """The records that tell of the second period: moved, doubled, lost or without a complete date."""
    for decoded in ("RE-RANDOMIZED", OPTED):
        for row in decisions(source, decoded):
            kind = rng.choice(["keep", "gone", "twice", "messy", "untimed"])
            if kind == "gone":
                source["DS"].remove(row)
            elif kind == "twice":
                add(source, "DS", row | {"DSSEQ": row["DSSEQ"] + 60, "DSSTDTC": shifted(rng, row["DSSTDTC"], rng.choice([0, 5]))})
            elif kind == "messy":
                row["DSSTDTC"] = any_date(rng, parse(row["DSSTDTC"]).date or first_day(source))
            elif kind == "untimed":
                row["DSSTDTC"] = row["DSSTDTC"][:10]


def stray_entry(rng: Random, source: Source) -> None:
    """A milestone of the other route, or one without exposure to follow."""
    day = first_day(source) + timedelta(days=rng.choice([5, 56, 57]))
    values = {"DSCAT": "PROTOCOL MILESTONE", "EPOCH": "BLINDED TREATMENT", "DSSTDTC": complete(rng, day)}
    add(source, "DS", values | {"DSDECOD": rng.choice([OPTED, "RE-RANDOMIZED"])})


def elements(rng: Random, source: Source) -> None:
    """SE and SV of the second period, which stand in when DS does not tell of it."""
    for row in decisions(source, OPTED):
        source["DS"].remove(row)
    for row in source["SE"]:
        if row["EPOCH"] == "CONTINUATION TREATMENT":
            row["SESTDTC"] = rng.choice(["", any_date(rng, parse(row["SESTDTC"]).date or first_day(source)), row["SESTDTC"]])
    if rng.random() < 0.6:
        source.domains["SE"] = [row for row in source["SE"] if row["EPOCH"] != "CONTINUATION TREATMENT"]
    for row in [row for row in source["SV"] if row["VISIT"] == "WEEK 8"]:
        row["SVSTDTC"] = rng.choice([row["SVSTDTC"], any_date(rng, parse(row["SVSTDTC"]).date or first_day(source)), ""])
        if rng.random() < 0.3:
            source["SV"].append(row | {"VISITNUM": row["VISITNUM"] + 0.1, "SVSTDTC": shifted(rng, row["SVSTDTC"], 3)})


def dispositions(rng: Random, source: Source) -> None:
    """End-of-study and end-of-treatment records lost, doubled, in other epochs, of other reasons, without complete dates."""
    for row in [row for row in source["DS"] if row["DSCAT"] == "DISPOSITION EVENT"]:
        kind = rng.choice(["keep", "gone", "twice", "epoch", "date", "reason", "same day"])
        if kind == "gone":
            source["DS"].remove(row)
        elif kind in ("twice", "same day"):
            text = shifted(rng, row["DSSTDTC"], 0 if kind == "same day" else 60)
            values = {
                "DSSEQ": row["DSSEQ"] + rng.choice([-40, 40]),
                "DSDECOD": rng.choice(REASONS),
                "DSTERM": "As told by the site",
                "EPOCH": rng.choice(EPOCHS),
            }
            source["DS"].append(row | values | {"DSSTDTC": text})
        elif kind == "epoch":
            row["EPOCH"] = rng.choice(EPOCHS)
        elif kind == "date":
            row["DSSTDTC"] = any_date(rng, parse(row["DSSTDTC"]).date or first_day(source))
        elif kind == "reason":
            row.update(DSDECOD=rng.choice(REASONS), DSTERM="Moved away")


def renumber(rng: Random, source: Source) -> None:
    """Sequence numbers stay unique, whatever was added."""
    del rng
    for number, row in enumerate(sorted(source["DS"], key=lambda row: row["DSSEQ"]), 1):
        row["DSSEQ"] = float(number)


def ongoing(rng: Random, source: Source) -> None:
    kept = rng.choice([set(), {"STUDY TREATMENT"}, {"STUDY PARTICIPATION"}])
    source.domains["DS"] = [row for row in source["DS"] if row["DSCAT"] != "DISPOSITION EVENT" or row["DSSCAT"] in kept]


def screen_failure(rng: Random, source: Source) -> None:
    source.domains["EX"] = []
    source.domains["DS"] = [row for row in source["DS"] if row["DSDECOD"] not in ("RANDOMIZED", "RE-RANDOMIZED", OPTED)]
    source.dm["ARM"] = rng.choice(["", "Screen Failure", source.dm["ARM"]])
    source.dm["ARMNRS"] = "SCREEN FAILURE"


def history(rng: Random, source: Source) -> None:
    """Several diagnoses, of any precision, some after consent."""
    for _ in range(rng.randint(1, 3)):
        day = date(rng.randint(1990, 2019), rng.randint(1, 12), rng.randint(1, 28))
        category = rng.choice(["ATOPIC DERMATITIS", "Atopic dermatitis", "GENERAL MEDICAL HISTORY"])
        add(source, "MH", {"MHTERM": "Eczema", "MHDECOD": "Eczema", "MHCAT": category, "MHSTDTC": any_date(rng, day)})
    for row in source["MH"]:
        if rng.random() < 0.4:
            row["MHSTDTC"] = rng.choice(["", row["MHSTDTC"], "2019-12", "2020", "1999---15"])


def findings(rng: Random, source: Source) -> None:
    """Facial involvement and flares told again: later, undated, not done, on the same day."""
    for row in list(source["FA"]):
        day = parse(row["FADTC"]).date
        if row["FATESTCD"] not in ("FACEIND", "FLARENUM") or day is None:
            continue
        answer = rng.choice(["Y", "N", ""]) if row["FATESTCD"] == "FACEIND" else rng.choice(["0", "5", ""])
        number = float(answer) if answer.isdigit() else None
        when = any_date(rng, day + timedelta(days=rng.choice([-9, -1, 0, 0, 1, 30])))
        values = {
            "FATESTCD": rng.choice([row["FATESTCD"], row["FATESTCD"].lower()]),
            "FADTC": when,
            "FAORRES": answer,
            "FASTRESC": answer,
            "FASTRESN": number,
            "FASTAT": rng.choice(["", "", "NOT DONE"]),
        }
        add(source, "FA", {**row, **values, "FASEQ": max(other["FASEQ"] for other in source["FA"]) + 1})


HISTORY = [
    (birth, 0.25), (age, 0.15), (background, 0.25), (milestones, 0.2), (consent, 0.12), (arms, 0.2), (strata, 0.2), (death, 0.1),
    (randomisation, 0.12), (entry, 0.3), (stray_entry, 0.06), (elements, 0.12), (dispositions, 0.4), (ongoing, 0.15), (screen_failure, 0.04),
    (history, 0.3), (findings, 0.3), (renumber, 99),
]  # fmt: skip
