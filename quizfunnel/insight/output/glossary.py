"""Glossary as a page of docs, `python -m quizfunnel.insight.output.glossary > docs/definitions.md`; pure."""

from collections.abc import Iterator

from quizfunnel.insight.randomised.verdict import NO_HOLDOUT
from quizfunnel.insight.words.metrics import METRICS
from quizfunnel.insight.words.terms import TERMS
from quizfunnel.log.definitions import BANDS, TRAFFIC_DAYS, WINDOW_DAYS
from quizfunnel.stats.defaults import ALPHA, ASSUMED_BASE, POWER

_INTRO = f"""# What every figure means

Two questions stand apart on the page of results, and never share their words:

- **Does inviting people to the quiz sell more?** Only visitors drawn by lot answer it: those invited against the
  holdout. Without one the page says: "{NO_HOLDOUT}"
- **Who takes the quiz?** Observed rates. Whoever already wants to buy takes a quiz more often, so that these are not
  what the quiz does.

This page is made from the code that computes the figures (`python -m quizfunnel.insight.output.glossary`), and a test
holds it current."""

_NUMBERS = f"""## The numbers behind them

- Every interval is at {1 - ALPHA:.0%}; the planner asks for a chance of {POWER:.0%} to see what is there.
- The window is {WINDOW_DAYS} days where no experiment declares another.
- Today's traffic is the mean over {TRAFFIC_DAYS} days.
- A purchase rate of {ASSUMED_BASE:.0%} is assumed while too few have bought.
- Bands of invested time: {", ".join(band.label for band in BANDS)}."""


def as_markdown() -> str:
    """Return the page, with a line's end at its end."""
    return "\n".join([_INTRO, "", "## Words", "", *_words(), "", "## Metrics", "", *_metrics(), _NUMBERS]) + "\n"


def _words() -> Iterator[str]:
    for term in TERMS:
        yield f"- **{term.name}**{' (where a holdout runs)' if term.randomised else ''}: {term.says}"


def _metrics() -> Iterator[str]:
    for metric in METRICS:
        yield f"### {metric.name}"
        yield ""
        yield metric.says + (" Only where a holdout runs." if metric.randomised else "")
        yield ""
        yield f"- Of: {metric.numerator}"
        yield f"- Over: {metric.denominator}"
        yield f"- Method: {metric.method}"
        yield f"- Source: {metric.source}"
        yield f"- Computed by: {', '.join(f'`{name}`' for name in metric.by)}"
        yield ""


if __name__ == "__main__":
    print(as_markdown(), end="")  # noqa: T201 - this is its purpose
