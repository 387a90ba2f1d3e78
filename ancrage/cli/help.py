"""Help texts in the reader's language. typer says its own words ("Usage", "Options") in English only; these replace them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ancrage.language import N_, translate

OPTIONS_METAVAR = N_("[OPTIONS]")
COMMAND_METAVAR = N_("COMMAND [ARGUMENTS]...")
HELP_OPTION = N_("Show this message and exit.")  # typer's own sentence


def dress(command: Any, language: str) -> None:
    """Give a command and all its sub-commands help in `language`; their texts were marked with `N_` where they were written."""
    say_ = _translator(language)
    command.help = say_(command.help)
    command.epilog = say_(command.epilog)
    for parameter in command.params:
        parameter.help = say_(getattr(parameter, "help", None))
    command.rich_markup_mode = None
    command.format_help = lambda ctx, formatter: write_help(command, ctx, formatter, language)
    for child in getattr(command, "commands", {}).values():
        dress(child, language)


def write_help(command: Any, ctx: Any, formatter: Any, language: str) -> None:
    """The help page of one command: usage, what it does, arguments, options, commands, a last word."""
    formatter.write(usage(command, ctx, language) + "\n")
    for text in filter(None, [command.help]):
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(text)
    for title, rows in sections(command, ctx, language):
        formatter.write(f"\n{title}\n")  # not `section`, whose colon stands as in English
        with formatter.indentation():
            formatter.write_dl(rows)
    if command.epilog:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(command.epilog)


def usage(command: Any, ctx: Any, language: str) -> str:
    """One line: how the command is called."""
    arguments = [piece for parameter in command.params for piece in parameter.get_usage_pieces(ctx)]
    rest = [translate(COMMAND_METAVAR, language)] if hasattr(command, "commands") else []
    line = " ".join([ctx.command_path, translate(OPTIONS_METAVAR, language), *arguments, *rest])
    return translate(N_("Usage: {line}"), language).format(line=line)


def sections(command: Any, ctx: Any, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The titled tables of a help page, empty ones left out: (what to type, what it means)."""
    parameters = [p for p in command.get_params(ctx) if not getattr(p, "hidden", False)]
    arguments = [_row(p, ctx, language) for p in parameters if p.param_type_name == "argument"]
    options = [_row(p, ctx, language) for p in parameters if p.param_type_name == "option"]
    children = [(name, child.help or "") for name, child in getattr(command, "commands", {}).items() if not child.hidden]
    titled = [
        (translate(N_("Arguments:"), language), arguments),
        (translate(N_("Options:"), language), options),
        (translate(N_("Commands:"), language), children),
    ]
    return [(title, rows) for title, rows in titled if rows]


def _row(parameter: Any, ctx: Any, language: str) -> tuple[str, str]:
    typed = parameter.get_help_record(ctx)[0]
    meaning = translate(parameter.help, language) if parameter.help else ""
    if parameter.required:
        return typed, translate(N_("{meaning} (required)"), language).format(meaning=meaning)
    default = parameter.default
    if not parameter.show_default or default is None or isinstance(default, bool | tuple | list) or callable(default):
        return typed, meaning
    return typed, translate(N_("{meaning} (default: {default})"), language).format(meaning=meaning, default=default)


def _translator(language: str) -> Callable[[str | None], str | None]:
    return lambda text: translate(" ".join(text.split()), language) if text else text
