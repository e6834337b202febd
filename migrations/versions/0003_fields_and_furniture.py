"""The fields of a version with their origins, dates with their precision, removed lines with their evidence, furniture."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_CHECKS = (
    (
        "version",
        "published_reason",
        "published_on is not null or (published_is_guess is null and published_reason is null)",
    ),
    ("version", "modified", "(modified_on is null) = (modified_origin is null)"),
    ("version", "modified_at", "modified_at is null or modified_on is not null"),
    ("version", "standfirst", "(standfirst is null) = (standfirst_origin is null)"),
    ("version", "section", "(section is null) = (section_origin is null)"),
    ("version", "publisher", "(publisher is null) = (publisher_origin is null)"),
    (
        "version",
        "picture",
        "(picture is null) = (picture_origin is null) and (picture_caption is null or picture is not null)",
    ),
    ("version", "declared_language", "(declared_language is null) = (declared_language_origin is null)"),
    ("stated_date", "precision", "precision in ('day', 'minute', 'zone')"),
    ("removed_line", "position", "position in ('head', 'body', 'tail')"),
    ("removed_line", "rule_class", "rule_class in ('safe', 'judged', 'optional', 'learned')"),
    ("removed_line", "confidence", "confidence between 0 and 1"),
)


def upgrade() -> None:
    op.create_table(
        "furniture",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column(
            "region",
            sa.Text(),
            nullable=False,
            comment="head: above the first paragraph; tail: below the last; anywhere",
        ),
        sa.Column(
            "lines",
            sa.ARRAY(sa.Text()),
            nullable=False,
            comment="folded: without case, every number alike; in order",
        ),
        sa.Column("sample", sa.Text(), nullable=False, comment="the lines as they last stood on a page"),
        sa.Column(
            "path",
            sa.Text(),
            nullable=True,
            comment="the way to the first line in the page, where it was always the same; else null",
        ),
        sa.Column(
            "stories", sa.Integer(), nullable=False, comment="distinct stories of the host that have it"
        ),
        sa.Column(
            "documents", sa.Integer(), nullable=False, comment="distinct documents of the host that have it"
        ),
        sa.Column(
            "pages", sa.Integer(), nullable=False, comment="distinct stories of the host that were looked at"
        ),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when the first page that has it was captured",
        ),
        sa.Column("learned_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "forgotten_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it was taken back by hand: it is not used, and not learned again",
        ),
        sa.CheckConstraint("region in ('head', 'tail', 'anywhere')", name=op.f("ck_furniture_region")),
        sa.CheckConstraint("cardinality(lines) between 1 and 4", name=op.f("ck_furniture_lines")),
        sa.CheckConstraint(
            "stories > 0 and documents >= stories and pages >= stories", name=op.f("ck_furniture_evidence")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_furniture")),
        sa.UniqueConstraint("host", "region", "lines", name=op.f("uq_furniture_host_region_lines")),
        comment="A line, or a run of up to four, that recurs on a host across distinct stories, with the evidence.",
    )
    op.create_table(
        "author",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="organization: a newsroom, an agency"),
        sa.Column("origin", sa.Text(), nullable=False, comment="where it was stated"),
        sa.CheckConstraint("kind in ('person', 'organization')", name=op.f("ck_author_kind")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["version.id"], name=op.f("fk_author_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", "position", name=op.f("pk_author")),
        comment="Who wrote a version's text, as it states it.",
    )
    op.create_index(op.f("ix_author_name"), "author", ["name"], unique=False)
    op.create_table(
        "version_flag",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False, comment="where it was stated"),
        sa.CheckConstraint("name in ('paywall', 'live-blog')", name=op.f("ck_version_flag_name")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["version.id"], name=op.f("fk_version_flag_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", "name", name=op.f("pk_version_flag")),
        comment="What a version says of its kind: behind a paywall, a live blog.",
    )
    op.add_column(
        "removed_line",
        sa.Column(
            "position",
            sa.Text(),
            server_default="body",
            nullable=False,
            comment="head: above the first paragraph that was kept; tail: below the last",
        ),
    )
    op.add_column("removed_line", sa.Column("rule_class", sa.Text(), server_default="safe", nullable=False))
    op.add_column(
        "removed_line",
        sa.Column(
            "confidence",
            sa.Double(),
            server_default="1",
            nullable=False,
            comment="from 0 to 1, by the evidence; no measured probability",
        ),
    )
    op.add_column(
        "stated_date",
        sa.Column(
            "precision",
            sa.Text(),
            server_default="day",
            nullable=False,
            comment="day; minute, on a clock of unknown zone; zone: the minute, as an instant",
        ),
    )
    op.add_column(
        "stated_date",
        sa.Column(
            "is_guess",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="the place does not say that it is the article's date",
        ),
    )
    op.add_column(
        "version",
        sa.Column(
            "published_is_guess",
            sa.Boolean(),
            nullable=True,
            comment="the place does not say that it is the date",
        ),
    )
    op.add_column(
        "version",
        sa.Column("published_reason", sa.Text(), nullable=True, comment="why that date was chosen, in words"),
    )
    op.add_column(
        "version",
        sa.Column(
            "modified_on", sa.Date(), nullable=True, comment="the day of the last modification that is stated"
        ),
    )
    op.add_column("version", sa.Column("modified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("version", sa.Column("modified_origin", sa.Text(), nullable=True))
    op.add_column(
        "version",
        sa.Column("standfirst", sa.Text(), nullable=True, comment="what stands between headline and text"),
    )
    op.add_column("version", sa.Column("standfirst_origin", sa.Text(), nullable=True))
    op.add_column("version", sa.Column("section", sa.Text(), nullable=True))
    op.add_column("version", sa.Column("section_origin", sa.Text(), nullable=True))
    op.add_column("version", sa.Column("publisher", sa.Text(), nullable=True))
    op.add_column("version", sa.Column("publisher_origin", sa.Text(), nullable=True))
    op.add_column(
        "version", sa.Column("picture", sa.Text(), nullable=True, comment="the lead picture's address")
    )
    op.add_column("version", sa.Column("picture_caption", sa.Text(), nullable=True))
    op.add_column("version", sa.Column("picture_origin", sa.Text(), nullable=True))
    op.add_column("version", sa.Column("declared_language", sa.Text(), nullable=True))
    op.add_column("version", sa.Column("declared_language_origin", sa.Text(), nullable=True))
    op.add_column(
        "version",
        sa.Column("detected_language", sa.Text(), nullable=True, comment="as the text itself tells it"),
    )
    op.add_column(
        "version",
        sa.Column(
            "markdown",
            sa.Text(),
            nullable=True,
            comment="the text with marks for headings, lists, quotes and tables; null where it has none of them",
        ),
    )
    op.add_column(
        "version",
        sa.Column(
            "line_numbers",
            sa.ARRAY(sa.Integer()),
            server_default="{}",
            nullable=False,
            comment="for each line of the text, which of the extractor's lines it was, from 1",
        ),
    )
    for table, name, condition in _CHECKS:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
    # What was stored before has no such columns to tell it; the dates tell it themselves.
    op.execute(
        "update stated_date set precision = case when at is not null then 'zone' when time_of_day is not null"
        " then 'minute' else 'day' end"
    )


def downgrade() -> None:
    for table, name, _ in reversed(_CHECKS):
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.drop_column("version", "line_numbers")
    op.drop_column("version", "markdown")
    op.drop_column("version", "detected_language")
    op.drop_column("version", "declared_language_origin")
    op.drop_column("version", "declared_language")
    op.drop_column("version", "picture_origin")
    op.drop_column("version", "picture_caption")
    op.drop_column("version", "picture")
    op.drop_column("version", "publisher_origin")
    op.drop_column("version", "publisher")
    op.drop_column("version", "section_origin")
    op.drop_column("version", "section")
    op.drop_column("version", "standfirst_origin")
    op.drop_column("version", "standfirst")
    op.drop_column("version", "modified_origin")
    op.drop_column("version", "modified_at")
    op.drop_column("version", "modified_on")
    op.drop_column("version", "published_reason")
    op.drop_column("version", "published_is_guess")
    op.drop_column("stated_date", "is_guess")
    op.drop_column("stated_date", "precision")
    op.drop_column("removed_line", "confidence")
    op.drop_column("removed_line", "rule_class")
    op.drop_column("removed_line", "position")
    op.drop_table("version_flag")
    op.drop_index(op.f("ix_author_name"), table_name="author")
    op.drop_table("author")
    op.drop_table("furniture")
