"""Reference models: practice areas and practices that processes are assessed against, with scale and method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ancrage.language import Label, Message, say

LATER = {"later": True}
"""Marks a field that the language did not have from the start: left at its default, it does not change a fingerprint."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Owner, licence, source and version of a text that is not ours; printed wherever the text is shown."""

    owner: str
    licence: str
    source: str
    version: str

    def line(self) -> Message:
        """What is printed wherever the text is shown."""
        return say("Texts: {owner}; {licence}; {source}; version {version}", owner=self.owner, licence=self.licence,
                   source=self.source, version=self.version)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ScaleValue:
    """One answer of the scale: `code` is stored ("FI", "3"), `label` is shown, `number` counts where the method counts."""

    code: str
    label: Label
    number: float | None = None


@dataclass(frozen=True, slots=True)
class AnswerSet:
    """The words in which a group of questions is answered: one label for each code of the scale that it words differently."""

    id: str
    labels: Mapping[str, Label]


@dataclass(frozen=True, slots=True)
class Practice:
    """What is asked. `level` is the capability level it belongs to (1 where the method has none)."""

    id: str
    name: Label
    question: Label = field(default_factory=Label)
    level: int = 1
    weight: float = 1.0
    minutes: float = 3.0
    """Time one answer costs its respondent (ASM-K10)."""
    guidance: Label = field(default_factory=Label, metadata=LATER)
    """By what an answer is judged: criteria, what evidence shows."""
    stream: str = field(default="", metadata=LATER)
    """A part of its area that runs through the levels, where the reference model has such parts."""
    answers: str = field(default="", metadata=LATER)
    """The answer set it is answered in; empty: the scale's own words."""
    requires: tuple[str, ...] = field(default=(), metadata=LATER)
    """Practices that come before it, by id."""


@dataclass(frozen=True, slots=True)
class PracticeArea:
    """A group of practices. `processes` limits it to those process ids; empty: it applies to every process in scope."""

    id: str
    name: Label
    purpose: Label = field(default_factory=Label)
    practices: tuple[Practice, ...] = ()
    processes: tuple[str, ...] = ()
    group: Label = field(default_factory=Label, metadata=LATER)
    """What several areas belong to: a business function, a dimension."""


@dataclass(frozen=True, slots=True)
class ReferenceModel:
    """A version of a reference model. `method` names the determination plug-in (`assessment.determination.AREA_METHODS`)."""

    id: str
    name: Label
    version: str
    method: str
    scale: tuple[ScaleValue, ...]
    areas: tuple[PracticeArea, ...]
    attribution: Attribution | None = None
    fingerprint: str = ""
    answer_sets: tuple[AnswerSet, ...] = field(default=(), metadata=LATER)

    def scale_of(self, practice: Practice) -> tuple[ScaleValue, ...]:
        """The scale in the words of the practice's own answer set, best first."""
        labels = next((known.labels for known in self.answer_sets if known.id == practice.answers), {})
        if not labels:
            return self.scale
        return tuple(replace(value, label=labels.get(value.code, value.label)) for value in self.scale)

    def prerequisites(self) -> tuple[tuple[str, str], ...]:
        """Every pair (practice, the practice it requires), in declared order."""
        return tuple((practice.id, needed) for area in self.areas for practice in area.practices for needed in practice.requires)

    def area(self, area_id: str) -> PracticeArea:
        return next(area for area in self.areas if area.id == area_id)

    def areas_for(self, process_id: str) -> tuple[PracticeArea, ...]:
        """Areas that apply to one process, in declared order."""
        return tuple(area for area in self.areas if not area.processes or process_id in area.processes)
