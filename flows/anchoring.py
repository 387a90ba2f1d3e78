"""The anchoring watch: indicators, their readings, signals and alerts."""

from __future__ import annotations

from typing import Any

from prefect import State, flow

from ancrage.services.advance import Stage
from flows.stages import conclude, run_name, run_stage


@flow(name="anchoring-watch", flow_run_name=run_name)
def watch(project: str = "", as_of: str | None = None) -> State[Any]:
    """Look at every indicator: which reading is late, which signal shows, which alert opens a commitment of its sponsor.

    `project` is the folder (empty: the environment's), `as_of` an instant with its offset (none: the project's now).
    """
    return conclude("Anchoring watch", run_stage(project, Stage.INDICATORS, as_of, return_state=True))
