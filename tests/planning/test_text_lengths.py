"""The length of a derived text: a term is never cut by the length that the dictionary has for its variable."""

from pathlib import Path

from tests.right_or_refused.small_study import ADSL, small_study


def test_a_term_longer_than_the_length_of_the_dictionary_makes_the_text_longer(tmp_path: Path) -> None:
    groups = """  RACEGR1: {case: [{when: SEX == "F", term: Non-white}, {term: White}]}
  AGEGR1: 'if_else(AGE > 60, "60 and older", "<60")'
"""
    copies = """
dataset: ADAE
class: OCCURRENCE DATA STRUCTURE
label: Events
key: [STUDYID, USUBJID]
records: {from: ADSL}
variables:
  STUDYID, USUBJID, RACEGR1, AGEGR1: ADSL
"""
    ran = small_study(tmp_path, {"adsl": ADSL + groups, "adae": copies}).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADAE", "RACEGR1", "AGEGR1") == [("Non-white", "<60"), ("White", "60 and older")]
