"""What each recipe made of each capture, what a re-processing changed, and versions that no longer hold."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# What the captures' own rows say is the first record of each.
_FIRST = """
    insert into extraction (capture_id, recipe_id, run_id, document_id, made_at)
    select capture.id, capture.recipe_id, capture.run_id, version.document_id, run.started_at
    from capture join version on version.id = capture.version_id join run on run.id = capture.run_id
    where capture.recipe_id is not null
"""

_TURNED_DOWN = """
    update capture set turned_down = frontier.reason from frontier
    where frontier.capture_id = capture.id and frontier.state = 'rejected' and frontier.judged_by is not null
      and capture.version_id is null
"""


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("capture_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="text: another text; facts: the same text with other facts or removed lines; appeared: a text where there was none; vanished: none where there was one",
        ),
        sa.Column("article_id", sa.BigInteger(), nullable=True),
        sa.Column("before_id", sa.BigInteger(), nullable=True, comment="the document before"),
        sa.Column("after_id", sa.BigInteger(), nullable=True, comment="the document afterwards"),
        sa.Column(
            "story_before",
            sa.BigInteger(),
            nullable=True,
            comment="the number of the story that the text before was in",
        ),
        sa.Column(
            "facts",
            sa.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="which other facts changed: title, published, credits, ...",
        ),
        sa.Column(
            "lines",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
            comment="lines that were removed now (`removed`) or are no more (`restored`), with their rules, and lines that the extractor found only now (`found`) or no more (`lost`)",
        ),
        sa.CheckConstraint("kind in ('text', 'facts', 'appeared', 'vanished')", name=op.f("ck_change_kind")),
        sa.ForeignKeyConstraint(["after_id"], ["document.id"], name=op.f("fk_change_after_id")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_change_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["before_id"], ["document.id"], name=op.f("fk_change_before_id")),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_change_capture_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_change_run_id")),
        sa.PrimaryKeyConstraint("run_id", "capture_id", name=op.f("pk_change")),
        comment="What a re-processing changed of one capture's article; what stayed as it was has no row.",
    )
    op.create_index(op.f("ix_change_after_id"), "change", ["after_id"], unique=False)
    op.create_index(op.f("ix_change_article_id"), "change", ["article_id"], unique=False)
    op.create_index(op.f("ix_change_before_id"), "change", ["before_id"], unique=False)
    op.create_index(op.f("ix_change_capture_id"), "change", ["capture_id"], unique=False)
    op.create_table(
        "extraction",
        sa.Column("capture_id", sa.BigInteger(), nullable=False),
        sa.Column("recipe_id", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=True, comment="null where it gave no text"),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it gave no text, in a word"),
        sa.Column("message", sa.Text(), nullable=True, comment="and in a sentence"),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_extraction_capture_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_extraction_document_id")),
        sa.ForeignKeyConstraint(["recipe_id"], ["recipe.id"], name=op.f("fk_extraction_recipe_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_extraction_run_id")),
        sa.PrimaryKeyConstraint("capture_id", "recipe_id", name=op.f("pk_extraction")),
        comment="What one recipe made of one capture: a document, or the reason why there is none.",
    )
    op.create_index(op.f("ix_extraction_document_id"), "extraction", ["document_id"], unique=False)
    op.create_index(op.f("ix_extraction_recipe_id"), "extraction", ["recipe_id"], unique=False)
    op.create_index(op.f("ix_extraction_run_id"), "extraction", ["run_id"], unique=False)
    op.add_column(
        "version",
        sa.Column(
            "superseded_run_id",
            sa.BigInteger(),
            nullable=True,
            comment="the re-processing since which its captures give another text, or none; null while it holds",
        ),
    )
    op.create_index(op.f("ix_version_superseded_run_id"), "version", ["superseded_run_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_version_superseded_run_id"), "version", "run", ["superseded_run_id"], ["id"]
    )
    op.add_column(
        "run",
        sa.Column(
            "settled_to",
            sa.BigInteger(),
            nullable=True,
            comment="the newest document whose relations were made independent of the order of arrival at its end",
        ),
    )
    op.add_column(
        "capture",
        sa.Column(
            "turned_down",
            sa.Text(),
            nullable=True,
            comment="why its text is not wanted, in a word; it is prepared again only by those who judge it again",
        ),
    )
    op.execute(_FIRST)
    op.execute(_TURNED_DOWN)


def downgrade() -> None:
    op.drop_column("capture", "turned_down")
    op.drop_column("run", "settled_to")
    op.drop_constraint(op.f("fk_version_superseded_run_id"), "version", type_="foreignkey")
    op.drop_index(op.f("ix_version_superseded_run_id"), table_name="version")
    op.drop_column("version", "superseded_run_id")
    op.drop_index(op.f("ix_extraction_run_id"), table_name="extraction")
    op.drop_index(op.f("ix_extraction_recipe_id"), table_name="extraction")
    op.drop_index(op.f("ix_extraction_document_id"), table_name="extraction")
    op.drop_table("extraction")
    op.drop_index(op.f("ix_change_capture_id"), table_name="change")
    op.drop_index(op.f("ix_change_before_id"), table_name="change")
    op.drop_index(op.f("ix_change_article_id"), table_name="change")
    op.drop_index(op.f("ix_change_after_id"), table_name="change")
    op.drop_table("change")
