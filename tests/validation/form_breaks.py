"""Small breaks of the small good study, one of each form and of each generated rule, and how often each rule then fails."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

Data = dict[str, pd.DataFrame]


def put(dataset: str, row: int, **values: object) -> Callable[[Data, Data], None]:
    """Break values of one record of a dataset, or of a source."""

    def broken(data: Data, source: Data) -> None:
        frame = data.get(dataset, source.get(dataset))
        assert frame is not None
        for name, value in values.items():
            frame.loc[row, name] = value

    return broken


def drop(dataset: str, *rows: int) -> Callable[[Data, Data], None]:
    """Leave records out."""

    def broken(data: Data, source: Data) -> None:
        for where in (data, source):
            if dataset in where:
                where[dataset] = where[dataset].drop(index=list(rows)).reset_index(drop=True)

    return broken


def again(dataset: str, row: int, **values: object) -> Callable[[Data, Data], None]:
    """Add a copy of a record with other values."""

    def broken(data: Data, source: Data) -> None:
        where = data if dataset in data else source
        where[dataset] = pd.concat([where[dataset], where[dataset].iloc[[row]].assign(**values)], ignore_index=True).astype(where[dataset].dtypes)

    return broken


def imputed_part(data: Data, source: Data) -> None:
    """Take the flag off a record that is judged, and impute its response."""
    put("ADEFF", 14, CRIT1FL="")(data, source)
    put("ADEFF", 19, DTYPE="NRI")(data, source)


def not_done(data: Data, source: Data) -> None:
    """Take a value away, and say in the source that it was not collected."""
    put("ADEFF", 11, AVAL=float("nan"))(data, source)
    source["QS"]["QSSTAT"] = pd.Series("", index=source["QS"].index, dtype="str")
    put("QS", 8, QSSTAT="NOT DONE")(data, source)


def unflagged(data: Data, source: Data) -> None:
    """Take the flag off the items of one score."""
    for row in (0, 3):
        put("QS", row, QSLOBXFL="")(data, source)


def never_flagged(data: Data, source: Data) -> None:
    """A domain in which nothing is flagged."""
    source["QS"]["QSLOBXFL"] = pd.Series("", index=source["QS"].index, dtype="str")


def not_done_total(data: Data, source: Data) -> None:
    """Say that a collected total that differs was not done."""
    put("QS", 9, QSSTRESN=4.0)(data, source)
    source["QS"]["QSSTAT"] = ["NOT DONE" if code == "TTOT" else "" for code in source["QS"]["QSTESTCD"]]


def unnumbered(data: Data, source: Data) -> None:
    """Take the visit number from the records of one assessment, and change its total."""
    for row in (13, 15, 17):
        put("ADEFF", row, VISITNUM=float("nan"))(data, source)
    put("ADEFF", 13, AVAL=5.0)(data, source)


NOTHING = pd.NaT
CASES = {
    "expect, reading the subject's DM record": (put("DM", 1, RFXENDTC="2024-02-03"), {"L-6": 1}),
    "expect, reading the source record": (put("QS", 1, QSLOBXFL="Y"), {"E-13": 1, "E-40": 1}),
    "ordered: a date before the one it follows": (put("ADSL", 0, TRTSDT=pd.Timestamp("2024-02-02")), {"L-5": 1, "G-11": 13}),
    "equivalent: one side without the other": (put("ADSL", 2, TRTSDT=pd.Timestamp("2024-01-02")), {"L-4": 1}),
    "implies: over an unknown condition": (put("ADSL", 1, LOWFL="Y", TOTALBL=float("nan")), {"L-3": 1, "S-1": 1, "S-2": 1, "S-3": 1, "E-6": 1}),
    "unique": (put("ADAE", 1, AETERM="Rash", ASTDT=pd.Timestamp("2024-01-05"), ASTDTF=""), {"A-3": 2, "A-1": 1, "A-2": 1}),
    "one_to_one within a parameter": (put("ADEFF", 19, AVALC="Y"), {"E-12": 2, "E-02": 1}),
    "at_most_one": (put("ADEFF", 1, ABLFL="Y"), {"E-1": 2, "E-2": 1, "E-40": 1}),
    "first_flag: a later record flagged": (put("ADEFF", 0, ABLFL=""), {"E-2": 1, "E-4": 3, "E-40": 1}),
    "closest: no record flagged": (put("ADEFF", 14, ANL01FL=""), {"E-3": 1, "E-20": 1}),
    "closest: a farther record flagged": (put("ADEFF", 2, ANL01FL="Y"), {"E-3": 2, "E-20": 1}),
    "constant: another value": (put("ADEFF", 2, BASE=7.0), {"E-14": 3, "S-3": 1}),
    "constant: no value on one record": (put("ADEFF", 1, BASE=float("nan")), {"E-14": 3}),
    "evaluable: a flag before the first dose": (put("ADEFF", 0, CRIT1FL="N"), {"E-15": 1, "E-21": 1, "E-20": 1}),
    "evaluable: no flag after it": (put("ADEFF", 2, CRIT1FL=""), {"E-15": 1, "E-21": 1}),
    "evaluable: a flag without the value it needs": (put("ADEFF", 2, AVAL=float("nan")), {"E-15": 1, "E-21": 1}),
    "some_record: no record flagged in the group": (put("ADEFF", 3, BASE=5.0), {"E-4": 1, "E-14": 3}),
    "every_subject of those the dataset takes": (put("ADSL", 2, SAFFL="Y"), {"E-5": 1, "E-7": 4, "L-4": 1, "A-1": 1}),
    "every_subject that fits": (put("ADSL", 1, LOWFL="Y", TRT01P="Drug"), {"E-6": 1, "S-1": 1, "S-2": 1, "L-2": 2, "L-3": 1, "G-11": 1}),
    "one_record_per: none": (drop("ADEFF", 17), {"E-7": 1}),
    "increasing: a visit on the day of the one before": (
        put("ADEFF", 14, ADT=pd.Timestamp("2024-01-02"), ADY=1.0),
        {"E-8": 1, "E-9": 4, "E-15": 1, "E-20": 2, "E-21": 1},
    ),
    "apart: the range of another visit": (put("ADEFF", 1, AWTARGET=1.0), {"E-19": 2}),
    "apart: two ranges of one visit": (put("ADEFF", 1, AWTARGET=14.0), {"E-19": 2}),
    "across_parameters: the sum is another": (put("ADEFF", 2, AVAL=6.0), {"E-9": 3}),
    "across_parameters: two values in a group": (again("ADEFF", 4, AVISITN=3.0, ANL01FL=""), {"E-9": 4, "E-19": 1, "G-05": 2, "G-07": 4, "G-13": 2}),
    "across_parameters: a group without a number": (unnumbered, {"E-9": 3, "E-42": 3}),
    "days_collected: too few days": (put("QS", 6, QSDTC="2024-01-07"), {"E-11": 1, "E-41": 1}),
    "days_collected: a day without a value": (put("QS", 6, QSSTRESN=float("nan"), QSSTRESC=""), {"E-11": 1, "E-41": 1}),
    "days_collected: one day twice": (put("QS", 6, QSDTC="2024-01-14"), {"E-11": 1, "E-41": 1}),
    "days_collected: a window without an end": (put("ADEFF", 11, AENDT=NOTHING), {"E-10": 1, "E-41": 1}),
    "records_in_window: one day twice": (put("ADEFF", 9, ADT=pd.Timestamp("2024-01-14"), ADY=14.0), {"E-10": 1, "E-11": 1, "G-06": 2}),
    "records_in_window: too few days": (put("ADEFF", 11, ASTDT=pd.Timestamp("2024-01-09")), {"E-10": 1, "E-41": 1}),
    "records_in_window: a day without a value": (put("ADEFF", 9, AVAL=float("nan")), {"E-10": 1, "E-11": 1}),
    "source_value: another value": (put("QS", 6, QSSTRESN=5.0), {"E-11": 1}),
    "source_value: no such record": (drop("QS", 6), {"E-11": 1, "E-41": 1}),
    "source_value: no such variable": (put("ADEFF", 9, SRCVAR="QSORRES"), {"E-11": 1}),
    "source_value: no such domain": (put("ADEFF", 0, SRCDOM="XX"), {"E-11": 1}),
    "source_value: none is told": (put("ADEFF", 0, SRCDOM="", SRCVAR=""), {"E-11": 1}),
    "source_value: no record is named": (put("ADEFF", 9, SRCSEQ=float("nan")), {"E-11": 1}),
    "source_value: a record of another parameter": (put("QS", 6, QSTESTCD="ONE"), {"E-11": 1, "E-41": 1}),
    "source_value: a record of another date": (put("QS", 6, QSDTC="2024-01-09"), {"E-11": 1}),
    "source_value: no value, though there is one": (put("ADEFF", 11, AVAL=float("nan")), {"E-11": 1}),
    "source_value: no value, as it was not done": (not_done, {}),
    "source_value: a score that names an item": (put("ADEFF", 0, SRCSEQ=1.0), {"E-11": 1}),
    "source_value: a score that names its collected total": (put("ADEFF", 1, SRCSEQ=10.0), {}),
    "source_value: a collected total of another date": (put("ADEFF", 2, SRCSEQ=10.0), {"E-11": 1}),
    "same_flag: one item of another assessment has it": (put("QS", 5, QSLOBXFL="Y"), {"E-13": 1, "E-40": 1}),
    "same_flag: no item has it": (unflagged, {"E-40": 1}),
    "same_flag: the domain has none": (never_flagged, {}),
    "same_subjects: one too many": (drop("DM", 2), {"L-1": 1}),
    "same_subjects: one too few": (put("DM", 3, ARM="Drug"), {"L-1": 1}),
    "proportions": (put("ADSL", 1, TRT01P="Drug"), {"L-2": 2, "G-11": 1}),
    "same_records: an event of the source is lost": (drop("ADAE", 0), {"A-1": 1}),
    "same_records: an event without source": (drop("AE", 0), {"A-1": 1, "A-4": 1}),
    "same_records: a copy is changed": (put("ADAE", 0, AESEV="MODERATE"), {"A-1": 1}),
    "imputation_flag: a letter too high": (put("ADAE", 1, ASTDTF="M"), {"A-2": 1, "A-4": 1}),
    "imputation_flag: none where a part is missing": (put("ADAE", 1, ASTDTF=""), {"A-2": 1, "A-4": 1}),
    "imputed_from: a date that another record of the subject gives": (put("ADAE", 0, ASTDTF="D"), {"A-2": 1}),
    "imputed_from: a whole date that no record gives": (put("ADAE", 2, ASTDT=pd.Timestamp("2024-01-08")), {"A-4": 1}),
    "imputed_from: a day that the month collected does not have": (put("ADAE", 1, ASTDT=pd.Timestamp("2024-02-01")), {"A-4": 1}),
    "imputed_from: a record that does not count": (put("ADAE", 2, ASTDTF="Y"), {"A-2": 1, "A-4": 1}),
    "imputed_from: what is no date can be any, of an interval either part": (
        lambda data, source: [put("AE", row, AESTDTC=text)(data, source) for row, text in ((0, "2024-UN"), (1, "2023/2024-01"))],
        {"A-1": 2, "A-4": 1},
    ),
    "no_collected": (put("AE", 4, AETERM="Pain"), {"L-7": 1}),
    "counts by treatment": (put("ADEFF", 12, AVAL=0.0, AVALC="N"), {"S-1": 1, "E-20": 1}),
    "counts of the whole": (put("ADSL", 2, LOWFL="Y"), {"S-1": 1, "S-2": 1, "E-6": 1, "L-3": 1}),
    "same_value: another value": (put("ADSL", 0, TOTALBL=7.0), {"S-3": 1}),
    "same_value: none on one side": (put("ADSL", 1, TOTALBL=float("nan")), {"S-3": 1}),
    "same_value of dates": (put("ADAE", 2, TRTEDT=pd.Timestamp("2024-02-01")), {"S-3": 1, "G-11": 1}),
    "G-04: a blank population flag": (put("ADSL", 2, SAFFL=""), {"L-02": 1}),
    "G-05: a visit of no window": (put("ADEFF", 11, AVISIT="Weak 2"), {"G-05": 1}),
    "G-05: the visit of another number": (put("ADEFF", 11, AVISIT="Baseline"), {"G-05": 1}),
    "G-05: a number of no window": (put("ADEFF", 11, AVISITN=3.0), {"G-05": 2}),
    "G-06: one key twice": (again("ADEFF", 9), {"G-06": 2, "G-13": 2}),
    "G-07: two numbers of one term": (put("ADAE", 0, ASEVN=2.0), {"A-17": 2}),
    "G-07: a term without number": (put("ADAE", 1, ASEVN=float("nan")), {"A-17": 1}),
    "G-08: a datetime of another day": (put("ADAE", 0, ASTDTM=pd.Timestamp("2024-01-06T08:00:00")), {"G-08": 1}),
    "G-08: a time in a date": (put("ADEFF", 9, ADT=pd.Timestamp("2024-01-08T08:00:00")), {"G-08": 1, "G-10": 1, "E-11": 1}),
    "G-09: a flag of nothing": (put("ADAE", 1, ASTDT=NOTHING), {"G-09": 1, "A-2": 1, "A-4": 1}),
    "G-10: another day than the dates say": (put("ADEFF", 9, ADY=7.0), {"G-10": 1}),
    "G-11: a copy that differs": (put("ADEFF", 9, TRTSDT=pd.Timestamp("2024-01-02")), {"G-11": 1, "G-10": 1}),
    "G-13: a source record used twice": (put("ADEFF", 10, SRCSEQ=7.0), {"G-13": 2, "E-11": 1}),
    "E-01: other words for a parameter": (put("ADEFF", 9, PARAM="Diary"), {"E-01": 1, "G-07": 2}),
    "E-02: out of range": (put("ADEFF", 0, AVAL=11.0), {"E-02": 1, "E-9": 3}),
    "E-02: not whole": (put("ADEFF", 0, AVAL=7.5), {"E-02": 1, "E-9": 3}),
    "E-02: a response without a value": (put("ADEFF", 20, AVAL=float("nan")), {"E-02": 1}),
    "E-02: a term of a parameter that has none": (put("ADEFF", 9, AVALC="N"), {"E-02": 1}),
    "E-20: a response unlike its criterion": (put("ADEFF", 19, AVAL=1.0, AVALC="Y"), {"E-20": 1, "S-1": 1}),
    "E-20: a record that is judged without its response": (drop("ADEFF", 12), {"E-20": 1, "S-1": 1}),
    "E-20: a response at another visit": (put("ADEFF", 19, AVISITN=0.0, AVISIT="Baseline"), {"E-20": 2, "E-12": 1}),
    "E-20: one response too many": (again("ADEFF", 19), {"E-20": 2, "G-06": 2}),
    "E-12: a response imputed that can be judged": (put("ADEFF", 19, DTYPE="NRI", AVAL=0.0, AVALC="N"), {"E-12": 2}),
    "E-12: a value of imputed parts that is said to be observed": (imputed_part, {"E-12": 1, "E-15": 1, "E-21": 1}),
    "E-12: a value said to be imputed of an observed part": (put("ADEFF", 20, DTYPE="NRI"), {"E-12": 1}),
    "E-21: another text": (put("ADEFF", 0, CRIT1="lower"), {"E-21": 1}),
    "E-21: a flag unlike its condition": (put("ADEFF", 2, CRIT1FL="Y"), {"E-21": 1}),
    "E-21: a criterion where there is none": (put("ADEFF", 9, CRIT1="low"), {"E-21": 1}),
    "E-24: a collected total that differs": (put("QS", 9, QSSTRESN=4.0), {"E-24": 1}),
    "E-24: by more than 0.05": (put("QS", 9, QSSTRESN=2.94), {"E-24": 1}),
    "E-24: by 0.05": (put("QS", 9, QSSTRESN=2.95), {}),
    "E-24: in the text alone": (put("QS", 9, QSSTRESN=float("nan"), QSSTRESC="4"), {"E-24": 1}),
    "E-24: of two collected totals one differs": (again("QS", 9, QSSEQ=11.0, QSSTRESN=4.0), {"E-24": 1}),
    "E-24: of one that was not done": (not_done_total, {}),
}
