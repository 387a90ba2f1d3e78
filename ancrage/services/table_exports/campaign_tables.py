"""Ratings, levels, findings and the comparison of two cycles as tables."""

from __future__ import annotations

from collections.abc import Sequence

from ancrage.exchange.tables import Kind, Table, Value
from ancrage.language import Message, say
from ancrage.services.campaign_views import existing_campaign
from ancrage.services.campaigns import pinned_model
from ancrage.services.findings import ActionOfFinding, FindingView, Rerating, list_findings
from ancrage.services.programme import current_programme
from ancrage.services.status import zone_of_programme
from ancrage.services.table_exports.campaign_views import (
    ComparisonLine,
    LevelLine,
    RatingLine,
    comparison_lines,
    level_lines,
    rating_lines,
)
from ancrage.services.table_exports.spec import TableSpec, field, texts
from ancrage.storage.unit_of_work import UnitOfWork

CAMPAIGN, PROCESS_ID, PROCESS = say("Campaign"), say("Process id"), say("Process")
AREA_ID, AREA, PRACTICE_ID, PRACTICE = say("Practice area id"), say("Practice area"), say("Practice id"), say("Practice")

RATINGS = TableSpec(
    "ratings",
    say("Ratings"),
    RatingLine,
    (
        field("campaign", CAMPAIGN),
        field("process", PROCESS_ID),
        field("process_name", PROCESS, width=28),
        field("area", AREA_ID),
        field("area_name", AREA, width=28),
        field("practice", PRACTICE_ID),
        field("practice_name", PRACTICE, width=32),
        field("question", say("Question"), width=60),
        field("person", say("Person id")),
        field("person_name", say("Person"), width=24),
        field("standing", say("Standing")),
        field("value", say("Answer"), width=10),
        field("comment", say("Comment"), width=40),
        field("revision", say("Revision"), Kind.NUMBER, 10),
        field("current", say("Current answer"), Kind.FLAG, 10),
        field("rated_at", say("Answered at"), Kind.INSTANT, 20),
        field("handed_in_at", say("Handed in at"), Kind.INSTANT, 20),
        field("counts", say("Counts"), width=10),
        field("agreed_by", say("Decided by")),
        field("agreed_method", say("How the value that counts was found")),
        field("agreed_why", say("Why"), width=40),
        field("agreed_at", say("Agreed at"), Kind.INSTANT, 20),
        field("evidence", say("Evidence"), Kind.LIST, 40),
    ),
)

LEVELS = TableSpec(
    "levels",
    say("Capability levels"),
    LevelLine,
    (
        field("campaign", CAMPAIGN),
        field("process", PROCESS_ID, source="level.process"),
        field("process_name", PROCESS, width=28, source="level.process_name"),
        field("area", AREA_ID, source="level.area"),
        field("area_name", AREA, width=28, source="level.area_name"),
        field("value", say("Level"), Kind.NUMBER, 8, "level.value"),
        field("state", say("State"), source="level.state"),
        field("at_least", say("At least"), Kind.FLAG, 10),
        field("target", say("Target"), Kind.NUMBER, 8, "level.target"),
        field("blockers", say("What stands before the next level"), Kind.LIST, 40, "level.blockers"),
        field("score", say("Score (a trend, decides nothing)"), Kind.NUMBER, 12),
        field("rated", say("Rated"), Kind.NUMBER, 8, "counts.rated"),
        field("not_applicable", say("Not applicable"), Kind.NUMBER, 8, "counts.not_applicable"),
        field("not_rated", say("Asked, no answer"), Kind.NUMBER, 8, "counts.not_rated"),
        field("not_assessed", say("Not asked"), Kind.NUMBER, 8, "counts.not_assessed"),
        field("judge", say("To judge"), Kind.NUMBER, 8, "counts.judge"),
        field("method", say("Method"), source="method.name"),
        field("method_version", say("Version of the method"), source="method.version"),
        field("rounding", say("Rounding"), width=24, source="method.rounding"),
        field("options", say("Options"), Kind.LIST, 24, "method.options", lambda options: texts(f"{k}={v}" for k, v in options.items())),
        field("model", say("Reference model"), source="model.id"),
        field("model_version", say("Version of the reference model"), source="model.version"),
        field("model_fingerprint", say("Fingerprint of the reference model"), width=24, source="model.fingerprint"),
        field("inputs_fingerprint", say("Fingerprint of the answers"), width=24),
    ),
)


