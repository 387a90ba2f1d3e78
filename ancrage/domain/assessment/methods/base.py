"""What every method is made of: a stamp, options, and a rater per practice area."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Protocol

from ancrage.domain.assessment.types import (
    JUDGE,
    NOT_APPLICABLE,
    AreaResult,
    Blocker,
    Counts,
    Judgement,
    MethodStamp,
    Reason,
    Standing,
)
from ancrage.domain.reference_model import Practice, PracticeArea, ReferenceModel
from ancrage.errors import Problem, ProblemsFound
from ancrage.language import Message, say

ABSENT = ""
"""The value of a cell that is not there: nobody was asked. No scale code is empty."""

Values = tuple[str | None, ...]
"""Values of some practices: a code, `NA`, `JUDGE`, None (asked, no answer) or ABSENT (nobody asked)."""


class Answers(dict[str, "str | None"]):
    """Values of one process by practice id; a practice that is not there reads as ABSENT."""

    __slots__ = ()

    def __missing__(self, practice: str) -> str:
        return ABSENT


def picker(practices: Sequence[Practice]) -> Callable[[Answers], Values]:
    """A function that takes the values of these practices out of a process's answers; the innermost loop of every method."""
    ids = [practice.id for practice in practices]
    if len(ids) < 2:
        return lambda answers: tuple(answers[practice] for practice in ids)
    return itemgetter(*ids)


def standing_of(value: str | None) -> Standing:
    """What a stored value says; `ABSENT` stands for a cell nobody was asked about."""
    if value is None:
        return Standing.NOT_RATED
    return _SPECIAL.get(value, Standing.RATED)


_SPECIAL = {ABSENT: Standing.NOT_ASSESSED, NOT_APPLICABLE: Standing.NOT_APPLICABLE, JUDGE: Standing.JUDGE}


@dataclass(frozen=True, slots=True)
class MethodOption:
    """A setting of a method, given as `--option name=value`. `allowed` empty: any value that `check` in the method accepts."""

    name: str
    default: str
    help: Message
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AreaTask:
    """What a rater gets about one area of one process besides the answers."""

    process: str
    goal: int | None = None
    judgements: Mapping[int, Judgement] = field(default_factory=dict)


class AreaRater(Protocol):
    """Rates one practice area; built once per area and called once per process."""

    def __call__(self, task: AreaTask, answers: Answers) -> AreaResult: ...


class AreaMethod(Protocol):
    """A method that gives levels to the areas of a reference model."""

    name: str
    version: str
    rounding: str
    options: tuple[MethodOption, ...]

    def codes(self, model: ReferenceModel) -> frozenset[str]:
        """Scale codes of the model that the method can use; ProblemsFound when the model's scale does not suit it."""

    def rater(self, model: ReferenceModel, area: PracticeArea, options: Mapping[str, str], /) -> AreaRater: ...

    def explain(self, result: AreaResult) -> tuple[Reason, ...]: ...


def as_blocker(practice: str, value: str | None) -> Blocker:
    """A cell as the blocker of something; only a rated one shows its value."""
    standing = standing_of(value)
    return Blocker(practice, value if standing is Standing.RATED else None, standing)


def count_standings(values: Values) -> Counts:
    """How many of the values stand where."""
    missing, unanswered, inapplicable, judge = (values.count(special) for special in (ABSENT, None, NOT_APPLICABLE, JUDGE))
    return Counts(len(values) - missing - unanswered - inapplicable - judge, inapplicable, unanswered, missing, judge)


def stamp(method: AreaMethod, options: Mapping[str, str]) -> MethodStamp:
    """What a result was computed with, options by name, so that it can be computed again."""
    return MethodStamp(method.name, method.version, method.rounding, dict(sorted(options.items())))


def repeated(names: Iterable[str | None]) -> list[str]:
    """The names that stand more than once."""
    return [name for name, count in Counter(names).items() if name and count > 1]


def settle_options(method_name: str, known: Iterable[MethodOption], given: Mapping[str, str]) -> dict[str, str]:
    """Every option of a method with its given or default value; ProblemsFound naming each unknown option and each refused value."""
    specs = {option.name: option for option in known}
    problems = [_unknown_option(method_name, name, specs) for name in given if name not in specs]
    problems += [
        _refused_value(specs[name], value)
        for name, value in given.items()
        if name in specs and specs[name].allowed and value not in specs[name].allowed
    ]
    if problems:
        raise ProblemsFound(say("the options of method {method} cannot be used", method=method_name), problems)
    return {name: given.get(name, option.default) for name, option in specs.items()}


def _unknown_option(method: str, name: str, specs: Mapping[str, MethodOption]) -> Problem:
    hint = say("options: {options}", options=", ".join(specs)) if specs else say("this method has no options")
    return Problem("E-OPTION-UNKNOWN", say("method {method} has no option {option}", method=method, option=name), hint=hint)


def _refused_value(option: MethodOption, value: str) -> Problem:
    return Problem(
        "E-OPTION-VALUE",
        say("option {option} cannot be {value}", option=option.name, value=repr(value)),
        hint=say("allowed: {allowed}", allowed=", ".join(option.allowed)),
    )
