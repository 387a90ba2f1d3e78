"""From the activities of DSOMM to a reference model: an area for each sub-dimension, states of progress as its scale."""

from __future__ import annotations

from ancrage.domain.reference_model import Attribution, Practice, PracticeArea, ReferenceModel, ScaleValue
from ancrage.errors import Place
from ancrage.exchange.dsomm.activities import Activities, Activity
from ancrage.exchange.dsomm.documents import Documents
from ancrage.exchange.dsomm.states import progress_states
from ancrage.exchange.sources.defects import Defects
from ancrage.exchange.sources.names import Names
from ancrage.exchange.sources.prerequisites import break_circles
from ancrage.language import Label, say

OWNER = "OWASP DevSecOps Maturity Model project (OWASP Foundation)"
LICENCE = "GPL-3.0 (https://www.gnu.org/licenses/gpl-3.0.html)"
SOURCE = "https://github.com/devsecopsmaturitymodel/DevSecOps-MaturityModel-data"


def dsomm_model(documents: Documents, activities: Activities, defects: Defects) -> ReferenceModel | None:
    """The reference model, or None without any activity."""
    if not activities:
        return None
    requires = _requires(activities, defects)
    names = Names()
    areas: dict[tuple[str, str], list[Activity]] = {}
    for activity in activities.values():
        areas.setdefault((activity.dimension, activity.sub), []).append(activity)
    version = _version(documents, defects)
    return ReferenceModel(
        id="dsomm", name=Label.same("OWASP DSOMM"), version=version, method="dsomm", scale=_scale(documents, defects),
        areas=tuple(
            PracticeArea(
                names.give(sub), Label.same(sub or "-"), group=Label.same(dimension),
                practices=tuple(_practice(one, requires[one.id], defects) for one in sorted(held, key=lambda one: _level(one, None))),
            )
            for (dimension, sub), held in areas.items()
        ),
        attribution=Attribution(OWNER, LICENCE, _publisher(documents), version),
    )  # fmt: skip


def _scale(documents: Documents, defects: Defects) -> tuple[ScaleValue, ...]:
    states = progress_states(documents, defects)
    ordered = sorted(states.items(), key=lambda pair: -pair[1])
    codes = {name: f"{share * 100:g}" for name, share in ordered}
    seen: dict[str, ScaleValue] = {}
    for name, share in ordered:
        seen.setdefault(codes[name], ScaleValue(codes[name], Label.same(name), round(share, 6)))
    return tuple(seen.values())


def _version(documents: Documents, defects: Defects) -> str:
    for item in documents.metas:
        meta = item.mapping("meta")
        version = meta.text("version") if meta else None
        if version:
            return version[:60]
    place = documents.models[0].document.whole_file() if documents.models else Place("")
    defects.tell("W-SOURCE-MISSING", say("the model does not say its version"), place, say("taken as unknown"))
    return "unknown"


def _publisher(documents: Documents) -> str:
    for item in documents.metas:
        meta = item.mapping("meta")
        publisher = meta.text("publisher") if meta else None
        if publisher:
            return publisher[:300]
    return SOURCE


def _level(activity: Activity, defects: Defects | None) -> int:
    item = activity.has("level")
    text = item.text("level") if item else None
    if text is not None and text.isascii() and text.isdecimal() and 1 <= int(text[:6]) <= 9:
        return int(text)
    if defects is not None:
        message = say("activity {name} has no level from 1 to 9", name=activity.name[:80])
        defects.tell("W-SOURCE-VALUE", message, activity.place, say("taken as level 1"))
    return 1


def _practice(activity: Activity, requires: tuple[str, ...], defects: Defects) -> Practice:
    measure, risk = activity.text("measure"), activity.text("risk")
    guidance = "\n\n".join(filter(None, (activity.text("description"), activity.text("assessment"), risk)))
    question = Label.same(measure or activity.text("description"))
    return Practice(
        activity.id, Label.same(activity.name or activity.id), question, _level(activity, defects), guidance=Label.same(guidance),
        requires=requires,
    )  # fmt: skip


def _requires(activities: Activities, defects: Defects) -> dict[str, tuple[str, ...]]:
    """Dependencies by our ids: uuids in this edition, names in others. What is not there, and what closes a circle, is left out."""
    found: dict[str, tuple[str, ...]] = {}
    places: dict[str, Place] = {}
    for activity in activities.values():
        named: dict[str, None] = {}
        item = activity.has("dependsOn")
        for name in item.texts("dependsOn") if item else ():
            other = activities.find(name)
            if other is None:
                message = say("activity {name} depends on {other}, which is not there", name=activity.name[:80], other=name[:80])
                defects.tell("W-SOURCE-REFERENCE", message, item.place("dependsOn") if item else None, say("the link is left out"))
            else:
                named[other.id] = None
                if name not in (other.uuid, other.name):
                    message = say("{name} is written in other capitals where it is declared", name=name[:80])
                    defects.tell("W-SOURCE-NAME", message, item.place("dependsOn") if item else None, say("taken as the same"))
        found[activity.id] = tuple(named)
        places[activity.id] = item.place("dependsOn") if item else activity.place
    break_circles(found, places, defects)
    return found
