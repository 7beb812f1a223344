"""Metrics, an entry each: numerator, denominator, method, source, and in one plain sentence what it says; pure.

One that says what `counts` is computed for both arms as a share of visitors, and shown on the page, in JSON and CSV.
"""

from typing import Literal, NamedTuple

from quizfunnel.log.measures import REPEATED, RETURNED
from quizfunnel.log.thresholds import GAP_TIMES, PROMISE_KEPT, SHARE_ALARM
from quizfunnel.stats.defaults import (
    BURN_IN,
    CONCENTRATION,
    PLANNED,
    REVENUE_BURN_IN,
)

COMPUTED_IN = (
    "insight.behaviour.alarms",
    "insight.behaviour.stratified",
    "stats.causal",
    "stats.confidence_sequence",
    "stats.e_process",
    "stats.intervals",
    "stats.mean_difference",
    "stats.per_visitor",
    "stats.quantiles",
    "stats.sample_size",
    "stats.survival",
)


class Metric(NamedTuple):
    """One metric; `by` names the functions that compute it, by their module within the package.

    A `randomised` metric exists where a holdout runs only, and only such a one may speak of a cause. One that the arms
    are compared on has the `label` of its row and says what `counts` its visitors: a column of the cells, or a
    measure. The limits of its difference are tightest for a `planned` rate and change, or for the trial's own plan. A
    `term` is a word of the glossary with its sentence.
    """

    name: str
    numerator: str
    denominator: str
    method: str
    source: str
    says: str
    by: tuple[str, ...]
    randomised: bool = False
    label: str = ""
    counts: str = ""
    role: Literal["outcome", "guardrail"] = "outcome"
    planned: tuple[float, float] | None = None
    term: tuple[str, str] | None = None


_AT_ANY_LOOK = ("stats.mean_difference.itt_diff", "stats.intervals.wilson")  # a rate an arm and their difference
_HALF, _TENTH = 0.5, 0.1  # about so many stay, and a tenth fewer would matter

