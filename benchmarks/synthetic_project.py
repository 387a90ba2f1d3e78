"""A large synthetic project: 2,000 processes, 20,000 flows, 5,000 clauses in 200 files at size 1; the same shape at any size."""

from __future__ import annotations

import random

FILES = 200
UNITS, PRODUCTS, TOOLS, OBJECTIVES, PEOPLE = 50, 500, 30, 20, 400

_SETTINGS = """ancrage: 1
programme: synthetic
name: Synthetic
languages: [fr, en]
steward: r0
fallback: person0
include: [base.yaml, "parts/*.yaml"]
defaults: {calendar: office, request: ladder, action: ladder, reading: ladder}
"""
_PROCESS = """  p{0}:
    name: {{fr: "Processus numéro {0}", en: "Process number {0}"}}
    kind: operational
    unit: u{1}
    owner: r{2}
    deputy: r{3}
    purpose: {{fr: "Tenir la promesse numéro {0} faite aux utilisateurs", en: "Keep promise number {0} made to the users"}}
    tools: [t{4}, t{5}]
    objectives: [o{6}]
    performers: {{responsible: [r{2}], consulted: [r{3}]}}
"""
_LINK = "  l{0}: {{from: p{1}, to: p{2}, product: d{3}, listed_by: [p{1}, p{2}]}}\n"
_CONTRACT = """  c{0}:
    name: Contract {0}
    sponsor: r{1}
    steward: r0
    perimeter: [p{2}]
    stakeholders: [{3}]
    clauses:
"""
_CLAUSE = """      k{0}:
        promise: {{fr: "Je réponds à la question {0}", en: "I answer question {0}"}}
        by: r{1}
        trigger: manual
        delay: {2}wd
        cost_hours_per_month: 0.5
        policy: ladder
        waiver: r0
"""


def synthetic_project(size: float = 1, seed: int = 7) -> dict[str, str]:
    """Texts by file name. `size` 1 is the map of performance.md (4.5 MB), 10 ten times as much in the same 200 files."""
    dice = random.Random(seed)
    processes, links, clauses = round(2000 * size), round(20000 * size), round(5000 * size)
    texts = {"project.yaml": _SETTINGS, "base.yaml": _base()}
    for number in range(FILES):
        texts[f"parts/part{number:03}.yaml"] = "".join(
            (
                "processes:\n",
                *(_process(name, dice) for name in _share(processes, number)),
                "links:\n",
                *(_link(name, processes, dice) for name in _share(links, number)),
                "contracts:\n",
                _contract(number, _share(clauses, number), processes, dice),
            )
        )
    return texts


def _share(total: int, number: int) -> range:
    return range(total * number // FILES, total * (number + 1) // FILES)


def _process(name: int, dice: random.Random) -> str:
    some = dice.randrange
    unit, deputy, tool = some(UNITS), some(PEOPLE), some(TOOLS - 1)
    return _PROCESS.format(name, unit, name % PEOPLE, deputy, tool, tool + 1, some(OBJECTIVES))


def _link(name: int, processes: int, dice: random.Random) -> str:
    source, target = dice.sample(range(processes), 2)
    return _LINK.format(name, source, target, dice.randrange(PRODUCTS))


def _contract(number: int, clauses: range, processes: int, dice: random.Random) -> str:
    sponsor = dice.randrange(1, PEOPLE)
    written = (_CLAUSE.format(name, sponsor if name % 2 else 0, 2 + name % 4) for name in clauses)
    process = dice.randrange(processes)
    return _CONTRACT.format(number, sponsor, process, f"r{process % PEOPLE}") + "".join(written)


def _base() -> str:
    lines = ["calendars:\n  office: {tz: Europe/Paris, week: {mon-fri: ['09:00-12:00', '14:00-18:00']}}\n", "units:\n"]
    lines += [f"  u{number}: {{name: Unit {number}}}\n" for number in range(UNITS)]
    lines += ["people:\n", *(f"  person{number}: {{name: Person {number}}}\n" for number in range(PEOPLE))]
    lines += ["roles:\n", *(f"  r{number}: {{holder: person{number}, backup: r{(number + 1) % PEOPLE}}}\n" for number in range(PEOPLE))]
    lines += ["products:\n", *(f"  d{number}: {{name: Product {number}}}\n" for number in range(PRODUCTS))]
    lines += ["objectives:\n", *(f"  o{number}: {{name: Objective {number}}}\n" for number in range(OBJECTIVES))]
    lines += ["tools:\n", *(f"  t{number}: {{name: Tool {number}}}\n" for number in range(TOOLS))]
    steps = "{id: remind, offset: -1wd, from: due, to: [responsible]}, {id: due, offset: 0, from: due, to: [responsible, r0, r1]}"
    return "".join([*lines, f"policies:\n  ladder: {{steps: [{steps}]}}\n"])
