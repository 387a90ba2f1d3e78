"""Writes a reference model as a file of declarations, which reads back as the same reference model."""

from __future__ import annotations

from collections.abc import Iterator

from ancrage.declarations.strict_yaml import read_yaml_text
from ancrage.domain.reference_model import AnswerSet, Practice, PracticeArea, ReferenceModel, ScaleValue
from ancrage.exchange.sources.single_model import single_model
from ancrage.exchange.yaml_text import Entry, Inline, comment_lines, render_entries
from ancrage.language import Label


def model_text(model: ReferenceModel, comment: str) -> str:
    """The model as YAML, with `comment` and its attribution at the head. ProblemsFound when it would not load again."""
    head = [*comment_lines(comment)]
    if model.attribution is not None:
        head += comment_lines(model.attribution.line().text())
    entries = (Entry("reference_models", (Entry(model.id, tuple(_model(model))),)),)
    text = "\n".join((*head, render_entries(entries), ""))
    single_model(read_yaml_text(text, f"{model.id}.yaml"))
    return text


def _model(model: ReferenceModel) -> Iterator[Entry]:
    yield Entry("name", model.name)
    yield Entry("version", Label.same(model.version))
    yield Entry("method", model.method)
    if model.attribution is not None:
        known = model.attribution
        fields = {"owner": known.owner, "licence": known.licence, "source": known.source, "version": known.version}
        yield Entry("attribution", tuple(Entry(key, Label.same(text)) for key, text in fields.items()))
    yield Entry("scale", tuple(_value(value) for value in model.scale))
    if model.answer_sets:
        yield Entry("answer_sets", tuple(_answers(one) for one in model.answer_sets))
    yield Entry("areas", tuple(_area(area) for area in model.areas))


def _value(value: ScaleValue) -> Inline:
    number = () if value.number is None else (Entry("number", _number(value.number)),)
    return Inline((Entry("code", Label.same(value.code)), Entry("label", value.label), *number))


def _number(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _answers(one: AnswerSet) -> Entry:
    return Entry(one.id, (Entry("labels", tuple(Entry(code, label) for code, label in one.labels.items())),))


def _area(area: PracticeArea) -> Entry:
    parts = [Entry("name", area.name)]
    parts += [Entry(key, label) for key, label in (("group", area.group), ("purpose", area.purpose)) if label != Label()]
    if area.processes:
        parts.append(Entry("processes", area.processes))
    return Entry(area.id, (*parts, Entry("practices", tuple(_practice(practice) for practice in area.practices))))


def _practice(practice: Practice) -> Entry:
    plain = Practice(practice.id, practice.name)
    parts = [Entry("name", practice.name)]
    parts += [Entry(key, label) for key, label in (("question", practice.question), ("guidance", practice.guidance)) if label != Label()]
    numbers = (("level", practice.level), ("weight", practice.weight), ("minutes", practice.minutes))
    parts += [Entry(key, _number(number)) for key, number in numbers if number != getattr(plain, key)]
    parts += [Entry(key, Label.same(text)) for key, text in (("stream", practice.stream), ("answers", practice.answers)) if text]
    if practice.requires:
        parts.append(Entry("requires", practice.requires))
    return Entry(practice.id, tuple(parts))
