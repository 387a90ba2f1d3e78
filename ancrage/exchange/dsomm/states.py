"""The states of progress of an installation, with their shares."""

from __future__ import annotations

from ancrage.domain.assessment.methods.dsomm import DEFAULT_STATES
from ancrage.exchange.dsomm.documents import Documents
from ancrage.exchange.sources.defects import Defects
from ancrage.language import say


def default_states() -> dict[str, float]:
    """The states the application starts with."""
    pairs = (entry.rpartition("=") for entry in DEFAULT_STATES.split(","))
    return {name.strip(): float(percent) / 100 for name, _, percent in pairs}


def progress_states(documents: Documents, defects: Defects) -> dict[str, float]:
    """Shares from 0 to 1 by name: those of the settings file where there are at least two, else the default ones."""
    found: dict[str, float] = {}
    for item in documents.settings:
        defined = item.mapping("progressDefinition")
        for name, state in defined.entries() if defined else ():
            text, share = state.text("score"), state.number("score")
            if share is not None and text is not None and text.endswith("%"):
                message = say("scores of states are written as percentages, as in 20%")
                defects.repeat("W-SOURCE-VALUE", message, state.place("score"), say("taken as shares, as in 0.2"))
            if share is None or not 0 <= share <= 1:
                message = say("state {name} has no share from 0% to 100%", name=name[:60])
                defects.tell("W-SOURCE-VALUE", message, state.place(), say("left out"))
            elif share in found.values():
                message = say("state {name} has the share of another one", name=name[:60])
                defects.tell("W-SOURCE-TWICE", message, state.place("score"), say("both were taken as one answer"))
                found[name.strip()] = share
            else:
                found[name.strip()] = share
    return found if len(set(found.values())) > 1 else default_states()
