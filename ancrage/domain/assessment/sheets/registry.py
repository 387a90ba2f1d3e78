"""The seven calculators by name, and how one is run: settle the options, score, refuse everything that is wrong at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ancrage.domain.assessment.methods.base import settle_options
from ancrage.domain.assessment.sheets.assessors_sheet import score_assessors
from ancrage.domain.assessment.sheets.base import ScoreResult, ScoreSheet, Sheet, Spec
from ancrage.domain.assessment.sheets.cmmi_sheet import score_cmmi
from ancrage.domain.assessment.sheets.dsomm_sheet import score_dsomm
from ancrage.domain.assessment.sheets.faults import Faults
from ancrage.domain.assessment.sheets.fitsm6_sheet import score_fitsm6
from ancrage.domain.assessment.sheets.iso33020_sheet import score_iso33020
from ancrage.domain.assessment.sheets.samm_sheet import score_samm
from ancrage.domain.assessment.sheets.specs import assessors, cmmi, dsomm, fitsm6, iso33020, samm, weighted
from ancrage.domain.assessment.sheets.weighted_sheet import score_weighted
from ancrage.domain.assessment.types import MethodStamp, ModelStamp
from ancrage.domain.reference_model import ReferenceModel
from ancrage.errors import NotFound, Problem
from ancrage.language import say

CALCULATORS: Mapping[str, tuple[Spec, ScoreSheet]] = {
    spec.name: (spec, score)
    for spec, score in (
        (samm.SPEC, score_samm),
        (dsomm.SPEC, score_dsomm),
        (iso33020.SPEC, score_iso33020),
        (assessors.SPEC, score_assessors),
        (cmmi.SPEC, score_cmmi),
        (fitsm6.SPEC, score_fitsm6),
        (weighted.SPEC, score_weighted),
    )
}


def calculator_spec(name: str) -> Spec:
    """What the calculator of that name reads and answers; NotFound says which exist."""
    if name not in CALCULATORS:
        raise NotFound(say("method {name} does not exist; there are {known}", name=name, known=", ".join(CALCULATORS)))
    return CALCULATORS[name][0]


def score_sheet(
    sheet: Sheet,
    method: str,
    options: Mapping[str, str] | None = None,
    model: ReferenceModel | None = None,
    problems: Iterable[Problem] = (),
) -> ScoreResult:
    """Score the rows of a sheet by one of the seven methods.

    `problems` are those its reader found already; they are reported with those of the cells. The result does not depend on the
    order of rows or columns. ProblemsFound: every bad row with its line, or the options; NotFound: no such method.
    """
    spec = calculator_spec(method)
    settled = settle_options(method, spec.options, options or {})
    if model is not None and not spec.uses_model:
        raise NotFound(say("method {method} takes no reference model", method=method))
    faults = Faults(sheet.path, problems)
    answer = CALCULATORS[method][1](sheet, settled, model, faults)
    faults.refuse()
    return ScoreResult(
        method=MethodStamp(spec.name, spec.version, spec.rounding, settled),
        model=ModelStamp(model.id, model.version, model.fingerprint) if model else None,
        inputs_fingerprint=sheet.fingerprint(),
        rows=len(sheet.rows),
        answer=answer,
        rules=spec.rules,
    )
