"""The commitment watch: everything owed by a date, one ladder engine."""

from __future__ import annotations

from typing import Any

from prefect import State, flow

from ancrage.services.advance import Stage
from flows.stages import conclude, run_name, run_stage


@flow(name="commitment-watch", flow_run_name=run_name)
def watch(project: str = "", as_of: str | None = None) -> State[Any]:
    """Walk the ladder of every commitment whose next instant has come (ESC-L4); what is to be said goes to the outbox.

    `project` is the folder (empty: the environment's), `as_of` an instant with its offset (none: the project's now).
    """
    return conclude("Commitment watch", run_stage(project, Stage.COMMITMENTS, as_of, return_state=True))
