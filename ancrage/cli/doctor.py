"""`ancrage doctor`: look at the installation and the database, and say what is wrong."""

from __future__ import annotations

import typer

from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.opening import instant_or_now, opened
from ancrage.language import N_, say

HELP = N_(
    "Look at the installation and the database and say what is wrong, each with what to do: secrets, schema, declarations, journal, clock, "
    "engine, outbox, contracts, calendars, roles, sources of readings. Nothing is changed. Exit code 1 when something is wrong; what will "
    "be wrong soon leaves it at 0."
)


def command(ctx: typer.Context, as_of: AsOf = None, json: Json = False) -> None:
    """Examine, tell, and exit 1 when something is wrong."""
    from ancrage.services.doctor import Patient, examine

    asked = Invocation.of(ctx)
    with opened(asked) as project:
        at = instant_or_now(project, as_of)
        keys = project.data_folder / "link.keys"
        patient = Patient(project.folder, keys, project.settings.database_url, project.programme_id, at, project.wall_now(),
                          frozenset(project.connections.named))  # fmt: skip
        found = examine(patient)
    warnings = len(found.symptoms) - found.errors
    if json:
        symptoms = [
            {"check": it.check.value, "severity": "error" if it.is_error else "warning", "message": it.message, "advice": it.advice}
            for it in found.symptoms
        ]
        checked = [check.value for check in found.checked]
        asked.emit("doctor", 1, {"as_of": at, "checked": checked, "errors": found.errors, "warnings": warnings, "symptoms": symptoms})
    else:
        for it in found.symptoms:
            sign = "!" if it.is_error else "~"
            asked.show(f"{sign} {it.check.value}: {asked.text(it.message)}\n    {asked.text(it.advice)}")
        asked.show(say("{checks} checks made: {errors} things are wrong, {warnings} will be soon.", checks=len(found.checked),
                       errors=found.errors, warnings=warnings))  # fmt: skip
    if found.errors:
        raise typer.Exit(1)
