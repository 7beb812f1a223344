"""What is published, who works here, what is sent and counted, and what people wrote of themselves have tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:  # noqa: PLR0915 - a statement a table
    """Make this step."""
    op.create_table(
        "catalog_version",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("products", sa.String(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("catalog_version_pkey")),
    )
    op.create_table(
        "day_count",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("count >= 0", name="day_count_count"),
        sa.PrimaryKeyConstraint("kind", "key", "day", name=op.f("day_count_pkey")),
    )
    op.create_table(
        "delivery_refusal",
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 1", name="delivery_refusal_count"),
        sa.PrimaryKeyConstraint("source", "day", "reason", name=op.f("delivery_refusal_pkey")),
    )
    op.create_table(
        "disk_offer",
        sa.Column("disk", sa.String(length=32), nullable=False),
        sa.Column("quiz", sa.String(length=64), nullable=False),
        sa.Column("pair", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("disk", "quiz", name=op.f("disk_offer_pkey")),
    )
    op.create_table(
        "erasure",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('visitor', 'order', 'attempt', 'lead')", name="erasure_kind"),
        sa.PrimaryKeyConstraint("digest", "kind", name=op.f("erasure_pkey")),
    )
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.create_index("erasure_at", ["at"], unique=False)

    op.create_table(
        "nightly_run",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("record", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("nightly_run_pkey")),
    )
    with op.batch_alter_table("nightly_run", schema=None) as batch_op:
        batch_op.create_index("nightly_run_started", ["started_at"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject_kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('due', 'sent', 'dead')", name="outbox_state"),
        sa.CheckConstraint("tries >= 0", name="outbox_tries"),
        sa.PrimaryKeyConstraint("id", name=op.f("outbox_pkey")),
        sa.UniqueConstraint("subject_kind", "subject_id", "channel", "topic", name="outbox_once"),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("outbox_due", ["state", "due_at"], unique=False)

    op.create_table(
        "rate_count",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("window", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name="rate_count_count"),
        sa.PrimaryKeyConstraint("kind", "digest", "window", name=op.f("rate_count_pkey")),
    )
    with op.batch_alter_table("rate_count", schema=None) as batch_op:
        batch_op.create_index("rate_count_window", ["window"], unique=False)

    op.create_table(
        "revoked_token",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("revoked_token_pkey")),
    )
    with op.batch_alter_table("revoked_token", schema=None) as batch_op:
        batch_op.create_index("revoked_token_expires", ["expires_at"], unique=False)

    op.create_table(
        "sign_in_try",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("sign_in_try_pkey")),
    )
    with op.batch_alter_table("sign_in_try", schema=None) as batch_op:
        batch_op.create_index("sign_in_try_account", ["account", "at"], unique=False)
        batch_op.create_index("sign_in_try_network", ["network", "at"], unique=False)

    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name = lower(name) AND name <> ''", name="staff_name"),
        sa.CheckConstraint("role IN ('admin', 'analyst', 'merchandiser')", name="staff_role"),
        sa.PrimaryKeyConstraint("id", name=op.f("staff_pkey")),
        sa.UniqueConstraint("name", name=op.f("staff_name_key")),
    )
    op.create_table(
        "used_token",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("used_token_pkey")),
    )
    with op.batch_alter_table("used_token", schema=None) as batch_op:
        batch_op.create_index("used_token_expires", ["expires_at"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("audit_staff_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_pkey")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("audit_at", ["at"], unique=False)

    op.create_table(
        "daily_look",
        sa.Column("quiz", sa.String(length=64), nullable=False),
        sa.Column("experiment", sa.String(length=64), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("metric", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["quiz", "experiment", "simulated"],
            ["experiment.quiz", "experiment.name", "experiment.simulated"],
            name="daily_look_experiment",
        ),
        sa.PrimaryKeyConstraint("quiz", "experiment", "simulated", "metric", "day", name=op.f("daily_look_pkey")),
    )
    op.create_table(
        "note",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("quiz", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("note_staff_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("note_pkey")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index("note_quiz", ["quiz", "day"], unique=False)

    op.create_table(
        "publication",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("quiz", sa.String(length=64), nullable=False),
        sa.Column("quiz_version", sa.String(length=64), nullable=False),
        sa.Column("catalog_version", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.CheckConstraint("state IN ('scheduled', 'live', 'ended', 'withdrawn')", name="publication_state"),
        sa.CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="publication_order"),
        sa.ForeignKeyConstraint(
            ["catalog_version"], ["catalog_version.id"], name=op.f("publication_catalog_version_fkey")
        ),
        sa.ForeignKeyConstraint(["quiz_version"], ["quiz_version.id"], name=op.f("publication_quiz_version_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("publication_pkey")),
    )
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.create_index(
            "publication_live",
            ["quiz"],
            unique=True,
            sqlite_where=sa.text("state = 'live'"),
            postgresql_where=sa.text("state = 'live'"),
        )
        batch_op.create_index("publication_quiz", ["quiz", "starts_at"], unique=False)
        batch_op.create_index("publication_version", ["quiz_version", "starts_at"], unique=False)

    op.create_table(
        "staff_session",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > created_at", name="staff_session_order"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("staff_session_staff_id_fkey")),
        sa.PrimaryKeyConstraint("digest", name=op.f("staff_session_pkey")),
    )
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.create_index("staff_session_expires", ["expires_at"], unique=False)
        batch_op.create_index("staff_session_staff", ["staff_id"], unique=False)

    op.create_table(
        "visitor_event",
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("visitor_id", sa.String(length=32), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(value_minor IS NULL) = (currency IS NULL)", name="visitor_event_value"),
        sa.ForeignKeyConstraint(["visitor_id"], ["visitor.id"], name=op.f("visitor_event_visitor_id_fkey")),
        sa.PrimaryKeyConstraint("source", "event_id", name=op.f("visitor_event_pkey")),
    )
    with op.batch_alter_table("visitor_event", schema=None) as batch_op:
        batch_op.create_index("visitor_event_name", ["name", "at"], unique=False)
        batch_op.create_index("visitor_event_visitor", ["visitor_id", "name", "at"], unique=False)

    op.create_table(
        "lead",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("attempt_id", sa.String(length=32), nullable=True),
        sa.Column("quiz", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address_digest", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purge_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("confirmed_at IS NULL OR submitted_at IS NOT NULL", name="lead_confirmed"),
        sa.CheckConstraint("submitted_at IS NULL OR submitted_at >= at", name="lead_submitted"),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("lead_attempt_id_fkey")),
        sa.ForeignKeyConstraint(["version"], ["quiz_version.id"], name=op.f("lead_version_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("lead_pkey")),
    )
    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.create_index("lead_address", ["address_digest"], unique=False)
        batch_op.create_index("lead_attempt", ["attempt_id"], unique=False)
        batch_op.create_index("lead_purge", ["purge_at"], unique=False)

    op.create_table(
        "lead_consent",
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sentence", sa.String(length=500), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("page", sa.String(length=500), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("lead_consent_lead_id_fkey")),
        sa.PrimaryKeyConstraint("lead_id", "field", "at", name=op.f("lead_consent_pkey")),
    )
    op.create_table(
        "lead_value",
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("lead_value_lead_id_fkey")),
        sa.PrimaryKeyConstraint("lead_id", "field", name=op.f("lead_value_pkey")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("lead_value")
    op.drop_table("lead_consent")
    op.drop_table("lead")
    op.drop_table("visitor_event")
    op.drop_table("staff_session")
    op.drop_table("publication")
    op.drop_table("note")
    op.drop_table("daily_look")
    op.drop_table("audit")
    op.drop_table("used_token")
    op.drop_table("staff")
    op.drop_table("sign_in_try")
    op.drop_table("revoked_token")
    op.drop_table("rate_count")
    op.drop_table("outbox")
    op.drop_table("nightly_run")
    op.drop_table("erasure")
    op.drop_table("disk_offer")
    op.drop_table("delivery_refusal")
    op.drop_table("day_count")
    op.drop_table("catalog_version")
