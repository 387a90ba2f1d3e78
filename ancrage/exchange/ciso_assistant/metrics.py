"""From metric definitions to indicators of the referential, as files of declarations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ancrage.domain.reference_model import Attribution
from ancrage.exchange.ciso_assistant.translated import label
from ancrage.exchange.sources.names import Names
from ancrage.exchange.sources.yaml_source import Item
from ancrage.exchange.yaml_text import Entry, Value, comment_lines, render_entries
from ancrage.language import Label, say

KNOWN = ("urn", "ref_id", "name", "description", "translations", "category", "unit", "higher_is_better", "default_target",
         "choices_definition")  # fmt: skip
UNITS = {"percentage": "%"}


@dataclass(frozen=True, slots=True)
class Answerable:
    """What a library never says about its metrics: the objective they serve, and the roles that own and hear of them."""

    objective: str = ""
    owner: str = ""
    reports_to: str = ""

    @property
    def complete(self) -> bool:
        return bool(self.objective and self.owner and self.reports_to)


def indicator_entries(metrics: Sequence[Item], answerable: Answerable, counts: dict[str, int]) -> list[Entry]:
    """One indicator for each metric that has a name; targets are kept, alerts are the organisation's own business."""
    ids, entries = Names(), list[Entry]()
    for metric in metrics:
        metric.left_out(*KNOWN)
        name = label(metric, "name")
        wanted = metric.text("ref_id")
        if name == Label() or wanted is None:
            metric.defects.tell("W-SOURCE-MISSING", say("a metric has no name or no ref_id"), metric.place(), say("left out"))
            continue
        entries.append(Entry(ids.give(wanted), tuple(_indicator(metric, name, answerable))))
    counts["metrics"] = counts.get("metrics", 0) + len(entries)
    if entries and not answerable.complete:
        message = say("a library does not say which objective its metrics serve, nor who answers for them")
        done = say("the file is written with words to replace; name them with --objective, --owner and --reports-to")
        metrics[0].defects.tell("W-SOURCE-MISSING", message, metrics[0].place(), done)
    return entries


def _indicator(metric: Item, name: Label, answerable: Answerable) -> Iterator[Entry]:
    choices = _choices(metric)
    qualitative = metric.text("category") == "qualitative" or bool(choices)
    unit = metric.text("unit") or ("level" if qualitative else "")
    definition = label(metric, "description")
    values: list[tuple[str, Value]] = [("name", name), ("objective", answerable.objective or "OBJECTIVE")]
    values.append(("definition", definition if definition != Label() else name))
    values += [("type", "effect"), ("kind", "count" if unit == "count" else "value"), ("unit", Label.same(UNITS.get(unit, unit or "-")))]
    values += [("direction", _direction(metric)), ("source", "manual"), ("cadence", "month")]
    values += [("owner", answerable.owner or "OWNER"), ("reports_to", answerable.reports_to or "REPORTS_TO")]
    if choices:
        levels = "; ".join(f"{number} {text}" for number, text in enumerate(choices, 1))
        values.append(("formula", Label.same(levels)))
    target = metric.number("default_target")
    if target is not None:
        values.append(("thresholds", (Entry("target", int(target) if target == int(target) else target),)))
    values.append(("lifetime", (Entry("phase", "watch"),)))
    return (Entry(key, value) for key, value in values)


def _choices(metric: Item) -> list[str]:
    found = []
    for choice in metric.items("choices_definition"):
        found += [text] if (text := choice.text("name")) else []
        choice.left_out("name")
    return found


def _direction(metric: Item) -> str:
    better = metric.truth("higher_is_better")
    if better is None:
        message = say("the metric does not say which way is good")
        metric.defects.tell("W-SOURCE-MISSING", message, metric.place("higher_is_better"), say("taken as more is better"))
    return "decrease" if better is False else "increase"


def indicators_text(entries: Sequence[Entry], attribution: Attribution) -> str:
    """The file, with whose texts these are at its head."""
    head = comment_lines(say("Imported by Ancrage from a CISO Assistant library.").text()) + comment_lines(attribution.line().text())
    return "\n".join((*head, render_entries([Entry("indicators", tuple(entries))]), ""))
