"""From weaknesses to candidate actions: what could be improved, for which objective, and what it would cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ancrage.domain.prioritisation.scales import blocks_score, gap_score, require_on_scale
from ancrage.language import Label, Message, say

DAYS_PER_LEVEL = 10.0
"""First estimate of the effort of one level of one area in one process, until somebody gives a better one."""


@dataclass(frozen=True, slots=True)
class Weakness:
    """A gap that an assessment found in one area of one process. `gap` counts levels to the target; `blocks` names what waits for it:
    levels of other areas, processes downstream, actions."""

    process: str
    area: str
    gap: float
    objectives: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    risk: int = 0
    sponsor: str | None = None
    effort_days: float | None = None
    process_name: Label = field(default_factory=Label)
    area_name: Label = field(default_factory=Label)


@dataclass(frozen=True, slots=True)
class ActionCandidate:
    """An action that could be taken. `objectives` are objective ids; `gap` counts levels, `blocks` things that wait, `risk` is a score of
    the scale. `sponsor` is a role id. `sponsor_answering` is the share of recent commitments the sponsor answered (0 to 1, late ones
    half), None where nothing is known. `scores` replaces the gap's score for single objectives, where people have agreed on one."""

    id: str
    title: Message
    process: str | None = None
    area: str | None = None
    objectives: tuple[str, ...] = ()
    gap: float = 0.0
    blocks: int = 0
    effort_days: float = DAYS_PER_LEVEL
    risk: int = 0
    sponsor: str | None = None
    sponsor_answering: float | None = None
    scores: Mapping[str, int] = field(default_factory=dict)
    effort_is_estimated: bool = False
    practices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for score in (self.risk, *self.scores.values()):
            require_on_scale(score)

    def objective_score(self, objective: str) -> int:
        """How much the action brings to one objective, on the scale."""
        return self.scores.get(objective, gap_score(self.gap))

    @property
    def blocks_score(self) -> int:
        return blocks_score(self.blocks)


def propose_actions(weaknesses: Iterable[Weakness], answering: Mapping[str, float] | None = None) -> tuple[ActionCandidate, ...]:
    """One candidate per process and area that misses its target, by id; nothing missing proposes nothing.

    Weaknesses of the same process and area are joined: the largest gap, all practices, all that waits. The id is
    `improve:PROCESS:AREA`, so that the next cycle proposes the same action again. `answering` is keyed by sponsor role id.
    """
    grouped: dict[tuple[str, str], list[Weakness]] = {}
    for weakness in weaknesses:
        if weakness.gap > 0:
            grouped.setdefault((weakness.process, weakness.area), []).append(weakness)
    return tuple(_candidate(sorted(grouped[key], key=_order), answering or {}) for key in sorted(grouped))


def _order(weakness: Weakness) -> tuple[str, tuple[str, ...], float]:
    return weakness.sponsor or "", weakness.practices, -weakness.gap


def _candidate(found: list[Weakness], answering: Mapping[str, float]) -> ActionCandidate:
    first, gap = found[0], max(weakness.gap for weakness in found)
    sponsor = next((weakness.sponsor for weakness in found if weakness.sponsor), None)
    given = [weakness.effort_days for weakness in found if weakness.effort_days is not None]
    process = first.process_name if first.process_name != Label() else first.process
    area = first.area_name if first.area_name != Label() else first.area
    return ActionCandidate(
        id=f"improve:{first.process}:{first.area}",
        title=say("Improve {area} in {process}", area=area, process=process),
        process=first.process,
        area=first.area,
        objectives=_all(weakness.objectives for weakness in found),
        gap=gap,
        blocks=len(_all(weakness.blocks for weakness in found)),
        effort_days=sum(given) if given else DAYS_PER_LEVEL * gap,
        risk=max(weakness.risk for weakness in found),
        sponsor=sponsor,
        sponsor_answering=answering.get(sponsor) if sponsor else None,
        effort_is_estimated=not given,
        practices=_all(weakness.practices for weakness in found),
    )


def _all(names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({name for several in names for name in several}))
