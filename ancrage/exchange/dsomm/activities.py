"""The activities of DSOMM with their places, after every overlay: by uuid or by name an overlay renames, moves, changes or ignores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ancrage.errors import Place
from ancrage.exchange.dsomm.documents import Documents
from ancrage.exchange.sources.defects import Defects
from ancrage.exchange.sources.names import Names
from ancrage.exchange.sources.yaml_source import Item
from ancrage.language import say

TAKEN = ("uuid", "description", "risk", "measure", "assessment", "level", "dependsOn", "ignore")


@dataclass(slots=True)
class Activity:
    """One activity. `id` is ours, made of its name; `layers` are what was said about it, the last one wins."""

    id: str
    name: str
    dimension: str
    sub: str
    uuid: str
    layers: list[Item] = field(default_factory=list)

    def text(self, key: str) -> str:
        """What the last layer that says something says."""
        return next((text for item in reversed(self.layers) if (text := item.text(key))), "")

    def has(self, key: str) -> Item | None:
        """The last layer with something under a key."""
        return next((item for item in reversed(self.layers) if item.has(key)), None)

    @property
    def place(self) -> Place:
        return self.layers[-1].place()


class Activities(dict[str, Activity]):
    """Activities by id, in the order of the model; `find` knows them by uuid, name and id, whatever the capitals."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, Activity] = {}

    def know(self, activity: Activity) -> None:
        """Make an activity findable; of two with one name the first is found."""
        for name in filter(None, (activity.uuid, activity.name, activity.id)):
            self._known.setdefault(name.casefold(), activity)

    def find(self, name: str) -> Activity | None:
        """The activity of that uuid, name or id; None for an unknown or ignored one."""
        found = self._known.get(name.strip().casefold())
        return found if found is not None and self.get(found.id) is found else None

    def revive(self, uuid: str) -> Activity | None:
        """Take back an activity that was ignored where it stood: an overlay moves it so."""
        found = self._known.get(uuid.strip().casefold())
        if found is not None:
            self[found.id] = found
        return found


def gather_activities(documents: Documents, defects: Defects) -> Activities:
    """The activities of every model, then of every overlay."""
    activities, names = Activities(), Names()
    for item in documents.models:
        for activity in _written(item):
            _add(activity, activities, names, defects)
    for item in documents.overlays:
        for activity in _written(item):
            _overlay(activity, activities, names, defects)
    for activity in activities.values():
        for layer in activity.layers:
            layer.left_out(*TAKEN)
    return activities


def _written(item: Item) -> Iterator[Activity]:
    for dimension, subs in item.entries():
        for sub, found in subs.entries():
            for name, entry in found.entries():
                uuid = entry.text("uuid") or ""
                yield Activity("", name.strip(), dimension.strip(), sub.strip(), uuid, [entry])


def _add(activity: Activity, activities: Activities, names: Names, defects: Defects) -> None:
    first = activities.find(activity.uuid) if activity.uuid else None
    if first is not None:
        same = first.uuid == activity.uuid
        message = say("uuid {uuid} stands twice", uuid=activity.uuid[:60]) if same else say(
            "uuid {uuid} differs from another one in capitals only", uuid=activity.uuid[:60])  # fmt: skip
        defects.tell("W-SOURCE-TWICE", message, activity.layers[0].place("uuid"), say("the first was taken"), [first.place])
        return
    if not activity.uuid:
        done = say("known by its name")
        defects.tell("W-SOURCE-MISSING", say("activity {name} has no uuid", name=activity.name[:80]), activity.place, done)
    namesake = activities.find(activity.name)
    if namesake is not None:
        message = say("two activities are called {name}", name=activity.name[:80])
        defects.tell("W-SOURCE-TWICE", message, activity.place, say("both were taken; by this name the first is found"), [namesake.place])
    activity.id = names.give(activity.name)
    activities[activity.id] = activity
    activities.know(activity)


def _overlay(change: Activity, activities: Activities, names: Names, defects: Defects) -> None:
    layer = change.layers[0]
    known = (activities.find(change.uuid) if change.uuid else None) or activities.find(change.name)
    if layer.truth("ignore"):
        if known is None:
            message = say("activity {name} is to be ignored, and is not there", name=change.name[:80])
            defects.tell("W-SOURCE-REFERENCE", message, change.place, say("nothing was done"))
        else:
            del activities[known.id]
        return
    if known is None and change.uuid:
        known = activities.revive(change.uuid)
    if known is None:
        _add(change, activities, names, defects)
        return
    if change.uuid and known.uuid and known.uuid.casefold() != change.uuid.casefold():
        message = say("activity {name} has another uuid than in the model", name=change.name[:80])
        defects.tell("W-SOURCE-TWICE", message, layer.place("uuid"), say("that of the model was kept"), [known.place])
    known.name, known.dimension, known.sub = change.name, change.dimension, change.sub
    known.layers.append(layer)
    activities.know(known)
