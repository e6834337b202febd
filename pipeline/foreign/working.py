"""What the processes of an import do: read each reference, look at its text, prepare it, judge it. All of it is pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.clean.encoding import decode_page
from pipeline.clean.furniture import Furniture
from pipeline.crawl.challenge import challenge_reason
from pipeline.errors import Quarantine
from pipeline.foreign.filters import Filters
from pipeline.foreign.reading import Loose, Read, Unwanted, read_reference
from pipeline.foreign.references import Reference
from pipeline.items import Prepared
from pipeline.judge import Judgement, judge
from pipeline.prepare import prepare

_OK = 200


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of a reference: why it is passed over; or its text and judgement, or why there is none.

    The bytes are not in it: whoever stores them reads them again, which costs a hundredth of preparing them, and
    less than sending them.
    """

    passed_over: str | None = None
    prepared: Prepared | None = None
    judgement: Judgement | None = None
    trouble: Quarantine | None = None


def make_batch(
    filters: Filters, loose: Loose, furniture: Furniture, batch: Sequence[Reference]
) -> list[Made]:
    """Read and prepare what some references stand for, in their order."""
    return [_make(reference, filters, loose, furniture) for reference in batch]


def _make(reference: Reference, filters: Filters, loose: Loose, furniture: Furniture) -> Made:
    try:
        read = read_reference(reference, loose)
        _refuse_unwanted(read, filters)
        prepared = prepare(read.capture, furniture)
    except Unwanted as unwanted:
        return Made(passed_over=unwanted.reason)
    except Quarantine as trouble:
        return Made(trouble=trouble)
    return Made(prepared=prepared, judgement=judge(prepared, filters.event) if filters.event else None)


def _refuse_unwanted(read: Read, filters: Filters) -> None:
    """Raise `Unwanted` for what the page's own head or text shows to be none of what is looked for."""
    capture, answer = read.capture, read.exchange
    if answer is not None:
        # Of a revisit only the answer that it refers to says so.
        reason = filters.of_answer(answer.status, _type_of(read), capture.body)
        reason = reason or filters.of_languages(read.languages)
        if reason is None and challenge_reason(_OK, capture.headers, capture.body) is not None:
            reason = "challenge"
        if reason is not None:
            raise Unwanted(reason)
    if filters.languages or filters.event:
        language = capture.declared.language
        text = decode_page(capture.body, capture.headers.get("content-type")).text
        title = capture.declared.title or ""
        reason = filters.of_text(f"{title}\n{text}", language or read.languages)
        if reason is not None:
            raise Unwanted(reason)


def _type_of(read: Read) -> str:
    return read.capture.headers.get("content-type", "").partition(";")[0].strip().lower()
