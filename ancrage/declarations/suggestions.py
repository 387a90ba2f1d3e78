"""Did you mean ...? One way to say it, wherever a name is not known."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ancrage.language import Message, say

_FEW = 6


def closest(found: str, known: Iterable[str]) -> str | None:
    """The known name that is nearest to `found`, or None where nothing is near; case and accents count little."""
    from difflib import get_close_matches  # only a mistake pays for it

    folded: dict[str, str] = {}
    for name in known:
        folded.setdefault(name.casefold(), name)
    matches = get_close_matches(found.casefold(), folded, n=1, cutoff=0.6)
    return folded[matches[0]] if matches else None


def did_you_mean(found: str, known: Collection[str]) -> Message:
    """A hint for a name outside a closed list: the nearest one, or the whole list when it is short."""
    close = closest(found, known)
    if close is not None:
        return say('did you mean "{close}"?', close=close)
    return say("allowed here: {names}", names=listed(known, limit=40))


def listed(names: Iterable[str], limit: int = _FEW) -> str:
    """Names in their order, separated by commas, with dots for what is beyond `limit`."""
    shown = list(names)
    return ", ".join(shown[:limit]) + (", ..." if len(shown) > limit else "")
