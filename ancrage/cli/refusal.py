"""How a refusal is shown: in the reader's language or as JSON, without a traceback; and the exit code it gives."""

from __future__ import annotations

import sys
from typing import Any

import typer

from ancrage.cli.invocation import Invocation
from ancrage.errors import AncrageError, NotFound, ProblemsFound, Refused
from ancrage.language import Message, say

PROBLEMS_FOUND = 1
WRONG_USE = 2


def refuse(invocation: Invocation, error: AncrageError) -> int:
    """Show what Ancrage refused; 2 where the person named something that does not exist, else 1."""
    if isinstance(error, ProblemsFound):
        _show_problems(invocation, error)
    else:
        code = error.code if isinstance(error, Refused) else type(error).__name__
        _show_refusal(invocation, code, error.message)
    return WRONG_USE if isinstance(error, NotFound) else PROBLEMS_FOUND


def refuse_use(invocation: Invocation, error: typer.TyperException) -> int:
    """Show what is wrong with the command line itself, and where its help stands; always 2."""
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(error.message + "\n")
        return WRONG_USE
    _show_refusal(invocation, "wrong_use", _wrong_use(error))
    ctx = getattr(error, "ctx", None)
    if ctx is not None and not invocation.json:
        invocation.warn(say("`{command} --help` says how it is used.", command=ctx.command_path))
    return WRONG_USE


def _wrong_use(error: Any) -> Message:
    """typer's exceptions carry English sentences and the facts they were made of; ours is made of the same facts."""
    parameter = getattr(error, "param_hint", None) or (error.param.get_error_hint() if getattr(error, "param", None) else None)
    match type(error).__name__:
        case "NoSuchOption" if error.possibilities:
            close = ", ".join(sorted(error.possibilities))
            return say("option {option} does not exist; did you mean {close}?", option=error.option_name, close=close)
        case "NoSuchOption":
            return say("option {option} does not exist", option=error.option_name)
        case "MissingParameter" if parameter is not None:
            return say("{parameter} is missing", parameter=parameter)
        case "BadParameter" if parameter is not None:
            return say("{parameter} cannot be taken: {reason}", parameter=parameter, reason=error.message)
        case "BadOptionUsage":
            return say("option {option} needs a value, or takes none", option=error.option_name)
        case "UsageError" if hasattr(getattr(error.ctx, "command", None), "commands"):
            return say("a command is missing or unknown: take one of {known}", known=", ".join(error.ctx.command.commands))
        case "UsageError" if "unexpected extra argument" in error.message:
            return say("too many arguments: {extra}", extra=error.message.partition("(s) ")[2].strip("()"))
        case _:
            return Message("{reason}", {"reason": error.format_message()})


def _show_refusal(invocation: Invocation, code: str, message: Message) -> None:
    if invocation.json:
        invocation.emit("refusal", 1, {"code": code, "message": message})
    else:
        invocation.warn(say("ancrage: {reason}", reason=message))


def _show_problems(invocation: Invocation, error: ProblemsFound) -> None:
    from ancrage.declarations.rendering import problem_as_json, render_text

    if invocation.json:
        rows = [problem_as_json(problem, invocation.language) for problem in error.problems]
        invocation.emit("problems", 1, {"message": error.message, "problems": rows})
        return
    invocation.warn(render_text(error.problems, invocation.language))
    invocation.warn(error.message)
