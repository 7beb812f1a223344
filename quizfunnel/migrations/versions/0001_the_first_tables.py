"""The first tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make this step."""
    op.create_table(
        "order_event",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("delivery", sa.String(length=200), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state IN ('new', 'applied', 'stale', 'ignored', 'dead')", name="order_event_state"),
        sa.PrimaryKeyConstraint("id", name=op.f("order_event_pkey")),
        sa.UniqueConstraint("source", "delivery", name="order_event_delivery"),
    )
    with op.batch_alter_table("order_event", schema=None) as batch_op:
        batch_op.create_index("order_event_state_at", ["state", "received_at"], unique=False)

    op.create_table(
        "order_line",
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.String(length=200), nullable=False),
        sa.Column("sku", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=False),
        sa.Column("product", sa.String(length=200), nullable=True),
        sa.Column("matched_by", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("source", "order_id", "position", name=op.f("order_line_pkey")),
    )
    op.create_table(
        "quiz_version",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("quiz", sa.String(length=64), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("products", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("quiz_version_pkey")),
    )
    with op.batch_alter_table("quiz_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("quiz_version_quiz_index"), ["quiz"], unique=False)

    op.create_table(
        "refund",
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("refund_id", sa.String(length=200), nullable=False),
        sa.Column("order_id", sa.String(length=200), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "refund_id", name=op.f("refund_pkey")),
    )
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("refund_order_id_index"), ["order_id"], unique=False)

    op.create_table(
        "rollup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz", sa.String(length=64), nullable=False),
        sa.Column("experiment", sa.String(length=64), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("caps", sa.String(), nullable=False),
        sa.Column("beside", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("rollup_pkey")),
        sa.UniqueConstraint("quiz", "experiment", "simulated", name="rollup_of"),
    )
    op.create_table(
        "shop_order",
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=200), nullable=False),
        sa.Column("visitor_id", sa.String(length=32), nullable=True),
        sa.Column("conflict", sa.Boolean(), nullable=False),
        sa.Column("click_id", sa.String(length=32), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.Boolean(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("source", "order_id", name=op.f("shop_order_pkey")),
    )
    with op.batch_alter_table("shop_order", schema=None) as batch_op:
        batch_op.create_index("shop_order_visitor", ["visitor_id", "placed_at"], unique=False)

    op.create_table(
        "visitor",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("kind_reason", sa.String(length=80), nullable=False),
        sa.Column("device", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("landing_page", sa.String(length=200), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('shopper', 'bot', 'staff', 'test')", name="visitor_kind"),
        sa.PrimaryKeyConstraint("id", name=op.f("visitor_pkey")),
    )
    op.create_table(
        "assignment",
        sa.Column("visitor_id", sa.String(length=32), nullable=False),
        sa.Column("quiz", sa.String(length=64), nullable=False),
        sa.Column("experiment", sa.String(length=64), nullable=False),
        sa.Column("arm", sa.String(length=8), nullable=False),
        sa.Column("t0", sa.DateTime(timezone=True), nullable=False),
        sa.Column("holdout_share", sa.Float(), nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("arm IN ('invited', 'holdout')", name="assignment_arm"),
        sa.CheckConstraint("holdout_share >= 0 AND holdout_share < 1", name="assignment_share"),
        sa.CheckConstraint("window_days >= 1", name="assignment_window"),
        sa.ForeignKeyConstraint(["visitor_id"], ["visitor.id"], name=op.f("assignment_visitor_id_fkey")),
        sa.PrimaryKeyConstraint("visitor_id", "quiz", "experiment", name=op.f("assignment_pkey")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index("assignment_quiz", ["quiz", "experiment", "t0"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("quiz", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("visitor_id", sa.String(length=32), nullable=True),
        sa.Column("first_question", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.CheckConstraint("finished_at IS NULL OR finished_at >= started_at", name="attempt_order"),
        sa.ForeignKeyConstraint(["version"], ["quiz_version.id"], name=op.f("attempt_version_fkey")),
        sa.ForeignKeyConstraint(["visitor_id"], ["visitor.id"], name=op.f("attempt_visitor_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("attempt_pkey")),
        sa.UniqueConstraint("id", "finished_at", name="attempt_finished"),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index("attempt_quiz", ["quiz", "started_at"], unique=False)
        batch_op.create_index("attempt_visitor", ["visitor_id", "quiz", "started_at"], unique=False)

    op.create_table(
        "page_view",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("visitor_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("visible_ms", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["visitor_id"], ["visitor.id"], name=op.f("page_view_visitor_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("page_view_pkey")),
    )
    with op.batch_alter_table("page_view", schema=None) as batch_op:
        batch_op.create_index("page_view_visitor", ["visitor_id", "at"], unique=False)

    op.create_table(
        "rollup_cell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollup_id", sa.Integer(), nullable=False),
        sa.Column("fine", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("arm", sa.String(length=8), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("declared", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("mature", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("landing", sa.String(length=200), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("came_before", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("visitors", sa.BigInteger(), nullable=False),
        sa.Column("buyers", sa.BigInteger(), nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.Column("stayed", sa.BigInteger(), nullable=False),
        sa.Column("stayed_buyers", sa.BigInteger(), nullable=False),
        sa.Column("revenue", sa.BigInteger(), nullable=False),
        sa.Column("revenue_squared", sa.Double(), nullable=False),
        sa.Column("revenue_prior", sa.Double(), nullable=False),
        sa.Column("capped", sa.BigInteger(), nullable=False),
        sa.Column("capped_squared", sa.Double(), nullable=False),
        sa.Column("capped_prior", sa.Double(), nullable=False),
        sa.Column("prior", sa.BigInteger(), nullable=False),
        sa.Column("prior_squared", sa.Double(), nullable=False),
        sa.Column("prior_buyers", sa.BigInteger(), nullable=False),
        sa.Column("first_t0", sa.BigInteger(), nullable=True),
        sa.Column("last_t0", sa.BigInteger(), nullable=True),
        sa.Column("first_buyer_t0", sa.BigInteger(), nullable=True),
        sa.Column("latest_order", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["rollup_id"], ["rollup.id"], name=op.f("rollup_cell_rollup_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("rollup_cell_pkey")),
    )
    with op.batch_alter_table("rollup_cell", schema=None) as batch_op:
        batch_op.create_index("rollup_cell_day", ["rollup_id", "day"], unique=False)
        batch_op.create_index("rollup_cell_read", ["rollup_id", "fine", "days", "day"], unique=False)

    op.create_table(
        "rollup_day",
        sa.Column("rollup_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["rollup_id"], ["rollup.id"], name=op.f("rollup_day_rollup_id_fkey")),
        sa.PrimaryKeyConstraint("rollup_id", "day", name=op.f("rollup_day_pkey")),
    )
    op.create_table(
        "answer",
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wall_ms", sa.Integer(), nullable=True),
        sa.Column("active_ms", sa.Integer(), nullable=True),
        sa.Column("active10_ms", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("wall_clock", sa.String(length=9), nullable=False),
        sa.Column("next_question", sa.String(length=64), nullable=True),
        sa.CheckConstraint("source IN ('client', 'clamped', 'server', 'none')", name="answer_source"),
        sa.CheckConstraint(
            "(wall_ms IS NULL AND active_ms IS NULL AND active10_ms IS NULL) OR (active10_ms >= 0 AND active10_ms <= active_ms AND active_ms <= wall_ms)",
            name="answer_times",
        ),
        sa.CheckConstraint("revision >= 1", name="answer_revision"),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("answer_attempt_id_fkey")),
        sa.PrimaryKeyConstraint("attempt_id", "question", "revision", name=op.f("answer_pkey")),
    )
    op.create_table(
        "offer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers_hash", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("show", sa.Integer(), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("fallback", sa.String(length=32), nullable=False),
        sa.Column("rival", sa.String(length=64), nullable=False),
        sa.Column("model_share", sa.Float(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("seed", sa.String(length=128), nullable=False),
        sa.Column("eligible", sa.String(), nullable=False),
        sa.Column("rejected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rejected_why", sa.String(length=500), nullable=False),
        sa.CheckConstraint("model_share > 0 AND model_share <= 1", name="offer_model_share"),
        sa.ForeignKeyConstraint(
            ["attempt_id", "finished_at"], ["attempt.id", "attempt.finished_at"], name="offer_finished_attempt"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("offer_pkey")),
        sa.UniqueConstraint("attempt_id", "answers_hash", name="offer_answers"),
        sa.UniqueConstraint("attempt_id", "revision", name="offer_revision"),
    )
    op.create_table(
        "question_view",
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wall_ms", sa.Integer(), nullable=False),
        sa.Column("active_ms", sa.Integer(), nullable=False),
        sa.Column("active10_ms", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.CheckConstraint("active10_ms >= 0 AND active10_ms <= active_ms AND active_ms <= wall_ms", name="view_times"),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("question_view_attempt_id_fkey")),
        sa.PrimaryKeyConstraint("attempt_id", "question", "nonce", name=op.f("question_view_pkey")),
    )
    op.create_table(
        "click",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("offer_id", sa.String(length=32), nullable=False),
        sa.Column("product", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("click_offer_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("click_pkey")),
    )
    with op.batch_alter_table("click", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("click_offer_id_index"), ["offer_id"], unique=False)

    op.create_table(
        "offer_item",
        sa.Column("offer_id", sa.String(length=32), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(length=200), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("propensity", sa.Float(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.CheckConstraint("propensity > 0 AND propensity <= 1", name="offer_item_propensity"),
        sa.CheckConstraint("rank >= 1", name="offer_item_rank"),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("offer_item_offer_id_fkey")),
        sa.PrimaryKeyConstraint("offer_id", "rank", name=op.f("offer_item_pkey")),
        sa.UniqueConstraint("offer_id", "product", name="offer_item_product"),
    )
    op.create_table(
        "offer_view",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("offer_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("up_to", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("offer_view_offer_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("offer_view_pkey")),
    )
    with op.batch_alter_table("offer_view", schema=None) as batch_op:
        batch_op.create_index("offer_view_offer", ["offer_id", "at"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("offer_view", schema=None) as batch_op:
        batch_op.drop_index("offer_view_offer")

    op.drop_table("offer_view")
    op.drop_table("offer_item")
    with op.batch_alter_table("click", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("click_offer_id_index"))

    op.drop_table("click")
    op.drop_table("question_view")
    op.drop_table("offer")
    op.drop_table("answer")
    op.drop_table("rollup_day")
    with op.batch_alter_table("rollup_cell", schema=None) as batch_op:
        batch_op.drop_index("rollup_cell_read")
        batch_op.drop_index("rollup_cell_day")

    op.drop_table("rollup_cell")
    with op.batch_alter_table("page_view", schema=None) as batch_op:
        batch_op.drop_index("page_view_visitor")

    op.drop_table("page_view")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index("attempt_visitor")
        batch_op.drop_index("attempt_quiz")

    op.drop_table("attempt")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index("assignment_quiz")

    op.drop_table("assignment")
    op.drop_table("visitor")
    with op.batch_alter_table("shop_order", schema=None) as batch_op:
        batch_op.drop_index("shop_order_visitor")

    op.drop_table("shop_order")
    op.drop_table("rollup")
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("refund_order_id_index"))

    op.drop_table("refund")
    with op.batch_alter_table("quiz_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("quiz_version_quiz_index"))

    op.drop_table("quiz_version")
    op.drop_table("order_line")
    with op.batch_alter_table("order_event", schema=None) as batch_op:
        batch_op.drop_index("order_event_state_at")

    op.drop_table("order_event")
