"""`sources:` of a dataset: variables of a domain that only its formulas see, and SRC.X over several domains."""

from pathlib import Path

import pytest

from adam.core.errors import SpecError
from adam.core.kinds import ValueKind
from adam.engine.run import build
from adam.pipeline.load import load_records
from adam.pipeline.planning import plan_with_source
from adam.planning.names import SourceHeader
from adam.planning.plan import plan
from adam.planning.values.plan import Plan
from adam.sources import Source
from adam.specification.read import read

T, N = ValueKind.TEXT, ValueKind.NUMBER
STUDY = """
language: 1
study: S
extends: adamig
ids: [S]
datasets: [ADSL, ADEX, ADCM]
sources:
  EX: {variables: {STDT: date(EXSTDTC), DOSE: EXDOSE + 0}}
"""
ADSL = """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {from: DM}
variables:
  STUDYID, USUBJID: DM
  TRTSDT: {first: EX.STDT}
"""
ADEX = """
dataset: ADEX
class: BASIC DATA STRUCTURE
label: Exposure
key: [STUDYID, USUBJID, PARAMCD, ASEQ]
sources:
  EX:
    variables:
      ENDT: date(EXENDTC)
      DURD: ENDT - STDT + 1
      DOSE: DOSE * 2
      EXDOSE: EXDOSE * 100
parameters:
  DURD: {label: Duration, records: {from: EX, value: EX.DURD}}
  DOSE: {label: Dose, records: {from: EX, value: SRC.DURD * DOSE}}
variables:
  STUDYID, USUBJID: ADSL
  PARAMCD, PARAM, AVAL: PARAMETER
  AVALC: {label: Dose as Text, length: 20, value: text(EX.EXDOSE)}
  ASTDT: EX.STDT
  ASEQ: SRC.SEQ
  TOTAL: {label: Total Duration, sum: EX.DURD}
"""
ADCM = """
dataset: ADCM
class: OCCURRENCE DATA STRUCTURE
label: Exposure Again
records: {from: EX}
key: [STUDYID, USUBJID, EXSEQ]
sources: {EX: {variables: {DURD: ENDT - STDT, ENDT: date(EXENDTC)}}}
variables:
  STUDYID, USUBJID: ADSL
  EXSEQ: {label: Number, value: EX.EXSEQ}
  DOSE: {label: Dose, type: float, value: EX.DOSE}
  EXDOSE: {label: Dose, value: EX.EXDOSE}
  ADURN: EX.DURD
"""


def folder(base: Path, **files: str) -> Path:
    for name, text in {"study": STUDY, "adsl": ADSL, "adex": ADEX, "adcm": ADCM, **files}.items():
        base.mkdir(parents=True, exist_ok=True)
        (base / f"{name}.yaml").write_text(text, encoding="utf-8")
    return base


def test_each_dataset_has_its_own(tmp_path: Path) -> None:
    sdtm = tmp_path / "sdtm"
    sdtm.mkdir()
    (sdtm / "dm.csv").write_text("STUDYID,USUBJID\nS,1\n")
    (sdtm / "ex.csv").write_text(
        "STUDYID,DOMAIN,USUBJID,EXSEQ,EXDOSE,EXSTDTC,EXENDTC\nS,EX,1,1,5,2024-01-01,2024-01-03\nS,EX,1,2,10,2024-01-04,2024-01-10\n"
    )
    made, source = plan_with_source(folder(tmp_path / "specs"), sdtm)
    assert isinstance(source, Source)
    frames = build(made, load_records(source, made.columns)).frames
    adex = frames["ADEX"][["PARAMCD", "ASEQ", "AVAL", "AVALC", "TOTAL"]].values.tolist()
    assert adex == [  # 1 to 3 January is 3 days, 4 to 10 January is 7; a dose of 5 counts 10
        ["DOSE", 1, 30, "500", 10],
        ["DOSE", 2, 140, "1000", 10],
        ["DURD", 1, 3, "500", 10],
        ["DURD", 2, 7, "1000", 10],
    ]
    assert frames["ADCM"][["EXSEQ", "DOSE", "EXDOSE", "ADURN"]].values.tolist() == [[1, 5, 5, 2], [2, 10, 10, 6]]
    assert made.datasets["ADEX"].variables["TOTAL"].method == "The sum of EX.DURD over the EX records; missing values are left out."
    assert made.datasets["ADEX"].variables["AVALC"].lineage == ("EX.EXDOSE",)


def fault(base: Path, old: str, new: str, dataset: str = "adex") -> str:
    text = {"adex": ADEX, "adcm": ADCM}[dataset]
    with pytest.raises(SpecError) as caught:
        read(folder(base, **{dataset: text.replace(old, new)}))
    return str(caught.value.problems[0]).removeprefix(f"{base}/")


