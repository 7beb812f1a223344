"""Order lines know what a unit costs the store; the rollup's money is also of other measures than revenue."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_OLD, _NEW = sa.String(length=3), sa.String(length=16)


def upgrade() -> None:
    """Make this step."""
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cost_minor", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("rollup_cell", schema=None) as batch_op:
        batch_op.alter_column("currency", existing_type=_OLD, type_=_NEW, existing_nullable=False)


def downgrade() -> None:
    """Take it back; measures that the narrower column cannot name go, the rollup makes them again."""
    op.execute("DELETE FROM rollup_cell WHERE length(currency) > 3")
    with op.batch_alter_table("rollup_cell", schema=None) as batch_op:
        batch_op.alter_column("currency", existing_type=_NEW, type_=_OLD, existing_nullable=False)

    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.drop_column("cost_minor")
