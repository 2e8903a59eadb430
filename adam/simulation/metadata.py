"""The SDTM datasets that the simulator writes: labels of SDTMIG 3.4, types, lengths."""

from __future__ import annotations

from collections.abc import Mapping

from adam.planning.values import ResolvedDataset, ResolvedVariable

NOTE = "Synthetic "
"""Every dataset's label begins with it."""

DATASETS = {
    "DM": "Demographics", "SUPPDM": "Supplemental Qualifiers for DM", "EX": "Exposure", "DS": "Disposition", "SE": "Subject Elements",
    "SV": "Subject Visits", "AE": "Adverse Events", "SUPPAE": "Supplemental Qualifiers for AE", "MH": "Medical History",
    "RS": "Disease Response, Clin Class", "QS": "Questionnaires", "FA": "Findings About", "TA": "Trial Arms", "TE": "Trial Elements",
    "TV": "Trial Visits", "VS": "Vital Signs", "TS": "Trial Summary Information",
}  # fmt: skip

KEYS = {
    "DM": ("STUDYID", "USUBJID"), "SV": ("STUDYID", "USUBJID", "VISITNUM"), "SE": ("STUDYID", "USUBJID", "TAETORD"),
    "SUPPDM": ("STUDYID", "USUBJID", "QNAM"), "SUPPAE": ("STUDYID", "USUBJID", "IDVARVAL", "QNAM"),
    "TA": ("STUDYID", "ARMCD", "TAETORD"), "TE": ("STUDYID", "ETCD"), "TV": ("STUDYID", "VISITNUM"), "TS": ("STUDYID", "TSPARMCD", "TSSEQ"),
}  # fmt: skip

COMMON = """STUDYID 12 Study Identifier|DOMAIN 2 Domain Abbreviation|USUBJID 24 Unique Subject Identifier|EPOCH 24 Epoch
VISITNUM . Visit Number|VISIT 24 Visit Name|VISITDY . Planned Study Day of Visit
ETCD 8 Element Code|ELEMENT 40 Description of Element|TAETORD . Planned Order of Element within Arm
ARMCD 20 Planned Arm Code|ARM 40 Description of Planned Arm
RDOMAIN 2 Related Domain Abbreviation|IDVAR 8 Identifying Variable|IDVARVAL 8 Identifying Variable Value|QNAM 8 Qualifier Variable Name
QLABEL 40 Qualifier Variable Label|QVAL 60 Data Value|QORIG 12 Origin|QEVAL 20 Evaluator"""

