"""Codes of reference models and ratings that `ancrage import` takes from others: each says what was done about it."""

from __future__ import annotations

from ancrage.declarations.codes.page import CodePage
from ancrage.language import N_


def _words(code: str, title: str, why: str, wrong: str, right: str) -> CodePage:
    return CodePage(code, title, why, wrong, right, by_hand=True)


PAGES = (
    _words(
        "E-SOURCE-NOTHING",
        N_("Nothing in the source is what the importer looks for"),
        N_("It may be another format, another folder of the same one, or an empty file. Nothing was written."),
        "ancrage import samm photos/",
        "ancrage import samm core/model/",
    ),
    _words(
        "E-SOURCE-MANY",
        N_("A source has more files than any publication of its kind"),
        N_("Reading stops before memory or patience ends. Name the folder of the model itself."),
        "ancrage import samm /",
        "ancrage import samm core/model/",
    ),
    _words(
        "W-SOURCE-MANY",
        N_("A source has more defects than anybody reads"),
        N_("The first thousand are shown. It may be another kind of file than it seems."),
        "a file in which every line is wrong",
        "the file as it was published",
    ),
    _words(
        "W-SOURCE-YAML",
        N_("A file of the source is written in a way two readers read differently"),
        N_("A key twice, an anchor, an alias, a tag, or an end in the middle. What could be read without guessing was taken."),
        "uuid: a1\nuuid: b2",
        "uuid: a1",
    ),
    _words(
        "W-SOURCE-BOOLEAN",
        N_("A word of the source is a truth value to other readers"),
        N_("YAML 1.1 reads an unquoted no, yes, on or off as false or true. Ancrage takes the word as it is written."),
        "text: No",
        'text: "No"',
    ),
    _words(
        "W-SOURCE-EMPTY",
        N_("A value of the source is empty because a comment stands in its place"),
        N_("What follows an unquoted # is a comment to every reader: the value is lost in the source itself."),
        "color:\n  #993300",
        'color: "#993300"',
    ),
    _words(
        "W-SOURCE-VALUE",
        N_("A value of the source has another form than it should"),
        N_("It was left out, or taken as far as it can be understood; what was done stands beside it."),
        "level: high",
        "level: 2",
    ),
    _words(
        "W-SOURCE-MISSING",
        N_("Something the source should have is missing"),
        N_("What depends on it was left out or filled in as said beside it."),
        "an activity without a question",
        "an activity with its question",
    ),
    _words(
        "W-SOURCE-REFERENCE",
        N_("The source names something that it does not have"),
        N_("An id, a name or a group that is declared nowhere in the files that were read. The link was left out."),
        "dependsOn: [an activity that was renamed]",
        "dependsOn: [the activity by its uuid]",
    ),
    _words(
        "W-SOURCE-TWICE",
        N_("The source has the same thing twice"),
        N_("Ids that are equal, or differ in capital letters only. The first was taken."),
        "two files with one id",
        "one file for each id",
    ),
    _words(
        "W-SOURCE-NAME",
        N_("Something has another name in Ancrage than in the source"),
        N_("The source itself writes it in several ways, or in a way that cannot be an id. Both names are said."),
        "D-SA-1-A in the file name, D-SA-A-1 in the workbook",
        "D-SA-A-1",
    ),
    _words(
        "W-SOURCE-CYCLE",
        N_("Prerequisites of the source form a circle"),
        N_("Each would have to come before the other. One of the links was left out."),
        "A depends on B, B depends on A",
        "A depends on B",
    ),
    _words(
        "W-SOURCE-FORMULA",
        N_("Figures of a workbook were not taken over"),
        N_("They are computed in the workbook itself, and not all as their titles say. Ancrage computes them anew from the answers."),
        "the column Gap vs Current",
        "the answers",
    ),
    _words(
        "W-SOURCE-LICENCE",
        N_("The source is not of one mind about its licence"),
        N_("The newer statement was taken into the attribution. Read both before you pass the texts on."),
        "CC BY-SA 4.0 in one cell, 3.0 in another",
        "CC BY-SA 4.0",
    ),
)
