"""The crawl's tables: the frontier, hosts, how sources' crawls went; and two more outcomes in the ledger."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_OUTCOMES = ("new", "new version", "updated", "unchanged", "rejected", "failed", "refused", "skipped")
_REASONED = ("rejected", "failed", "refused", "skipped")


def upgrade() -> None:
    op.create_table(
        "host",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "turn_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the last turn to ask it that was given out",
        ),
        sa.Column(
            "held_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="no turn before, as it asked for",
        ),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_reason", sa.Text(), nullable=True, comment="a sentence"),
        sa.Column(
            "blocks",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="blocks in a row; each lasts longer",
        ),
        sa.CheckConstraint(
            "(blocked_until is null) = (blocked_reason is null)", name=op.f("ck_host_blocked")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_host")),
        comment="A host that is crawled: when it may be asked again, by any process, and whether it turned us away.",
    )
    op.create_table(
        "source_visit",
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("ways", sa.Text(), nullable=False, comment="how it is discovered"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "succeeded_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the last crawl in which a way of discovering it, or one of its pages, was answered well",
        ),
        sa.Column(
            "failure",
            sa.Text(),
            nullable=True,
            comment="a sentence: why its last crawl failed; null: it did not",
        ),
        sa.CheckConstraint("ways <> ''", name=op.f("ck_source_visit_ways")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_source_visit_source_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event", "source_id", name=op.f("pk_source_visit")),
        comment="How the crawls of a source went, for one event.",
    )
    op.create_index(op.f("ix_source_visit_source_id"), "source_visit", ["source_id"], unique=False)
    op.create_table(
        "frontier",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "event", sa.Text(), nullable=False, comment="the key of the event whose crawl it belongs to"
        ),
        sa.Column("address", sa.Text(), nullable=False, comment="in canonical form"),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False, comment="the host that would be asked"),
        sa.Column("is_article", sa.Boolean(), nullable=False, comment="whether it may be an article"),
        sa.Column(
            "reading",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
            comment="how to read it for further addresses; null: it is not read so",
        ),
        sa.Column(
            "is_wanted",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="asked for by name: kept whatever its date and topic",
        ),
        sa.Column(
            "listed",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
            comment="what the page that led to it said of it",
        ),
        sa.Column(
            "fetch_address",
            sa.Text(),
            nullable=True,
            comment="where its bytes are, when not there: an archive's copy",
        ),
        sa.Column(
            "copied_at", sa.DateTime(timezone=True), nullable=True, comment="when the archive took that copy"
        ),
        sa.Column(
            "fallback",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
            comment="an archive's copy, for when the address itself fails",
        ),
        sa.Column(
            "state",
            sa.Text(),
            server_default="waiting",
            nullable=False,
            comment="twin: another address of same_as_id",
        ),
        sa.Column(
            "due_at", sa.DateTime(timezone=True), nullable=True, comment="when to visit it; null: never again"
        ),
        sa.Column(
            "run_id", sa.BigInteger(), nullable=True, comment="the run that has taken it up and is at it"
        ),
        sa.Column("same_as_id", sa.BigInteger(), nullable=True),
        sa.Column("capture_id", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False, comment="failures in a row"),
        sa.Column(
            "pause", sa.Integer(), nullable=True, comment="seconds between its visits, as learned so far"
        ),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True, comment="the last HTTP status"),
        sa.Column("reason", sa.Text(), nullable=True, comment="a word for counting"),
        sa.Column("message", sa.Text(), nullable=True, comment="a sentence for people"),
        sa.Column("score", sa.Double(), nullable=True, comment="how much it is on the topic, from 0 to 1"),
        sa.Column(
            "judged_by",
            sa.Text(),
            nullable=True,
            comment="digest of the event's criteria that it was judged by; others may take it back",
        ),
        sa.Column("found_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "visited_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the last visit that was answered",
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the last visit that brought something new",
        ),
        sa.CheckConstraint("(state = 'twin') = (same_as_id is not null)", name=op.f("ck_frontier_twin")),
        sa.CheckConstraint(
            "(state in ('rejected', 'failed', 'gone', 'skipped')) <= (reason is not null)",
            name=op.f("ck_frontier_reason"),
        ),
        sa.CheckConstraint(
            "state in ('waiting', 'kept', 'read', 'rejected', 'failed', 'gone', 'skipped', 'twin')",
            name=op.f("ck_frontier_state"),
        ),
        sa.CheckConstraint("is_article or reading is not null", name=op.f("ck_frontier_use")),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_frontier_capture_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_frontier_run_id")),
        sa.ForeignKeyConstraint(["same_as_id"], ["frontier.id"], name=op.f("fk_frontier_same_as_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_frontier_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frontier")),
        sa.UniqueConstraint("event", "address", name=op.f("uq_frontier_event_address")),
        comment="An address that a crawl knows, what became of it, and when it is to be visited (again).",
    )
    op.create_index(op.f("ix_frontier_capture_id"), "frontier", ["capture_id"], unique=False)
    op.create_index(
        "ix_frontier_due",
        "frontier",
        ["event", "source_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("due_at is not null"),
    )
    op.create_index(op.f("ix_frontier_same_as_id"), "frontier", ["same_as_id"], unique=False)
    op.create_index(op.f("ix_frontier_source_id"), "frontier", ["source_id"], unique=False)
    op.create_index("ix_frontier_state", "frontier", ["event", "state"], unique=False)
    op.create_index(op.f("ix_frontier_run_id"), "frontier", ["run_id"], unique=False)
    op.add_column("ledger", sa.Column("source_id", sa.BigInteger(), nullable=True))
    op.alter_column(
        "ledger",
        "outcome",
        existing_type=sa.TEXT(),
        comment="read: a page that leads to others; left: not come to in this run, for the next one",
        existing_nullable=False,
    )
    op.create_index(op.f("ix_ledger_source_id"), "ledger", ["source_id"], unique=False)
    op.create_foreign_key(op.f("fk_ledger_source_id"), "ledger", "source", ["source_id"], ["id"])
    _set_outcomes((*_OUTCOMES, "read", "left"), (*_REASONED, "left"))


def downgrade() -> None:
    # The older ledger has no words for these; what they say is said by the frontier, which goes too.
    op.execute("delete from ledger where outcome in ('read', 'left')")
    _set_outcomes(_OUTCOMES, _REASONED)
    op.drop_constraint(op.f("fk_ledger_source_id"), "ledger", type_="foreignkey")
    op.drop_index(op.f("ix_ledger_source_id"), table_name="ledger")
    op.alter_column(
        "ledger",
        "outcome",
        existing_type=sa.TEXT(),
        comment=None,
        existing_comment="read: a page that leads to others; left: not come to in this run, for the next one",
        existing_nullable=False,
    )
    op.drop_column("ledger", "source_id")
    op.drop_index(op.f("ix_frontier_run_id"), table_name="frontier")
    op.drop_index("ix_frontier_state", table_name="frontier")
    op.drop_index(op.f("ix_frontier_source_id"), table_name="frontier")
    op.drop_index(op.f("ix_frontier_same_as_id"), table_name="frontier")
    op.drop_index("ix_frontier_due", table_name="frontier", postgresql_where=sa.text("due_at is not null"))
    op.drop_index(op.f("ix_frontier_capture_id"), table_name="frontier")
    op.drop_table("frontier")
    op.drop_index(op.f("ix_source_visit_source_id"), table_name="source_visit")
    op.drop_table("source_visit")
    op.drop_table("host")


def _set_outcomes(outcomes: tuple[str, ...], reasoned: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_ledger_outcome"), "ledger", type_="check")
    op.drop_constraint(op.f("ck_ledger_reason"), "ledger", type_="check")
    op.create_check_constraint(op.f("ck_ledger_outcome"), "ledger", f"outcome in ({_listed(outcomes)})")
    op.create_check_constraint(
        op.f("ck_ledger_reason"), "ledger", f"(outcome in ({_listed(reasoned)})) = (reason is not null)"
    )


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
