"""Codes of what is no declaration: tables of ratings, scenario files, the settings file, and what people ask of a campaign.

An example that starts with `$ ancrage` is a command with the file it reads below it; a test runs it.
"""

from __future__ import annotations

from ancrage.declarations.codes.page import CodePage
from ancrage.language import N_

_WEIGHTED = "$ ancrage score ratings.csv --method weighted\n"
_CMMI = "$ ancrage score ratings.csv --method cmmi\n"
_SIMULATE = "$ ancrage simulate scenario.yaml\n"
_GOOD_WEIGHTED = f"{_WEIGHTED}item,score\na,3\nb,2\n"
_GOOD_CMMI = f"{_CMMI}practice,level,rating\nREQ 1.1,1,FI\n"

_SCENARIO = """\
id: one
calendars: {office: {tz: Europe/Paris, week: {mon-fri: ["09:00-12:00", "14:00-18:00"]}}}
people: {ann: {}, ben: {}}
roles: {sponsor: {holder: ann}}
fallback: ben
policies: {ladder: {steps: [{id: due, offset: 0, to: [responsible]}]}}
commitments: {answer: {responsible: sponsor, budget: 2wd}}
"""
_GOOD_SCENARIO = _SIMULATE + _SCENARIO + "events: [{at: 2026-03-02T09:00:00+01:00, do: trigger, commitment: answer}]\n"


def _words(code: str, title: str, why: str, wrong: str, right: str) -> CodePage:
    return CodePage(code, title, why, wrong, right, by_hand=True)


