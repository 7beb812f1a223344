"""The analysts' pages as their templates know them: words and figures ready to be shown; pure."""

from dataclasses import dataclass

from quizfunnel.insight.present.charts import BandLine, BarChart, IntervalChart
from quizfunnel.insight.randomised.verdict import Verdict
from quizfunnel.insight.words.terms import Term


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table: its heading and its cells."""

    label: str
    cells: tuple[str, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """One column's heading, with the place and the sentence of the word that it stands for."""

    label: str
    slug: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first column is the rows' heading; `words` where its cells are no figures."""

    caption: str
    head: tuple[Head, ...]
    rows: tuple[TableRow, ...]
    words: bool = False


@dataclass(frozen=True, slots=True)
class Amounts:
    """What visitors bring in one currency, and how far its profit is known."""

    table: Table
    says: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the health strip."""

    name: str
    says: str
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """One alarm: its name, what was seen, and what to try."""

    name: str
    saw: str
    advice: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A line chart with its figures; `id` tells it from others of the page."""

    id: str
    chart: BandLine
    table: Table


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a list."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Select:
    """A list to choose one value from."""

    name: str
    label: str
    choices: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """The form that chooses a part of the visitors; `on` where one is shown."""

    action: str
    data: str
    first: str
    last: str
    selects: tuple[Select, ...]
    on: bool
    whole_url: str


@dataclass(frozen=True, slots=True)
class DataSource:
    """Whose figures these are, and the way to the other sort."""

    simulated: bool
    says: str
    other_url: str
    other: str


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another page."""

    url: str
    words: str


@dataclass(frozen=True, slots=True)
class QuizEntry:
    """One quiz in the list."""

    url: str
    title: str
    language: str
    trial: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """`insight/list.html`: the quizzes with figures."""

    lang: str
    title: str
    quizzes: tuple[QuizEntry, ...]
    experiments: tuple[QuizEntry, ...]
    may_sign_out: bool


@dataclass(frozen=True, slots=True)
class UncountedPage:
    """`insight/uncounted.html`: a log that is too long for a page to wait for, and what makes its figures ready."""

    lang: str
    title: str
    says: str
    report: str
    again: str
    cron: str
    may_sign_out: bool


@dataclass(frozen=True, slots=True)
class InsightPage:
    """`insight/quiz.html`: the verdict, who takes the quiz, the funnel, the health and the words."""

    lang: str
    title: str
    quiz_title: str
    quiz_lang: str
    source: DataSource
    experiments: tuple[Link, ...]
    filter: Filter
    randomised: bool
    question: str
    verdict: Verdict
    set_to: str
    design: Table | None
    detail: str
    interval_chart: IntervalChart | None
    against: str
    narrowing: Curve | None
    arms: Table | None
    effect: Table | None
    effect_says: str
    earned: tuple[Amounts, ...]
    guardrails: Table | None
    plans: Table | None
    options: Table | None
    waiting: str
    latest: str
    warning: tuple[str, ...]
    claim: str
    control: str
    adjusted: str
    states: Table
    long: Table
    bands: Table
    bands_chart: BarChart
    unmeasured: str
    direct: str
    funnel_says: str
    funnel: Table
    funnel_chart: BarChart
    promise: str
    leaving: tuple[Curve, ...]
    alarms: tuple[Note, ...]
    watched: str
    trusted: str
    health: tuple[Fact, ...]
    match: Table | None
    terms: tuple[Term, ...]
    metrics: Table
    made_at: str
    csv_url: str
    json_url: str
    may_sign_out: bool


@dataclass(frozen=True, slots=True)
class ExperimentPage:
    """`insight/experiment.html`: the verdict of an experiment of the whole store, money, guardrails and the plan."""

    lang: str
    title: str
    about: str
    source: DataSource
    experiments: tuple[Link, ...]
    randomised: bool
    question: str
    verdict: Verdict
    set_to: str
    design: Table | None
    detail: str
    interval_chart: IntervalChart | None
    against: str
    narrowing: Curve | None
    arms: Table
    effect: Table | None
    effect_says: str
    earned: tuple[Amounts, ...]
    guardrails: Table | None
    plans: Table
    options: Table | None
    waiting: str
    latest: str
    trusted: str
    health: tuple[Fact, ...]
    match: Table | None
    terms: tuple[Term, ...]
    metrics: Table
    made_at: str
    csv_url: str
    json_url: str
    may_sign_out: bool
