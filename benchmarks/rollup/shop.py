"""A plausible large shop, written as Parquet in the export's own layout: what is timed counts its visitors."""

import json
from datetime import UTC, datetime
from pathlib import Path

from quizfunnel.insight.export.writer import MANIFEST, VERSION
from quizfunnel.log.scope import Scope

DAYS = 90
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
START = datetime(2026, 3, 3, tzinfo=UTC)
ASKED = Scope("coffee", "first-holdout", simulated=False)
THREADS = 2


def write_export(folder: Path, visitors: int) -> None:
    """Write an export of a plausible large shop, in the layout and the columns of the real one."""
    import duckdb

    folder.mkdir()
    says = {"version": VERSION, "simulated": False, "store": "benchmark", "as_of": NOW.isoformat()}
    (folder / MANIFEST).write_text(json.dumps(says))
    with duckdb.connect(
        config={"memory_limit": "2GB", "temp_directory": str(folder.parent), "threads": THREADS}
    ) as duck:
        duck.execute(_PEOPLE, {"n": visitors, "ms": DAYS * 86_400_000, "start": int(START.timestamp() * 1000)})
        for name, statement in _DATASETS.items():
            duck.execute(
                f"COPY ({statement}) TO '{folder / name}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (day), "
                "WRITE_PARTITION_COLUMNS false)"
            )


_PEOPLE = """
CREATE TABLE people AS
WITH drawn AS (
  SELECT i, hash(i) AS h, hash(i + 1000000000) AS h2, hash(i + 2000000000) AS h3 FROM range($n) r(i)
)
SELECT i, md5(i::VARCHAR) AS visitor, $start::BIGINT + (h % $ms::UBIGINT)::BIGINT AS t0,
  CASE WHEN h2 % 5 = 0 THEN 'holdout' ELSE 'invited' END AS arm,
  ['phone', 'desktop', 'tablet'][CASE WHEN h3 % 10 < 6 THEN 1 WHEN h3 % 10 < 9 THEN 2 ELSE 3 END] AS device,
  ['direct', 'search', 'paid', 'social', 'email', 'referral']
    [1 + least(5, floor(6 * pow((h3 // 16 % 1000) / 1000, 2))::INT)] AS channel,
  '/shop/' || floor(12 * pow((h3 // 32768 % 1000) / 1000, 3))::INT AS landing_page,
  (h2 // 8 % 1000) / 1000 AS keen, (h // 64 % 1000)::INT AS luck, (h2 // 8192 % 1000)::INT AS chance
FROM drawn;
"""

_DAY = "strftime(epoch_ms({0})::DATE, '%Y-%m-%d') AS day"


def _at(moment: str) -> str:
    return f"make_timestamptz(({moment}) * 1000)"


_TOOK = "arm = 'invited' AND luck < 120 + 200 * keen"
_DATASETS = {
    "visits": f"""
      SELECT visitor, quiz, experiment, CASE WHEN quiz = '' THEN 'everyone' ELSE arm END AS arm, {_at("t0")} AS t0,
        CASE WHEN quiz = '' THEN 0.0 ELSE 0.2 END::DOUBLE AS holdout_share, 7::BIGINT AS window_days,
        {_at("t0 - CASE WHEN chance < 150 THEN 86400000 ELSE 0 END")} AS first_seen,
        CASE WHEN luck < 400 THEN {_at("t0 + 31000 + luck * 900")} END AS next_view, device, channel, landing_page,
        false AS simulated, {_DAY.format("t0")}
      FROM people, (VALUES ('', ''), ('coffee', 'first-holdout')) q(quiz, experiment)""",
    "attempts": f"""
      SELECT md5('a' || i) AS attempt, visitor, 'coffee' AS quiz, 'v' AS version, 'q0' AS first_question,
        {_at("t0 + 20000")} AS started_at,
        CASE WHEN chance < 600 THEN {_at("t0 + 200000 + luck * 300")} END AS finished_at,
        false AS simulated, {_DAY.format("t0 + 20000")}
      FROM people WHERE {_TOOK}""",
    "answers": f"""
      SELECT md5('a' || i) AS attempt, 'coffee' AS quiz, 'q' || q AS question, 1::BIGINT AS revision,
        '"c1"' AS value, false AS withheld, {_at("t0 + 20000 + (q + 1) * (5000 + luck * 40)")} AS answered_at,
        (6000 + luck * 60)::BIGINT AS wall_ms, (5000 + luck * 55)::BIGINT AS active_ms,
        (3000 + luck * 20)::BIGINT AS active10_ms,
        CASE WHEN luck % 50 = 7 THEN 'clamped' WHEN luck % 20 = 3 THEN 'server' ELSE 'client' END AS source,
        'q' || (q + 1) AS next_question, false AS simulated, {_DAY.format("t0 + 20000")}
      FROM people, range(6) s(q) WHERE {_TOOK} AND q <= (chance // 100)""",
    "orders": f"""
      SELECT md5('o' || i || k) AS "order", 'standard' AS source, CASE WHEN luck % 25 > 0 THEN visitor END AS visitor,
        {_at("moment")} AS placed_at, CASE WHEN luck % 10 = 0 THEN 'EUR' ELSE 'GBP' END AS currency,
        (500 + (luck * 37 + chance) % 9000)::BIGINT AS total_minor,
        CASE WHEN luck % 30 = 1 THEN 500 ELSE 0 END::BIGINT AS refunded_minor,
        CASE WHEN luck % 40 <> 3 THEN 300 + luck * 17 END::BIGINT AS cost_minor, true AS paid, false AS cancelled,
        false AS test, false AS conflict, true AS purchase, false AS simulated, {_DAY.format("moment")}
      FROM (SELECT *,
          t0 + CASE k WHEN 0 THEN 300000 + luck * 1500000 ELSE -86400000::BIGINT * (1 + luck % 60) END AS moment
        FROM people, range(2) s(k) WHERE CASE k WHEN 0 THEN chance < 15 + 40 * keen ELSE chance >= 960 END)""",
}
