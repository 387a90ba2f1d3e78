"""The `ancrage` command: global options, commands loaded when they are called, refusals shown without a traceback."""

from __future__ import annotations

import copy
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

import ancrage
from ancrage.cli.help import dress
from ancrage.cli.invocation import Invocation, language_of_environment
from ancrage.cli.refusal import refuse, refuse_use
from ancrage.cli.table import COMMANDS, module_of
from ancrage.errors import AncrageError, NotFound
from ancrage.language import LANGUAGES, N_, say

ABOUT = N_("Ancrage keeps a transformation alive: declared, assessed, prioritised, anchored, escalated.")
EPILOG = N_("Start with `ancrage demo`, or `ancrage init FOLDER`. Exit codes: 0 done, 1 problems found, 2 wrong use.")
INTERRUPTED = 130


def run() -> None:
    """Entry point of the console script."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command line; the exit code: 0 done, 1 problems found or refused, 2 wrong use."""
    invocation = Invocation(language=language_asked(arguments))
    try:
        refuse_foreign_models()
        group = build(invocation.language)
        result = group.main(list(arguments) or ["--help"], prog_name="ancrage", standalone_mode=False, obj=invocation)
    except AncrageError as error:
        return refuse(invocation, error)
    except typer.TyperException as error:
        return refuse_use(invocation, error)
    except typer.Abort:
        return INTERRUPTED
    except BrokenPipeError:  # `ancrage status | head`: the reader has gone, which is no fault; nothing may be flushed to it any more
        sys.stdout = None
        return 0
    return result if isinstance(result, int) else 0


def language_asked(arguments: Sequence[str]) -> str:
    """The language for help texts: `--language` wherever it stands, else the environment's. A wrong value is refused later."""
    for position, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--language":
            wanted = value or next(iter(arguments[position + 1 :]), "")
            return wanted if wanted in LANGUAGES else language_of_environment()
    return language_of_environment()


def refuse_foreign_models() -> None:
    """Refuse to start where another `models` (a folder of the user's) hides ours: rows would be somebody else's classes."""
    ours = Path(ancrage.__file__).parent.parent
    found = find_spec("models")
    if found is None or found.origin is None or Path(found.origin).parent.parent == ours:
        return
    raise NotFound(
        say(
            "the package `models` of Ancrage is hidden by {found}; start with the `ancrage` command, not with `python -m`, "
            "and take that folder out of PYTHONPATH",
            found=Path(found.origin).parent,
        )
    )


class LazyGroup(TyperGroup):
    """The group of all commands: lists them from the table, imports only the one that is called."""

    language = "en"

    def resolve_command(self, _ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that `args` call, loaded; an unknown name is refused with what it may have meant."""
        name = args[0]
        if name in self.commands:
            return name, load(name, self), args[1:]
        close = get_close_matches(name, self.commands, n=1)
        known = say("command {name} does not exist; did you mean {close}?", name=name, close=close[0]) if close else None
        raise NotFound(known or say("command {name} does not exist; `ancrage --help` lists them", name=name))


def build(language: str) -> LazyGroup:
    """The whole command line in `language`; commands are stand-ins with their short help until one is called."""
    app = typer.Typer(cls=LazyGroup, help=ABOUT, epilog=EPILOG, rich_markup_mode=None, add_completion=False)
    app.callback()(global_options)
    group = typer.main.get_group(app)
    assert isinstance(group, LazyGroup)
    group.language = language
    group.commands = {name: TyperCommand(name, help=text) for name, text in COMMANDS.items() if find_spec(module_of(name))}
    dress(group, language)
    return group


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"ancrage {ancrage.__version__}\n")
        raise typer.Exit


def global_options(
    ctx: typer.Context,
    project: Annotated[Path | None, typer.Option(help=N_("Folder of the project (default: ANCRAGE_PROJECT, else here)."))] = None,
    language: Annotated[str | None, typer.Option(metavar="fr|en", help=N_("Language of the answers (default: from LANG)."))] = None,
    version: Annotated[  # noqa: ARG001 - its callback has already done its work
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help=N_("Show the version and stop."))
    ] = False,
) -> None:
    """Options of every command, also accepted before its name."""
    remember(ctx, project=project, language=language)


def remember(ctx: typer.Context, project: Path | None = None, language: str | None = None) -> None:
    """Put what a global option said into the invocation; an unknown language is wrong use."""
    invocation = Invocation.of(ctx)
    if language and language not in LANGUAGES:
        raise NotFound(say("language {found} is not known: take one of {known}", found=language, known=", ".join(LANGUAGES)))
    invocation.project = project or invocation.project
    invocation.language = language or invocation.language


def load(name: str, group: LazyGroup) -> TyperCommand | TyperGroup:
    """The real command: its module's `app` (sub-commands) or `command` (one function), in the reader's language."""
    module = import_module(module_of(name))
    app = getattr(module, "app", None)
    command: Any = typer.main.get_group(app) if app else _single(name, module)
    command.name = name
    command.help = command.help or COMMANDS[name]
    dress(command, group.language)
    _accept_everywhere(command, [option for option in group.params if option.name in ("project", "language")])
    return command  # type: ignore[no-any-return]


def _single(name: str, module: Any) -> Any:
    app = typer.Typer(add_completion=False)
    app.command(help=getattr(module, "HELP", COMMANDS[name]))(module.command)
    return typer.main.get_command(app)


def _accept_everywhere(command: Any, options: Sequence[Any]) -> None:
    """Let the commands at the ends of the tree take the global options too; they fill the invocation, not the function."""
    children = getattr(command, "commands", {}).values()
    for child in children:
        _accept_everywhere(child, options)
    if not children:
        command.params.extend(_filling_the_invocation(option) for option in options)


def _filling_the_invocation(option: Any) -> Any:
    copied = copy.copy(option)
    copied.expose_value = False
    copied.callback = lambda ctx, _option, value: remember(ctx, **{option.name: value})
    return copied
