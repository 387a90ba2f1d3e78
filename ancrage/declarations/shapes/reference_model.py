"""Reference models: scale, practice areas, practices."""

from __future__ import annotations

from typing import Any

from ancrage.declarations.building import Building
from ancrage.declarations.composites import Field, ListOf, MapOf, Record
from ancrage.declarations.kinds import Choice, LabelKind, Number, QuotedText, Reference, Text
from ancrage.declarations.shapes.practice_order import strange_prerequisites
from ancrage.declarations.suggestions import did_you_mean
from ancrage.domain.assessment.determination import AREA_METHODS
from ancrage.domain.finding import Finding
from ancrage.domain.reference_model import AnswerSet, Attribution, Practice, PracticeArea, ReferenceModel, ScaleValue
from ancrage.language import N_, Label, say

ATTRIBUTION = Record(
    Field("owner", Text(), N_("Who owns the text."), required=True),
    Field("licence", Text(), N_("Under which licence it is used."), required=True),
    Field("source", Text(), N_("Where it was published."), required=True),
    Field("version", QuotedText(), N_("Version of the source."), required=True),
)

SCALE_VALUE = Record(
    Field("code", Text(), N_("What is stored, as in `FI` or `3`."), required=True),
    Field("label", LabelKind(), N_("What is shown."), required=True),
    Field("number", Number(), N_("What counts, where the method counts.")),
)

PRACTICE = Record(
    Field("name", LabelKind(), N_("Name of the practice."), required=True),
    Field("question", LabelKind(), N_("What a respondent is asked.")),
    Field("level", Number(0, 9, whole=True), N_("Capability level it belongs to; 1 by default.")),
    Field("weight", Number(0), N_("How much it counts where the method weighs; 1 by default.")),
    Field("minutes", Number(0), N_("Time one answer takes; 3 by default.")),
    Field("guidance", LabelKind(), N_("By what an answer is judged.")),
    Field("stream", Text(), N_("A part of the area that runs through its levels.")),
    Field("answers", Text(), N_("The answer set it is answered in; the words of the scale when left out.")),
    Field("requires", ListOf(Text()), N_("Practices that come before it, by id.")),
)

ANSWER_SET = Record(
    Field("labels", MapOf(LabelKind()), N_("What is shown, by code of the scale."), required=True),
)

AREA = Record(
    Field("name", LabelKind(), N_("Name of the practice area."), required=True),
    Field("purpose", LabelKind(), N_("What it is for.")),
    Field("group", LabelKind(), N_("What several areas belong to, as a business function.")),
    Field("processes", ListOf(Reference("process")), N_("Processes it is asked of; all of them when left out.")),
    Field("practices", MapOf(PRACTICE), N_("Practices by id; ids are unique in the reference model."), required=True),
)

REFERENCE_MODEL = Record(
    Field("name", LabelKind(), N_("Name of the reference model."), required=True),
    Field("version", QuotedText(), N_("Its version, in quotes."), required=True),
    Field("method", Choice(*AREA_METHODS), N_("How levels are determined."), required=True),
    Field("attribution", ATTRIBUTION, N_("Owner, licence, source and version of a text that is not yours.")),
    Field("scale", ListOf(SCALE_VALUE, repeats=True, least=2), N_("Possible answers, best first."), required=True),
    Field("answer_sets", MapOf(ANSWER_SET), N_("Other words for the answers of some practices, by id.")),
    Field("areas", MapOf(AREA), N_("Practice areas by id."), required=True),
)


def build_reference_model(name: str, raw: dict[str, Any], building: Building) -> ReferenceModel:
    written = raw.get("attribution")
    areas = tuple(_area(area, entry) for area, entry in raw["areas"].items())
    building.findings.extend(_repeated_practices(name, areas))
    building.findings.extend(_repeated_codes(name, raw["scale"]))
    building.findings.extend(strange_prerequisites(name, areas))
    building.findings.extend(_strange_answers(name, raw, areas))
    return ReferenceModel(
        id=name,
        name=raw["name"],
        version=raw["version"],
        method=raw["method"],
        scale=tuple(ScaleValue(value["code"], value["label"], value.get("number")) for value in raw["scale"]),
        areas=areas,
        attribution=Attribution(**written) if written else None,
        answer_sets=tuple(AnswerSet(key, dict(entry["labels"])) for key, entry in raw.get("answer_sets", {}).items()),
    )


def _area(name: str, raw: dict[str, Any]) -> PracticeArea:
    practices = tuple(_practice(practice, entry) for practice, entry in raw["practices"].items())
    get = raw.get
    return PracticeArea(name, raw["name"], get("purpose", Label()), practices, get("processes", ()), get("group", Label()))


def _practice(name: str, raw: dict[str, Any]) -> Practice:
    get = raw.get
    return Practice(
        name, raw["name"], get("question", Label()), get("level", 1), get("weight", 1.0), get("minutes", 3.0), get("guidance", Label()),
        get("stream", ""), get("answers", ""), tuple(get("requires", ())),
    )  # fmt: skip


def _repeated_practices(model: str, areas: tuple[PracticeArea, ...]) -> list[Finding]:
    first: dict[str, tuple[str, ...]] = {}
    found = []
    for area in areas:
        for practice in area.practices:
            subject = ("reference_models", model, "areas", area.id, "practices", practice.id)
            if practice.id in first:
                message = say('practice "{name}" is declared twice in this reference model', name=practice.id)
                hint = say("answers are stored by practice id: give one of them another id")
                found.append(Finding("E-PRACTICE-DUPLICATE", message, subject, say("again"), hint, (first[practice.id],)))
            first.setdefault(practice.id, subject)
    return found


def _repeated_codes(model: str, scale: tuple[dict[str, Any], ...]) -> list[Finding]:
    first: dict[str, int] = {}
    found = []
    for index, value in enumerate(scale):
        code = value["code"]
        if code in first:
            message, hint = say('code "{code}" stands twice in the scale', code=code), say("give each answer a code of its own")
            other = ("reference_models", model, "scale", str(first[code]), "code")
            found.append(Finding("E-SCALE-DUPLICATE", message, (*other[:3], str(index), "code"), say("again"), hint, (other,)))
        first.setdefault(code, index)
    return found


def _strange_answers(model: str, raw: dict[str, Any], areas: tuple[PracticeArea, ...]) -> list[Finding]:
    """Answer sets that are not declared, and labels for codes the scale does not have."""
    sets: dict[str, Any] = raw.get("answer_sets", {})
    codes = [value["code"] for value in raw["scale"]]
    found = []
    for area in areas:
        for practice in area.practices:
            if practice.answers and practice.answers not in sets:
                subject = ("reference_models", model, "areas", area.id, "practices", practice.id, "answers")
                message, hint = say('there is no answer set "{name}"', name=practice.answers), did_you_mean(practice.answers, sets)
                found.append(Finding("E-ANSWERS-UNKNOWN", message, subject, say("no such answer set"), hint))
    for name, entry in sets.items():
        for code in entry["labels"]:
            if code not in codes:
                place = ("reference_models", model, "answer_sets", name, "labels", code)
                message, hint = say('code "{code}" is not on the scale', code=code), did_you_mean(code, codes)
                found.append(Finding("E-ANSWERS-UNKNOWN", message, place, say("no such code"), hint))
    return found
