"""Common tasks of analysis datasets, each as a small study in YAML whose values are worked out by hand.

`KINDS` names the test of each task; `test_kinds.py` checks that it exists.
"""

KINDS = {
    "best overall response": "gallery/test_response_and_time.py::test_best_overall_response",
    "measurable disease": "gallery/test_response_and_time.py::test_measurable_disease_at_baseline",
    "sum of diameters": "gallery/test_counts_and_computed.py::test_the_sum_of_diameters",
    "change from the nadir": "oncology/test_oncology.py::test_sums_of_diameters_and_the_change_from_the_nadir",
    "carry forward once measured": "gallery/test_visits_and_texts.py::test_a_value_is_carried_forward_once_it_was_measured",
    "absolute differentials": "gallery/test_counts_and_computed.py::test_absolute_differentials_where_none_was_collected",
    "mean arterial pressure": "gallery/test_safety.py::test_mean_arterial_pressure",
    "body surface area": "gallery/test_safety.py::test_body_surface_area_by_a_named_formula",
    "severity rank": "gallery/test_visits_and_texts.py::test_the_rank_of_severity",
    "review order": "gallery/test_visits_and_texts.py::test_the_order_of_review",
    "query flags from a table": "gallery/test_safety.py::test_query_flags_from_a_table",
    "age groups": "gallery/test_classes.py::test_classes",
    "partial dates": "gallery/test_dates_and_times.py::test_a_partial_date_that_becomes_missing_is_counted_and_shown",
    "imputed datetimes with their flags": "gallery/test_dates_and_times.py::test_datetimes_of_adverse_events_with_their_flags",
    "randomization timing": "gallery/test_visits_and_texts.py::test_the_timing_of_randomization",
    "shift, and criteria with a blank criterion": "gallery/test_safety.py::test_shift_from_baseline_and_a_criterion_that_cannot_be_evaluated",
    "duration of response": "gallery/test_response_and_time.py::test_duration_of_response",
    "first adverse event": "gallery/test_response_and_time.py::test_times_with_the_record_of_the_date",
    "overall survival": "gallery/test_response_and_time.py::test_times_with_the_record_of_the_date",
    "progression-free survival with SRCDOM, SRCVAR, SRCSEQ": "gallery/test_response_and_time.py::test_times_with_the_record_of_the_date",
    "whole months": "gallery/test_visits_and_texts.py::test_whole_months",
    "rank across a group": "gallery/test_visits_and_texts.py::test_the_rank_across_a_group",
    "value over a computed group": "gallery/test_order_and_groups.py::test_a_value_over_a_group_that_is_computed",
    "text patterns and lengths": "gallery/test_visits_and_texts.py::test_patterns_and_lengths_of_texts",
    "counts and means": "gallery/test_counts_and_ranks.py::test_counts_and_means_of_a_subject",
    "last dose before an event": "gallery/test_counts_and_ranks.py::test_values_of_an_event_among_other_records",
    "toxicity grades": "gallery/test_safety.py::test_toxicity_grades_of_a_parameter_table",
    "corrected QT and its categories": "gallery/test_safety.py::test_corrected_qt_and_its_categories",
    "exposure": "gallery/test_safety.py::test_exposure",
}