def test_another_dataset_does_not_see_it(tmp_path: Path) -> None:
    folder(tmp_path, adcm=ADCM.replace("EX.DURD", "EX.DURDX"))
    headers = {
        "DM": SourceHeader({"STUDYID": T, "USUBJID": T}),
        "EX": SourceHeader({"STUDYID": T, "USUBJID": T, "EXSEQ": N, "EXDOSE": N, "EXSTDTC": T, "EXENDTC": T}),
    }
    with pytest.raises(SpecError) as caught:
        plan(read(tmp_path), headers)
    assert "ADCM.ADURN: Domain EX has no variable DURDX. Did you mean 'DURD'?" in str(caught.value)
    folder(tmp_path, adcm=ADCM.replace("ENDT: date(EXENDTC)", "ENDX: date(EXENDTC)"))
    with pytest.raises(SpecError) as caught:
        plan(read(tmp_path), headers)
    assert "EX.DURD of ADCM: Domain EX has no variable ENDT. Did you mean 'ENDX'?" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "    variables:\n      ENDT",
            "    where: EXDOSE > 1\n    variables:\n      ENDT",
            "adex.yaml:8:5: ADEX.EX: sources: of a dataset prepares",
        ),
        ("sources:\n  EX:\n", "sources:\n  EX: 1\nsource:\n  EX:\n", "adex.yaml:7:7: ADEX.EX: sources: of a dataset prepares variables"),
    ],
)
def test_how_a_domain_is_read_is_not_for_one_dataset(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert fault(tmp_path, old, new).startswith(message)


BOTH = """
dataset: ADCM
class: BASIC DATA STRUCTURE
label: Two Domains
key: [STUDYID, USUBJID, PARAMCD, ASEQ]
parameters:
  A: {label: One, records: {from: EX, value: 1}}
  B: {label: Two, records: {from: FA, value: 2}}
variables:
  STUDYID, USUBJID: ADSL
  PARAMCD, PARAM, AVAL: PARAMETER
  ASEQ: SRC.SEQ
  AVALC: {label: Lot, length: 8, value: SRC.LOT}
"""
EX = {"STUDYID": T, "USUBJID": T, "EXSEQ": N, "EXLOT": T, "EXDOSE": N, "EXSTDTC": T, "EXENDTC": T}


def both(base: Path, fa: dict[str, ValueKind], optional: str = "") -> Plan:
    headers = {"DM": SourceHeader({"STUDYID": T, "USUBJID": T}), "EX": SourceHeader(EX), "FA": SourceHeader({"STUDYID": T, "USUBJID": T, **fa})}
    return plan(read(folder(base, adcm=BOTH, study=STUDY + optional)), headers)


def test_src_over_two_domains_is_missing_where_one_lacks_an_optional_variable(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="ADCM.AVALC: Domain FA has no variable FALOT"):
        both(tmp_path, {"FASEQ": N})
    assert both(tmp_path, {"FASEQ": N}, "  FA: {optional: [FALOT]}\n").datasets["ADCM"].variables["AVALC"].lineage == ("EX.EXLOT", "FA.FALOT")


def test_src_of_two_kinds_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"ADCM.AVALC: SRC.LOT is a text in EX and a number in FA. Write one formula for each parameter"):
        both(tmp_path, {"FASEQ": N, "FALOT": N})


def test_a_copy_has_the_attributes_of_the_line_that_prepares_it(tmp_path: Path) -> None:
    own = "{EX: {variables: {PDOSE: {label: Planned Dose, format: 8.2, value: EXSEQ * 54}, PLOT: EXLOT, EXDOSE: EXDOSE * 2}}}"
    lines = "  PDOSE, PLOT: EX\n  EXDOSE: EX\n"
    adcm = ADCM[: ADCM.index("sources:")] + f"sources: {own}\nvariables:\n  STUDYID, USUBJID: ADSL\n  EXSEQ: {{label: N, value: EX.EXSEQ}}\n{lines}"
    header = SourceHeader(EX, (), {"EXLOT": "Lot Number", "EXDOSE": "Dose"}, {"EXLOT": 13})
    folder(tmp_path, adcm=adcm, study=STUDY.replace("[ADSL, ADEX, ADCM]", "[ADSL, ADCM]"))
    found = plan(read(tmp_path), {"DM": SourceHeader({"STUDYID": T, "USUBJID": T}), "EX": header}).datasets["ADCM"].variables
    attributes = {name: (found[name].label, found[name].type, found[name].length, found[name].format) for name in ("PDOSE", "PLOT", "EXDOSE")}
    assert attributes["PDOSE"] == ("Planned Dose", "float", None, "8.2")
    assert attributes["PLOT"] == ("Lot Number", "text", 13, "")
    assert attributes["EXDOSE"] == ("Dose", "float", None, "")


def test_a_prepared_copy_of_the_collected_variable_has_its_attributes_and_a_circle_is_an_error(tmp_path: Path) -> None:
    adcm = ADCM[: ADCM.index("sources:")] + "variables:\n  STUDYID, USUBJID: ADSL\n  EXSEQ: {label: N, value: EX.EXSEQ}\n  EXLOT: EX\n"
    study = STUDY.replace("[ADSL, ADEX, ADCM]", "[ADSL, ADCM]")
    headers = {"DM": SourceHeader({"STUDYID": T, "USUBJID": T}), "EX": SourceHeader(EX, (), {"EXLOT": "Lot Number"}, {"EXLOT": 13})}
    same = folder(tmp_path, adcm=adcm, study=study.replace("DOSE: EXDOSE + 0", "EXLOT: EXLOT"))
    found = plan(read(same), headers).datasets["ADCM"].variables["EXLOT"]
    assert (found.label, found.length) == ("Lot Number", 13)
    circle = folder(tmp_path, adcm=adcm.replace("EXLOT: EX", "ALOT: EX"), study=study.replace("DOSE: EXDOSE + 0", "ALOT: BLOT, BLOT: ALOT"))
    with pytest.raises(SpecError, match="Circular definition: ALOT → BLOT → ALOT"):
        plan(read(circle), headers)
