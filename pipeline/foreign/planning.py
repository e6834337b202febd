"""From an archive file to references: what of it is to be read, and why the rest is passed over, by heads alone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from pipeline.archive.fields import first_of
from pipeline.archive.scan import Broken
from pipeline.foreign.filters import HTML, TEXT, Filters, header_languages
from pipeline.foreign.heads import address_of, bare_type, date_of, http_head_of, software_in
from pipeline.foreign.opening import Opened
from pipeline.foreign.references import Damaged, PassedOver, Position, Reference, name_of, place_of
from pipeline.foreign.revisits import Revisits
from pipeline.foreign.seen import Seen
from pipeline.foreign.walking import Walk, Walked
from pipeline.items import Source
from pipeline.settings import MAX_FILE_BYTES

Step = Reference | PassedOver | Damaged

_CAPTURES = frozenset(["response", "resource", "revisit", "conversion"])
_OTHERS = frozenset(["warcinfo", "request", "metadata", "continuation"])
# A packed body may unpack to more; it is looked at again when it is read.
_LARGEST_RECORD = MAX_FILE_BYTES + 64 * 1024


class Planner:
    """Plans the reading of files, one after the other; what it knows of revisits and addresses is of the whole run."""

    def __init__(self, filters: Filters, source_of: Callable[[str], Source | None]) -> None:
        self.filters = filters
        self.source_of = source_of
        self.seen = Seen()
        self._revisits = Revisits()
        self._software: str | None = None

    def archive(self, path: str, member: str | None, note: Callable[[int], None]) -> Iterator[Step]:
        """Plan an archive file. `note` is told, record by record, how many bytes of it have been passed.

        Raises:
            OSError: it cannot be read.
        """
        try:
            opened = Opened(path, member)
        except Broken as error:
            name = name_of(path, member)
            yield Damaged(name, f"{name} {error}.")
            return
        self._software = None
        try:
            for walked in Walk(opened, name_of(path, member)):
                note(walked.position[0] if isinstance(walked, Damaged) else walked.packed_end)
                yield walked if isinstance(walked, Damaged) else self._step(walked, path, member)
        finally:
            opened.close()

    def _step(self, walked: Walked, path: str, member: str | None) -> Step:
        offset, inner = walked.position
        reference = Reference(path, offset, inner, member)
        if walked.kind == "warcinfo":
            self._software = software_in(walked.start) or self._software
        try:
            reason, address, original = self._reason(walked, reference)
        except Broken as error:
            place = place_of(reference.file, walked.position)
            return Damaged(place, f"The record at {place} {error}; it was passed over.", walked.position)
        if reason is not None:
            return PassedOver(reason, walked.position)
        return replace(
            reference,
            body_of=original,
            source=self.source_of(address),
            is_repeat=self.seen.add(address),
            software=self._software,
        )

    def _reason(self, walked: Walked, reference: Reference) -> tuple[str | None, str, Reference | None]:
        """Return why a record is passed over, or None; its address; and where the bytes of a revisit are."""
        kind, fields, filters = walked.kind, walked.fields, self.filters
        if kind not in _CAPTURES:
            return kind if kind in _OTHERS else "other-record", "", None
        if first_of(fields, "WARC-Segment-Number"):
            return "segmented", "", None
        address = address_of(fields)
        is_http = bare_type(first_of(fields, "Content-Type")) == "application/http"
        if kind == "response" and is_http and walked.length <= _LARGEST_RECORD:
            self._revisits.note(fields, reference)
        reason = filters.of_address(address) or filters.of_moment(date_of(fields))
        if reason is None and walked.length > _LARGEST_RECORD:
            reason = "too-large"
        if reason is not None:
            return reason, address, None
        if kind == "revisit":
            original = self._revisits.resolve(fields)
            return ("revisit-unresolved" if original is None else None), address, original
        if kind == "response":
            if not is_http:
                return "no-http", address, None
            return self._of_answer(walked), address, None
        media_type = bare_type(first_of(fields, "Content-Type"))
        if media_type not in (*HTML, TEXT) or (kind == "conversion" and media_type != TEXT):
            return "media-type", address, None
        return self._of_languages(walked, {}), address, None

    def _of_answer(self, walked: Walked) -> str | None:
        head = http_head_of(walked.start)
        if head is None:
            raise Broken("holds no HTTP answer")
        status, headers = head
        body = walked.start.partition(b"\r\n\r\n")[2]
        media_type = bare_type(headers.get("content-type"))
        return self.filters.of_answer(status, media_type, body) or self._of_languages(walked, headers)

    def _of_languages(self, walked: Walked, headers: Mapping[str, str]) -> str | None:
        fields = {name.lower(): value for name, value in walked.fields}
        return self.filters.of_languages(header_languages(fields, headers))


def is_before(step: Step, position: Position) -> bool:
    """Tell whether a step lies before a place up to which all was done by an earlier run."""
    return step.position < position
