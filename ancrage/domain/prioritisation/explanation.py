"""Why an action stands where it stands, line by line: what a reader needs to redo the sum and to doubt the order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ancrage.domain.escalation.facts import Reason
from ancrage.domain.prioritisation.ranking import OBJECTIVE, SPONSOR, UNSERVED, Criterion, RankedAction, Ranking, Term
from ancrage.domain.prioritisation.scales import Factor, words
from ancrage.language import Label, Message, say


def explain_rank(ranking: Ranking, action: str, objectives: Mapping[str, Label] | None = None) -> tuple[Reason, ...]:
    """The lines of one action's place: its terms, its total, and how sure the order is. Rules RNK-1 to RNK-5 of
    docs/reference/ranking.md. `objectives` gives names; without one the id is shown. KeyError for an action that was not ranked."""
    return tuple(_lines(ranking, ranking.of(action), objectives or {}))


def _lines(ranking: Ranking, ranked: RankedAction, objectives: Mapping[str, Label]) -> Iterator[Reason]:
    for term in ranked.terms:
        yield Reason("RNK-2" if term.name == SPONSOR else "RNK-1", _term(ranked, term, objectives))
    yield Reason("RNK-1", say("value {value}, the sum of these", value=_shown(ranked.value)))
    if ranking.criterion is Criterion.VALUE_PER_EFFORT:
        template = (
            say("{merit} a day: {value} for an effort of {days} days, a first estimate", **_per_effort(ranked))
            if ranked.candidate.effort_is_estimated
            else say("{merit} a day: {value} for an effort of {days} days", **_per_effort(ranked))
        )
        yield Reason("RNK-3", template)
    yield from _robustness(ranked, objectives)


def _per_effort(ranked: RankedAction) -> dict[str, object]:
    return {"merit": _shown(ranked.merit), "value": _shown(ranked.value), "days": _shown(ranked.effort_days)}


def _term(ranked: RankedAction, term: Term, objectives: Mapping[str, Label]) -> Message:
    if term.name == SPONSOR:
        answering = round(100 * (ranked.candidate.sponsor_answering or 0.0))
        lost = _shown(term.contribution)
        return say("{lost}: the sponsor answered {answering} percent of the last requests", lost=lost, answering=answering)
    return say(
        "{contribution} = {weight} x {score}: {name}, {words}",
        contribution=_shown(term.contribution), weight=_shown(term.weight), score=term.score, name=term_name(term.name, objectives),
        words=_words(ranked, term),
    )  # fmt: skip


def _words(ranked: RankedAction, term: Term) -> Message:
    if term.name in (Factor.BLOCKS.value, Factor.RISK.value):
        return words(Factor(term.name), term.score)
    if term.name.removeprefix(OBJECTIVE) in ranked.candidate.scores:
        return say("a score people agreed on")
    return words(Factor.GAP, term.score)


def term_name(term: str, objectives: Mapping[str, Label] | None = None) -> Message | Label | str:
    """The name of a term in words; `term` as it stands in a `Term`, a `WeightChange` or a `ScoreChange`."""
    if term.startswith(OBJECTIVE):
        objective = term.removeprefix(OBJECTIVE)
        return (objectives or {}).get(objective, objective)
    known = {
        UNSERVED: say("no declared objective"),
        Factor.BLOCKS.value: say("what waits for it"),
        Factor.RISK.value: say("the risk it treats"),
        SPONSOR: say("a silent sponsor"),
    }
    return known.get(term, term)


def _robustness(ranked: RankedAction, objectives: Mapping[str, Label]) -> Iterator[Reason]:
    if ranked.margin is None:
        return
    percent = round(100 * ranked.margin)
    if ranked.is_clear:
        yield Reason("RNK-4", say("ahead of the next one by {percent} percent", percent=percent))
    else:
        yield Reason("RNK-4", say("no clear order: ahead of the next one by {percent} percent only", percent=percent))
    weight, score = ranked.weight_change, ranked.score_change
    if weight is not None:
        name = term_name(weight.term, objectives)
        yield Reason("RNK-5", say("the two are equal when the weight of {name} goes from {old} to {new}",
                                  name=name, old=_shown(weight.frm), new=_shown(weight.to)))  # fmt: skip
    if score is not None:
        name = term_name(score.term, objectives)
        yield Reason("RNK-5", say("they change places when the score of {action} for {name} goes from {old} to {new}",
                                  action=score.action, name=name, old=score.frm, new=score.to))  # fmt: skip


def _shown(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
