"""Codes of calendars, people, roles and the map."""

from __future__ import annotations

from ancrage.declarations.codes.page import SETTINGS, CodePage
from ancrage.language import N_

_CALENDAR = 'calendars:\n  plant: {{tz: {tz}, week: {week}, holidays: {holidays}}}\n'


def _calendar(tz: str = "Europe/Paris", week: str = '{mon-fri: ["08:00-16:00"]}', holidays: str = "{country: FR}") -> str:
    return _CALENDAR.format(tz=tz, week=week, holidays=holidays)


_PRODUCT = "products:\n  report: {name: Report}\n"
_AUDIT = "processes:\n  audit: {name: Audit, kind: management, owner: lead%s}\n"
_FLOW = "links:\n  report: {from: %s, to: %s, product: report%s}\n"

PAGES = (
    CodePage(
        "E-TZ",
        N_("A time zone does not exist"),
        N_("Zones are those of the IANA list; abbreviations such as CET do not know summer time everywhere."),
        _calendar(tz="Europe/Pariss"),
        _calendar(),
    ),
    CodePage(
        "E-INTERVAL",
        N_("This is not an interval of a day"),
        N_("Opening and closing with two digits each, opening first; 24:00 closes a day (ESC-B2)."),
        _calendar(week='{mon-fri: ["8-16"]}'),
        _calendar(week='{mon-fri: ["08:00-16:00"]}'),
    ),
    CodePage(
        "E-WEEKDAY",
        N_("This is not a day of the week"),
        N_("Days are mon, tue, wed, thu, fri, sat, sun, and spans of them."),
        _calendar(week='{lun-ven: ["08:00-16:00"]}'),
        _calendar(week='{mon-fri: ["08:00-16:00"]}'),
    ),
    CodePage(
        "E-CAL-OVERLAP",
        N_("Intervals of a day overlap, or a day is named twice"),
        N_("A second is worked once; two statements about one day contradict each other (ESC-B2)."),
        _calendar(week='{mon-fri: ["08:00-12:00", "11:00-16:00"]}'),
        _calendar(week='{mon-fri: ["08:00-12:00", "13:00-16:00"]}'),
    ),
    CodePage(
        "E-CAL-EMPTY",
        N_("A calendar has no working day"),
        N_("A deadline on it would never come (ESC-V1)."),
        _calendar(week="{mon-fri: []}"),
        _calendar(),
    ),
    CodePage(
        "E-HOLIDAYS",
        N_("The holidays of this country or subdivision are not known"),
        N_("Public holidays come from a library, by country code and subdivision; they are resolved to dates when the file is read."),
        _calendar(holidays="{country: FR, subdivision: Alsace-Lorraine}"),
        _calendar(holidays="{country: FR, subdivision: Alsace-Moselle}"),
    ),
    CodePage(
        "E-HOLDER-BOTH",
        N_("A role has both holder and holders"),
        N_("`holder` is one person, always; `holders` says who, when. Keep one of the two."),
        "roles:\n  tester: {holder: ann, holders: [{person: ben}]}\n",
        "roles:\n  tester: {holder: ann}\n",
    ),
    CodePage(
        "E-ROLE-OVERLAP",
        N_("Two persons hold a role at the same time"),
        N_("Who is told must be one person (ESC-W1). A period ends just before its `to`."),
        'roles:\n  tester: {holders: [{person: ann, to: "2026-07-01"}, {person: ben, from: "2026-06-01"}]}\n',
        'roles:\n  tester: {holders: [{person: ann, to: "2026-06-01"}, {person: ben, from: "2026-06-01"}]}\n',
    ),
    CodePage(
        "E-NO-FALLBACK",
        N_("There is no fallback person"),
        N_("When a ladder reaches nobody, somebody must be told all the same (ESC-W6)."),
        SETTINGS.replace("fallback: ben\n", ""),
        SETTINGS,
    ),
    CodePage(
        "E-PARENT-LOOP",
        N_("Something is its own parent or backup"),
        N_("Following the parents must end somewhere; a role cannot stand in for itself."),
        "units:\n  it: {name: IT, parent: support}\n  support: {name: Support, parent: it}\n",
        "units:\n  it: {name: IT}\n  support: {name: Support, parent: it}\n",
    ),
    CodePage(
        "W-PROCESS-NO-OWNER",
        N_("Nobody answers for a process"),
        N_("It has no owner, or nobody holds the owner's role today."),
        "processes:\n  audit: {name: Audit, kind: management}\n",
        "processes:\n  audit: {name: Audit, kind: management, owner: lead}\n",
    ),
    CodePage(
        "W-OUTPUT-UNUSED",
        N_("Nobody consumes an output"),
        N_("Work that nobody uses, or a flow that was forgotten."),
        _PRODUCT + _AUDIT % ", outputs: [report]",
        _PRODUCT + _AUDIT % ", outputs: [report]" + _FLOW % ("audit", "incident", ""),
    ),
    CodePage(
        "W-INPUT-UNFED",
        N_("Nobody produces an input"),
        N_("The process waits for something that no flow brings."),
        _PRODUCT + _AUDIT % ", inputs: [report]",
        _PRODUCT + _AUDIT % ", inputs: [report]" + _FLOW % ("incident", "audit", ""),
    ),
    CodePage(
        "W-LINK-ONE-SIDED",
        N_("A flow is listed by one side only"),
        N_("One process counts on a flow that the other does not know of: what falls between two processes falls here."),
        _PRODUCT + _AUDIT % "" + _FLOW % ("audit", "incident", ", listed_by: [audit]"),
        _PRODUCT + _AUDIT % "" + _FLOW % ("audit", "incident", ", listed_by: [audit, incident]"),
    ),
)