PAGES = (
    CodePage(
        "E-COLUMN-MISSING",
        N_("A column is missing"),
        N_("`ancrage score --help-method NAME` lists the columns of a method, and the other names they may have."),
        f"{_WEIGHTED}item,weight\na,3\n",
        _GOOD_WEIGHTED,
    ),
    CodePage(
        "E-COLUMN-TWICE",
        N_("A column stands twice"),
        N_("Under the same name or under another one of its names; it could not be said which of the two counts."),
        f"{_WEIGHTED}item,score,score\na,3,2\n",
        _GOOD_WEIGHTED,
    ),
    CodePage(
        "E-CELL-EMPTY",
        N_("A cell that must be filled is empty"),
        N_("Only the cell of an answer may be empty: it was asked and has no answer yet."),
        f"{_CMMI}practice,level,rating\n,1,FI\n",
        _GOOD_CMMI,
    ),
    CodePage(
        "E-CELL-VALUE",
        N_("A cell holds something else than its column allows"),
        N_("Nothing is guessed from it: a wrong answer would move a level."),
        f"{_CMMI}practice,level,rating\nREQ 1.1,1,GOOD\n",
        _GOOD_CMMI,
    ),
    CodePage(
        "E-ROW-CELLS",
        N_("A row has too many cells"),
        N_("Most often a comma or a semicolon inside a text: put that cell between quotation marks."),
        f"{_WEIGHTED}item,score\na, the first one,3\n",
        f'{_WEIGHTED}item,score\n"a, the first one",3\n',
    ),
    CodePage(
        "E-ROW-CSV",
        N_("A row is no valid CSV"),
        N_("Most often a quotation mark that is not closed."),
        f'{_WEIGHTED}item,score\n"a,3\n',
        _GOOD_WEIGHTED,
    ),
    CodePage(
        "E-ROW-TWICE",
        N_("Two rows say the same thing"),
        N_("Both would count. Keep one, or say in the column of instances what makes them two."),
        f"{_WEIGHTED}item,score\na,3\na,2\n",
        _GOOD_WEIGHTED,
    ),
    CodePage(
        "E-ROW-CONTRADICTS",
        N_("Two rows contradict each other"),
        N_("What belongs to a practice, an item or a group is the same on all its rows."),
        f"{_CMMI}practice,instance,level,rating\nREQ 1.1,north,1,FI\nREQ 1.1,south,2,FI\n",
        f"{_CMMI}practice,instance,level,rating\nREQ 1.1,north,1,FI\nREQ 1.1,south,1,FI\n",
    ),
    CodePage(
        "E-SCALE-UNKNOWN",
        N_("Scores are on different scales, and some have no range"),
        N_("Their average would mean nothing: give each scored item its minimum and maximum."),
        f"{_WEIGHTED}item,score,minimum,maximum\na,3,0,5\nb,80,,\n",
        f"{_WEIGHTED}item,score,minimum,maximum\na,3,0,5\nb,80,0,100\n",
    ),
    CodePage(
        "E-OPTION-UNKNOWN",
        N_("The method has no such option"),
        N_("Each method has its own options; `--help-method NAME` lists them."),
        "$ ancrage score ratings.csv --method weighted --option rounds=up\nitem,score\na,3\n",
        _GOOD_WEIGHTED,
    ),
    CodePage(
        "E-OPTION-VALUE",
        N_("An option cannot have this value"),
        N_("An option changes levels: only the values its method knows are taken."),
        "$ ancrage score ratings.csv --method weighted --option na=maybe\nitem,score\na,3\n",
        _GOOD_WEIGHTED,
    ),
    CodePage(
        "E-OPTION-FORM",
        N_("An option is not NAME=VALUE"),
        N_("The name of the option, an equals sign, and its value, without spaces."),
        "$ ancrage score ratings.csv --method weighted --option na\nitem,score\na,3\n",
        _GOOD_WEIGHTED,
    ),
    CodePage(
        "E-OPTION-TWICE",
        N_("An option is given twice"),
        N_("With two values, so that it could not be said which one counts."),
        "$ ancrage score ratings.csv --method weighted --option na=leave_out --option na=target\nitem,score\na,3\n",
        _GOOD_WEIGHTED,
    ),
    CodePage(
        "E-COMMITMENT-UNKNOWN",
        N_("A scenario names a commitment it does not declare"),
        N_("Nothing would happen to it."),
        _GOOD_SCENARIO.replace("commitment: answer}", "commitment: reply}"),
        _GOOD_SCENARIO,
    ),
    CodePage(
        "E-SPAN",
        N_("A span ends before it begins"),
        N_("Its first instant comes before its last one."),
        _GOOD_SCENARIO.replace("events:", "engine: {start: 2026-03-09T09:00:00+01:00, until: 2026-03-02T09:00:00+01:00}\nevents:"),
        _GOOD_SCENARIO,
    ),
    CodePage(
        "W-KEY-UNKNOWN",
        N_("A scenario has a key that is not known"),
        N_("It is ignored, so that a scenario may carry notes of its own; it may also be misspelt."),
        _GOOD_SCENARIO.replace("fallback: ben", "fallback: ben\nfalback: ann"),
        _GOOD_SCENARIO,
    ),
    _words(
        "W-SCENARIO-DUPLICATE",
        N_("Two scenarios of a file have the same id"),
        N_("Both are played; only their ids tell their answers apart."),
        "two scenarios with id: one",
        "id: one and id: two",
    ),
    _words(
        "E-MEASURE-UNKNOWN",
        N_("A scenario closes a measure it does not declare"),
        N_("Nothing would happen to it."),
        "do: measure_closed, measure: p1, and no p1 under measures",
        "do: measure_closed, measure: p1, and p1 under measures",
    ),
    _words(
        "E-ROW-MORE",
        N_("There are more problems than are listed"),
        N_("The first ones are shown in full; mend them and look again."),
        "a file with a thousand wrong cells",
        "the same file with its first problems mended",
    ),
    _words(
        "E-FILE-LARGE",
        N_("A table is too large"),
        N_("Bytes, rows and columns are bounded, so that a wrong file is refused at once."),
        "a table of a million columns",
        "one row per answer",
    ),
    _words(
        "E-SCALE-MANY",
        N_("Too many different scales"),
        N_("An average over so many scales would mean nothing, and its exact arithmetic would be slow."),
        "each item with a range of its own",
        "a few ranges, shared by many items",
    ),
    _words(
        "E-PRACTICE-UNKNOWN",
        N_("A practice is not in the reference model"),
        N_("With `--model FILE` each row answers a practice of that reference model; others have no level or weight."),
        "a row about REQ 9.9, and a reference model without it",
        "a row about a practice of the reference model",
    ),
    _words(
        "E-ROW-MODEL",
        N_("A row and the reference model disagree"),
        N_("The reference model says in which area a practice is; the row may leave it out."),
        "REQ 1.1 in area PLAN, and in area REQ of the reference model",
        "REQ 1.1 without an area",
    ),
    _words(
        "E-MODEL-COUNT",
        N_("A file does not hold exactly one reference model"),
        N_("`--model FILE` names one reference model by its file."),
        "a file with two entries under reference_models",
        "each reference model in a file of its own",
    ),
    _words(
        "E-SCALE-METHOD",
        N_("The scale of a reference model does not suit its method"),
        N_("A method knows what its own answers mean, and no others."),
        "method: cmmi with answers A, B, C",
        "method: cmmi with answers FI, LI, PI, NI, NY",
    ),
    _words(
        "E-RATING-VALUE",
        N_("A rating is not on the scale"),
        N_("An answer is one code of the scale of its reference model, or NA."),
        "an answer GOOD on the scale FI, LI, PI, NI, NY",
        "an answer LI",
    ),
    _words(
        "E-CELL-UNKNOWN",
        N_("Somebody answers what they were not asked"),
        N_("Each respondent answers the practices of the processes they were asked about."),
        "an answer about a process outside the campaign",
        "an answer to a question of one's own request",
    ),
    _words(
        "E-MODEL-UNKNOWN",
        N_("A reference model is not declared"),
        N_("A campaign asks the practices of one reference model of the project."),
        "a campaign on a reference model that is in no file of the project",
        "a campaign on a declared one",
    ),
    _words(
        "E-SCOPE-EMPTY",
        N_("A campaign names no process"),
        N_("Nobody would be asked anything."),
        "a campaign without a process",
        "a campaign on at least one process",
    ),
    _words(
        "E-DATES",
        N_("A campaign closes before its answers are due"),
        N_("Answers could no longer be given on the day they are asked for."),
        "answers due on 30 June, closing on 15 June",
        "answers due on 15 June, closing on 30 June",
    ),
    _words(
        "E-NO-RESPONDENT",
        N_("Nobody can answer for a process"),
        N_("It has no owner today, and no respondent was named for it."),
        "a campaign on a process whose owner's role is vacant",
        "a holder for that role, or a respondent named at launch",
    ),
    _words(
        "E-SOLICITATION",
        N_("A campaign asks more of somebody than they have time for"),
        N_("Who is asked too much answers badly. What is still valid, and what is far from every objective, is left out first."),
        "a campaign of 120 minutes for somebody whose assessment_minutes are 60",
        "the same with --within-budget, or with a smaller scope",
    ),
    _words(
        "E-SETTINGS",
        N_("The settings file cannot be used"),
        N_("`ancrage.toml` stands beside project.yaml. A setting that is not known is refused, because it would have no effect."),
        "[smtp] with securty = \"tls\"",
        "[smtp] with security = \"tls\"",
    ),
)
