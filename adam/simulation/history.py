"""MH and FA: the disease of the study and other conditions, and findings about the disease at one visit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.simulation.columns import BLANK, dtc, frame, number, numerals, sequence, study_day, text
from adam.simulation.formula import values
from adam.simulation.scope import Scope
from adam.simulation.trial import Trial


def conditions(trial: Trial) -> pd.DataFrame:
    """MH: the onset of the disease of the study, with the parts of its date that are known, and other conditions."""
    facts, people, scope = trial.facts, trial.people, trial.scope("MH")
    main, others = facts.get("history.main"), facts.get("history.others")
    onset, digits = values(main["onset"], scope), values(main["digits"], scope)
    terms = [str(term) for term in others]
    has = scope.draws.happens(np.array([[int(often) for often in others.values()]]), (people.size, len(terms)))
    subject, term = np.nonzero(np.concatenate([np.ones((people.size, 1), dtype=bool), has], axis=1))
    earlier = values(facts.get("history.onset"), Scope(facts, scope.draws, people, local={"subject": subject}))
    begin = np.maximum(np.where(term == 0, onset[subject], earlier), people["birth"][subject])
    known = np.where(term == 0, digits[subject], facts.integer("history.digits"))
    full = dtc(begin)
    columns: dict[str, pd.Series | str] = {
        **trial.identity("MH", subject),
        "MHSEQ": sequence(subject),
        "MHTERM": text(term, [str(main["term"]), *terms]),
        "MHDECOD": text(term, [str(main["decoded"]), *terms]),
        "MHCAT": text(np.minimum(term, 1), [str(main["category"]), str(facts.get("history.category"))]),
        "MHSTDTC": full.where(known == 10, full.str.slice(0, 7).where(known == 7, full.str.slice(0, 4))),
        "MHENRTPT": "ONGOING",
        "MHENTPT": facts.texts("epochs")[0],
    }
    return frame(columns, len(subject))


def findings(trial: Trial) -> pd.DataFrame:
    """FA: the tests of `findings_about:` at one visit, with a term or a number as result."""
    facts, people, scope = trial.facts, trial.people, trial.scope("FA")
    block = facts.get("findings_about")
    tests, visit = block["tests"], facts.visit(str(block["visit"]))
    subject, test = np.repeat(np.arange(people.size), len(tests)), np.tile(np.arange(len(tests)), people.size)
    found = np.stack([values(entry["value"], scope).astype(np.int64) for entry in tests], axis=1).ravel()
    coded = np.array(["terms" in entry for entry in tests])[test]
    terms = [str(term) for entry in tests for term in entry.get("terms", [])]
    starts = np.cumsum([0, *(len(entry.get("terms", [])) for entry in tests)])
    result = text(np.where(coded, found + starts[test], 0), terms or [""]).where(coded, numerals(np.where(coded, 0, found)))
    day = people["days"][subject, visit]
    columns: dict[str, pd.Series | str] = {
        **trial.identity("FA", subject),
        "FASEQ": sequence(subject),
        "FATESTCD": text(test, [str(entry["code"]) for entry in tests]),
        "FATEST": text(test, [str(entry["name"]) for entry in tests]),
        "FAOBJ": str(block["object"]),
        "FACAT": str(block["category"]),
        "FAORRES": result,
        "FASTRESC": result,
        "FASTRESN": number(np.where(coded, BLANK, found)),
        "FASTAT": "",
        "FALOC": "",
        "FAEVAL": str(block["evaluator"]),
        "VISITNUM": number(0 * subject + visit + 1),
        "VISIT": facts.visits[visit],
        "EPOCH": facts.texts("epochs")[int(block["epoch"])],
        "FADTC": dtc(day),
        "FADY": number(study_day(day, people["day1"][subject])),
    }
    return frame(columns, len(subject))
