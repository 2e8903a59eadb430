"""`exact`: Table 1 of the posters. Counts are equal; what is continuous is compared at the printed precision, distances are printed."""

import numpy as np
import pandas as pd
import pytest

from tests.simulation import measured as m
from tests.simulation.measured import ARMS

CATEGORIES = {
    "female": [113, 117, 127, 739],
    "WHITE": [117, 138, 124, 829],
    "BLACK OR AFRICAN AMERICAN": [43, 62, 61, 292],
    "ASIAN": [8, 7, 10, 46],
    "other": [6, 6, 2, 41],
    "North America": [121, 171, 154, 855],
    "IGA 3": [119, 130, 117, 896],
    "itch 2": [148, 177, 165, 1017],
    "itch 4": [112, 148, 127, 778],
    "face": [72, 77, 77, 476],
}
MEANS = {  # mean and SD: vehicle, 0.75 %, 1.5 %, total, overall
    "BSA0": [(9.3, 5.3), (9.9, 5.2), (9.1, 5.1), (9.5, 5.2), (9.6, 5.2)],
    "EASI0": [(7.9, 4.9), (7.8, 5.3), (7.2, 4.7), (7.6, 5.0), (7.9, 4.9)],
    "NRS0": [(5.1, 2.4), (5.1, 2.4), (4.9, 2.4), (5.1, 2.4), (5.1, 2.4)],
    "FLARES": [(5.7, 13.6), (4.6, 4.5), (5.5, 8.4), (5.3, 9.3), (5.8, 16.8)],
}
MEDIANS = {  # median, lowest, highest
    "AGE": [(34.5, 12, 82), (37, 12, 85), (28, 12, 84), (33, 12, 85), (32, 12, 85)],
    "DURATION": [(15.5, 0.8, 79.1), (14.0, 1.8, 68.6), (14.9, 0.2, 69.2), (14.9, 0.2, 79.1), (15.3, 0, 79.1)],
}


@pytest.fixture(scope="module")
def s(exact):
    s = m.responses(exact, m.subjects(exact))
    fa = exact["FA"].set_index("USUBJID")
    s["FACE"] = fa[fa["FATESTCD"] == "FACEIND"]["FASTRESC"] == "Y"
    s["FLARES"] = fa[fa["FATESTCD"] == "FLARENUM"]["FASTRESN"]
    mh = exact["MH"][exact["MH"]["MHCAT"] == "ATOPIC DERMATITIS"].set_index("USUBJID")["MHSTDTC"].astype(object)
    onset = mh.map(lambda d: d if len(d) == 10 else f"{d}-15" if len(d) == 7 else f"{d}-07-01")
    consent = pd.to_datetime(exact["DM"].set_index("USUBJID")["RFICDTC"].astype(object))
    s["DURATION"] = ((consent - pd.to_datetime(onset)).dt.days / 365.25).round(1)
    return s


def columns(s):
    failed = [s[s["NOTTS"] & (s["ARM"] == arm)] for arm in ARMS]
    return [*failed, s[s["NOTTS"]], s[s["EE"]]]


def test_categories(s):
    known = ["WHITE", "BLACK OR AFRICAN AMERICAN", "ASIAN"]
    marks = {
        "female": s["SEX"] == "F",
        **{race: s["RACE"] == race for race in known},
        "other": ~s["RACE"].isin(known),
        "North America": s["COUNTRY"].isin(["USA", "CAN"]),
        "IGA 3": s["IGA0"] == 3,
        "itch 2": s["NRS0"] >= 2,
        "itch 4": s["NRS0"] >= 4,
        "face": s["FACE"],
    }
    parts = [columns(s)[i] for i in (0, 1, 2, 4)]
    found = {name: [int(mark[part.index].sum()) for part in parts] for name, mark in marks.items()}
    assert found == CATEGORIES


def test_adolescents(s):
    assert int((s["AGE"] < 18).sum()) == 245
    assert 65 <= 100 * ((s["AGE"] >= 18) & (s["AGE"] < 65)).mean() <= 77


@pytest.mark.parametrize("name", list(MEANS))
def test_means(s, name):
    found = [(part[name].mean(), part[name].std()) for part in columns(s)]
    for (mean, sd), published in zip(found, MEANS[name], strict=True):
        print(f"{name}: mean {mean:.3f} for {published[0]}, SD {sd:.3f} for {published[1]}")
    assert np.abs(np.array(found) - np.array(MEANS[name])).max() <= 0.05


@pytest.mark.parametrize("name", list(MEDIANS))
def test_medians(s, name):
    found = [(part[name].median(), part[name].min(), part[name].max()) for part in columns(s)]
    for (median, low, high), published in zip(found, MEDIANS[name], strict=True):
        print(f"{name}: median {median:.2f} for {published[0]}, range {low} to {high} for {published[1]} to {published[2]}")
    assert np.abs(np.array(found, dtype=float) - np.array(MEDIANS[name])).max() <= 0.0501
