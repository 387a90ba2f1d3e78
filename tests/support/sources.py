"""Small sources of reference models in the formats others publish; their words are ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from ancrage.declarations.strict_yaml import read_yaml_text
from ancrage.domain.reference_model import ReferenceModel
from ancrage.errors import Problem
from ancrage.exchange.sources.single_model import single_model

NO_SET = ("No", "A little", "About half", "All of it")


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write texts by name below a folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def samm_files() -> dict[str, str]:
    """One function, one practice, two streams, three levels: six activities, the last of which requires the first."""
    files = {
        "business_functions/Cooking.yml": "id: f1\nname: Cooking\norder: 1\ncolor:\n  #ff0000\ntype: Function\n",
        "security_practices/Soup.yml":
            "id: p1\nfunction: f1\nname: Soup\nshortName: SP\nshortDescription: All about soup\norder: 1\ntype: Practice\n",
        "answer_sets/A.yml": "id: a1\nvalues:\n" + "".join(
            f"- text: {text}\n  value: {value}\n" for text, value in zip(NO_SET, (0, 0.25, 0.5, 1), strict=True)
        ) + "type: AnswerSet\n",
    }  # fmt: skip
    for number in (1, 2, 3):
        files[f"maturity_levels/{number}.yml"] = f"id: m{number}\nnumber: {number}\ntype: MaturityLevel\n"
        files[f"practice_levels/C-SP-{number}.yml"] = f"id: l{number}\npractice: p1\nmaturityLevel: m{number}\ntype: PracticeLevel\n"
    for letter in "AB":
        files[f"streams/C-SP-{letter}.yml"] = f"id: s{letter}\npractice: p1\nname: Way {letter}\nletter: {letter}\ntype: Stream\n"
        for number in (1, 2, 3):
            last = "relatedActivities:\n- xA1   #the first\n" if (letter, number) == ("B", 3) else ""
            files[f"activities/C-SP-{number}-{letter}.yml"] = (
                f"id: x{letter}{number}\nstream: s{letter}\nlevel: l{number}\ntitle: Step {letter}{number}\n{last}type: Activity\n"
            )
            files[f"questions/C-SP-{number}-{letter}.yml"] = (
                f"id: q{letter}{number}\nactivity: x{letter}{number}\nanswerSet: a1\ntext: Is step {letter}{number} done?\norder: 1\n"
                f"quality:\n- It is seen\n- It is tasted\ntype: Question\n"
            )
    return files


DSOMM = """\
---
meta: {version: 9.1.0, publisher: the kitchen}
---
Kitchen:
  Baking:
    Heat the oven:
      uuid: AAAA-1
      measure: Heat it.
      level: 1
    Bake bread:
      uuid: BBBB-2
      measure: Bake it.
      description: Bread is good.
      risk: It burns.
      level: 2
      dependsOn: [AAAA-1]
  Serving:
    Serve bread:
      uuid: CCCC-3
      measure: Serve it.
      level: 3
      dependsOn: [bbbb-2, Heat the oven]
"""
DSOMM_META = "progressDefinition:\n  Nothing: {score: 0%, definition: not begun}\n  Begun: {score: 20%}\n  Done: {score: 100%}\n"
DSOMM_TEAMS = "teams: [Red, Blue]\nteamGroups:\n  Day: [Red, Green]\n"

CISO = """\
urn: urn:kitchen:library:soup
ref_id: soup
name: Soup standard
copyright: Kitchen licence
version: 3
provider: The kitchen
objects:
  framework:
    ref_id: soup
    name: Soup standard
    min_score: 0
    max_score: 2
    scores_definition:
    - {score: 0, name: cold, translations: {fr: {name: froide}}}
    - {score: 1, name: warm}
    - {score: 2, name: hot}
    requirement_nodes:
    - {urn: "urn:k:A", assessable: false, depth: 1, ref_id: A, name: Pots}
    - {urn: "urn:k:a-1", assessable: true, depth: 2, parent_urn: "urn:k:a", ref_id: A-1, description: Own a pot.}
    - {urn: "urn:k:a-2", assessable: true, parent_urn: "urn:k:a", ref_id: a-1, description: Clean the pot.}
    - {urn: "urn:k:b-1", assessable: true, depth: 2, parent_urn: "urn:k:gone", ref_id: "B 1", description: Buy salt.}
  metric_definitions:
  - {urn: "urn:k:m1", ref_id: M-1, name: Bowls, description: Bowls served., category: quantitative, unit: percentage,
     higher_is_better: true, default_target: 85.0}
  - {urn: "urn:k:m2", ref_id: M-2, name: Taste, category: qualitative, choices_definition: [{name: Bad}, {name: Good}]}
"""


def model_in(text: str) -> ReferenceModel:
    """The reference model of a file that was written."""
    return single_model(read_yaml_text(text, "written.yaml"))


def codes(problems: Iterable[Problem]) -> list[str]:
    """The codes of defects, each once, sorted."""
    return sorted({problem.code for problem in problems})


def told(problems: Iterable[Problem], code: str) -> list[str]:
    """What the defects of one code say, and what was done."""
    return [f"{problem.message} ({problem.hint})" for problem in problems if problem.code == code]
