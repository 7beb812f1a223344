"""What the store says that it sold on a day, and indexes that find a day's orders and refunds."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make this step."""
    op.create_table(
        "day_total",
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("before_refunds", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("orders >= 0", name="day_total_orders"),
        sa.CheckConstraint("starts_at < ends_at", name="day_total_bounds"),
        sa.PrimaryKeyConstraint("simulated", "day", "source", "currency", name=op.f("day_total_pkey")),
    )
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.create_index("refund_at", ["source", "at"], unique=False)

    with op.batch_alter_table("shop_order", schema=None) as batch_op:
        batch_op.create_index("shop_order_placed", ["source", "placed_at"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("shop_order", schema=None) as batch_op:
        batch_op.drop_index("shop_order_placed")

    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.drop_index("refund_at")

    op.drop_table("day_total")