METRICS = (
    Metric(
        "itt_ratio",
        "visitors who bought within the window",
        "visitors, invited against holdout",
        f"exact beta-binomial confidence sequence of the ratio, k = {CONCENTRATION:g}",
        "Lindon & Malek 2022",
        "How many times as often people buy when they are invited to the quiz; the limits hold however often you look.",
        ("stats.confidence_sequence.sequence", "stats.confidence_sequence.log_e"),
        randomised=True,
    ),
    Metric(
        "itt_diff",
        "visitors who bought within the window",
        "visitors, invited minus holdout",
        f"asymptotic confidence sequence, from {BURN_IN} purchases an arm",
        "Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024",
        "How many more of a hundred visitors buy when they are invited; the limits hold however often you look.",
        ("stats.mean_difference.itt_diff", "stats.mean_difference.limits", "stats.mean_difference.boundary"),
        randomised=True,
    ),
    Metric(
        "takeup",
        "visitors who started the quiz",
        "invited visitors",
        "Wilson's limits",
        "Wilson 1927",
        "The share of those invited who start the quiz.",
        ("stats.causal.takeup",),
        randomised=True,
    ),
    Metric(
        "cace_diff",
        "itt_diff and its limits",
        "takeup of the invited less that of the holdout",
        "limits of itt_diff over takeup",
        "Bloom 1984; Imbens & Angrist 1994",
        "The difference for those who take the quiz when invited, if the invitation does nothing to anybody else.",
        ("stats.causal.cace_diff",),
        randomised=True,
    ),
    Metric(
        "rpv_itt",
        "money of the orders within the window, each cut at the 99% point of earlier orders; uncut beside it",
        "visitors, invited minus holdout",
        f"asymptotic confidence sequence, from {REVENUE_BURN_IN} purchases an arm, less what earlier orders foretell",
        "Waudby-Smith et al. 2024; Deng, Xu, Kohavi & Walker 2013 (CUPED)",
        "How much more revenue, or profit, a visitor brings when invited; a few huge orders cannot decide it.",
        (
            "stats.per_visitor.rpv_itt",
            "stats.per_visitor.per_visitor",
            "stats.mean_difference.mean_diff",
            "stats.mean_difference.adjusted_diff",
            "stats.mean_difference.slope",
            "stats.mean_difference.gap",
        ),
        randomised=True,
    ),
    Metric(
        "repeat_rate",
        "visitors with two or more purchases within the window, in whatever currency",
        "visitors, invited minus holdout",
        f"Wilson's limits; asymptotic confidence sequence of the difference, from {BURN_IN} visitors an arm",
        "Wilson 1927; Waudby-Smith et al. 2024",
        "The share of visitors who order again within the window.",
        _AT_ANY_LOOK,
        randomised=True,
        label="Ordered twice or more",
        counts=REPEATED.name,
        term=("Ordered twice", "Two or more purchases of one visitor within the window; one order counts once."),
    ),
    Metric(
        "stayed",
        "visitors who saw another page of the shop, or bought, 30 seconds or more after the start of their clock",
        "visitors, invited minus holdout",
        f"Wilson's limits; asymptotic confidence sequence of the difference, from {BURN_IN} visitors an arm",
        "Wilson 1927; Waudby-Smith et al. 2024",
        "The share of visitors who are still in the shop, which the invitation must not lower.",
        _AT_ANY_LOOK,
        randomised=True,
        label="Still in the shop 30 s later",
        counts="stayed",
        role="guardrail",
        planned=(_HALF, _TENTH),
    ),
    Metric(
        "returned",
        "visitors with an order within the window that was paid, and then cancelled or given back, wholly or in part",
        "visitors, invited minus holdout",
        f"Wilson's limits; asymptotic confidence sequence of the difference, from {BURN_IN} visitors an arm",
        "Wilson 1927; Waudby-Smith et al. 2024",
        "The share of visitors whose order came back, which the invitation must not raise.",
        _AT_ANY_LOOK,
        randomised=True,
        label="Had an order cancelled or given back",
        counts=RETURNED.name,
        role="guardrail",
    ),
    Metric(
        "obs_ratio",
        "visitors who bought, by state and band of invested time",
        "visitors of the same state and band, over cold visitors",
        "MOVER-R on Wilson's limits",
        "Donner & Zou 2012",
        "How many times as often these people bought as those who did not start; it tells who takes the quiz.",
        ("stats.intervals.ratio", "stats.intervals.wilson"),
    ),
    Metric(
        "obs_diff",
        "visitors who bought, by state and band of invested time",
        "visitors of the same state and band, minus cold visitors",
        "Newcombe's limits (method 10)",
        "Newcombe 1998",
        "How many more of a hundred of these people bought than of those who did not start.",
        ("stats.intervals.difference", "stats.intervals.mover"),
    ),
    Metric(
        "adj_ratio",
        "visitors who bought, takers",
        "visitors who bought, others of the same device, channel, landing page, hour and earlier visits",
        "overlap weights with an outcome model, limits by influence function",
        "Li, Morgan & Zaslavsky 2018; Robins, Rotnitzky & Zhao 1994",
        "The observed ratio among people who look alike; what no log knows, such as the wish to buy, stays in it.",
        ("insight.behaviour.stratified.adj_ratio", "insight.behaviour.stratified.strata"),
    ),
    Metric(
        "e_value",
        "adj_ratio and its limit nearer to 1",
        "1",
        "R + sqrt(R (R - 1))",
        "VanderWeele & Ding 2017",
        "How strongly something unseen would have to go with both taking the quiz and buying to explain the ratio.",
        ("stats.causal.e_value",),
    ),
    Metric(
        "negative_control",
        "visitors with an order before they ever saw the quiz",
        "visitors, takers over others",
        "MOVER-R on Wilson's limits",
        "Lipsitch, Tchetgen Tchetgen & Cohen 2010",
        "How many times as often takers had bought before they could know the quiz, which it cannot have done.",
        ("stats.causal.negative_control",),
    ),
    Metric(
        "step_drop",
        "attempts that ended at the question",
        "attempts that were asked it",
        "Wilson's limits; a Kaplan-Meier curve over questions or time, with log-log limits",
        "Wilson 1927; Kaplan & Meier 1958; Kalbfleisch & Prentice 1980",
        "The share of those asked a question who leave there; who was never asked it does not count.",
        ("stats.intervals.wilson", "stats.survival.curve"),
    ),
    Metric(
        "time_q",
        "active or wall time of a question, one an attempt",
        "attempts with a time",
        "median and 90% point, between two values by their distance",
        "Hyndman & Fan 1996, type 7",
        "Half of the answers took no longer than the median, nine in ten no longer than the other.",
        ("stats.quantiles.quantiles",),
    ),
    Metric(
        "promise_kept",
        "finishers within the promised minutes",
        "finishers",
        f"Wilson's limits; an alarm by e-process below {PROMISE_KEPT:.0%}",
        "Wilson 1927; Wasserman, Ramdas & Balakrishnan 2020",
        "The share of those who finish who need no longer than the quiz promises.",
        (
            "insight.behaviour.alarms.promise_kept",
            "insight.behaviour.alarms.broken_promise",
            "stats.e_process.rate_below",
        ),
    ),
    Metric(
        "srm",
        "visitors of each arm",
        "visitors, against the share that was set",
        f"Dirichlet e-process, alarm above {SHARE_ALARM:,.0f}",
        "Lindon & Malek 2022",
        "Whether the arms have the sizes that were set; if not, the draw or the counting is broken.",
        ("stats.confidence_sequence.sequence",),
        randomised=True,
    ),
    Metric(
        "gap",
        "attempts that ended at the question",
        f"attempts that were asked it, against {GAP_TIMES:g} times the rate of all other questions",
        "e-process, for as many questions as there are",
        "Wasserman, Ramdas & Balakrishnan 2020",
        "The questions at which people leave far more often than at the others.",
        ("insight.behaviour.alarms.gaps", "stats.e_process.rate_exceeds"),
    ),
    Metric(
        "hurts",
        "visitors who bought within the window, by a category known at the start of the clock",
        "visitors, invited against holdout",
        "one-sided e-process of itt_ratio, for as many categories as are watched",
        "Lindon & Malek 2022",
        "The visitors who buy less often when they are invited.",
        ("insight.behaviour.alarms.hurts", "stats.e_process.sells_less"),
        randomised=True,
    ),
    Metric(
        "planner",
        "visitors and days",
        f"an effect of {', '.join(f'{effect:+.0%}' for effect in PLANNED)} at the share set, or at another",
        "normal approximation times the factor for looking at any time",
        "power 80%, two-sided 5%; factor from Lindon & Malek 2022",
        "How many visitors and days it still takes to see a change, and what another share would cost or save.",
        (
            "stats.sample_size.plan",
            "stats.sample_size.outlook",
            "stats.sample_size.share_options",
            "stats.sample_size.visitors",
            "stats.sample_size.fixed_visitors",
            "stats.sample_size.looking_factor",
            "stats.sample_size.base_rate",
            "stats.sample_size.default_size",
        ),
        randomised=True,
    ),
)

COMPARED = tuple(metric for metric in METRICS if metric.counts)
