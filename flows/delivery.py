"""Notice delivery: from the outbox to people."""

from __future__ import annotations

from typing import Any

from prefect import State, flow

from ancrage.errors import EngineBusy
from ancrage.services.advance import Stage
from flows.stages import conclude, run_name, run_stage


@flow(name="notice-delivery", flow_run_name=run_name)
def deliver(project: str = "", as_of: str | None = None) -> State[Any]:
    """Take what is due from the outbox to its channel, and record what became of it (ESC-G2, ESC-G3).

    A message that failed has its own next attempt in the outbox, and one in doubt is not simply sent again: so the task is tried again
    only when another engine was at work, and then nothing had been done.
    `project` is the folder (empty: the environment's), `as_of` an instant with its offset (none: the project's now).
    """
    only_when_busy = run_stage.with_options(retry_condition_fn=engine_was_busy)
    return conclude("Notice delivery", only_when_busy(project, Stage.DELIVERY, as_of, return_state=True))


def engine_was_busy(_task: object, _run: object, state: State[Any]) -> bool:
    """Whether the task found another engine at work."""
    return isinstance(state.result(raise_on_failure=False), EngineBusy)
