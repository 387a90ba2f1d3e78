"""Commands. Each command is one module here, `ancrage/cli/<name>.py`, loaded only when it is called.

How to write a command (the convention that `main.py` relies on):

1. Module `ancrage/cli/<name>.py` (`import_.py` for `import`, a keyword). It exposes **either** one function `command`
   (a single command, plain typer annotations) **or** a `typer.Typer` called `app` (sub-commands: `ancrage campaign open`).

       def command(ctx: typer.Context, path: Annotated[Path, typer.Argument(help=N_("..."))], json: Json = False) -> None:
           asked = Invocation.of(ctx)

2. The line of the command in `ancrage/cli/table.py` (name and short help) exists already: the table is what `ancrage --help`
   reads, so that nothing is imported for it. A command is offered once its module is there.
3. Every `help=` is marked `N_("English sentence.")`; it is translated when it is shown. The long help of a command is the
   `help=` of `app.command(...)` or, for `command`, the module constant `HELP = N_("...")` (else the short help of the table).
4. Imports at the top of a command module: standard library, typer, `ancrage.cli.*`, `ancrage.language`, `ancrage.errors`.
   Prefect (through `flows`), the web, SQL, networkx and solvers are imported *inside the function* that needs them.
5. `--project`, `--language` are given to every command by `main.py`; do not declare them. `Invocation.of(ctx)` has `.project`
   (folder), `.language`, `.json`, and prints: `.show(message)`, `.warn(message)` (standard error), `.emit(shape, version, payload)`.
6. `--json` is declared with the ready `Json` type of `ancrage.cli.invocation`, an instant with its `AsOf`. JSON goes out through
   `.emit(...)` only: one object, `{"shape": "ancrage.<name>", "version": 1, ...}`; every shape is listed in docs/reference/json.md.
7. Exit codes: 0 done; 1 problems found (`raise typer.Exit(1)`, or let `ProblemsFound`, `Refused`, `EngineBusy` pass); 2 wrong use
   (`typer.BadParameter`, or let `NotFound` pass). Never catch an `AncrageError` to print it: `main.py` shows it, in the reader's
   language or as JSON, without a traceback.
"""
