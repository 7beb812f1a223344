"""Hand-written statement for the same cells: one pass a source, the windows side by side, then one row each."""

from benchmarks.rollup.shop import NOW

RAW = """
WITH e AS (
  SELECT visitor::UUID AS v, arm, epoch_ms(t0) AS t0, holdout_share AS share, window_days AS declared, device, channel,
    landing_page AS landing, first_seen < t0 - INTERVAL 30 MINUTE AS came_before, epoch_ms(next_view) AS next_view
  FROM visits WHERE quiz = 'coffee' AND experiment = 'first-holdout'
), p AS (
  SELECT visitor::UUID AS v, epoch_ms(placed_at) AS moment, currency, total_minor - refunded_minor AS net
  FROM orders WHERE purchase AND visitor IS NOT NULL
), x AS (
  SELECT visitor::UUID AS v, epoch_ms(placed_at) AS moment, currency || ' profit' AS currency, total_minor
    - refunded_minor - CASE WHEN refunded_minor = 0 THEN cost_minor
      ELSE floor(cost_minor::DOUBLE * (total_minor - refunded_minor) / total_minor + 0.5)::BIGINT END AS net
  FROM orders WHERE purchase AND visitor IS NOT NULL AND cost_minor IS NOT NULL
  UNION ALL
  SELECT visitor::UUID, epoch_ms(placed_at), 'returned', 1
  FROM orders WHERE paid AND NOT test AND visitor IS NOT NULL AND (cancelled OR refunded_minor > 0)
), em AS (
  SELECT e.v, e.t0, o.moment, o.currency, o.net FROM (SELECT * FROM p UNION ALL SELECT * FROM x) o JOIN e USING (v)
), ep AS (SELECT e.v, e.t0, e.declared, p.moment, p.currency, p.net FROM p JOIN e USING (v)
), b AS (
  SELECT v, min(moment) FILTER (moment >= t0) AS first, count(*) FILTER (moment < t0) AS before,
    {counts}
  FROM ep GROUP BY v
), m AS (
  SELECT v, currency, coalesce(sum(net) FILTER (moment < t0), 0)::BIGINT AS prior,
    {sums}
  FROM em GROUP BY v, currency
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
    sum(prior::DOUBLE * prior), count(*) FILTER (prior <> 0), NULL, NULL, NULL, NULL
  FROM w JOIN m USING (v) WHERE m.orders_{d} > 0 OR prior <> 0 GROUP BY ALL
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
