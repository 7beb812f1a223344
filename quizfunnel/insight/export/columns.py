"""Data dictionary of an export: the columns of its files, for the code that writes them and for the docs; pure."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

Kind = Literal["text", "moment", "whole", "number", "flag"]

_KINDS: dict[Kind, str] = {
    "text": "text",
    "moment": "timestamp, milliseconds, UTC",
    "whole": "whole number, 64 bits",
    "number": "number, double precision",
    "flag": "true or false",
}


class ExportColumn(NamedTuple):
    """One column: its name, its kind and what it says."""

    name: str
    kind: Kind
    says: str


class ExportTable(NamedTuple):
    """One sort of file: a row is what, by the day of which moment it is filed, and its columns."""

    name: str
    row: str
    filed_by: str
    columns: tuple[ExportColumn, ...]


def _moment(name: str, says: str) -> ExportColumn:
    return ExportColumn(name, "moment", says)


_VISITOR = ExportColumn("visitor", "text", "The visitor, as a keyed hash; the same in every file, empty where unknown.")
_ATTEMPT = ExportColumn("attempt", "text", "The attempt, as a keyed hash.")
_QUIZ = ExportColumn("quiz", "text", "The quiz, by the name of its file.")
_CURRENCY = ExportColumn("currency", "text", "The currency of amounts (ISO 4217).")
_SIMULATED = ExportColumn("simulated", "flag", "Whether it is made up by the demo; the same throughout an export.")

DATASETS = (
    ExportTable(
        "visits",
        "a visitor at the start of a clock: one without a quiz for the first page view, and one for each experiment",
        "t0",
        (
            _VISITOR,
            ExportColumn(
                "quiz", "text", "The quiz of the experiment, * for the store's; empty for the first page view."
            ),
            ExportColumn("experiment", "text", "The experiment's name; empty for the first page view."),
            ExportColumn("arm", "text", "invited or holdout; of two quizzes second or first; everyone without a draw."),
            _moment("t0", "The start of the clock: the first view of a page that invites, or the first page view."),
            ExportColumn(
                "holdout_share", "number", "The share set then: held out, or invited to the first of two quizzes."
            ),
            ExportColumn("window_days", "whole", "The days for which a purchase counts that were set then."),
            _moment("first_seen", "The visitor's first page view."),
            _moment("next_view", "The first page view 30 seconds or more after t0; empty where there is none."),
            ExportColumn("device", "text", "phone, tablet or desktop."),
            ExportColumn(
                "channel", "text", "How the first visit came about: paid, email, search, social, referral, direct."
            ),
            ExportColumn("landing_page", "text", "The path of the first page seen."),
            _SIMULATED,
        ),
    ),
    ExportTable(
        "attempts",
        "an attempt at a quiz",
        "started_at",
        (
            _ATTEMPT,
            _VISITOR,
            _QUIZ,
            ExportColumn("version", "text", "The version of the quiz that it began with (a hash of the file)."),
            ExportColumn("first_question", "text", "The question that was shown first."),
            _moment("started_at", "When it was started."),
            _moment("finished_at", "When the last question was answered; empty where it was not."),
            _SIMULATED,
        ),
    ),
    ExportTable(
        "answers",
        "one revision of one answer",
        "the attempt's started_at",
        (
            _ATTEMPT,
            _QUIZ,
            ExportColumn("question", "text", "The question's id."),
            ExportColumn(
                "revision", "whole", "1 for the first answer to the question, 2 for its first change, and so on."
            ),
            ExportColumn(
                "value", "text", "The answer as JSON: a choice, a list of choices, a number, or null for a skip."
            ),
            ExportColumn(
                "withheld", "flag", "Whether the question is sensitive: its answer, and what followed, are left out."
            ),
            ExportColumn(
                "choices_order",
                "text",
                "The choices as they stood, as JSON, where each attempt has them in an order drawn.",
            ),
            _moment("answered_at", "When it was given."),
            ExportColumn("wall_ms", "whole", "Milliseconds since the question was shown."),
            ExportColumn("active_ms", "whole", "Of these, active ones: 30 seconds from each touch, key or scroll."),
            ExportColumn("active10_ms", "whole", "The same by the stricter rule of 10 seconds."),
            ExportColumn("source", "text", "Who measured: client, server, none, or clamped where a claim was cut."),
            ExportColumn(
                "next_question", "text", "The question that was shown then; empty at the end, and where it may tell."
            ),
            _SIMULATED,
        ),
    ),
    ExportTable(
        "offers",
        "one product of one offer",
        "the attempt's started_at",
        (
            ExportColumn("offer", "text", "The offer, as a keyed hash."),
            _ATTEMPT,
            _QUIZ,
            ExportColumn(
                "revision", "whole", "1 for the attempt's first offer, 2 for the one after a changed answer, and so on."
            ),
            _moment("chosen_at", "When it was chosen."),
            ExportColumn("model", "text", "What chose it: a model's version, or rules."),
            ExportColumn("product", "text", "The product's id in the catalogue."),
            ExportColumn("section", "text", "The id of the offer's section that it stands in; empty without sections."),
            ExportColumn(
                "rank", "whole", "Its place in its section, from 1; second pages begin behind the largest `show`."
            ),
            ExportColumn("score", "number", "The score that it was placed by."),
            ExportColumn("propensity", "number", "The chance of this product in this place, given the places before."),
            ExportColumn("price_minor", "whole", "Its price then, in minor units."),
            _CURRENCY,
            _moment("seen_at", "When it was first put before the shopper; empty where it was not."),
            _moment("clicked_at", "When the shopper first went on to it; empty where that did not happen."),
            _SIMULATED,
        ),
    ),
    ExportTable(
        "orders",
        "an order",
        "placed_at",
        (
            ExportColumn("order", "text", "The order, as a keyed hash."),
            ExportColumn("source", "text", "Which store system told of it."),
            _VISITOR,
            _moment("placed_at", "When it was placed."),
            _CURRENCY,
            ExportColumn("total_minor", "whole", "Its total, in minor units."),
            ExportColumn("refunded_minor", "whole", "What was given back in its currency, in minor units."),
            ExportColumn(
                "cost_minor", "whole", "What its products cost the store, as catalogued then; empty where unknown."
            ),
            ExportColumn("paid", "flag", "Whether it was paid."),
            ExportColumn("cancelled", "flag", "Whether it was called off."),
            ExportColumn("test", "flag", "Whether it was a test."),
            ExportColumn("conflict", "flag", "Whether it named two visitors, and so belongs to nobody."),
            ExportColumn(
                "purchase", "flag", "Whether it counts: paid, not called off, no test, something left after refunds."
            ),
            _SIMULATED,
        ),
    ),
)


def as_markdown() -> str:
    """Return the page that explains an export."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD
    for dataset in DATASETS:
        yield f"## {dataset.name}\n"
        yield f"A row is {dataset.row}. Filed by the day of {dataset.filed_by}, in UTC.\n"
        yield "| column | kind | what it says |\n|---|---|---|"
        for column in dataset.columns:
            yield f"| `{column.name}` | {_KINDS[column.kind]} | {column.says} |"
        yield ""