def _actions(actions: Sequence[ActionOfFinding]) -> tuple[str, ...]:
    return texts(f"{it.id} ({', '.join(filter(None, (it.status, it.due_on.isoformat() if it.due_on else None)))})" for it in actions)


def _rerated(rerated: Sequence[Rerating]) -> tuple[str, ...]:
    return texts(f"{it.campaign}: {it.value}" for it in rerated)


FINDINGS = TableSpec(
    "findings",
    say("Findings"),
    FindingView,
    (
        field("id", say("Id"), width=36),
        field("campaign", CAMPAIGN),
        field("kind", say("Kind")),
        field("severity", say("Severity")),
        field("process", PROCESS_ID),
        field("process_name", PROCESS, width=28),
        field("area", AREA_ID),
        field("area_name", AREA, width=28),
        field("practice", PRACTICE_ID),
        field("practice_name", PRACTICE, width=32),
        field("value", say("Found")),
        field("cause", say("Cause"), width=40),
        field("owner", say("Owner")),
        field("due_on", say("Due"), Kind.DAY, 12),
        field("found_at", say("Found at"), Kind.INSTANT, 20),
        field("changed_at", say("Changed at"), Kind.INSTANT, 20),
        field("changed_by", say("Changed by")),
        field("actions", say("Actions"), Kind.LIST, 40, form=_actions),
        field("rerated", say("Rated again"), Kind.LIST, 24, form=_rerated),
    ),
)

COMPARISON = TableSpec(
    "comparison",
    say("Two cycles compared on the same rows"),
    ComparisonLine,
    (
        field("before_campaign", say("Cycle before")),
        field("after_campaign", say("Cycle after")),
        field("process", PROCESS_ID),
        field("process_name", PROCESS, width=28),
        field("area", AREA_ID),
        field("area_name", AREA, width=28),
        field("standing", say("Standing")),
        field("before", say("Before"), Kind.NUMBER, 10),
        field("after", say("After"), Kind.NUMBER, 10),
        field("change", say("Change"), Kind.NUMBER, 10),
    ),
)


def ratings_table(work: UnitOfWork, campaign_id: str, *, history: bool = False) -> Table:
    """Every question of a campaign with its answer; with `history` also superseded answers. NotFound for an unknown campaign."""
    return RATINGS.table(rating_lines(work, campaign_id, history=history), _zone(work), _owner(work, campaign_id))


def levels_table(work: UnitOfWork, campaign_id: str) -> Table:
    """The levels of a closed campaign with what they rest on. NotFound while it is open."""
    return LEVELS.table(level_lines(work, campaign_id), _zone(work), _owner(work, campaign_id))


def findings_table(work: UnitOfWork, campaign_id: str | None = None) -> Table:
    """The findings of one closed campaign or of all, and what became of them."""
    found = list_findings(work, campaign_id)
    owners = {fact[0]: fact for campaign in dict.fromkeys(view.campaign for view in found) for fact in _owner(work, campaign)}
    return FINDINGS.table(found, _zone(work), tuple(owners.values()))


def comparison_table(work: UnitOfWork, campaign_id: str, before_id: str | None = None) -> Table:
    """Two closed campaigns on the same rows only, with the rows that cannot be compared; Refused as `compare_campaigns` says."""
    cycle, lines = comparison_lines(work, campaign_id, before_id)
    levels = cycle.levels
    facts: list[tuple[str, Message, Value]] = [
        ("compared", say("Rows compared"), len(levels.movements)),
        ("mean_before", say("Mean level before, on the same rows"), levels.mean_before),
        ("mean_after", say("Mean level after, on the same rows"), levels.mean_after),
        ("change", say("Change, on the same rows"), levels.change),
        ("naive_change", say("Change of the two averages, which mislead"), levels.naive_change),
    ]
    facts += [(f"warning_{number}", say("Warning"), warning) for number, warning in enumerate(levels.warnings, start=1)]
    return COMPARISON.table(lines, _zone(work), (*facts, *_owner(work, campaign_id)))


def _owner(work: UnitOfWork, campaign_id: str) -> tuple[tuple[str, Message, Value], ...]:
    """Whose texts the names of areas and practices are; empty where they are the organisation's own."""
    model = pinned_model(work, existing_campaign(work, campaign_id))
    if model.attribution is None:
        return ()
    return ((f"texts_of_{model.id}", say("Texts of the reference model"), model.attribution.line()),)


def _zone(work: UnitOfWork) -> str:
    return zone_of_programme(current_programme(work))
