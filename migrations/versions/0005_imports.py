"""How far each file was imported, and what was passed over in each run."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_file",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "identity",
            sa.LargeBinary(),
            nullable=False,
            comment="SHA-256 of its name, its size, and its first and last 64 KiB",
        ),
        sa.Column(
            "criteria",
            sa.Text(),
            nullable=False,
            comment="a digest of the filters and the event it was read with",
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column(
            "file_offset",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="where the member begins that is read next",
        ),
        sa.Column(
            "inner_offset",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="how far into that member's unpacked bytes",
        ),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "finished_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="null: it was not read to its end",
        ),
        sa.CheckConstraint("octet_length(identity) = 32", name=op.f("ck_import_file_identity")),
        sa.CheckConstraint(
            "byte_count >= 0 and file_offset >= 0 and inner_offset >= 0", name=op.f("ck_import_file_sizes")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_import_file_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
        sa.UniqueConstraint("identity", "criteria", name=op.f("uq_import_file_identity_criteria")),
        comment="A file that was imported, or begun to be, with certain filters; up to its place every record is committed.",
    )
    op.create_index(op.f("ix_import_file_run_id"), "import_file", ["run_id"], unique=False)
    op.create_table(
        "import_tally",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("records > 0", name=op.f("ck_import_tally_records")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_import_tally_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "reason", name=op.f("pk_import_tally")),
        comment="How many records of a run were passed over without a line in its ledger, by the reason.",
    )


def downgrade() -> None:
    op.drop_table("import_tally")
    op.drop_table("import_file")
