"""The archive as the rest of newsfold uses it: WARC files (ISO 28500, WARC 1.1) that hold every captured byte.

Each record is a gzip member of its own, so it can be read alone by its offset. A file bears the suffix `.open`
while it is written to; readers find it under either name. A record has left the process before anything
points at it, and is on the disk before the database does.
"""

from pipeline.archive.files import LARGEST, OPEN, Location
from pipeline.archive.reader import Record, read_at, read_file, read_record
from pipeline.archive.recovery import recover
from pipeline.archive.scan import Damage
from pipeline.archive.writer import ArchiveWriter

__all__ = [
    "LARGEST",
    "OPEN",
    "ArchiveWriter",
    "Damage",
    "Location",
    "Record",
    "read_at",
    "read_file",
    "read_record",
    "recover",
]