VARIABLES = {
    "DM": """SUBJID 12 Subject Identifier for the Study|RFSTDTC 16 Subject Reference Start Date/Time|RFENDTC 16 Subject Reference End Date/Time
RFXSTDTC 16 Date/Time of First Study Treatment|RFXENDTC 16 Date/Time of Last Study Treatment|RFICDTC 16 Date/Time of Informed Consent
RFPENDTC 16 Date/Time of End of Participation|DTHDTC 16 Date/Time of Death|DTHFL 1 Subject Death Flag|SITEID 6 Study Site Identifier
BRTHDTC 10 Date/Time of Birth|AGE . Age|AGEU 6 Age Units|SEX 1 Sex|RACE 45 Race|ETHNIC 25 Ethnicity|ACTARMCD 20 Actual Arm Code
ACTARM 40 Description of Actual Arm|ARMNRS 40 Reason Arm and/or Actual Arm is Null|COUNTRY 3 Country|DMDTC 10 Date/Time of Collection
DMDY . Study Day of Collection""",
    "EX": """EXSEQ . Sequence Number|EXTRT 20 Name of Treatment|EXDOSE . Dose|EXDOSU 2 Dose Units|EXDOSFRM 8 Dose Form
EXDOSFRQ 4 Dosing Frequency per Interval|EXROUTE 8 Route of Administration|EXSTDTC 16 Start Date/Time of Treatment
EXENDTC 16 End Date/Time of Treatment|EXSTDY . Study Day of Start of Treatment|EXENDY . Study Day of End of Treatment""",
    "DS": """DSSEQ . Sequence Number|DSTERM 60 Reported Term for the Disposition Event|DSDECOD 45 Standardized Disposition Term
DSCAT 20 Category for Disposition Event|DSSCAT 20 Subcategory for Disposition Event|DSSTDTC 16 Start Date/Time of Disposition Event
DSSTDY . Study Day of Start of Disposition Event""",
    "SE": """SESEQ . Sequence Number|SESTDTC 16 Start Date/Time of Element|SEENDTC 16 End Date/Time of Element
SESTDY . Study Day of Start of Element|SEENDY . Study Day of End of Element""",
    "SV": """SVPRESP 1 Pre-specified|SVOCCUR 1 Occurrence|SVREASOC 40 Reason for Occur Value|SVCNTMOD 24 Contact Mode
SVEPCHGI 1 Epi/Pandemic Related Change Indicator|SVSTDTC 16 Start Date/Time of Observation|SVENDTC 16 End Date/Time of Observation
SVSTDY . Study Day of Start of Observation|SVENDY . Study Day of End of Observation|SVUPDES 40 Description of Unplanned Visit""",
    "AE": """AESEQ . Sequence Number|AEGRPID 8 Group ID|AETERM 200 Reported Term for the Adverse Event|AELLT 60 Lowest Level Term
AELLTCD . Lowest Level Term Code|AEDECOD 60 Dictionary-Derived Term|AEPTCD . Preferred Term Code|AEHLT 80 High Level Term
AEHLTCD . High Level Term Code|AEHLGT 80 High Level Group Term|AEHLGTCD . High Level Group Term Code
AEBODSYS 80 Body System or Organ Class|AEBDSYCD . Body System or Organ Class Code|AESOC 80 Primary System Organ Class
AESOCCD . Primary System Organ Class Code|AESEV 8 Severity/Intensity|AESER 1 Serious Event|AEACN 20 Action Taken with Study Treatment
AEREL 20 Causality|AEOUT 40 Outcome of Adverse Event|AESCONG 1 Congenital Anomaly or Birth Defect
AESDISAB 1 Persist or Signif Disability/Incapacity|AESDTH 1 Results in Death|AESHOSP 1 Requires or Prolongs Hospitalization
AESLIFE 1 Is Life Threatening|AESMIE 1 Other Medically Important Serious Event|AESTDTC 30 Start Date/Time of Adverse Event
AEENDTC 30 End Date/Time of Adverse Event|AESTDY . Study Day of Start of Adverse Event|AEENDY . Study Day of End of Adverse Event
AEENRF 16 End Relative to Reference Period|AEENRTPT 16 End Relative to Reference Time Point|AEENTPT 16 End Reference Time Point""",
    "MH": """MHSEQ . Sequence Number|MHTERM 60 Reported Term for the Medical History|MHDECOD 60 Dictionary-Derived Term
MHCAT 24 Category for Medical History|MHSTDTC 16 Start Date/Time of Medical History Event|MHENRTPT 8 End Relative to Reference Time Point
MHENTPT 16 End Reference Time Point""",
    "RS": """RSSEQ . Sequence Number|RSTESTCD 8 Assessment Short Name|RSTEST 40 Assessment Name|RSCAT 8 Category for Assessment
RSORRES 16 Result or Finding in Original Units|RSSTRESC 8 Character Result/Finding in Std Format|RSSTRESN . Numeric Result/Finding in Standard Units
RSSTAT 8 Completion Status|RSREASND 30 Reason Not Done|RSEVAL 12 Evaluator|RSLOBXFL 1 Last Observation Before Exposure Flag
RSDRVFL 1 Derived Flag|RSDTC 16 Date/Time of Assessment|RSDY . Study Day of Assessment""",
    "QS": """QSSEQ . Sequence Number|QSTESTCD 8 Question Short Name|QSTEST 40 Question Name|QSCAT 8 Category of Question
QSORRES 16 Finding in Original Units|QSSTRESC 16 Character Result/Finding in Std Format|QSSTRESN . Numeric Finding in Standard Units
QSSTAT 8 Completion Status|QSREASND 30 Reason Not Performed|QSLOBXFL 1 Last Observation Before Exposure Flag|QSDRVFL 1 Derived Flag
QSDTC 16 Date/Time of Finding|QSDY . Study Day of Finding|QSEVLINT 8 Evaluation Interval""",
    "FA": """FASEQ . Sequence Number|FATESTCD 8 Findings About Test Short Name|FATEST 40 Findings About Test Name
FAOBJ 20 Object of the Observation|FACAT 30 Category for Findings About|FAORRES 8 Result or Finding in Original Units
FASTRESC 8 Character Result/Finding in Std Format|FASTRESN . Numeric Result/Finding in Standard Units|FASTAT 8 Completion Status
FALOC 20 Location of the Finding About|FAEVAL 16 Evaluator|FADTC 16 Date/Time of Collection|FADY . Study Day of Collection""",
    "VS": """VSSEQ . Sequence Number|VSTESTCD 8 Vital Signs Test Short Name|VSTEST 40 Vital Signs Test Name
VSORRES 8 Result or Finding in Original Units|VSORRESU 8 Original Units|VSSTRESC 8 Character Result/Finding in Std Format
VSSTRESN . Numeric Result/Finding in Standard Units|VSSTRESU 8 Standard Units|VSDTC 16 Date/Time of Measurements|VSDY . Study Day of Vital Signs""",
    "TA": "TABRANCH 60 Branch|TATRANS 40 Transition Rule",
    "TE": "TESTRL 40 Rule for Start of Element|TEENRL 40 Rule for End of Element|TEDUR 8 Planned Duration of Element",
    "TV": "TVSTRL 40 Visit Start Rule|TVENRL 40 Visit End Rule",
    "TS": """TSSEQ . Sequence Number|TSPARMCD 8 Trial Summary Parameter Short Name|TSPARM 40 Trial Summary Parameter
TSVAL 200 Parameter Value""",
}


def _variables(lines: str) -> dict[str, ResolvedVariable]:
    found = {}
    for line in lines.replace("\n", "|").split("|"):
        name, length, label = line.split(" ", 2)
        number = length == "."
        found[name] = ResolvedVariable(
            name=name, label=label[:40], type="float" if number else "text", length=8 if number else int(length), origin="Collected"
        )
    return found


_KNOWN = _variables(COMMON)


def dataset(domain: str, columns: list[str], lengths: Mapping[str, int]) -> ResolvedDataset:
    """The dataset of a domain with these variables, resolved: label, type and length of each; `lengths` replaces the usual lengths.

    Raises:
        KeyError: a variable the domain does not have.
    """
    known = _KNOWN | (_variables(VARIABLES[domain]) if domain in VARIABLES else {})
    known |= {name: known[name].model_copy(update={"length": int(length)}) for name, length in lengths.items() if name in known}
    return ResolvedDataset(
        name=domain,
        class_="SPECIAL PURPOSE" if domain in ("DM", "SE", "SV") else "FINDINGS" if domain in ("RS", "QS", "FA") else "SDTM",
        label=NOTE + DATASETS[domain],
        key=KEYS.get(domain, ("STUDYID", "USUBJID", f"{domain}SEQ")),
        variables={name: known[name] for name in columns},
    )
