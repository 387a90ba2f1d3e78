"""Files in, a programme out: or every problem at once. Nothing is half loaded.

The way of the data: `strict_yaml` gives trees with places; `shapes` say what a file may hold and make domain values of it;
`registry` remembers which file declares what; names are resolved when all files are read; then the rules of the domain look at the
whole. What they find gets its file, line and column here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from ancrage.declarations.building import Building
from ancrage.declarations.fingerprint import fingerprint_of, fingerprint_of_calendars
from ancrage.declarations.folders import DiskFolder, Folder, TextFolder
from ancrage.declarations.project import ProjectReader
from ancrage.declarations.registry import Registry
from ancrage.declarations.rules import broken_rules, findings
from ancrage.declarations.sections import PROJECT_FILE
from ancrage.declarations.unknown_names import report_unknown_names
from ancrage.domain.bulk import without_collector
from ancrage.domain.finding import Finding
from ancrage.domain.organisation import Organisation
from ancrage.domain.programme import DefaultPolicies, Programme, SigningTerms
from ancrage.errors import Problem, ProblemsFound, Severity
from ancrage.language import Label, say

DEFAULT_LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading gave. `programme` is None as soon as there is one error; `problems` stand in file order; `files` are the texts that
    were read, by name relative to the project, in reading order, ready for `load_programme_from_texts`."""

    programme: Programme | None
    problems: tuple[Problem, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity is Severity.WARNING)

    def require(self) -> Programme:
        """The programme, or ProblemsFound with every error and warning."""
        if self.programme is None:
            raise ProblemsFound(say("the declarations have errors: {count}", count=len(self.errors)), self.problems)
        return self.programme


def load_programme(folder: Path, as_of: date) -> Loaded:
    """Read the project in `folder` (or whose project.yaml is named) as it stands at `as_of`: the rules of ESC-V1 judge that date.

    Never raises for bad input. Problems call files by the path given here joined with the name in the project.
    """
    root = folder.parent if folder.name == PROJECT_FILE and not folder.is_dir() else folder
    return _load(DiskFolder(root), as_of)


def load_programme_from_texts(files: Mapping[str, str], as_of: date) -> Loaded:
    """The same from texts by name relative to the project (`project.yaml`, `models/need.yaml`)."""
    return _load(TextFolder(files), as_of)


def _load(folder: Folder, as_of: date) -> Loaded:
    with without_collector():
        registry, building = Registry(), Building(as_of)
        reader = ProjectReader(folder, registry, building)
        reader.read_all()
        problems = [*reader.problems, *report_unknown_names(registry)]
        programme = _programme(building)
        if registry.documents:
            found = [*building.findings, *broken_rules(programme, building, registry), *findings(programme, building, registry)]
            lost = _LostValues(reader.problems)
            problems += [registry.problem_of(finding) for finding in found if not lost.inside(finding, registry)]
        ordered = registry.in_file_order(problems)
    files = {name: document.text for name, document in zip(registry.names, registry.documents, strict=True)}
    sound = all(problem.severity is Severity.WARNING for problem in ordered)
    return Loaded(_with_fingerprints(programme, building) if sound else None, ordered, files)


class _LostValues:
    """Where values were refused: what seems to be missing there was written, only badly, so nothing is said to be missing."""

    def __init__(self, problems: list[Problem]) -> None:
        lost = (problem for problem in problems if problem.severity is Severity.ERROR and problem.code != "E-KEY-UNKNOWN")
        self.lines = {(problem.place.path, problem.place.line) for problem in lost if problem.place is not None}

    def inside(self, finding: Finding, registry: Registry) -> bool:
        """Whether a finding is about a thing, not a single value, part of which was refused."""
        if not self.lines:
            return False
        name, lines = registry.lines_of(finding.subject)
        return any((name, line) in self.lines for line in lines)


def _programme(building: Building) -> Programme:
    """Everything that could be made. With errors it is only good for asking further questions of it, never handed out."""
    settings, declared = building.settings, building.declared
    defaults = settings.get("defaults", {})
    by_section: dict[str, Any] = {section: declared[section] for section in _PROGRAMME_SECTIONS}
    return Programme(
        id=settings.get("programme", ""),
        name=settings.get("name", Label()),
        steward=settings.get("steward", ""),
        organisation=_organisation(building),
        defaults=DefaultPolicies(
            calendar=defaults.get("calendar", ""), request=defaults.get("request", ""), action=defaults.get("action", ""),
            reading=defaults.get("reading", ""), signing=_signing(defaults.get("signing", {})),
            engagement=defaults.get("engagement", ""), assessment_minutes=defaults.get("assessment_minutes"),
        ),
        languages=settings.get("languages", DEFAULT_LANGUAGES),
        **by_section,
    )


def _signing(raw: dict[str, Any]) -> SigningTerms:
    terms = SigningTerms()
    return SigningTerms(raw.get("delay", terms.budget), raw.get("policy", terms.policy))


_PROGRAMME_SECTIONS = (
    "processes", "products", "parties", "tools", "links", "objectives", "reference_models", "policies", "contracts", "indicators",
    "transformations",
)  # fmt: skip


def _organisation(building: Building) -> Organisation:
    declared = building.declared
    return Organisation(
        people=declared["people"],
        roles=declared["roles"],
        calendars=declared["calendars"],
        fallback=building.settings.get("fallback", ""),
        units=declared["units"],
        absences=tuple(declared["absences"].values()),
    )


def _with_fingerprints(programme: Programme, building: Building) -> Programme:
    contracts = {name: replace(contract, fingerprint=fingerprint_of(contract)) for name, contract in programme.contracts.items()}
    models = {name: replace(model, fingerprint=fingerprint_of(model)) for name, model in programme.reference_models.items()}
    whole = replace(programme, contracts=contracts, reference_models=models)
    organisation = programme.organisation
    facts: list[Any] = [programme.id, programme.name, programme.steward, programme.languages, programme.defaults]
    facts += [organisation.people, organisation.roles, organisation.fallback, organisation.units, _sorted_absences(organisation)]
    facts += [getattr(whole, section) for section in _PROGRAMME_SECTIONS if section not in ("contracts", "reference_models")]
    facts += [{name: thing.fingerprint for name, thing in things.items()} for things in (contracts, models)]
    calendars = fingerprint_of_calendars(organisation.calendars, building.written_holidays)
    return replace(whole, fingerprint=fingerprint_of(calendars, *facts))


def _sorted_absences(organisation: Organisation) -> list[Any]:
    return sorted(organisation.absences, key=lambda absence: (absence.since, absence.person, absence.until))
