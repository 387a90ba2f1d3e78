"""Codes of keys and values, whatever section they stand in."""

from __future__ import annotations

from ancrage.declarations.codes.page import SETTINGS, CodePage
from ancrage.language import N_


def _named(name: str) -> str:
    return SETTINGS.replace("name: Example", f"name: {name}\nlanguages: [fr, en]")


def _model(version: str) -> str:
    scale = "[{code: FI, label: Yes}, {code: NI, label: No}]"
    return f"reference_models:\n  m: {{name: M, version: {version}, method: cmmi, scale: {scale}, areas: {{}}}}\n"


PAGES = (
    CodePage(
        "E-KEY-UNKNOWN",
        N_("A key is not known here"),
        N_("A key that is not read would be a promise nobody keeps. It is probably misspelt, or stands one level too high or too deep."),
        "units:\n  it: {nmae: IT, name: IT}\n",
        "units:\n  it: {name: IT}\n",
    ),
    CodePage(
        "E-KEY-MISSING",
        N_("A required key is missing or empty"),
        N_("Without it the thing cannot be made."),
        "processes:\n  change: {kind: operational, owner: lead}\n",
        "processes:\n  change: {name: Change, kind: operational, owner: lead}\n",
    ),
    CodePage(
        "E-TYPE",
        N_("A value has the wrong form"),
        N_("A text, a number, a list or a mapping is expected. `yes` and `no` are texts here: write true or false."),
        "people:\n  zoe: {name: Zoe, hours_per_month: a few}\n",
        "people:\n  zoe: {name: Zoe, hours_per_month: 3}\n",
    ),
    CodePage(
        "E-CHOICE",
        N_("A word is not one of those allowed"),
        N_("Only the words of the hint mean something here."),
        "processes:\n  change: {name: Change, kind: operationnal, owner: lead}\n",
        "processes:\n  change: {name: Change, kind: operational, owner: lead}\n",
    ),
    CodePage(
        "E-RANGE",
        N_("A number is out of range"),
        N_("A month has 744 hours at most; a weight or a cost is never negative."),
        "people:\n  zoe: {name: Zoe, hours_per_month: 1000}\n",
        "people:\n  zoe: {name: Zoe, hours_per_month: 10}\n",
    ),
    CodePage(
        "E-ID",
        N_("This cannot be an id"),
        N_("Ids appear in links, file names and messages: letters without accents, digits, and _ . - inside."),
        "units:\n  qualité: {name: Qualité}\n",
        "units:\n  qualite: {name: Qualité}\n",
    ),
    CodePage(
        "E-DUPLICATE",
        N_("An id is declared twice"),
        N_("An id is unique in its section, over all files; the second would silently replace the first."),
        "people:\n  ann: {name: Ann Turner}\n",
        "people:\n  ann_turner: {name: Ann Turner}\n",
    ),
    CodePage(
        "E-LIST-DUPLICATE",
        N_("An entry stands twice in a list"),
        N_("It counts once; the second is probably a copy that was meant to be changed."),
        "transformations:\n  triage: {name: Triage, processes: [incident, incident]}\n",
        "transformations:\n  triage: {name: Triage, processes: [incident]}\n",
    ),
    CodePage(
        "E-LIST-EMPTY",
        N_("A list needs an entry"),
        N_("A ladder without steps, a step to nobody, a scale without answers: nothing could ever happen."),
        "policies:\n  quick: {steps: []}\n",
        "policies:\n  quick: {steps: [{id: due, offset: 0, from: due, to: [responsible]}]}\n",
    ),
    CodePage(
        "E-LABEL-LANGUAGE",
        N_("A text in a language Ancrage does not speak"),
        N_("Texts are kept in French (fr) and English (en)."),
        "units:\n  it: {name: {fr: DSI, de: IT}}\n",
        "units:\n  it: {name: {fr: DSI, en: IT}}\n",
    ),
    CodePage(
        "E-LABEL-EMPTY",
        N_("A text is empty in both languages"),
        N_("Somebody will read it: write it in one language at least."),
        'units:\n  it: {name: {fr: , en: }}\n',
        "units:\n  it: {name: {fr: DSI, en: IT}}\n",
    ),
    CodePage(
        "W-LABEL-MISSING",
        N_("A text is missing in a language of the project"),
        N_("The project says it speaks this language; its readers will see the other one here."),
        _named("{en: Example}"),
        _named("{fr: Exemple, en: Example}"),
    ),
    CodePage(
        "E-DATE",
        N_("This is not a date"),
        N_("Dates are written year-month-day. Some days do not exist: 2026 is no leap year."),
        'absences:\n  - {person: ann, from: "2026-02-29", to: "2026-03-05"}\n',
        'absences:\n  - {person: ann, from: "2026-02-28", to: "2026-03-05"}\n',
    ),
    CodePage(
        "E-TIME",
        N_("This is not a time of day"),
        N_("Times are written with two digits for hours and minutes."),
        'people:\n  zoe: {name: Zoe, digest_at: "9h"}\n',
        'people:\n  zoe: {name: Zoe, digest_at: "09:00"}\n',
    ),
    CodePage(
        "E-TIME-NAIVE",
        N_("An instant does not say its offset"),
        N_("The same clock time is another instant elsewhere, and twice a year here (ESC-B1). Add the offset, or write a date."),
        'absences:\n  - {person: ann, from: "2026-02-02T09:00", to: "2026-03-05"}\n',
        'absences:\n  - {person: ann, from: "2026-02-02T09:00+01:00", to: "2026-03-05"}\n',
    ),
    CodePage(
        "E-PERIOD",
        N_("A period ends before it begins"),
        N_("`to` is the first date or instant that is no longer part of it, so it comes after `from`."),
        'absences:\n  - {person: ann, from: "2026-03-05", to: "2026-03-05"}\n',
        'absences:\n  - {person: ann, from: "2026-03-05", to: "2026-03-06"}\n',
    ),
    CodePage(
        "E-EMAIL",
        N_("This is not a mail address"),
        N_("Notices would not arrive. One address, without a name."),
        "people:\n  zoe: {name: Zoe, email: zoe.example.org}\n",
        "people:\n  zoe: {name: Zoe, email: zoe@example.org}\n",
    ),
    CodePage(
        "E-VERSION-UNQUOTED",
        N_("A version stands without quotes"),
        N_("Other programs that read the file make a number of it: 1.10 becomes 1.1."),
        _model("1.10"),
        _model('"1.10"'),
    ),
    CodePage(
        "E-SETTING-PLACE",
        N_("A setting of the project stands in another file"),
        N_("The settings of the whole project stand together in project.yaml, where everybody looks for them."),
        "fallback: ann\n",
        "units: {it: {name: IT}}\n",
    ),
    CodePage(
        "E-BUDGET",
        N_("This is not an amount of time"),
        N_("Working hours PT4H, working days 3wd, calendar days and months P10D and P1M. Days and hours are not mixed: they are counted differently (ESC-D)."),  # noqa: E501
        "policies:\n  quick:\n    ack_ttl: 2 days\n    steps: [{id: due, offset: 0, from: due, to: [responsible]}]\n",
        "policies:\n  quick:\n    ack_ttl: 2wd\n    steps: [{id: due, offset: 0, from: due, to: [responsible]}]\n",
    ),
)
