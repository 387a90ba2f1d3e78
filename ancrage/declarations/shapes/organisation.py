"""Calendars, units, people, roles and absences."""

from __future__ import annotations

from typing import Any

from ancrage.declarations.building import Building
from ancrage.declarations.composites import Field, ListOf, Record
from ancrage.declarations.holiday_dates import HolidayDates, holiday_dates, known_countries, known_subdivisions
from ancrage.declarations.kinds import Choice, Day, Email, Kind, LabelKind, Moment, Number, Reference, Schema, Text, TimeOfDay
from ancrage.declarations.reading import Reading, Refused
from ancrage.declarations.schedules import ExceptionsKind, WeekKind, Zone
from ancrage.declarations.suggestions import did_you_mean
from ancrage.declarations.yaml_nodes import MappingNode, Node, SequenceNode
from ancrage.domain.finding import Finding
from ancrage.domain.organisation import Absence, Person, Role, RolePeriod, Unit
from ancrage.domain.working_time import Calendar
from ancrage.language import LANGUAGES, N_, Label, say


class HolidaysKind(Kind):
    """A country (and subdivision) whose public holidays are taken, dates, or both. A list is dates alone."""

    expected = say("a country, or a list of dates")
    _dates = ListOf(Day())
    _mapping = Record(
        Field("country", Text(), N_("Country code of two letters: its public holidays are resolved to dates when the file is read.")),
        Field("subdivision", Text(), N_("Part of the country with holidays of its own, as in `Alsace-Moselle`, `QC`.")),
        Field("dates", _dates, N_("Further closed days.")),
    )

    def read(self, node: Node, reading: Reading) -> dict[str, Any] | Refused:
        if isinstance(node, SequenceNode):
            dates = self._dates.read(node, reading)
            return dates if isinstance(dates, Refused) else {"dates": dates}
        return self._mapping.read(node, reading) if isinstance(node, MappingNode) else reading.wrong_type(node, self.expected)

    def schema(self) -> Schema:
        return {"anyOf": [self._dates.schema(), self._mapping.schema()]}


CALENDAR = Record(
    Field("tz", Zone(), N_("Time zone of the IANA list, as in `Europe/Paris`."), required=True),
    Field("week", WeekKind(), N_('Working hours by day: `mon-fri: ["09:00-12:00", "14:00-18:00"]`; each day once.'), required=True),
    Field("holidays", HolidaysKind(), N_("Closed days: `{country: FR, subdivision: ..., dates: [...]}` or a list of dates.")),
    Field("exceptions", ExceptionsKind(), N_("Hours of single dates, before week and holidays; an empty list closes the day.")),
)

UNIT = Record(
    Field("name", LabelKind(), N_("Name of the unit."), required=True),
    Field("parent", Reference("unit"), N_("The unit it belongs to.")),
)

PERSON = Record(
    Field("name", Text(), N_("Name as written in messages."), required=True),
    Field("email", Email(), N_("Where notices go.")),
    Field("unit", Reference("unit"), N_("The unit this person belongs to.")),
    Field("language", Choice(*LANGUAGES), N_("Language of messages and pages; the project's first language by default.")),
    Field("calendar", Reference("calendar"), N_("Working hours; the default calendar by default.")),
    Field("digest_at", TimeOfDay(), N_("Local time at which notices that are not urgent leave, in one message.")),
    Field("max_per_day", Number(1, 100, whole=True), N_("Most messages a day that are not urgent.")),
    Field("hours_per_month", Number(0, 744), N_("Hours a month this person has for commitments.")),
    Field("assessment_minutes", Number(1, 10_000), N_("Most minutes a campaign may ask of this person; the project's own by default.")),
)

HOLDING = Record(
    Field("person", Reference("person"), N_("Who holds the role."), required=True),
    Field("from", Moment(), N_("Since when; always, when left out. A date, or an instant with its offset.")),
    Field("to", Moment(), N_("Until just before this date or instant; for ever, when left out.")),
)