_HEAD = """# The export

`quizfunnel export --to DIR` writes what the store's log holds, for an analyst's own tools. It needs
`pip install 'quizfunnel[warehouse]'`.

```
DIR/quizfunnel-export.json                     what this is: real or simulated visitors, and of which store
DIR/visits/day=2026-03-01/visits.parquet       one file a day and sort; with --csv visits.csv beside it
DIR/attempts/... answers/... offers/... orders/...
```

- `--from DATE` and `--until DATE` (both included) write these days alone and leave other days' files as they are.
- A file is replaced whole or not at all; the same log gives the same files, and a day without rows has none.
- `--simulated` writes the demo's simulated visitors instead of real ones. The two never share a folder.
- Only shoppers are in it: no crawlers, no staff, no tests.
- Ids are keyed hashes: the same visitor has the same one in every file and every export of a store, and nobody
  without the store's secret key can tell whose it is. They are pseudonymous, and still personal data.
- Answers to sensitive questions are left out, as are the sentences that say why a product was offered. A question that
  is asked only after some answers to a sensitive one tells by being asked what was answered: its rows are not there,
  and of such a quiz `next_question` is empty from the first sensitive question on. A rollup from the export knows
  nothing of those questions. What was offered follows from all answers, so that a product may still hint at one: do
  not hand on `offers` of a quiz whose sensitive questions have hard rules.
- Who was [forgotten](privacy.md) is in no later export; one into the same folder replaces the files that had them.
- In CSV, text that a spreadsheet would compute begins with an apostrophe; numbers stay numbers.

DuckDB reads a folder as one table: `SELECT * FROM read_parquet('DIR/visits/*/*.parquet', hive_partitioning = true)`.
"""
