"""The layout of an error, exactly; and the forms that programs read."""

from __future__ import annotations

from ancrage.declarations.rendering import as_sarif, problem_as_json, render_github, render_problem, summary
from ancrage.errors import Place, Problem
from ancrage.language import say

UNKNOWN = Problem(
    "E-UNIT-UNKNOWN",
    say('unit "{name}" is not declared', name="INGE"),
    Place("process_maps/example/map.yaml", 15, 11, "    unit: INGE", 4),
    say("no such unit"),
    say('did you mean "{close}"? ({count} declared in {files})', close="ING", count=3, files="project.yaml"),
)


def test_an_error_looks_like_the_one_in_the_design() -> None:
    assert render_problem(UNKNOWN, "en") == (
        'error[E-UNIT-UNKNOWN]: unit "INGE" is not declared\n'
        "  --> process_maps/example/map.yaml:15:11\n"
        "   |\n"
        "15 |     unit: INGE\n"
        "   |           ^^^^ no such unit\n"
        '   = help: did you mean "ING"? (3 declared in project.yaml)\n'
    )


def test_a_problem_of_a_whole_file_has_no_excerpt() -> None:
    problem = Problem("W-X", say("{what}", what="so"), Place("a.yaml"))
    assert render_problem(problem, "en") == "warning[W-X]: so\n --> a.yaml\n"


def test_the_other_end_is_shown_with_its_own_line() -> None:
    first = Place("a.yaml", 120, 3, "  a: 1")
    problem = Problem("E-X", say("{what}", what="twice"), Place("b.yaml", 7, 1, "a: 2"), say("again"), related=(first,))
    lines = render_problem(problem, "en").splitlines()
    assert lines[1:5] == ["   --> b.yaml:7:1", "    |", "  7 | a: 2", "    | ^ again"]
    assert lines[5:9] == ["   ::> a.yaml:120:3", "    |", "120 |   a: 1", "    |   ^ see also"]


def test_a_tab_and_a_long_line_keep_the_mark_under_the_value() -> None:
    tabbed = render_problem(Problem("E-X", say("{x}", x=""), Place("a", 1, 3, "\ta: b", 1)), "en").splitlines()
    assert tabbed[3:5] == ["1 | \ta: b", "  | \t ^"]
    long = "k: [" + "word, " * 100 + "here]"
    source, mark = render_problem(Problem("E-X", say("{x}", x=""), Place("a", 1, long.index("here") + 1, long, 4)), "en").splitlines()[3:5]
    assert len(source) < 140
    assert source[mark.index("^") :].startswith("here")
    assert mark.count("^") == 4


def test_json_has_every_field_always() -> None:
    bare = problem_as_json(Problem("W-X", say("{x}", x="y")), "en")
    assert bare == {"code": "W-X", "severity": "warning", "message": "y", "place": None, "label": None, "hint": None, "related": []}
    assert problem_as_json(UNKNOWN, "en").keys() == bare.keys()


def test_github_commands_escape_what_would_end_them() -> None:
    problem = Problem("E-X", say("{x}", x="100%\nsecond: line"), Place("a,b:c.yaml", 2, 5), hint=say("{x}", x="so"))
    assert render_github([problem], "en") == "::error file=a%2Cb%3Ac.yaml,line=2,col=5,title=E-X::100%25%0Asecond: line%0Aso\n"


def test_sarif_names_each_rule_once_and_each_place() -> None:
    run = as_sarif([UNKNOWN, UNKNOWN], "en", "1.2", lambda code: f"title of {code}")["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["E-UNIT-UNKNOWN"]
    assert run["results"][1]["ruleIndex"] == 0
    location = run["results"][0]["locations"][0]["physicalLocation"]
    assert location == {
        "artifactLocation": {"uri": "process_maps/example/map.yaml"},
        "region": {"startLine": 15, "startColumn": 11, "endColumn": 15},
    }


def test_the_summary_counts_errors_and_warnings() -> None:
    assert str(summary([UNKNOWN], {"files": 4})) == "errors: 1, warnings: 0 (files: 4)"
