"""What a control chart says in words: one sentence under its title, and the rules that marked a point."""

from __future__ import annotations

from collections.abc import Mapping

from ancrage.domain.anchoring.chart import Assurance, Chart, Variation
from ancrage.domain.anchoring.run_rules import Rule
from ancrage.language import N_, Message, say

VARIATION: Mapping[Variation, str] = {
    Variation.COMMON_CAUSE: N_("The last reading is within what chance alone gives."),
    Variation.IMPROVEMENT: N_("The last reading is a signal of improvement."),
    Variation.CONCERN: N_("The last reading is a signal of decline."),
    Variation.NEUTRAL: N_("The last reading is a signal: more than chance alone gives."),
}
ASSURANCE: Mapping[Assurance, str] = {
    Assurance.MET: N_("While nothing changes, the target {target} will be met."),
    Assurance.MISSED: N_("While nothing changes, the target {target} will be missed."),
    Assurance.INCONSISTENT: N_("While nothing changes, the target {target} will be met or missed by chance."),
}
RULES: Mapping[Rule, str] = {
    Rule.OUTSIDE: N_("beyond a limit"),
    Rule.TREND: N_("steadily in one direction"),
    Rule.TWO_IN_THREE: N_("two of three near a limit"),
    Rule.RUN: N_("a run on one side of the centre"),
    Rule.FOUR_IN_FIVE: N_("four of five away from the centre"),
    Rule.THREE_IN_FOUR: N_("three of four nearer a limit than the centre"),
    Rule.ALTERNATING: N_("up and down in turns"),
    Rule.HUGGING: N_("too close to the centre for too long"),
    Rule.SHUNNING: N_("away from the centre on both sides"),
    Rule.RANGE: N_("a jump larger than chance gives"),
    Rule.LONG_RUN: N_("an unusually long run"),
    Rule.FEW_CROSSINGS: N_("the centre is crossed unusually seldom"),
}
"""Rules in the words of a table beside the picture."""


def sentence(chart: Chart, target: str) -> Message:
    """What the chart says, in one or two sentences; `target` as its reader writes it."""
    if chart.variation is None:
        return say("There is no reading yet.")
    variation = Message(VARIATION[chart.variation])
    if not _has_limits(chart):
        return say("{variation} There is nothing yet to compute limits from.", variation=variation)
    if chart.assurance is None:
        return variation
    return say("{variation} {assurance}", variation=variation, assurance=Message(ASSURANCE[chart.assurance], {"target": target}))


def _has_limits(chart: Chart) -> bool:
    return chart.kind == "run" or any(phase.upper is not None for phase in chart.phases)


def rule_words(rule: Rule) -> Message:
    """What a rule found, in a few words."""
    return Message(RULES[rule])
