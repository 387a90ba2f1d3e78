"""Reference models: practice areas and practices that processes are assessed against, with scale and method."""

from __future__ import annotations

from dataclasses import dataclass, field

from ancrage.language import Label


@dataclass(frozen=True, slots=True)
class Attribution:
    """Owner, licence, source and version of a text that is not ours; printed wherever the text is shown."""

    owner: str
    licence: str
    source: str
    version: str


@dataclass(frozen=True, slots=True)
class ScaleValue:
    """One answer of the scale: `code` is stored ("FI", "3"), `label` is shown, `number` counts where the method counts."""

    code: str
    label: Label
    number: float | None = None


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


@dataclass(frozen=True, slots=True)
class PracticeArea:
    """A group of practices. `processes` limits it to those process ids; empty: it applies to every process in scope."""

    id: str
    name: Label
    purpose: Label = field(default_factory=Label)
    practices: tuple[Practice, ...] = ()
    processes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReferenceModel:
    """A version of a reference model. `method` names the determination plug-in: `cmmi` or `fitsm6`, later others (assessment.md)."""

    id: str
    name: Label
    version: str
    method: str
    scale: tuple[ScaleValue, ...]
    areas: tuple[PracticeArea, ...]
    attribution: Attribution | None = None
    fingerprint: str = ""

    def area(self, area_id: str) -> PracticeArea:
        return next(area for area in self.areas if area.id == area_id)

    def areas_for(self, process_id: str) -> tuple[PracticeArea, ...]:
        """Areas that apply to one process, in declared order."""
        return tuple(area for area in self.areas if not area.processes or process_id in area.processes)
