"""Prerequisites without circles: what would close one is left out, and told."""

from __future__ import annotations

from collections.abc import Mapping

from ancrage.errors import Place
from ancrage.exchange.sources.defects import Defects
from ancrage.language import say

LONGEST_PATH = 12


def break_circles(requires: dict[str, tuple[str, ...]], places: Mapping[str, Place], defects: Defects) -> None:
    """Take away each link that leads back to where the walk came from; one walk over everything, in the order given."""
    done: set[str] = set()
    for start in list(requires):
        if start not in done:
            _walk(start, requires, places, done, defects)


def _walk(
    start: str, requires: dict[str, tuple[str, ...]], places: Mapping[str, Place], done: set[str], defects: Defects
) -> None:
    path, open_names = [start], {start: 0}
    pending = [list(reversed(requires.get(start, ())))]
    while path:
        if not pending[-1]:
            pending.pop()
            name = path.pop()
            del open_names[name]
            done.add(name)
            continue
        name = pending[-1].pop()
        if name in open_names:
            _cut(path, open_names[name], requires, places, defects)
        elif name not in done:
            open_names[name] = len(path)
            path.append(name)
            pending.append(list(reversed(requires.get(name, ()))))


def _cut(path: list[str], since: int, requires: dict[str, tuple[str, ...]], places: Mapping[str, Place], defects: Defects) -> None:
    first, last = path[since], path[-1]
    requires[last] = tuple(name for name in requires[last] if name != first)
    shown = path[since:] if len(path) - since <= LONGEST_PATH else [*path[since : since + LONGEST_PATH - 1], "...", last]
    message = say("prerequisites go round in a circle: {path}", path=" > ".join((*shown, first)))
    done = say("the link from {last} to {first} is left out", last=last, first=first)
    defects.tell("W-SOURCE-CYCLE", message, places.get(last), done)
