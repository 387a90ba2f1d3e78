"""The assessment cycle: campaigns that move by themselves, and the ranking of what they found."""

from __future__ import annotations

from typing import Any

from prefect import State, flow, task
from prefect.cache_policies import NO_CACHE

from ancrage.services.advance import Stage
from ancrage.services.prioritisation import prioritise_campaign
from flows.stages import PATIENCE_SECONDS, StageDone, conclude, instant_of, project_at, run_name, run_stage, worth_repeating


@flow(name="assessment-cycle", flow_run_name=run_name)
def tick(project: str = "", as_of: str | None = None) -> State[Any]:
    """Move every campaign that has something due: requests, reminders, closing, levels, comparison with the last cycle.

    `project` is the folder (empty: the environment's), `as_of` an instant with its offset (none: the project's now).
    """
    return conclude("Assessment cycle", run_stage(project, Stage.CAMPAIGNS, as_of, return_state=True))


@flow(name="prioritisation", flow_run_name="prioritisation of {campaign}")
def prioritise(campaign: str, project: str = "", as_of: str | None = None) -> State[Any]:
    """Rank the improvement actions of one campaign. Asked for with the key campaign + hash of its inputs, so that nobody ranks twice.

    `project` is the folder (empty: the environment's), `as_of` an instant with its offset (none: the project's now).
    """
    return conclude("Prioritisation", rank_campaign(project, campaign, as_of, return_state=True))


@task(
    task_run_name="rank {campaign}", retries=len(PATIENCE_SECONDS), retry_delay_seconds=PATIENCE_SECONDS,
    retry_condition_fn=worth_repeating, cache_policy=NO_CACHE, persist_result=False,
)  # fmt: skip
def rank_campaign(project: str, campaign: str, as_of: str | None) -> StageDone:
    """The ranking of one campaign, stored in one transaction."""
    with project_at(project) as opened:
        instant = instant_of(opened, as_of)
        with opened.units() as work:
            ranking = prioritise_campaign(work, campaign, instant)
        return StageDone(opened.programme_id, instant, {"actions_ranked": len(ranking.actions)})
