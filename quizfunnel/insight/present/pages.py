"""The analysts' pages as their templates know them: words and figures ready to be shown; pure."""

from dataclasses import dataclass

from quizfunnel.insight.present.charts import BandLine, BarChart, IntervalChart
from quizfunnel.insight.randomised.verdict import Verdict
from quizfunnel.insight.words.terms import Term
from quizfunnel.web.pages import StaffBar


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
    """Money that visitors bring in one currency, and how far its profit is known."""

    table: Table
    says: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the data quality."""

    name: str
    says: str
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class AlarmNote:
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
    """The sort of visitors, real or simulated, and the way to the other sort."""

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
    staff: StaffBar


@dataclass(frozen=True, slots=True)
class UncountedPage:
    """`insight/uncounted.html`: a log that is too long for a page to wait for, and what makes its figures ready."""

    lang: str
    title: str
    says: str
    report: str
    again: str
    cron: str
    staff: StaffBar


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictSection:
    """The verdict: its question and sentence, what was set before, and the two arms."""

    question: str
    verdict: Verdict
    detail: str
    interval_chart: IntervalChart | None
    against: str
    set_to: str
    design: Table | None
    narrowing: Curve | None
    arms: Table | None
    effect: Table | None
    effect_says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingSection:
    """Spending of both arms, a table a currency, other outcomes if there are any, and the guardrails."""

    earned: tuple[Amounts, ...]
    outcomes: Table | None
    guardrails: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSection:
    """The plan: what it takes to see changes, and what other shares of holdout would take."""

    plans: Table
    options: Table | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataQualitySection:
    """Data quality: what was checked, how orders found their visitors, and who is waiting."""

    trusted: str
    facts: tuple[Fact, ...]
    match: Table | None
    randomised: bool
    waiting: str
    latest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodsSection:
    """Methods: every word and metric, as of when the figures are, and where they are as files."""

    terms: tuple[Term, ...]
    metrics: Table
    made_at: str
    csv_url: str
    json_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakersSection:
    """Takers: observed rates by how far people came, with the warning that they are no effect."""

    warning: tuple[str, ...]
    states: Table
    long: Table
    claim: str
    control: str
    adjusted: str
    bands_chart: BarChart
    bands: Table
    unmeasured: str
    direct: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelSection:
    """The funnel: where attempts end, how long questions take, and the curves of who is still there."""

    summary: str
    chart: BarChart
    steps: Table
    promise: str
    leaving: tuple[Curve, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmsSection:
    """Alarms, and what they watch."""

    notes: tuple[AlarmNote, ...]
    watched: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightPage:
    """`insight/quiz.html`: the verdict, who takes the quiz, the funnel, the health and the words."""

    lang: str
    title: str
    quiz_title: str
    quiz_lang: str
    source: DataSource
    experiments: tuple[Link, ...]
    filter: Filter
    data_quality: DataQualitySection
    verdict: VerdictSection
    spending: SpendingSection | None
    takers: TakersSection
    funnel: FunnelSection
    alarms: AlarmsSection
    plan: PlanSection | None
    methods: MethodsSection
    staff: StaffBar


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentPage:
    """`insight/experiment.html`: the verdict of an experiment of the whole store, money, guardrails and the plan."""

    lang: str
    title: str
    about: str
    source: DataSource
    experiments: tuple[Link, ...]
    data_quality: DataQualitySection
    verdict: VerdictSection
    spending: SpendingSection | None
    plan: PlanSection | None
    methods: MethodsSection
    staff: StaffBar
