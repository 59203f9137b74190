"""API of kinds of paper, readings and quarantine."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, File, Router, Schema, UploadedFile

from xiaoer.base import files
from xiaoer.base.api.shapes import Line, NameEn, Number, Phrase, Word
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.scope import Actor
from xiaoer.papers import access, queries
from xiaoer.papers import actions as papers
from xiaoer.papers.models import PaperField, PaperKind, Quarantine, Reading

router = Router(tags=["papers"])
PNG = {
    "responses": {
        200: {
            "description": "The picture",
            "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


class PaperFieldOut(Schema):
    id: int
    code: str
    name: str
    name_en: str
    sort: PaperField.Sort
    unit: str
    labels: list[str]
    pattern: str
    least_confidence: int
    is_needed: bool


class PaperKindOut(Schema):
    """A kind of paper with the fields that are read off it."""

    id: int
    code: str
    name: str
    name_en: str
    marks: list[str]
    valid_months: int | None
    is_reusable: bool
    source: str
    mark: str
    version: int


class PaperKindWholeOut(PaperKindOut):
    fields: list[PaperFieldOut]


class PaperKindIn(Schema):
    """``version`` is 0 for a new kind, else the one that was shown."""

    code: Word
    name: Phrase
    name_en: NameEn = ""
    marks: list[Word] = Field([], max_length=20)
    valid_months: int | None = Field(None, ge=1, le=600)
    is_reusable: bool = True
    source: Line = ""
    mark: Word = "D"
    version: int = Field(0, ge=0, lt=2**31)


class PaperFieldIn(Schema):
    code: Word
    name: Phrase
    name_en: NameEn = ""
    sort: PaperField.Sort = PaperField.Sort.TEXT
    unit: Word = ""
    labels: list[Word] = Field([], max_length=20)
    pattern: Line = ""
    least_confidence: int = Field(90, ge=50, le=100)
    is_needed: bool = True
    version: int = Field(ge=0, lt=2**31)


class FieldReadOut(Schema):
    """``confidence`` is between 0 and 1; ``box`` x, y, width and height in parts of the page."""

    code: str
    text: str
    value: str
    confidence: float
    page: int
    box: list[float] | None
    others: list[str]


class PaperSignOut(Schema):
    code: str
    words: str


class ReadingOut(Schema):
    id: int
    file_id: int
    kind_id: int
    state: Reading.State
    why: str
    way: str
    engine: str
    pages: int
    turned: int
    took_ms: int
    signs: list[PaperSignOut]
    fields: list[FieldReadOut]
    at: datetime


class QuarantinedOut(Schema):
    id: int
    name: str
    sha256: str
    size: int
    why: str
    state: Quarantine.State
    at: datetime
    decided_at: datetime | None

    @staticmethod
    def resolve_why(one: Quarantine) -> str:
        return queries.held_words(one)


def _must_set(by: Actor) -> None:
    access.must_set_kinds(by)


def _kind(by: Actor, kind_id: int) -> PaperKind:
    return found(PaperKind.objects.filter(zone_id=by.zone_id, pk=kind_id).first())


def _whole(kind: PaperKind) -> dict[str, object]:
    out = PaperKindOut.from_orm(kind).dict()
    return {**out, "fields": list(queries.paper_fields(kind))}


@router.get("/paper-kinds", response={200: list[PaperKindOut], **PROBLEMS})
@api(READ)
def list_paper_kinds(request: HttpRequest, by: Actor) -> object:
    """Kinds of paper of the zone."""
    return list(queries.paper_kinds(zone_id=by.zone_id))


@router.post("/paper-kinds", response={200: PaperKindOut, **PROBLEMS})
@api(WRITE)
def keep_paper_kind(request: HttpRequest, by: Actor, said: PaperKindIn) -> object:
    """Add a kind of paper, or change the one of this code."""
    told = said.dict()
    code, version = told.pop("code"), told.pop("version")
    facts = papers.KindFacts(**{**told, "marks": tuple(said.marks)})
    return papers.keep_paper_kind(
        by=by, now=timezone.now(), code=code, facts=facts, version=version
    )


@router.get("/paper-kinds/{kind_id}", response={200: PaperKindWholeOut, **PROBLEMS})
@api(READ)
def get_paper_kind(request: HttpRequest, by: Actor, kind_id: Number) -> object:
    """A kind with its fields."""
    return _whole(_kind(by, kind_id))


@router.post("/paper-kinds/{kind_id}/fields", response={200: PaperFieldOut, **PROBLEMS})
@api(WRITE)
def keep_paper_field(
    request: HttpRequest, by: Actor, kind_id: Number, said: PaperFieldIn
) -> object:
    """Add a field to a kind, or change the one of this code."""
    told = said.dict()
    code, version = told.pop("code"), told.pop("version")
    facts = papers.FieldFacts(**{**told, "labels": tuple(said.labels)})
    return papers.keep_paper_field(
        by=by, now=timezone.now(), kind=_kind(by, kind_id), code=code, facts=facts,
        version=version,
    )  # fmt: skip


@router.delete(
    "/paper-kinds/{kind_id}/fields/{field_id}", response={200: PaperKindWholeOut, **PROBLEMS}
)
@api(WRITE)
def drop_paper_field(
    request: HttpRequest, by: Actor, kind_id: Number, field_id: Number, version: int
) -> object:
    """Read a field no more."""
    rows = PaperField.objects.filter(kind=_kind(by, kind_id), pk=field_id)
    return _whole(
        papers.drop_paper_field(
            by=by, now=timezone.now(), field=found(rows.first()), version=version
        )
    )


@router.post("/paper-kinds/{kind_id}/readings", response={200: ReadingOut, **PROBLEMS})
@api(WRITE)
def read_paper(
    request: HttpRequest, by: Actor, kind_id: Number, paper: File[UploadedFile]
) -> object:
    """Keep a file and read it as a paper of the kind."""
    _must_set(by)
    now = timezone.now()
    file = files.keep_file(by=by, now=now, stream=paper, name=paper.name or "")
    return _shown(papers.read_paper(by=by, now=now, file=file, kind=_kind(by, kind_id), again=True))


@router.get("/paper-readings/{reading_id}", response={200: ReadingOut, **PROBLEMS})
@api(READ)
def get_reading(request: HttpRequest, by: Actor, reading_id: Number) -> object:
    """What was read of a paper."""
    return _shown(_reading(by, reading_id))


@router.get("/paper-readings/{reading_id}/fields/{code}", response=PROBLEMS, openapi_extra=PNG)
@api(READ)
def get_field_crop(request: HttpRequest, by: Actor, reading_id: Number, code: str) -> HttpResponse:
    """A field's surroundings on the paper, as PNG."""
    return HttpResponse(queries.crop(_reading(by, reading_id), code), content_type="image/png")


