"""Rolling up the export of ten million visitors, against the same moments asked of DuckDB by hand; and the page.

Visitors of 90 days in two arms, a fifth of whom take a quiz, and their orders, are written as Parquet in the
export's own layout. Timed are what `quizfunnel rollup --from-export` does (marks, cells, and storing them in a
database) and one hand-written DuckDB statement for the same cells, by turns, each in a process of its own so that
the most memory it took is known. Then the results page is fetched again and again from what was stored.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from quizfunnel.app import create_app
from quizfunnel.insight import rolling, tally, warehouse
from quizfunnel.insight.definitions import MOST_LIVE
from quizfunnel.insight.export import MANIFEST, VERSION
from quizfunnel.insight.log import Asked
from quizfunnel.insight.rolling import Task
from quizfunnel.insight.tally import Question
from quizfunnel.insight.warehouse import ParquetLog
from quizfunnel.kit.clock import SystemClock
from quizfunnel.quiz.versions import LiveQuiz, Shelf
from quizfunnel.schema import metadata
from quizfunnel.settings import Settings
from quizfunnel.starter import write_store
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import writing
from quizfunnel.visit.tables import Assignment, Visitor

DAYS = 90
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
START = datetime(2026, 3, 3, tzinfo=UTC)
ASKED = Asked("coffee", "first-holdout", simulated=False)
THREADS = 2
PAGES = 60
FULL = 10_000_000  # visitors that the targets are set for
TARGETS = {"ratio": 1.3, "memory": 1024.0, "page": 0.2}


def options(parser: argparse.ArgumentParser) -> None:
    """Add how many visitors there are, and how often all is timed."""
    parser.add_argument("--visitors", type=int, default=FULL, help="in both arms (10,000,000)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is timed (3)")
    parser.add_argument("--quick", action="store_true", help="200,000 visitors, once; no target is judged")


def run(*, visitors: int, rounds: int, quick: bool) -> dict[str, Any]:
    """Write the export, then time each part in processes of its own."""
    visitors, rounds = (200_000, 1) if quick else (visitors, rounds)
    with tempfile.TemporaryDirectory(prefix="quizfunnel-rollup-") as name:
        folder = Path(name)
        refuse_unlike(folder / "few")
        began = time.perf_counter()
        write_export(folder / "out", visitors)
        written = time.perf_counter() - began
        timed = [{part: apart(part, folder) for part in ("raw", "cells", "rollup")} for _ in range(rounds)]
        page = apart("page", folder)
    return {"visitors": visitors, "written_seconds": written, "rounds": timed, "page": page, "targets": TARGETS}


def table(figures: dict[str, Any]) -> str:
    """Return the figures beside their targets."""
    rounds, page = figures["rounds"], figures["page"]
    targets = figures["targets"] if figures["visitors"] >= FULL else {}

    def of(part: str, name: str) -> list[float]:
        return sorted(each[part][name] for each in rounds)

    def over(part: str) -> list[float]:
        return sorted(each[part]["cpu"] / each["raw"]["cpu"] for each in rounds)

    lines = [
        f"{figures['visitors']:,} visitors, {of('cells', 'rows')[0]:,.0f} cells; seconds are of the processors",
        f"{'':56}{'median':>9}{'min':>9}{'max':>9}   target",
        _line("by hand, s", of("raw", "cpu")),
        _line("the statement, s", of("cells", "cpu")),
        _line("the statement over by hand", over("cells")),
        _line("quizfunnel rollup: marks and storing too, s", of("rollup", "cpu")),
        _line("all of it over by hand", over("rollup"), targets.get("ratio")),
        _line("the same by the clock, s", of("rollup", "seconds")),
        _line("again with nothing new, three days of open windows, s", of("rollup", "again")),
        _line("most memory of the rollup, MiB", of("rollup", "memory"), targets.get("memory")),
        _line("most memory by hand, MiB", of("raw", "memory")),
        _line("the page from what was stored, p95, by the clock, s", [page["p95"]] * 3, targets.get("page")),
        _line("the same, median, s", [page["median"]] * 3),
    ]
    return "\n".join(lines)


def _line(name: str, found: list[float], target: float | None = None) -> str:
    middle = found[len(found) // 2]
    judged = "" if target is None else f"   <= {target:g}: {'met' if middle <= target else 'missed'}"
    return f"{name:56}{middle:>9.2f}{found[0]:>9.2f}{found[-1]:>9.2f}{judged}"


def apart(part: str, folder: Path) -> dict[str, float]:
    """Run one part in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.rollup", part, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1800, env=os.environ)
    if done.returncode:
        raise RuntimeError(f"{part}: {done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def refuse_unlike(folder: Path, visitors: int = 30_000) -> None:
    """Raise RuntimeError where the hand-written statement does not give exactly the same cells."""
    write_export(folder, visitors)
    with warehouse.opened(folder, threads=THREADS) as duck:
        log = ParquetLog(duck, ASKED)
        duck.execute(f"CREATE TABLE theirs AS {by_hand(dict(log.caps))}")
        duck.execute(f"CREATE TABLE ours AS {ours(log)}")
        for one, two in (("ours", "theirs"), ("theirs", "ours")):
            found = duck.execute(f"SELECT count(*) FROM (FROM {one} EXCEPT ALL FROM {two})").fetchone()
            if found != (0,):
                raise RuntimeError(f"the hand-written statement and ours do not give the same cells: {one} has more")


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
        CASE WHEN luck % 30 = 1 THEN 500 ELSE 0 END::BIGINT AS refunded_minor, true AS paid, false AS cancelled,
        false AS test, false AS conflict, true AS purchase, false AS simulated, {_DAY.format("moment")}
      FROM (SELECT *,
          t0 + CASE k WHEN 0 THEN 300000 + luck * 1500000 ELSE -86400000::BIGINT * (1 + luck % 60) END AS moment
        FROM people, range(2) s(k) WHERE CASE k WHEN 0 THEN chance < 15 + 40 * keen ELSE chance >= 960 END)""",
}

# What an analyst would write for the same cells: one pass a source, the three windows side by side, then one row each.
RAW = """
WITH e AS (
  SELECT visitor::UUID AS v, arm, epoch_ms(t0) AS t0, holdout_share AS share, window_days AS declared, device, channel,
    landing_page AS landing, first_seen < t0 - INTERVAL 30 MINUTE AS came_before, epoch_ms(next_view) AS next_view
  FROM visits WHERE quiz = 'coffee' AND experiment = 'first-holdout'
), p AS (
  SELECT visitor::UUID AS v, epoch_ms(placed_at) AS moment, currency, total_minor - refunded_minor AS net
  FROM orders WHERE purchase AND visitor IS NOT NULL
), ep AS (SELECT e.v, e.t0, e.declared, p.moment, p.currency, p.net FROM p JOIN e USING (v)
), b AS (
  SELECT v, min(moment) FILTER (moment >= t0) AS first, count(*) FILTER (moment < t0) AS before,
    {counts}
  FROM ep GROUP BY v
), m AS (
  SELECT v, currency, coalesce(sum(net) FILTER (moment < t0), 0)::BIGINT AS prior,
    {sums}
  FROM ep GROUP BY v, currency
), r AS (
  SELECT a.visitor::UUID AS v, a.attempt::UUID AS id, epoch_ms(a.started_at) AS started,
    epoch_ms(a.finished_at) AS finished, {ends}
  FROM attempts a JOIN e ON e.v = a.visitor::UUID LEFT JOIN b ON b.v = e.v WHERE a.quiz = 'coffee'
), s AS (
  SELECT attempt::UUID AS id, epoch_ms(answered_at) AS moment, active_ms, source FROM answers WHERE quiz = 'coffee'
), ran AS (
  SELECT any_value(v) AS v, {codes}
  FROM r LEFT JOIN s USING (id) GROUP BY id
), path AS (SELECT v, max(code_7) AS code_7, max(code_1) AS code_1, max(code_30) AS code_30 FROM ran GROUP BY v
), w AS (
  SELECT e.*, b.* EXCLUDE (v), path.* EXCLUDE (v) FROM e LEFT JOIN b USING (v) LEFT JOIN path USING (v)
), {windows}, {grains}
SELECT * FROM (SELECT 2 AS fine, * FROM w7 UNION ALL {coarse})
ORDER BY day
"""
_END = "least(b.first, e.t0 + {d} * 86400000::BIGINT) AS end_{d}"
_CODE = """CASE WHEN any_value(started) < any_value(end_{d}) THEN
    CASE WHEN any_value(finished) < any_value(end_{d}) THEN 2199023255552 ELSE 1099511627776 END
    + CASE WHEN bool_or(source = 'clamped' AND moment < end_{d}) THEN 0
      ELSE coalesce(sum(active_ms) FILTER (source = 'client' AND moment < end_{d}) + 2, 1) END END::BIGINT
    AS code_{d}"""
_KEY = """(t0 // 86400000)::INT AS day, arm, share, declared, {d} AS days,
    (t0 + {d} * 86400000::BIGINT <= {now})::INT AS mature,
    CASE WHEN code_{d} IS NULL THEN 'cold' WHEN code_{d} < 2199023255552 THEN 'started' ELSE 'finished' END AS state,
    CASE WHEN code_{d} IS NULL OR code_{d} % (1099511627776) = 1 THEN -1 WHEN code_{d} % (1099511627776) = 0 THEN -2
      ELSE CASE WHEN code_{d} % (1099511627776) < 30002 THEN 0 WHEN code_{d} % (1099511627776) < 60002 THEN 1
        WHEN code_{d} % (1099511627776) < 120002 THEN 2 WHEN code_{d} % (1099511627776) < 180002 THEN 3
        WHEN code_{d} % (1099511627776) < 300002 THEN 4 ELSE 5 END END AS band, device, channel, {fine}"""
_FINE = "landing, (t0 % 86400000 // 21600000 * 6)::INT AS hour, came_before::INT AS came_before"
_BLANK = "'' AS landing, -1 AS hour, 0 AS came_before"
_WINDOW = """w{d} AS (
  SELECT {key}, '' AS currency, count(*) AS visitors, count(*) FILTER (buyer) AS buyers,
    coalesce(sum(orders_{d}), 0)::BIGINT AS orders, count(*) FILTER (stayed) AS stayed,
    count(*) FILTER (stayed AND buyer) AS stayed_buyers, 0 AS revenue, 0.0::DOUBLE AS revenue_squared,
    0.0::DOUBLE AS revenue_prior, 0 AS capped, 0.0::DOUBLE AS capped_squared, 0.0::DOUBLE AS capped_prior, 0 AS prior,
    0.0::DOUBLE AS prior_squared, count(*) FILTER (before > 0) AS prior_buyers, min(t0) AS first_t0, max(t0) AS last_t0,
    min(t0) FILTER (buyer) AS first_buyer_t0, max(latest_{d}) AS latest_order
  FROM (SELECT *, coalesce(first < t0 + {d} * 86400000::BIGINT, false) AS buyer,
    CASE WHEN first < t0 + {d} * 86400000::BIGINT
    THEN first - t0 >= 30000 ELSE coalesce(next_view < t0 + {d} * 86400000::BIGINT, false) END AS stayed FROM w)
  GROUP BY ALL
  UNION ALL
  SELECT {key}, currency, 0, count(*) FILTER (m.orders_{d} > 0), sum(m.orders_{d})::BIGINT, 0, 0,
    sum(revenue_{d})::BIGINT, sum(revenue_{d}::DOUBLE * revenue_{d}), sum(revenue_{d}::DOUBLE * prior),
    sum(capped_{d})::BIGINT, sum(capped_{d}::DOUBLE * capped_{d}), sum(capped_{d}::DOUBLE * prior), sum(prior)::BIGINT,
    sum(prior::DOUBLE * prior), count(*) FILTER (prior > 0), NULL, NULL, NULL, NULL
  FROM w JOIN m USING (v) WHERE m.orders_{d} > 0 OR prior > 0 GROUP BY ALL
)"""
_GRAIN = """{name} AS (
  SELECT {fine} AS fine, day, arm, share, declared, days, mature, state, band, {kind}, {blank}, currency,
    sum(visitors)::BIGINT AS visitors, sum(buyers)::BIGINT AS buyers, sum(orders)::BIGINT AS orders,
    sum(stayed)::BIGINT AS stayed, sum(stayed_buyers)::BIGINT AS stayed_buyers, sum(revenue)::BIGINT AS revenue,
    sum(revenue_squared) AS revenue_squared, sum(revenue_prior) AS revenue_prior, sum(capped)::BIGINT AS capped,
    sum(capped_squared) AS capped_squared, sum(capped_prior) AS capped_prior, sum(prior)::BIGINT AS prior,
    sum(prior_squared) AS prior_squared, sum(prior_buyers)::BIGINT AS prior_buyers, min(first_t0) AS first_t0,
    max(last_t0) AS last_t0, min(first_buyer_t0) AS first_buyer_t0, max(latest_order) AS latest_order
  FROM {of} GROUP BY ALL
)"""


def _grains(days: int) -> str:
    """Return one window's cells by device and channel, and from them those without."""
    kinds = _GRAIN.format(name=f"k{days}", fine=1, kind="device, channel", blank=_BLANK, of=f"w{days}")
    return f"{kinds}, " + _GRAIN.format(
        name=f"c{days}", fine=0, kind="'' AS device, '' AS channel", blank=_BLANK, of=f"k{days}"
    )


def by_hand(caps: dict[str, int]) -> str:
    """Return the hand-written statement."""
    now, windows = int(NOW.timestamp() * 1000), (7, 1, 30)
    inside = "moment >= t0 AND moment < t0 + {d} * 86400000::BIGINT"
    whens = " ".join(f"WHEN currency = '{c}' THEN least(net, {cap})" for c, cap in caps.items())
    cut = f"CASE {whens} ELSE net END" if caps else "net"
    return RAW.format(
        counts=", ".join(
            f"count(*) FILTER ({inside}) AS orders_{{d}}, max(moment) FILTER ({inside}) AS latest_{{d}}".format(d=d)
            for d in windows
        ),
        sums=", ".join(
            f"count(*) FILTER ({inside}) AS orders_{{d}}, "
            f"coalesce(sum(net) FILTER ({inside}), 0)::BIGINT AS revenue_{{d}}, "
            f"coalesce(sum({cut}) FILTER ({inside}), 0)::BIGINT AS capped_{{d}}".format(d=d)
            for d in windows
        ),
        ends=", ".join(_END.format(d=d) for d in windows),
        codes=", ".join(_CODE.format(d=d) for d in windows),
        windows=", ".join(
            _WINDOW.format(d=d, key=_KEY.format(d=d, now=now, fine=_FINE if d == 7 else _BLANK)) for d in windows
        ),
        grains=", ".join(_grains(d) for d in windows),
        coarse=" UNION ALL ".join(f"SELECT * FROM {grain}{d}" for grain in "kc" for d in windows),
    )


def raw(folder: Path) -> dict[str, float]:
    """Ask by hand, and fetch every cell."""
    with warehouse.opened(folder / "out", threads=THREADS) as duck:
        statement = by_hand(dict(ParquetLog(duck, ASKED).caps))
        began = _now()
        rows = _drain(duck.execute(statement))
        return _timed(began) | {"rows": rows}


def ours(log: ParquetLog) -> str:
    """Return our statement as DuckDB's."""
    question = Question(int(NOW.timestamp() * 1000), log.caps)
    return warehouse.compiled(tally.statement(warehouse.sources(ASKED), question, keep=warehouse.keep))


def cells(folder: Path) -> dict[str, float]:
    """Ask by our statement, and fetch every cell."""
    with warehouse.opened(folder / "out", threads=THREADS) as duck:
        log = ParquetLog(duck, ASKED)
        statement = ours(log) + " ORDER BY day"
        began = _now()
        rows = _drain(duck.execute(statement))
        return _timed(began) | {"rows": rows}


def rollup(folder: Path) -> dict[str, float]:
    """Do what the command does: marks, cells, storing them, and what stands beside; then once more with nothing new."""
    settings, live = _store(folder)
    engine, task = open_engine(settings.database, pooled=False), Task.of_quiz(live, simulated=False)
    with warehouse.opened(folder / "out", threads=THREADS) as duck:
        began = _now()
        rolling.roll(engine, task, now=NOW, source=lambda asked: ParquetLog(duck, asked))
        whole, began = _timed(began), _now()
        rolling.roll(engine, task, now=NOW, source=lambda asked: ParquetLog(duck, asked))
    return whole | {"again": _timed(began)["cpu"]}


def page(folder: Path) -> dict[str, float]:
    """Fetch the results page from what was stored."""
    settings, _ = _store(folder, new=False)
    client = create_app(settings, demo=False).test_client()
    times = []
    for _ in range(PAGES):
        began = time.perf_counter()
        answer = client.get("/insight/coffee")
        times.append(time.perf_counter() - began)
        if answer.status_code != 200 or b"from the rollup" not in answer.data:
            raise RuntimeError(f"the page is not from the rollup: {answer.status_code}")
    times.sort()
    return {"median": times[len(times) // 2], "p95": times[int(len(times) * 0.95)]}


def _store(folder: Path, *, new: bool = True) -> tuple[Settings, LiveQuiz]:
    """Return a store whose log is too large to be counted while somebody waits."""
    store = folder / "store"
    if not store.exists():
        write_store(store)
    settings = Settings(store=store)
    live = Shelf(store / "quizzes", None, SystemClock()).live("coffee")
    if live is None or live.quiz.experiment is None or live.quiz.experiment.name != ASKED.experiment:
        raise RuntimeError("the store's quiz has not the experiment of the export")
    if new:
        file = Path(settings.database.removeprefix("sqlite:///"))
        for path in file.parent.glob(f"{file.name}*"):
            path.unlink()
        engine = open_engine(settings.database, pooled=False)
        metadata.create_all(engine)
        _fill(engine)
        engine.dispose()
    return settings, live


def _fill(engine: Any) -> None:
    """Write as many visitors of today as make the page read the rollup alone: it looks at no more of them."""
    ids = [f"{number:032x}" for number in range(MOST_LIVE + 5000)]
    who = {"kind": "shopper", "kind_reason": "", "device": "", "channel": "", "landing_page": "/", "simulated": False}
    arm = {"quiz": "coffee", "experiment": ASKED.experiment, "arm": "invited", "holdout_share": 0.2, "window_days": 7}
    with writing(engine) as connection:
        connection.execute(insert(Visitor), [who | {"id": id, "first_seen": NOW - timedelta(hours=1)} for id in ids])
        connection.execute(insert(Assignment), [arm | {"visitor_id": id, "t0": NOW - timedelta(hours=1)} for id in ids])


def _drain(cursor: Any) -> int:
    count = 0
    while rows := cursor.fetchmany(10_000):
        count += len(rows)
    return count


def _timed(began: tuple[float, float]) -> dict[str, float]:
    """Return what passed since then: on the clock, and of the processors, which others on the machine do not slow."""
    clock, cpu = _now()
    return {"seconds": clock - began[0], "cpu": cpu - began[1], "memory": _most_memory()}


def _most_memory() -> float:
    """Return the most that this program held, in MiB; what getrusage says may be of the process that started it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (kibibytes,) = (line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(kibibytes) / 1024


def _now() -> tuple[float, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), used.ru_utime + used.ru_stime


if __name__ == "__main__":
    part = {"raw": raw, "cells": cells, "rollup": rollup, "page": page}[sys.argv[1]]
    print(json.dumps(part(Path(sys.argv[2]))))
