"""The page of a problem code: what `ancrage explain CODE` says, with an example that has the problem and one that has not.

Examples are real: a test loads each of them. They extend the small project below, so that they show only what matters: an example
that starts with `ancrage:` takes the place of its project.yaml, any other is a further file; `# file: NAME` starts a file of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import indent

from ancrage.language import N_, translate

SETTINGS = """\
ancrage: 1
programme: example
name: Example
steward: lead
fallback: ben
include: [base.yaml, example.yaml]
defaults: {calendar: office, request: standard, action: standard, reading: standard}
"""

BASE = """\
calendars:
  office: {tz: Europe/Paris, week: {mon-fri: ["09:00-12:00", "14:00-18:00"]}}
people:
  ann: {name: Ann Archer, hours_per_month: 4}
  ben: {name: Ben Baker}
  eve: {name: Eve Ellis}
roles:
  sponsor: {holder: ann, backup: deputy}
  deputy: {holder: eve}
  lead: {holder: ben}
policies:
  standard: {steps: [{id: due, offset: 0, from: due, to: [responsible, lead, deputy]}]}
objectives:
  reliable: {name: Reliable services}
processes:
  incident: {name: Incident handling, kind: operational, owner: lead}
"""

_MARK = "# file: "


@dataclass(frozen=True, slots=True)
class CodePage:
    """`title` and `why` are marked for the catalogue; `wrong` and `right` are examples as described above. `by_hand` says that the
    example cannot be a text (a file of 100 MB): then it is words, and the test of the code makes the file itself."""

    code: str
    title: str
    why: str
    wrong: str
    right: str
    by_hand: bool = False


def files_of(example: str) -> dict[str, str]:
    """The project an example stands for: texts by file name."""
    files = {"project.yaml": SETTINGS, "base.yaml": BASE, "example.yaml": "{}\n"}
    first, *further = example.split(_MARK)
    if first:
        files["project.yaml" if first.startswith("ancrage:") else "example.yaml"] = first
    for part in further:
        name, _, text = part.partition("\n")
        files[name] = text
    return files


def render_page(page: CodePage, language: str) -> str:
    """The page as text for a terminal: what it means, why it matters, an example that has the problem and one that has not."""
    return "\n".join(
        [
            translate(N_("{code}: {title}"), language).format(code=page.code, title=translate(page.title, language)),
            "",
            translate(page.why, language),
            "",
            translate(N_("Wrong:"), language),
            indent(page.wrong.rstrip("\n"), "    "),
            "",
            translate(N_("Right:"), language),
            indent(page.right.rstrip("\n"), "    "),
        ]
    )
