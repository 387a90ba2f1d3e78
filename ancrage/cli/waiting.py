"""How far long work is, on standard error, and only where a person looks at it: never in a file or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ancrage.cli.invocation import Invocation

if TYPE_CHECKING:
    from ancrage.language import Message
    from ancrage.services.progress import Progress


@contextmanager
def shown_progress(asked: Invocation) -> Iterator[Progress]:
    """What a service tells its progress to: a bar on a terminal, nothing elsewhere."""
    from ancrage.services.progress import quiet

    if not sys.stderr.isatty():
        yield quiet
        return
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import SpinnerColumn, TimeElapsedColumn

    with Bars(SpinnerColumn(), *Bars.get_default_columns(), TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("")

        def tell(what: Message, done: int, total: int) -> None:
            bars.update(task, description=asked.text(what), completed=done, total=total)

        yield tell
