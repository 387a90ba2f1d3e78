"""Small projects as texts: a sound one, and any part of it replaced or added to."""

from __future__ import annotations

from datetime import date

from ancrage.declarations.codes.page import BASE, SETTINGS
from ancrage.declarations.loading import Loaded, load_programme_from_texts
from ancrage.domain.programme import Programme

AS_OF = date(2026, 1, 5)

CONTRACT = """
contracts:
  c:
    name: C
    sponsor: sponsor
    perimeter: [incident]
    clauses:
      react: {promise: I answer, by: sponsor, trigger: manual, delay: 2wd, policy: standard}
      report: {promise: I report, by: lead, trigger: manual, delay: 5wd, policy: standard}
"""


def load_texts(example: str = "", *, settings: str = SETTINGS, base: str = BASE, as_of: date = AS_OF, **files: str) -> Loaded:
    """The sound project with `example` as a further file; `files` are more of them by name without `.yaml`, for includes to find."""
    more = {f"{name}.yaml": text for name, text in files.items()}
    texts = {"project.yaml": settings, "base.yaml": base, "example.yaml": example or "{}\n", **more}
    return load_programme_from_texts(texts, as_of)


def programme_of(example: str = "", **parts: str) -> Programme:
    """The programme of a project without errors; its warnings do not matter here."""
    loaded = load_texts(example, **parts)  # type: ignore[arg-type]
    assert loaded.errors == (), [str(problem.message) for problem in loaded.errors]
    return loaded.require()


def found_in(loaded: Loaded) -> list[tuple[str, str]]:
    """Code and place of every problem, in order."""
    return [(problem.code, str(problem.place)) for problem in loaded.problems]
