"""The study's constants, as DOMAIN gives them."""

from datetime import date, timedelta

CUTOFF = date(2020, 12, 31)
FOLLOWUP = timedelta(days=30)
DAY = timedelta(days=1)
EXCLUDED_SITES = {("SYNAD2", "217")}

VEHICLE = "Vehicle Cream BID"
RUX075 = "Ruxolitinib 0.75% Cream BID"
RUX15 = "Ruxolitinib 1.5% Cream BID"
ARMS = {"VEHICLE": VEHICLE, "RUX 0.75%": RUX075, "RUX 1.5%": RUX15}
NUMBERS = {VEHICLE: 1, RUX075: 2, RUX15: 3, "": None}

NORTH_AMERICA = {"USA", "CAN"}
EUROPE = {
    "AUT", "BEL", "BGR", "CHE", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GBR", "GRC", "HRV", "HUN", "IRL", "ITA", "LTU", "LVA", "NLD",
    "NOR", "POL", "PRT", "ROU", "SVK", "SVN", "SWE",
}  # fmt: skip
HERPES = {
    "HERPES ZOSTER", "HERPES SIMPLEX", "ORAL HERPES", "ECZEMA HERPETICUM", "HERPES VIRUS INFECTION", "GENITAL HERPES", "NASAL HERPES",
    "OPHTHALMIC HERPES ZOSTER",
}  # fmt: skip
RELATED = {
    "Y", "RELATED", "POSSIBLE", "POSSIBLY", "POSSIBLY RELATED", "PROBABLE", "PROBABLY", "PROBABLY RELATED", "DEFINITE", "DEFINITELY",
    "DEFINITELY RELATED",
}  # fmt: skip
UNRELATED = {"N", "NOT RELATED", "UNRELATED", "UNLIKELY", "UNLIKELY RELATED"}


def yes(condition) -> str:
    """A flag that is Y or blank."""
    return "Y" if condition else ""


def yes_no(condition) -> str:
    return "Y" if condition else "N"


def study_day(day: date | None, anchor: date | None) -> int | None:
    """Days from the anchor, without a day 0."""
    if day is None or anchor is None:
        return None
    return (day - anchor).days + (day >= anchor)


def days(start: date | None, end: date | None) -> int | None:
    return None if start is None or end is None else (end - start).days + 1


def least(*values: date | None) -> date | None:
    return min([value for value in values if value is not None], default=None)
