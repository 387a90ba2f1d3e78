"""Public holidays as explicit dates, from the `holidays` library (ESC-B7). Only dates are taken, never its texts."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import date
from typing import Any

YEARS_BACK = 2
YEARS_AHEAD = 5
OWN_NAMES = {("FR", "Alsace-Moselle"): "57"}
"""Names people use for a subdivision the library calls otherwise: the law of Alsace and Moselle is one, "57" is the Moselle."""


@dataclass(frozen=True, slots=True)
class HolidayDates:
    """The dates, and `source`: country, subdivision, library and version, years."""

    dates: frozenset[date]
    source: str


def holiday_dates(country: str, subdivision: str | None, year: int) -> HolidayDates:
    """Holidays from two years before `year` to five years after. KeyError with the word that the library does not know."""
    from importlib.metadata import version

    import holidays  # a tenth of a second: only for who declares a country

    years = range(year - YEARS_BACK, year + YEARS_AHEAD + 1)
    kind = _country(holidays, country)
    known = _subdivision(kind, country, subdivision)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an old name of a subdivision still means the same dates
        found = kind(subdiv=known, years=years)
    where = country if subdivision is None else f"{country}/{subdivision}"
    return HolidayDates(frozenset(found), f"{where}, holidays {version('holidays')}, {years[0]}-{years[-1]}")


def known_countries() -> list[str]:
    """Codes of the countries the library knows, sorted."""
    import holidays

    return sorted(holidays.list_supported_countries())


def known_subdivisions(country: str) -> list[str]:
    """Names and codes of a known country's subdivisions, sorted."""
    import holidays

    kind = _country(holidays, country)
    own = [name for code, name in OWN_NAMES if code == country]
    return sorted({*own, *getattr(kind, "subdivisions", ()), *getattr(kind, "subdivisions_aliases", ())})


def _country(library: Any, country: str) -> Any:
    kind = getattr(library, country, None) if country.isascii() and country.isupper() and len(country) <= 3 else None
    if kind is None:
        raise KeyError(country)
    return kind


def _subdivision(kind: Any, country: str, subdivision: str | None) -> str | None:
    if subdivision is None:
        return None
    code = OWN_NAMES.get((country, subdivision), subdivision)
    if code not in (*getattr(kind, "subdivisions", ()), *getattr(kind, "subdivisions_aliases", ())):
        raise KeyError(subdivision)
    return code