def _reading(by: Actor, reading_id: int) -> Reading:
    rows = Reading.objects.filter(zone_id=by.zone_id).select_related("file", "kind")
    return found(rows.filter(pk=reading_id).first())


def _shown(one: Reading) -> dict[str, object]:
    """Put together here: where the answer is written, nobody may read its fields any more."""
    plain = ReadingOut.model_fields.keys() - {"why", "fields"}
    return {
        **{name: getattr(one, name) for name in plain},
        "why": queries.why_words(one.why) if one.why else "",
        "fields": list(queries.fields_of(one).values()),
    }


@router.get("/quarantine", response={200: list[QuarantinedOut], **PROBLEMS})
@api(READ)
def list_quarantine(request: HttpRequest, by: Actor) -> object:
    """Files kept apart, then what was decided lately."""
    access.must_judge_files(by)
    return queries.quarantined(zone_id=by.zone_id)


@router.post("/quarantine/{held_id}/release", response={200: QuarantinedOut, **PROBLEMS})
@api(WRITE)
def release_quarantined(request: HttpRequest, by: Actor, held_id: Number) -> object:
    """Let a file in that was kept apart."""
    held = _held(by, held_id)
    papers.release_quarantined(by=by, now=timezone.now(), held=held)
    return _held(by, held_id)


@router.post("/quarantine/{held_id}/drop", response={200: QuarantinedOut, **PROBLEMS})
@api(WRITE)
def drop_quarantined(request: HttpRequest, by: Actor, held_id: Number) -> object:
    """Throw away a file that was kept apart."""
    return papers.drop_quarantined(by=by, now=timezone.now(), held=_held(by, held_id))


def _held(by: Actor, held_id: int) -> Quarantine:
    return found(Quarantine.objects.filter(zone_id=by.zone_id, pk=held_id).first())
