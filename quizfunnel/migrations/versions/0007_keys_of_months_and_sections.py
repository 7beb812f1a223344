"""Views know their month, offers their sections and catalogue, orders their decimals, and catalogues leave quiz versions."""

import hashlib
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_STATES = "state IN ('new', 'applied', 'stale', 'ignored', 'dead')"
_NEW_STATES = "state IN ('new', 'applied', 'stale', 'ignored', 'waiting', 'dead')"
_OTHER_DIGITS = {  # ISO 4217; every other currency has two
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF BYR",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make this step."""
    _part_by_month()
    _give_sections()
    _take_catalogs_out()
    with op.batch_alter_table("visitor") as batch_op:
        batch_op.create_index("visitor_seen", ["first_seen"])
    with op.batch_alter_table("attempt") as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(35), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("entry", sa.String(8), nullable=False, server_default="page"))
        batch_op.add_column(sa.Column("token_kind", sa.String(8), nullable=False, server_default=""))
        batch_op.create_check_constraint("attempt_entry", "entry IN ('page', 'frame', 'popup', 'door')")
        batch_op.create_check_constraint("attempt_token_kind", "token_kind IN ('', 'visitor', 'session', 'address')")
        batch_op.create_index("attempt_unfinished", ["started_at"], **_where("finished_at IS NULL"))
    _forget_defaults("attempt", "language", "entry", "token_kind")
    with op.batch_alter_table("experiment") as batch_op:
        batch_op.add_column(sa.Column("cap_minor", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("cap_currency", sa.String(3), nullable=True))
        batch_op.add_column(sa.Column("cap_at", _MOMENT, nullable=True))
        batch_op.create_check_constraint(
            "experiment_cap", "(cap_minor IS NULL) = (cap_at IS NULL) AND (cap_currency IS NULL) = (cap_at IS NULL)"
        )
    with op.batch_alter_table("order_event") as batch_op:
        batch_op.add_column(sa.Column("purged_at", _MOMENT, nullable=True))
        batch_op.drop_constraint("order_event_state", type_="check")
        batch_op.create_check_constraint("order_event_state", _NEW_STATES)
        batch_op.create_index("order_event_kept", ["received_at"], **_where("purged_at IS NULL"))
    _widen_orders()


def downgrade() -> None:
    """Take it back; what only sections, parts of units and waiting events can say is lost."""
    _narrow_orders()
    op.execute("UPDATE order_event SET state = 'dead' WHERE state = 'waiting'")
    with op.batch_alter_table("order_event") as batch_op:
        batch_op.drop_index("order_event_kept")
        batch_op.drop_constraint("order_event_state", type_="check")
        batch_op.create_check_constraint("order_event_state", _STATES)
        batch_op.drop_column("purged_at")
    with op.batch_alter_table("experiment") as batch_op:
        batch_op.drop_constraint("experiment_cap", type_="check")
        for name in ("cap_at", "cap_currency", "cap_minor"):
            batch_op.drop_column(name)
    with op.batch_alter_table("attempt") as batch_op:
        batch_op.drop_index("attempt_unfinished")
        batch_op.drop_constraint("attempt_token_kind", type_="check")
        batch_op.drop_constraint("attempt_entry", type_="check")
        for name in ("token_kind", "entry", "language"):
            batch_op.drop_column(name)
    with op.batch_alter_table("visitor") as batch_op:
        batch_op.drop_index("visitor_seen")
    _put_catalogs_back()
    _take_sections()
    _join_months()


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _forget_defaults(table: str, *names: str) -> None:
    """Take the defaults away that only rows of old needed."""
    with op.batch_alter_table(table) as batch_op:
        for name in names:
            batch_op.alter_column(name, server_default=None)


def _month(moment: str) -> str:
    """Return the SQL of a moment's month, like 202603."""
    if op.get_context().dialect.name == "postgresql":
        return f"CAST(to_char({moment} AT TIME ZONE 'UTC', 'YYYYMM') AS INTEGER)"
    return f"CAST(strftime('%Y%m', {moment}) AS INTEGER)"


def _made_anew(
    name: str, columns: Sequence[Any], copied: Sequence[str], *, moment: str = "", by_month: bool = False
) -> None:
    """Make a table with another key and copy its rows; names of keys and indexes are free again in between."""
    given = list(copied)
    wanted = [*copied, "month"] if moment else list(copied)
    read = [*given, _month(moment)] if moment else given
    op.execute(f"CREATE TABLE {name}_before AS SELECT * FROM {name}")  # noqa: S608 - names of our own
    op.drop_table(name)
    op.create_table(name, *columns, postgresql_partition_by="RANGE (month)" if by_month else None)
    if by_month and op.get_context().dialect.name == "postgresql":
        op.execute(f"CREATE TABLE {name}_rest PARTITION OF {name} DEFAULT")
    op.execute(
        f"INSERT INTO {name} ({', '.join(wanted)}) SELECT {', '.join(read)} FROM {name}_before AS before"  # noqa: S608
    )
    op.execute(f"DROP TABLE {name}_before")


def _page_view() -> list[Any]:
    return [
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("visitor_id", sa.String(32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("visible_ms", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["visitor_id"], ["visitor.id"], name="page_view_visitor_id_fkey"),
    ]


def _question_view() -> list[Any]:
    return [
        sa.Column("attempt_id", sa.String(32), nullable=False),
        sa.Column("question", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(32), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("wall_ms", sa.Integer(), nullable=False),
        sa.Column("active_ms", sa.Integer(), nullable=False),
        sa.Column("active10_ms", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.CheckConstraint("active10_ms >= 0 AND active10_ms <= active_ms AND active_ms <= wall_ms", name="view_times"),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name="question_view_attempt_id_fkey"),
    ]


def _offer_view() -> list[Any]:
    return [
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("offer_id", sa.String(32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("up_to", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name="offer_view_offer_id_fkey"),
    ]


def _offer_item() -> list[Any]:
    return [
        sa.Column("offer_id", sa.String(32), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(200), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("propensity", sa.Float(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.CheckConstraint("propensity > 0 AND propensity <= 1", name="offer_item_propensity"),
        sa.CheckConstraint("rank >= 1", name="offer_item_rank"),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name="offer_item_offer_id_fkey"),
        sa.UniqueConstraint("offer_id", "product", name="offer_item_product"),
    ]


def _names(columns: Sequence[Any]) -> list[str]:
    return [column.name for column in columns if isinstance(column, sa.Column)]


_VIEWS: tuple[tuple[str, Any, tuple[str, ...], str], ...] = (
    ("page_view", _page_view, ("id",), "before.at"),
    (
        "question_view",
        _question_view,
        ("attempt_id", "question", "nonce"),
        "(SELECT started_at FROM attempt WHERE attempt.id = before.attempt_id)",
    ),
    ("offer_view", _offer_view, ("id",), "before.at"),
)
_INDEXES = {
    "page_view": ("page_view_visitor", ["visitor_id", "at"]),
    "offer_view": ("offer_view_offer", ["offer_id", "at"]),
}


def _part_by_month() -> None:
    for name, columns, key, moment in _VIEWS:
        month = sa.Column("month", sa.Integer(), autoincrement=False, nullable=False)
        known = columns()
        whole = [*known[: len(key)], month, *known[len(key) :]]
        whole.append(sa.PrimaryKeyConstraint(*key, "month", name=f"{name}_pkey"))
        _made_anew(name, whole, _names(known), moment=moment, by_month=True)
        if name in _INDEXES:
            op.create_index(_INDEXES[name][0], name, _INDEXES[name][1])


def _join_months() -> None:
    for name, columns, key, _ in _VIEWS:
        whole = [*columns(), sa.PrimaryKeyConstraint(*key, name=f"{name}_pkey")]
        _made_anew(name, whole, _names(columns()))
        if name in _INDEXES:
            op.create_index(_INDEXES[name][0], name, _INDEXES[name][1])


def _give_sections() -> None:
    section = sa.Column("section", sa.String(64), nullable=False, server_default="")
    key = sa.PrimaryKeyConstraint("offer_id", "section", "rank", name="offer_item_pkey")
    first, *others = _offer_item()
    _made_anew("offer_item", [first, section, *others, key], _names([first, *others]))
    _forget_defaults("offer_item", "section")
    with op.batch_alter_table("offer") as batch_op:
        batch_op.add_column(sa.Column("catalog_version", sa.String(64), nullable=True))
        batch_op.add_column(sa.Column("sections", sa.String(), nullable=False, server_default=""))
        batch_op.create_foreign_key("offer_catalog_version_fkey", "catalog_version", ["catalog_version"], ["id"])
    _forget_defaults("offer", "sections")


def _take_sections() -> None:
    op.execute("DELETE FROM offer_item WHERE section <> ''")
    with op.batch_alter_table("offer") as batch_op:
        batch_op.drop_constraint("offer_catalog_version_fkey", type_="foreignkey")
        batch_op.drop_column("sections")
        batch_op.drop_column("catalog_version")
    key = sa.PrimaryKeyConstraint("offer_id", "rank", name="offer_item_pkey")
    _made_anew("offer_item", [*_offer_item(), key], _names(_offer_item()))


_version = sa.table(
    "quiz_version", sa.column("id"), sa.column("quiz"), sa.column("products"), sa.column("published_at", _MOMENT)
)
_catalog = sa.table("catalog_version", sa.column("id"), sa.column("products"), sa.column("first_seen_at", _MOMENT))
_publication = sa.table(
    "publication",
    *map(sa.column, ("id", "quiz", "quiz_version", "catalog_version", "who", "message", "state")),
    *(sa.column(name, _MOMENT) for name in ("published_at", "starts_at", "ends_at")),
)


def _take_catalogs_out() -> None:
    """Make the catalogue that each quiz version was kept with a version of its own, and both a publication."""
    connection = op.get_bind()
    found = connection.execute(sa.select(_version).order_by(_version.c.quiz, _version.c.published_at, _version.c.id))
    rows, seen = found.all(), set()
    for place, row in enumerate(rows):
        catalog = hashlib.sha256(row.products.encode()).hexdigest()
        if catalog not in seen:
            seen.add(catalog)
            values = {"id": catalog, "products": row.products, "first_seen_at": row.published_at}
            connection.execute(sa.insert(_catalog).values(values))
        following = rows[place + 1] if place + 1 < len(rows) and rows[place + 1].quiz == row.quiz else None
        values = {
            "id": uuid.uuid4().hex,
            "quiz": row.quiz,
            "quiz_version": row.id,
            "catalog_version": catalog,
            "published_at": row.published_at,
            "who": "",
            "message": "",
            "starts_at": row.published_at,
            "ends_at": following.published_at if following else None,
            "state": "ended" if following else "live",
        }
        connection.execute(sa.insert(_publication).values(values))
    with op.batch_alter_table("quiz_version") as batch_op:
        batch_op.drop_column("products")
        batch_op.add_column(sa.Column("languages", sa.String(), nullable=False, server_default="{}"))
    _forget_defaults("quiz_version", "languages")


def _put_catalogs_back() -> None:
    with op.batch_alter_table("quiz_version") as batch_op:
        batch_op.drop_column("languages")
        batch_op.add_column(sa.Column("products", sa.String(), nullable=False, server_default="[]"))
    op.execute(
        "UPDATE quiz_version SET products = COALESCE((SELECT catalog_version.products FROM publication "
        "JOIN catalog_version ON catalog_version.id = publication.catalog_version "
        "WHERE publication.quiz_version = quiz_version.id "
        "ORDER BY publication.starts_at DESC, publication.published_at DESC LIMIT 1), '[]')"
    )
    _forget_defaults("quiz_version", "products")


def _widen_orders() -> None:
    with op.batch_alter_table("refund") as batch_op:
        batch_op.add_column(sa.Column("converted_minor", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("converted_by", sa.String(16), nullable=False, server_default=""))
        batch_op.create_check_constraint("refund_converted", "(converted_minor IS NULL) = (converted_by = '')")
    _forget_defaults("refund", "converted_by")
    with op.batch_alter_table("order_line") as batch_op:
        batch_op.add_column(sa.Column("quantity_micro", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute("UPDATE order_line SET quantity_micro = CAST(quantity AS BIGINT) * 1000000")
    with op.batch_alter_table("order_line") as batch_op:
        batch_op.drop_column("quantity")
        batch_op.alter_column("quantity_micro", server_default=None)
    with op.batch_alter_table("shop_order") as batch_op:
        batch_op.add_column(sa.Column("order_number", sa.String(64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("minor_digits", sa.Integer(), nullable=False, server_default="2"))
        batch_op.add_column(sa.Column("presentment_currency", sa.String(3), nullable=True))
        batch_op.add_column(sa.Column("presentment_total_minor", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("paid_minor", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("outstanding_minor", sa.BigInteger(), nullable=True))
        batch_op.create_check_constraint("shop_order_digits", "minor_digits BETWEEN 0 AND 4")
        batch_op.create_check_constraint(
            "shop_order_presentment", "(presentment_currency IS NULL) = (presentment_total_minor IS NULL)"
        )
    _forget_defaults("shop_order", "order_number", "minor_digits")
    for digits, currencies in _OTHER_DIGITS.items():
        listed = ", ".join(f"'{currency}'" for currency in currencies.split())
        op.execute(f"UPDATE shop_order SET minor_digits = {digits} WHERE currency IN ({listed})")  # noqa: S608 - our own


def _narrow_orders() -> None:
    with op.batch_alter_table("shop_order") as batch_op:
        batch_op.drop_constraint("shop_order_presentment", type_="check")
        batch_op.drop_constraint("shop_order_digits", type_="check")
        for name in (
            "outstanding_minor",
            "paid_minor",
            "presentment_total_minor",
            "presentment_currency",
            "minor_digits",
            "order_number",
        ):
            batch_op.drop_column(name)
    with op.batch_alter_table("order_line") as batch_op:
        batch_op.add_column(sa.Column("quantity", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE order_line SET quantity = CAST(quantity_micro / 1000000 AS INTEGER)")
    with op.batch_alter_table("order_line") as batch_op:
        batch_op.drop_column("quantity_micro")
        batch_op.alter_column("quantity", server_default=None)
    with op.batch_alter_table("refund") as batch_op:
        batch_op.drop_constraint("refund_converted", type_="check")
        batch_op.drop_column("converted_by")
        batch_op.drop_column("converted_minor")
