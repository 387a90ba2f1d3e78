"""Explain campaigns, levels and the ranks of actions."""

from __future__ import annotations

from collections.abc import Sequence

from ancrage.domain.assessment.determination import explain as explain_area
from ancrage.domain.assessment.types import AreaKey
from ancrage.domain.programme import Programme
from ancrage.language import Label, say
from ancrage.services.determinations import recompute_determination, stored_determination
from ancrage.services.explanation.lines import ExplanationLine, journal_lines, missing
from ancrage.storage.campaigns import fetch_action, fetch_campaign, fetch_levels
from ancrage.storage.engine import fetch_journal
from ancrage.storage.unit_of_work import UnitOfWork


def explain_campaign(work: UnitOfWork, programme: Programme, identity: str) -> tuple[Label, Sequence[ExplanationLine]]:
    """What the campaign rests on, what happened in it, its levels, and whether they come out the same when recomputed."""
    del programme
    row = fetch_campaign(work, identity)
    if row is None:
        raise missing("campaign", identity)
    pins = ", ".join(f"{name} {str(value)[:12]}" for name, value in row.pins.items())
    lines = [ExplanationLine(say("pinned at launch: {pins}", pins=pins), row.opened_at, "ASM-K1")]
    lines += journal_lines(fetch_journal(work, f"campaign:{identity}"))
    levels = fetch_levels(work, identity)
    if levels:
        same = recompute_determination(work, identity).results == stored_determination(work, identity).results
        lines.append(
            ExplanationLine(say("recomputed from the stored answers: equal"), rule="ASM-K2") if same
            else ExplanationLine(say("recomputed from the stored answers: DIFFERENT"), rule="ASM-K2")
        )  # fmt: skip
    for level in levels:
        what = say(
            "{area} in {process}: level {level}, target {target}",
            area=level.area_id,
            process=level.process_id,
            level="-" if level.value is None else level.value,
            target="-" if level.target is None else level.target,
        )
        lines.append(ExplanationLine(what, follow=f"level:{identity}/{level.process_id}/{level.area_id}"))
    return Label(row.name_fr, row.name_en), lines


def explain_level(work: UnitOfWork, programme: Programme, identity: str) -> tuple[Label, Sequence[ExplanationLine]]:
    """Why one process has its level in one area, rule by rule."""
    campaign_id, process, area = [*identity.split("/"), "", ""][:3]
    determination = stored_determination(work, campaign_id)
    if AreaKey(process, area) not in determination.results:
        raise missing("level", identity)
    known = programme.processes.get(process)
    lines = [
        ExplanationLine(say("method {method} {version}, reference model {model} {model_version}", method=determination.method.name,
                            version=determination.method.version, model=determination.model.id, model_version=determination.model.version),
                        follow=f"campaign:{campaign_id}")
    ]  # fmt: skip
    lines += [ExplanationLine(reason.message, rule=reason.rule) for reason in explain_area(determination, process, area)]
    return (known.name if known else Label.same(process)), lines


def explain_action(work: UnitOfWork, programme: Programme, identity: str) -> tuple[Label, Sequence[ExplanationLine]]:
    """The additive split of an action's value, its margin to the next one, and what became of it."""
    del programme
    row = fetch_action(work, identity)
    if row is None:
        raise missing("action", identity)
    lines = [
        ExplanationLine(
            say("{term}: weight {weight} x score {score} = {part}", term=term, weight=f"{weight:g}", score=score, part=f"{part:g}"),
            rule="PRI-VALUE",
        )
        for term, weight, score, part in row.reasons.get("terms", [])
    ]
    if row.value is not None and row.effort_days:
        lines.append(
            ExplanationLine(
                say("value {value} for {days} days: rank {rank}", value=f"{row.value:g}", days=f"{row.effort_days:g}", rank=row.rank)
            )
        )
    if row.reasons.get("margin") is not None:
        clear = say("a clear order") if row.reasons.get("is_clear") else say("no clear order")
        lines.append(
            ExplanationLine(say("margin to the next one: {share} % ({clear})", share=f"{100 * row.reasons['margin']:.0f}", clear=clear))
        )
    lines += journal_lines(fetch_journal(work, f"action:{identity}"))
    follow = f"commitment:{row.commitment_id}" if row.commitment_id else ""
    lines.append(ExplanationLine(say("the action is {status}", status=row.status.value), row.changed_at, follow=follow))
    return Label(row.title_fr, row.title_en), lines
