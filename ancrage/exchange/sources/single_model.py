"""One reference model from one file, without the project around it: for `score --model`, and importers that check what they write."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ancrage.declarations.building import Building
from ancrage.declarations.fingerprint import fingerprint_of
from ancrage.declarations.reading import REFUSED, Reading
from ancrage.declarations.shapes.reference_model import REFERENCE_MODEL, build_reference_model
from ancrage.declarations.strict_yaml import Document
from ancrage.declarations.yaml_nodes import MappingNode
from ancrage.domain.reference_model import ReferenceModel
from ancrage.errors import Problem, ProblemsFound
from ancrage.language import say


def single_model(document: Document) -> ReferenceModel:
    """The only reference model a file declares under `reference_models`; other sections of the file are not looked at.

    ProblemsFound with everything wrong with it: not readable, no reference model or several, refused by its shape.
    """
    reading, building = Reading(document), Building(date.min)
    root = document.mapping()
    models = root.entries.get("reference_models") if root is not None else None
    entries = models.entries if isinstance(models, MappingNode) else {}
    found = {name: raw for name, node in entries.items() if (raw := REFERENCE_MODEL.read(node, reading)) is not REFUSED}
    built = [build_reference_model(name, raw, building) for name, raw in found.items() if isinstance(raw, dict)]
    whole = document.whole_file()
    problems = [*document.problems, *reading.problems]
    problems += [Problem(finding.code, finding.message, whole, hint=finding.hint) for finding in building.findings]
    if len(entries) != 1 and not problems:
        message = say("the file declares {count} reference models under reference_models: it must be one", count=len(entries))
        problems.append(Problem("E-MODEL-COUNT", message, whole, hint=say("give each reference model a file of its own")))
    if problems:
        raise ProblemsFound(say("{path} cannot be used as a reference model", path=document.name), problems)
    return replace(built[0], fingerprint=fingerprint_of(built[0]))
