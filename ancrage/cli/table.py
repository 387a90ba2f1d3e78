"""The commands of Ancrage: name and short help, in the order of the loop. Read by `ancrage --help` without loading any of them."""

from __future__ import annotations

from keyword import iskeyword

from ancrage.language import N_

COMMANDS: dict[str, str] = {
    "init": N_("Start a project: a folder with commented templates of every declaration."),
    "check": N_("Read the declarations and report every problem at once."),
    "map": N_("Question the process map and draw it."),
    "apply": N_("Show what the declarations would change, then take them into the database."),
    "status": N_("Who must do what next, what is late, what needs a decision."),
    "people": N_("People, roles, absences and delegations."),
    "campaign": N_("Open, follow and close an assessment campaign."),
    "answer": N_("Answer a request of a campaign."),
    "rate": N_("Record a rating and its evidence."),
    "score": N_("Determine capability levels, gaps and blockers."),
    "prioritise": N_("Rank the improvement actions, with reasons."),
    "roadmap": N_("Plan the chosen actions under capacity and precedence."),
    "actions": N_("The one action plan and its segments."),
    "risks": N_("Risks and opportunities, and what treats them."),
    "contracts": N_("Engagement contracts: clauses, signatures, versions."),
    "indicator": N_("The metrics referential: indicators and their readings."),
    "chart": N_("Draw the chart of an indicator, with its signals."),
    "verdict": N_("Say whether a practice has anchored, and why."),
    "commitments": N_("What is owed by a date: follow, acknowledge, fulfil, waive, extend."),
    "notices": N_("The outbox: notices written, sent, refused."),
    "simulate": N_("What will be sent in the coming days if nobody moves."),
    "explain": N_("Explain a deadline, a level, a rank, a verdict or a problem code, line by line."),
    "advance": N_("Do one pass of everything that is due."),
    "export": N_("Write tables, maps and reports to files."),
    "import": N_("Take a reference model, a map or answers from other formats."),
    "serve": N_("Start the web pages and the scheduler."),
    "doctor": N_("Look at the installation and the database, and say what is wrong."),
    "demo": N_("Play half a year of the example organisation on a virtual clock."),
}


def module_of(command: str) -> str:
    """The module that holds `command`: `ancrage.cli.` and its name; a name that is a Python keyword takes a `_` at its end."""
    return f"ancrage.cli.{command}_" if iskeyword(command) else f"ancrage.cli.{command}"
