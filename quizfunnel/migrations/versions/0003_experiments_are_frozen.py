"""What an experiment is set to measure is kept, and the arms of two quizzes against each other."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ARMS = "arm IN ('invited', 'holdout', 'first', 'second')"
_ARMS_BEFORE = "arm IN ('invited', 'holdout')"


def upgrade() -> None:
    """Make this step."""
    op.create_table(
        "experiment",
        sa.Column("quiz", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("design", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("quiz", "name", "simulated", name=op.f("experiment_pkey")),
    )
    _hold_arms_to(_ARMS)


def downgrade() -> None:
    """Take it back."""
    op.execute("DELETE FROM assignment WHERE arm IN ('first', 'second')")
    _hold_arms_to(_ARMS_BEFORE)
    op.drop_table("experiment")


def _hold_arms_to(rule: str) -> None:
    """Replace the CHECK of the arms; SQLite copies the table for it."""
    with op.batch_alter_table("assignment") as batch_op:
        batch_op.drop_constraint("assignment_arm", type_="check")
        batch_op.create_check_constraint("assignment_arm", rule)
