"""The first schema: captures, articles, documents, relations, stories, runs and their ledger."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column(
            "content_hash", sa.Text(), nullable=False, comment="the public handle: 16 lowercase hex digits"
        ),
        sa.Column(
            "hash_origin",
            sa.Text(),
            nullable=False,
            comment="declared by a seed's name, or computed: the first digits of sha256",
        ),
        sa.Column(
            "text",
            sa.Text(),
            nullable=False,
            comment="the clean text in canonical form, one paragraph a line",
        ),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column(
            "matched_as",
            sa.Text(),
            nullable=False,
            comment="canonical form and fingerprint scheme of its fingerprint",
        ),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("language_origin", sa.Text(), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "relations_checked_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="null until its relations were looked for",
        ),
        sa.CheckConstraint("content_hash ~ '^[0-9a-f]{16}$'", name=op.f("ck_document_content_hash")),
        sa.CheckConstraint("hash_origin in ('declared', 'computed')", name=op.f("ck_document_hash_origin")),
        sa.CheckConstraint("sha256 = sha256(convert_to(text, 'UTF8'))", name=op.f("ck_document_sha256")),
        sa.CheckConstraint("word_count > 0", name=op.f("ck_document_word_count")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("content_hash", name=op.f("uq_document_content_hash")),
        sa.UniqueConstraint("sha256", name=op.f("uq_document_sha256")),
        comment="One cleaned text. Its identity is the SHA-256 of the text; its handle is the content hash.",
    )
    op.create_index(
        "ix_document_unchecked",
        "document",
        ["id"],
        unique=False,
        postgresql_where=sa.text("relations_checked_at is null"),
    )
    op.create_table(
        "recipe",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("residue", sa.Text(), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipe")),
        sa.UniqueConstraint(
            "extractor",
            "residue",
            "canonical",
            "fingerprint",
            name=op.f("uq_recipe_extractor_residue_canonical_fingerprint"),
        ),
        comment="The versions of extractor, residue rules, canonical form and fingerprint scheme that made a row.",
    )
    op.create_table(
        "source",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=True),
        sa.CheckConstraint("key ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("ck_source_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("key", name=op.f("uq_source_key")),
        comment="An outlet.",
    )
    op.create_table(
        "story",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("lead_reason", sa.Text(), nullable=False, comment="why that document leads, in words"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
        sa.UniqueConstraint("lead_id", deferrable=True, initially="DEFERRED", name=op.f("uq_story_lead_id")),
        comment="The documents that are one text in circulation; one of them is its lead.",
    )
    op.create_table(
        "article",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_article_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("address", name=op.f("uq_article_address")),
        comment="One publication at one canonical address (or one seed file that no address is known of).",
    )
    op.create_index(op.f("ix_article_source_id"), "article", ["source_id"], unique=False)
    op.create_table(
        "content_hash",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column(
            "capture_sha256",
            sa.LargeBinary(),
            nullable=True,
            comment="digest of the seed's bytes that declared the hash: with them it may move to another document",
        ),
        sa.CheckConstraint("hash ~ '^[0-9a-f]{16}$'", name=op.f("ck_content_hash_hash")),
        sa.CheckConstraint("origin in ('declared', 'computed')", name=op.f("ck_content_hash_origin")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_content_hash_document_id")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_content_hash")),
        sa.UniqueConstraint("hash", "document_id", name=op.f("uq_content_hash_hash_document_id")),
        comment="Every content hash that was ever shown, with the document it resolves to.",
    )
    op.create_index(op.f("ix_content_hash_document_id"), "content_hash", ["document_id"], unique=False)
    op.create_table(
        "fingerprint",
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_fingerprint_document_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hash", "document_id", name=op.f("pk_fingerprint")),
        comment="The winnowed shingle hashes of the documents.",
    )
    op.create_index(op.f("ix_fingerprint_document_id"), "fingerprint", ["document_id"], unique=False)
    op.create_table(
        "relation",
        sa.Column("shorter_id", sa.BigInteger(), nullable=False),
        sa.Column("longer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="how the longer one stands to the shorter: contains it, ...",
        ),
        sa.Column(
            "jaccard", sa.Double(), nullable=False, comment="distinct shingles of both over those of either"
        ),
        sa.Column(
            "containment",
            sa.Double(),
            nullable=False,
            comment="share of the shorter one's shingles in the longer one",
        ),
        sa.Column(
            "containment_longer",
            sa.Double(),
            nullable=False,
            comment="share of the longer one's in the shorter one",
        ),
        sa.Column(
            "longest_run", sa.Integer(), nullable=False, comment="words in the longest passage that both have"
        ),
        sa.Column(
            "unquoted",
            sa.Double(),
            nullable=False,
            comment="share of the shorter one's words outside quotation marks that lie in shared runs of 8 words",
        ),
        sa.Column(
            "shared_shingles", sa.Integer(), nullable=False, comment="distinct 5-word shingles that both have"
        ),
        sa.CheckConstraint(
            "kind in ('identical', 'near', 'contains', 'quotes')", name=op.f("ck_relation_kind")
        ),
        sa.CheckConstraint(
            "jaccard between 0 and 1 and containment between 0 and 1 and containment_longer between 0 and 1 and unquoted between 0 and 1",
            name=op.f("ck_relation_shares"),
        ),
        sa.CheckConstraint("shorter_id <> longer_id", name=op.f("ck_relation_distinct")),
        sa.ForeignKeyConstraint(
            ["longer_id"], ["document.id"], name=op.f("fk_relation_longer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["shorter_id"], ["document.id"], name=op.f("fk_relation_shorter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shorter_id", "longer_id", name=op.f("pk_relation")),
        comment="How two documents are related, with the evidence. The shorter one has no more words than the other.",
    )
    op.create_index(op.f("ix_relation_longer_id"), "relation", ["longer_id"], unique=False)
    op.create_table(
        "run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "kind", sa.Text(), nullable=False, comment="what started it: seeds, crawl, ingest or reprocess"
        ),
        sa.Column(
            "status",
            sa.Text(),
            server_default="running",
            nullable=False,
            comment="interrupted: its process ended before it could say how",
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recipe_id", sa.BigInteger(), nullable=False),
        sa.Column("arguments", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.CheckConstraint("(status = 'running') = (finished_at is null)", name=op.f("ck_run_finished")),
        sa.CheckConstraint("kind in ('seeds', 'crawl', 'ingest', 'reprocess')", name=op.f("ck_run_kind")),
        sa.CheckConstraint(
            "status in ('running', 'finished', 'failed', 'interrupted')", name=op.f("ck_run_status")
        ),
        sa.ForeignKeyConstraint(["recipe_id"], ["recipe.id"], name=op.f("fk_run_recipe_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        comment="One crawl, import or reprocess.",
    )
    op.create_index(op.f("ix_run_recipe_id"), "run", ["recipe_id"], unique=False)
    op.create_table(
        "source_host",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_source_host_source_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_source_host")),
        comment="A host name that belongs to an outlet; no host belongs to two.",
    )
    op.create_index(op.f("ix_source_host_source_id"), "source_host", ["source_id"], unique=False)
    op.create_table(
        "story_document",
        sa.Column("story_id", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "role",
            sa.Text(),
            nullable=False,
            comment="digest: it contains this story and others; its own story is elsewhere",
        ),
        sa.CheckConstraint("role in ('lead', 'copy', 'digest')", name=op.f("ck_story_document_role")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_story_document_document_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["story.id"], name=op.f("fk_story_document_story_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("story_id", "document_id", name=op.f("pk_story_document")),
        comment="A document's place in a story. A digest appears in several stories; everything else is in one.",
    )
    op.create_index("ix_story_document_document_id", "story_document", ["document_id"], unique=False)
    op.create_index(
        "uq_story_document_home",
        "story_document",
        ["document_id"],
        unique=True,
        postgresql_where=sa.text("role <> 'digest'"),
    )
    op.create_table(
        "capture",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("address", sa.Text(), nullable=False, comment="where the bytes came from"),
        sa.Column("sha256", sa.LargeBinary(), nullable=False, comment="digest of the bytes"),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column(
            "facts",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
            comment="what was declared of it: content hash, title, date, time zone, source",
        ),
        sa.Column("source_id", sa.BigInteger(), nullable=True),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "version_id",
            sa.BigInteger(),
            nullable=True,
            comment="the version it led to, or confirmed; null where nothing came of it",
        ),
        sa.Column("recipe_id", sa.BigInteger(), nullable=True, comment="the recipe it was last prepared by"),
        sa.Column(
            "archive_file",
            sa.Text(),
            nullable=False,
            comment="a file of the archive folder; `.open` follows while it is written to",
        ),
        sa.Column("archive_offset", sa.BigInteger(), nullable=False),
        sa.Column("archive_length", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "byte_count >= 0 and archive_offset >= 0 and archive_length > 0", name=op.f("ck_capture_sizes")
        ),
        sa.CheckConstraint("octet_length(sha256) = 32", name=op.f("ck_capture_sha256")),
        sa.ForeignKeyConstraint(["recipe_id"], ["recipe.id"], name=op.f("fk_capture_recipe_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_capture_run_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_capture_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture")),
        sa.UniqueConstraint("address", "sha256", name=op.f("uq_capture_address_sha256")),
        comment="Bytes as they were fetched or imported; the bytes are in the archive file, from `archive_offset`.",
    )
    op.create_index(op.f("ix_capture_recipe_id"), "capture", ["recipe_id"], unique=False)
    op.create_index(op.f("ix_capture_run_id"), "capture", ["run_id"], unique=False)
    op.create_index(op.f("ix_capture_source_id"), "capture", ["source_id"], unique=False)
    op.create_index(op.f("ix_capture_version_id"), "capture", ["version_id"], unique=False)
    op.create_table(
        "version",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="counts the article's versions from 1"),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("capture_id", sa.BigInteger(), nullable=False),
        sa.Column("recipe_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when its text was first captured at the address",
        ),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column(
            "title_origin",
            sa.Text(),
            nullable=True,
            comment="where it was stated: declared, headline, json-ld, ...",
        ),
        sa.Column("published_on", sa.Date(), nullable=True, comment="the day at the place of publication"),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the instant, where time and zone are known",
        ),
        sa.Column(
            "published_origin",
            sa.Text(),
            nullable=True,
            comment="where it was stated: declared, json-ld, banner, dateline, ...",
        ),
        sa.CheckConstraint(
            "(published_on is null) = (published_origin is null)", name=op.f("ck_version_published")
        ),
        sa.CheckConstraint("(title is null) = (title_origin is null)", name=op.f("ck_version_title")),
        sa.CheckConstraint("number > 0", name=op.f("ck_version_number")),
        sa.CheckConstraint(
            "published_at is null or published_on is not null", name=op.f("ck_version_published_at")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_version_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_version_capture_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_version_document_id")),
        sa.ForeignKeyConstraint(["recipe_id"], ["recipe.id"], name=op.f("fk_version_recipe_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
        sa.UniqueConstraint("article_id", "number", name=op.f("uq_version_article_id_number")),
        comment="An article's document as of a time; a new one only when the cleaned text changed.",
    )
    op.create_index(op.f("ix_version_capture_id"), "version", ["capture_id"], unique=False)
    op.create_index(op.f("ix_version_document_id"), "version", ["document_id"], unique=False)
    op.create_index(op.f("ix_version_recipe_id"), "version", ["recipe_id"], unique=False)
    op.create_table(
        "credit",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["version.id"], name=op.f("fk_credit_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", "name", "origin", name=op.f("pk_credit")),
        comment="Whom a version credits with its words, and which line said so.",
    )
    op.create_table(
        "ledger",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=True,
            comment="a word for counting, where nothing came of the address",
        ),
        sa.Column("message", sa.Text(), nullable=True, comment="a sentence for people"),
        sa.Column("capture_id", sa.BigInteger(), nullable=True),
        sa.Column("version_id", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(outcome in ('rejected', 'failed', 'refused', 'skipped')) = (reason is not null)",
            name=op.f("ck_ledger_reason"),
        ),
        sa.CheckConstraint(
            "outcome in ('new', 'new version', 'updated', 'unchanged', 'rejected', 'failed', 'refused', 'skipped')",
            name=op.f("ck_ledger_outcome"),
        ),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_ledger_capture_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_ledger_run_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_ledger_version_id")),
        sa.PrimaryKeyConstraint("run_id", "address", name=op.f("pk_ledger")),
        comment="What became of one address in one run; each address of a run is accounted for exactly once.",
    )
    op.create_index(op.f("ix_ledger_capture_id"), "ledger", ["capture_id"], unique=False)
    op.create_index(op.f("ix_ledger_version_id"), "ledger", ["version_id"], unique=False)
    op.create_table(
        "removed_line",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False, comment="counts the extractor's lines from 1"),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["version.id"], name=op.f("fk_removed_line_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", "line", "rule", name=op.f("pk_removed_line")),
        comment="A line of residue, with the rule that removed it.",
    )
    op.create_index(op.f("ix_removed_line_rule"), "removed_line", ["rule"], unique=False)
    op.create_table(
        "stated_date",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="what it dates; `page`: only the day the page was looked at",
        ),
        sa.Column("origin", sa.Text(), nullable=False, comment="where it was stated"),
        sa.Column("raw", sa.Text(), nullable=False, comment="the text that was read"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("time_of_day", sa.Time(), nullable=True, comment="local time, where one was stated"),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the instant, where time and zone are known",
        ),
        sa.Column(
            "zone",
            sa.Text(),
            nullable=True,
            comment="as stated, else the source's; null where neither is known",
        ),
        sa.CheckConstraint("kind in ('published', 'modified', 'page')", name=op.f("ck_stated_date_kind")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["version.id"], name=op.f("fk_stated_date_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", "position", name=op.f("pk_stated_date")),
        comment="A date that a version states, as exactly as it states it.",
    )
    # These point at tables that point back, so they come last.
    op.create_foreign_key(
        op.f("fk_capture_version_id"),
        "capture",
        "version",
        ["version_id"],
        ["id"],
    )
    op.create_foreign_key(
        op.f("fk_document_content_hash_id"),
        "document",
        "content_hash",
        ["content_hash", "id"],
        ["hash", "document_id"],
        initially="DEFERRED",
        deferrable=True,
    )
    op.create_foreign_key(
        op.f("fk_story_id_lead_id"),
        "story",
        "story_document",
        ["id", "lead_id"],
        ["story_id", "document_id"],
        initially="DEFERRED",
        deferrable=True,
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_story_id_lead_id"), "story", type_="foreignkey")
    op.drop_constraint(op.f("fk_capture_version_id"), "capture", type_="foreignkey")
    op.drop_constraint(op.f("fk_document_content_hash_id"), "document", type_="foreignkey")
    op.drop_table("stated_date")
    op.drop_index(op.f("ix_removed_line_rule"), table_name="removed_line")
    op.drop_table("removed_line")
    op.drop_index(op.f("ix_ledger_version_id"), table_name="ledger")
    op.drop_index(op.f("ix_ledger_capture_id"), table_name="ledger")
    op.drop_table("ledger")
    op.drop_table("credit")
    op.drop_index(op.f("ix_version_recipe_id"), table_name="version")
    op.drop_index(op.f("ix_version_document_id"), table_name="version")
    op.drop_index(op.f("ix_version_capture_id"), table_name="version")
    op.drop_table("version")
    op.drop_index(op.f("ix_capture_version_id"), table_name="capture")
    op.drop_index(op.f("ix_capture_source_id"), table_name="capture")
    op.drop_index(op.f("ix_capture_run_id"), table_name="capture")
    op.drop_index(op.f("ix_capture_recipe_id"), table_name="capture")
    op.drop_table("capture")
    op.drop_index(
        "uq_story_document_home", table_name="story_document", postgresql_where=sa.text("role <> 'digest'")
    )
    op.drop_index("ix_story_document_document_id", table_name="story_document")
    op.drop_table("story_document")
    op.drop_index(op.f("ix_source_host_source_id"), table_name="source_host")
    op.drop_table("source_host")
    op.drop_index(op.f("ix_run_recipe_id"), table_name="run")
    op.drop_table("run")
    op.drop_index(op.f("ix_relation_longer_id"), table_name="relation")
    op.drop_table("relation")
    op.drop_index(op.f("ix_fingerprint_document_id"), table_name="fingerprint")
    op.drop_table("fingerprint")
    op.drop_index(op.f("ix_content_hash_document_id"), table_name="content_hash")
    op.drop_table("content_hash")
    op.drop_index(op.f("ix_article_source_id"), table_name="article")
    op.drop_table("article")
    op.drop_table("story")
    op.drop_table("source")
    op.drop_table("recipe")
    op.drop_index(
        "ix_document_unchecked",
        table_name="document",
        postgresql_where=sa.text("relations_checked_at is null"),
    )
    op.drop_table("document")
