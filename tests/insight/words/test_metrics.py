"""Laws of the catalogue of metrics: complete, of this code, and in words that anybody may read."""

import inspect
import re
import sys
from importlib import import_module
from types import ModuleType

import pytest

from quizfunnel.insight.words.metric import Metric
from quizfunnel.insight.words.metrics import COMPUTED_IN, METRICS

DESIGNED = {
    "itt_ratio", "itt_diff", "takeup", "cace_diff", "rpv_itt", "obs_ratio", "obs_diff", "adj_ratio", "step_drop",
    "time_q", "promise_kept", "srm", "planner",
}  # fmt: skip
CAUSAL = ("effect of the quiz", "because of the quiz", "thanks to", "the quiz sells", "uplift")


def test_every_designed_metric_is_there_once() -> None:
    """The table of the design, each with a name of its own."""
    names = [metric.name for metric in METRICS]
    assert set(names) >= DESIGNED
    assert len(names) == len(set(names))
    assert {each.name: each.randomised for each in METRICS}["itt_ratio"]


def test_every_public_function_is_a_metrics() -> None:
    """What the statistics compute is documented, and what is documented is computed."""
    public = {
        f"{module}.{name}"
        for module in COMPUTED_IN
        for name, found in inspect.getmembers(import_module(f"quizfunnel.{module}"), callable)
        if inspect.isfunction(inspect.unwrap(found))  # one that remembers what it computed is one as well
        and found.__module__ == f"quizfunnel.{module}"
        and not name.startswith("_")
    }
    assert {function for metric in METRICS for function in metric.by} == public


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_metric_says_all_about_itself(metric: Metric) -> None:
    """Each names numerator, denominator, method and source, and has one plain sentence."""
    assert all((metric.numerator, metric.denominator, metric.method, metric.source))
    assert metric.says.endswith(".")
    assert metric.says.count(". ") == 0
    assert len(metric.says) <= 130


@pytest.mark.parametrize("metric", [metric for metric in METRICS if not metric.randomised], ids=lambda m: m.name)
def test_what_is_observed_speaks_of_no_cause(metric: Metric) -> None:
    """A metric that needs no holdout has no causal word."""
    assert not [words for words in CAUSAL if words in metric.says.lower()]


def computing(metric: Metric) -> set[ModuleType]:
    """Return the modules that a metric is computed in, and those of the catalogue that they take functions from."""
    modules = {import_module(f"quizfunnel.{function.rpartition('.')[0]}") for function in metric.by}
    taken = {sys.modules.get(getattr(value, "__module__", "")) for module in modules for value in vars(module).values()}
    taken |= {value for module in modules for value in vars(module).values() if inspect.ismodule(value)}
    return modules | {import_module(f"quizfunnel.{name}") for name in COMPUTED_IN} & taken


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_every_source_stands_with_its_code(metric: Metric) -> None:
    """Each work that a metric names, by its first author and year, is named in one of the modules that compute it."""
    texts = [inspect.getsource(module) for module in computing(metric)]
    works = re.findall(r"([A-Z]\w+)[^;:]*? ((?:19|20)\d\d)", metric.source)
    assert works
    for author, year in works:
        assert any(author in text and year in text for text in texts), (author, year)
