"""Story ids that lead elsewhere, rulings, learned passages; revisions in stories; credits with their evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STORY_DOCUMENT = "A document's place in a story. A text in circulation has one of its own; a digest appears in others besides."
_STORY_DOCUMENT_BEFORE = (
    "A document's place in a story. A digest appears in several stories; everything else is in one."
)
_ROLE = "digest: it contains this story and others; revision: its article prints another text now"
_ROLE_BEFORE = "digest: it contains this story and others; its own story is elsewhere"
_CREDIT = "Whom a version credits with its words or cites, and what says so."
_CREDIT_BEFORE = "Whom a version credits with its words, and which line said so."
_ORIGIN = "the rule whose line it was, else what in page or text says it"


def upgrade() -> None:
    op.create_table(
        "story_forward",
        sa.Column("old_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("story_id", sa.BigInteger(), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("kept_lead_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "forwarded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["document.id"], name=op.f("fk_story_forward_lead_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["kept_lead_id"], ["document.id"], name=op.f("fk_story_forward_kept_lead_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["story.id"], name=op.f("fk_story_forward_story_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("old_id", name=op.f("pk_story_forward")),
        comment="The id of a story that another one took in, with the story it leads to.",
    )
    op.create_index(op.f("ix_story_forward_lead_id"), "story_forward", ["lead_id"], unique=False)
    op.create_index(op.f("ix_story_forward_kept_lead_id"), "story_forward", ["kept_lead_id"], unique=False)
    op.create_index(op.f("ix_story_forward_story_id"), "story_forward", ["story_id"], unique=False)
    op.create_table(
        "ruling",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="merge: they are one story; split: they are not; undo: another ruling is taken back",
        ),
        sa.Column("one_id", sa.BigInteger(), nullable=True),
        sa.Column("other_id", sa.BigInteger(), nullable=True),
        sa.Column("undoes_id", sa.BigInteger(), nullable=True),
        sa.Column("ruled_by", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("ruled_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind in ('merge', 'split', 'undo')", name=op.f("ck_ruling_kind")),
        sa.CheckConstraint(
            "(kind = 'undo') = (undoes_id is not null) and (kind = 'undo') = (one_id is null)"
            " and (one_id is null) = (other_id is null)",
            name=op.f("ck_ruling_subject"),
        ),
        sa.CheckConstraint("one_id <> other_id", name=op.f("ck_ruling_distinct")),
        sa.CheckConstraint("because <> '' and ruled_by <> ''", name=op.f("ck_ruling_reasons")),
        sa.ForeignKeyConstraint(["one_id"], ["document.id"], name=op.f("fk_ruling_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["document.id"], name=op.f("fk_ruling_other_id")),
        sa.ForeignKeyConstraint(["undoes_id"], ["ruling.id"], name=op.f("fk_ruling_undoes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_ruling_undoes_id")),
        comment="What an analyst ruled of two documents, or took back; rows are added and never changed.",
    )
    op.create_index(op.f("ix_ruling_one_id"), "ruling", ["one_id"], unique=False)
    op.create_index(op.f("ix_ruling_other_id"), "ruling", ["other_id"], unique=False)
    op.create_table(
        "passage",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "words", sa.Text(), nullable=False, comment="the passage as it stands in one of the documents"
        ),
        sa.Column(
            "hashes", sa.ARRAY(sa.BigInteger()), nullable=False, comment="the fingerprint hashes it has"
        ),
        sa.Column(
            "stories", sa.Integer(), nullable=False, comment="distinct stories of the source that have it"
        ),
        sa.Column("documents", sa.Integer(), nullable=False, comment="documents of the source that have it"),
        sa.Column("learned_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "forgotten_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it was taken back by hand: it counts again, and is not learned again",
        ),
        sa.CheckConstraint("cardinality(hashes) > 0", name=op.f("ck_passage_hashes")),
        sa.CheckConstraint("stories > 0 and documents >= stories", name=op.f("ck_passage_evidence")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_passage_source_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage")),
        comment="A passage that recurs across distinct stories of one source, and counts for nothing in matching.",
    )
    op.create_index(op.f("ix_passage_source_id"), "passage", ["source_id"], unique=False)
    _roles("'lead', 'copy', 'digest', 'revision'", "role in ('lead', 'copy')", _STORY_DOCUMENT, _ROLE)
    op.add_column(
        "credit",
        sa.Column(
            "kind",
            sa.Text(),
            server_default="source",
            nullable=False,
            comment="source: the words are theirs; cited: they are referred to in prose",
        ),
    )
    op.add_column(
        "credit",
        sa.Column(
            "place",
            sa.Text(),
            server_default="line",
            nullable=False,
            comment="line: one that was removed from the text",
        ),
    )
    op.add_column("credit", sa.Column("evidence", sa.Text(), nullable=True, comment="the text that says so"))
    op.create_check_constraint(op.f("ck_credit_kind"), "credit", "kind in ('source', 'cited')")
    op.create_check_constraint(
        op.f("ck_credit_place"),
        "credit",
        "place in ('dateline', 'tail', 'byline', 'prose', 'markup', 'line')",
    )
    op.create_table_comment("credit", _CREDIT, existing_comment=_CREDIT_BEFORE)
    op.alter_column("credit", "origin", comment=_ORIGIN, existing_type=sa.Text(), existing_nullable=False)
    op.execute(
        "update credit set place = case when origin = 'dateline' then 'dateline' when origin = 'byline' then 'byline'"
        " when origin in ('json-ld', 'meta', 'rel-author') then 'markup' else 'line' end"
    )
    # What its articles no longer print has a copy's place in a story; the next look gives it a revision's.
    op.execute("""
        update document set relations_checked_at = null
        where exists (select from version where document_id = document.id)
          and not exists (
              select from version where document_id = document.id and not exists (
                  select from version as newer
                  where newer.article_id = version.article_id and newer.number > version.number
              )
          )
    """)


def downgrade() -> None:
    op.alter_column(
        "credit",
        "origin",
        comment=None,
        existing_comment=_ORIGIN,
        existing_type=sa.Text(),
        existing_nullable=False,
    )
    op.create_table_comment("credit", _CREDIT_BEFORE, existing_comment=_CREDIT)
    op.drop_column("credit", "evidence")
    op.drop_column("credit", "place")
    op.drop_column("credit", "kind")
    # Their stories are folded anew when their documents are next looked at.
    op.execute("delete from story_document where role = 'revision'")
    _roles("'lead', 'copy', 'digest'", "role <> 'digest'", _STORY_DOCUMENT_BEFORE, _ROLE_BEFORE)
    op.drop_table("passage")
    op.drop_table("ruling")
    op.drop_table("story_forward")


def _roles(roles: str, home: str, table_comment: str, role_comment: str) -> None:
    op.drop_constraint(op.f("ck_story_document_role"), "story_document", type_="check")
    op.create_check_constraint(op.f("ck_story_document_role"), "story_document", f"role in ({roles})")
    op.drop_index("uq_story_document_home", table_name="story_document")
    op.create_index(
        "uq_story_document_home",
        "story_document",
        ["document_id"],
        unique=True,
        postgresql_where=sa.text(home),
    )
    op.create_table_comment("story_document", table_comment)
    op.alter_column(
        "story_document",
        "role",
        comment=role_comment,
        existing_type=sa.Text(),
        existing_nullable=False,
    )