ROLE = Record(
    Field("name", LabelKind(), N_("Name of the role.")),
    Field("holder", Reference("person"), N_("Who holds it, always. Either this or `holders`.")),
    Field("holders", ListOf(HOLDING, repeats=True), N_("Who holds it, by period. Periods never overlap.")),
    Field("backup", Reference("role"), N_("The role that stands in when the holder is away.")),
)

ABSENCE = Record(
    Field("person", Reference("person"), N_("Who is away."), required=True),
    Field("from", Moment(), N_("First date away, or an instant with its offset."), required=True),
    Field("to", Moment(), N_("The date or instant of return."), required=True),
    Field("reason", Text(), N_("Why, for those who see it.")),
)


def build_calendar(name: str, raw: dict[str, Any], building: Building) -> Calendar:
    written = raw.get("holidays", {})
    building.written_holidays[name] = written
    found = _public_holidays(name, written, building)
    dates = frozenset(written.get("dates", ())) | found.dates
    return Calendar(name, raw["tz"], raw["week"], dates, raw.get("exceptions", {}), found.source)


def _public_holidays(name: str, written: dict[str, Any], building: Building) -> HolidayDates:
    country, subdivision = written.get("country"), written.get("subdivision")
    subject = ("calendars", name, "holidays")
    if country is None:
        if subdivision is not None:
            message, hint = say("a subdivision without its country"), say("add country: FR, or another code of two letters")
            building.findings.append(Finding("E-HOLIDAYS", message, (*subject, "subdivision"), hint=hint))
        return HolidayDates(frozenset(), "")
    try:
        return holiday_dates(country, subdivision, building.as_of.year)
    except KeyError as unknown:
        word = str(unknown.args[0])
        known = known_countries() if word == country else known_subdivisions(country)
        key, label = ("country", say("no such country")) if word == country else ("subdivision", say("no such subdivision"))
        message = say('"{word}" has no public holidays that are known', word=word)
        building.findings.append(Finding("E-HOLIDAYS", message, (*subject, key), label, did_you_mean(word, known)))
        return HolidayDates(frozenset(), "")


def build_unit(name: str, raw: dict[str, Any], _: Building) -> Unit:
    return Unit(name, raw["name"], raw.get("parent"))


def build_person(name: str, raw: dict[str, Any], building: Building) -> Person:
    languages = building.settings.get("languages") or ("en",)
    return Person(
        name,
        raw["name"],
        raw.get("calendar", building.default_calendar),
        raw.get("email", ""),
        raw.get("unit"),
        raw.get("language", languages[0]),
        raw.get("digest_at"),
        raw.get("max_per_day"),
        raw.get("hours_per_month"),
        raw.get("assessment_minutes"),
    )


def build_role(name: str, raw: dict[str, Any], building: Building) -> Role:
    if "holder" in raw and "holders" in raw:
        message, hint = say("this role has both holder and holders"), say("keep holders, or holder when one person holds it always")
        building.findings.append(Finding("E-HOLDER-BOTH", message, ("roles", name, "holder"), say("and holders"), hint))
    written = raw.get("holders", ({"person": raw["holder"]},) if "holder" in raw else ())
    periods = []
    for index, holding in enumerate(written):
        since, until = (building.start_of(holding[key]) if key in holding else None for key in ("from", "to"))
        if since is not None and until is not None and until <= since:
            building.findings.append(_ends_before(("roles", name, "holders", str(index), "to")))
        else:
            periods.append(RolePeriod(holding["person"], since, until))
    return Role(name, raw.get("name", Label.same(name)), tuple(periods), raw.get("backup"))


def build_absence(name: str, raw: dict[str, Any], building: Building) -> Absence:
    since, until = building.start_of(raw["from"]), building.start_of(raw["to"])
    if until <= since:
        building.findings.append(_ends_before(("absences", name, "to")))
    return Absence(raw["person"], since, until, raw.get("reason", ""))


def _ends_before(subject: tuple[str, ...]) -> Finding:
    message, hint = say("this period ends before it begins"), say("`to` is the first date or instant that is no longer part of it")
    return Finding("E-PERIOD", message, subject, say("not after `from`"), hint)


