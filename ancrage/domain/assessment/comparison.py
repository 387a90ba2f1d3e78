"""Two cycles compared on the same rows only, because averages over different rows mislead (ASM-K4)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ancrage.domain.assessment.types import NOT_APPLICABLE, AreaKey, CapabilityLevel, CellKey, Determination, LevelState, Standing
from ancrage.language import Message, say

Row = TypeVar("Row", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Movement(Generic[Row]):
    """One row that has a value in both cycles."""

    row: Row
    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison(Generic[Row]):
    """Two cycles on the rows that have a value in both.

    `new` and `gone` are rows of one cycle only; `not_applicable` became or ceased to be N/A, or is N/A in both; `undetermined` is
    in both cycles without a value in at least one. Each row is counted once. Means are None where no row has both values;
    `naive_change` is the difference of the two cycles' own averages, shown only next to the true one.
    """

    movements: tuple[Movement[Row], ...]
    new: tuple[Row, ...]
    gone: tuple[Row, ...]
    not_applicable: tuple[Row, ...]
    undetermined: tuple[Row, ...]
    mean_before: float | None
    mean_after: float | None
    naive_change: float | None
    warnings: tuple[Message, ...] = ()

    @property
    def change(self) -> float | None:
        """Mean change on the same rows; None where there are none."""
        return None if self.mean_before is None or self.mean_after is None else self.mean_after - self.mean_before

    @property
    def improved(self) -> tuple[Movement[Row], ...]:
        return tuple(movement for movement in self.movements if movement.change > 0)

    @property
    def declined(self) -> tuple[Movement[Row], ...]:
        return tuple(movement for movement in self.movements if movement.change < 0)


def compare(before: Determination, after: Determination) -> Comparison[AreaKey]:
    """Levels of two cycles, area by area, with a warning for each thing that makes them less comparable."""
    return compare_rows(_levels(before), _levels(after), warnings=_differences(before, after))


def compare_values(
    before: Mapping[CellKey, str | None], after: Mapping[CellKey, str | None], numbers: Mapping[str, float]
) -> Comparison[CellKey]:
    """Ratings of two cycles, cell by cell. `numbers` gives each scale code its number (`scale_ranks`); others are without a value."""
    return compare_rows(_numbered(before, numbers), _numbered(after, numbers))


def compare_rows(
    before: Mapping[Row, float | Standing], after: Mapping[Row, float | Standing], *, warnings: Sequence[Message] = ()
) -> Comparison[Row]:
    """Rows of two cycles. A value is a number, or the standing that explains why there is none; NOT_ASSESSED counts as no row."""
    old, new = _asked(before), _asked(after)
    both = [row for row in old if row in new]
    movements = tuple(
        Movement(row, first, second)
        for row, first, second in ((row, old[row], new[row]) for row in both)
        if not isinstance(first, Standing) and not isinstance(second, Standing)
    )
    moved = {movement.row for movement in movements}
    dropped = [row for row in both if row not in moved]
    inapplicable = tuple(row for row in dropped if Standing.NOT_APPLICABLE in (old[row], new[row]))
    naive_before, naive_after = _mean(old.values()), _mean(new.values())
    return Comparison(
        movements=movements,
        new=tuple(row for row in new if row not in old),
        gone=tuple(row for row in old if row not in new),
        not_applicable=inapplicable,
        undetermined=tuple(row for row in dropped if row not in set(inapplicable)),
        mean_before=_mean(movement.before for movement in movements),
        mean_after=_mean(movement.after for movement in movements),
        naive_change=None if naive_before is None or naive_after is None else naive_after - naive_before,
        warnings=tuple(warnings),
    )


def _asked(rows: Mapping[Row, float | Standing]) -> dict[Row, float | Standing]:
    return {row: value for row, value in rows.items() if value is not Standing.NOT_ASSESSED}


def _mean(values: Iterable[float | Standing]) -> float | None:
    numbers = [value for value in values if not isinstance(value, Standing)]
    return sum(numbers) / len(numbers) if numbers else None


_STANDING_OF_STATE = {
    LevelState.NOT_APPLICABLE: Standing.NOT_APPLICABLE,
    LevelState.NOT_ASSESSED: Standing.NOT_ASSESSED,
    LevelState.NOT_DETERMINED: Standing.NOT_RATED,
}


def _levels(determination: Determination) -> dict[AreaKey, float | Standing]:
    return {key: _level_value(result.level) for key, result in determination.results.items()}


def _level_value(level: CapabilityLevel) -> float | Standing:
    return _STANDING_OF_STATE[level.state] if level.value is None else float(level.value)


def _numbered(values: Mapping[CellKey, str | None], numbers: Mapping[str, float]) -> dict[CellKey, float | Standing]:
    return {
        cell: Standing.NOT_APPLICABLE if value == NOT_APPLICABLE else numbers.get(value or "", Standing.NOT_RATED)
        for cell, value in values.items()
    }


def _differences(before: Determination, after: Determination) -> tuple[Message, ...]:
    """One warning per thing that differs and can move levels by itself."""
    pairs = [
        (say("method"), before.method.name, after.method.name),
        (say("method version"), before.method.version, after.method.version),
        (say("rounding"), before.method.rounding, after.method.rounding),
        (say("choice of options"), _options(before), _options(after)),
        (say("reference model"), before.model.id, after.model.id),
        (say("reference model version"), before.model.version, after.model.version),
    ]
    warnings = [
        say("the {what} differs: {before} before, {after} now", what=what, before=old, after=new) for what, old, new in pairs if old != new
    ]
    if not warnings and before.model.fingerprint != after.model.fingerprint:
        warnings.append(say("the text of reference model {model} changed without a new version", model=after.model.id))
    return tuple(warnings)


def _options(determination: Determination) -> str:
    return ", ".join(f"{name}={value}" for name, value in sorted(determination.method.options.items())) or "-"
