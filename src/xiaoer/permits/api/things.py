"""API of definitions: what things there are, what a version says, the verbs of writing it."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from xiaoer.base.api.shapes import Day, Number
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Office
from xiaoer.base.scope import Actor
from xiaoer.permits import actions as permits
from xiaoer.permits import queries, scenario
from xiaoer.permits import thing_access as access
from xiaoer.permits.definition import Definition
from xiaoer.permits.models import Thing, ThingVersion
from xiaoer.permits.wording import read_definition, write_definition

router = Router(tags=["definitions of things"])
_NO_NUL = r"^[^\u0000]*$"
Code = Annotated[str, Field(max_length=60, pattern=r"^[-a-z0-9_]*$")]
Short = Annotated[str, Field(max_length=120, pattern=_NO_NUL)]
Long = Annotated[str, Field(max_length=500, pattern=_NO_NUL)]
Reason = Annotated[str, Field(max_length=300, pattern=_NO_NUL)]


class ThingHeadOut(Schema):
    id: int
    code: str
    name: str
    name_en: str
    kind: Thing.Kind
    target: Thing.Target
    office_id: int | None
    summary: str
    summary_en: str
    batch: str
    is_value_added: bool
    created_on: date
    ended_on: date | None
    version: int


class ThingHeadIn(Schema):
    name: Short
    name_en: Short = ""
    kind: Thing.Kind = Thing.Kind.ONE_THING
    target: Thing.Target = Thing.Target.FIRM
    office_id: Number | None = None
    summary: Reason = ""
    summary_en: Reason = ""
    batch: Short = ""
    is_value_added: bool = False


class ThingOpenIn(ThingHeadIn):
    code: Code


class ThingChangeIn(ThingHeadIn):
    version: Number


class ThingCopyIn(Schema):
    code: Code
    name: Short


class ThingEndIn(Schema):
    version: Number
    on: Day
    reason: Reason


class ThingVersionOut(Schema):
    id: int
    thing_id: int
    number: int
    state: ThingVersion.State
    valid_from: date | None
    valid_until: date | None
    basis: str
    source: str
    mark: str
    note: str
    released_at: datetime | None
    version: int


class ThingProblemOut(Schema):
    where: str
    message: str


class ThingTextOut(Schema):
    version: ThingVersionOut
    definition: dict[str, Any]
    problems: list[ThingProblemOut]


class ThingRowOut(Schema):
    thing: ThingHeadOut
    live: ThingVersionOut | None
    draft: ThingVersionOut | None
    items: int
    papers: int
    cases: int


class ThingWithVersionsOut(Schema):
    thing: ThingHeadOut
    versions: list[ThingVersionOut]


class ThingDraftIn(Schema):
    source_id: Number | None = None


class ThingBodyIn(Schema):
    """The whole of a draft, with the number of the change it was read at."""

    version: Number
    definition: dict[str, Any]
    basis: Reason | None = None
    source: Reason | None = None
    mark: Annotated[str, Field(max_length=2)] | None = None
    note: Long | None = None


class ThingImportIn(Schema):
    """What an export gave, unchanged."""

    format: Short
    thing: dict[str, Any]
    version: dict[str, Any] = {}
    definition: dict[str, Any]


class ThingFreshIn(Schema):
    version: Number
    reason: Reason


class ThingReleaseIn(Schema):
    version: Number
    valid_from: Day


class ThingAnswersIn(Schema):
    """Answers by the code of their question, and the form by the code of its field."""

    answers: dict[str, Any] = {}
    form: dict[str, Any] = {}


class ThingUnknownOut(Schema):
    part: str
    code: str
    name: str
    waits_for: list[str]


class ThingOutlineOut(Schema):
    """What a case needs by the answers so far; parts as the definition writes them."""

    items: list[dict[str, Any]]
    fields_asked: list[dict[str, Any]]
    materials: list[dict[str, Any]]
    questions_open: list[dict[str, Any]]
    bars: list[dict[str, Any]]
    unknown: list[ThingUnknownOut]
    statutory_days: int
    promised_days: int
    critical: list[str]
    single_days: int
    single_papers: int
    single_trips: int
    single_steps: int


class ThingDifferenceOut(Schema):
    part: str
    code: str
    name: str
    kind: str
    what: str
    before: str
    after: str


@router.get("/things", response={200: list[ThingRowOut], **PROBLEMS})
@api(READ)
def list_things(
    request: HttpRequest,
    by: Actor,
    kind: Thing.Kind | None = None,
    target: Thing.Target | None = None,
    office_id: Number | None = None,
    words: Short = "",
) -> object:
    """The things of the zone with the version that speaks today; drafts are shown to its staff."""
    asked = queries.ThingFilter(
        kind=kind or "", target=target or "", office_id=office_id, words=words
    )
    return queries.thing_rows(zone_id=by.zone_id, asked=asked, on=timezone.localdate())


@router.get("/things/{thing_id}", response={200: ThingWithVersionsOut, **PROBLEMS})
@api(READ)
def read_thing(request: HttpRequest, by: Actor, thing_id: Number) -> object:
    """A thing with its versions, newest first."""
    thing = _thing(by, thing_id)
    return {"thing": thing, "versions": queries.versions_of(thing)}


@router.get("/things/versions/{version_id}", response={200: ThingTextOut, **PROBLEMS})
@api(READ)
def read_thing_version(request: HttpRequest, by: Actor, version_id: Number) -> object:
    """All a version says, and what is wrong in it as the zone stands."""
    return _text(_version(by, version_id))


@router.get("/things/versions/{version_id}/export", response={200: dict[str, Any], **PROBLEMS})
@api(READ)
def export_thing_version(request: HttpRequest, by: Actor, version_id: Number) -> object:
    """A version as another zone can take it in."""
    version = _version(by, version_id)
    return queries.export_of(version, queries.definition_of(version))


@router.post("/things/versions/{version_id}/outline", response={200: ThingOutlineOut, **PROBLEMS})
@api(READ)
def outline_thing(
    request: HttpRequest, by: Actor, version_id: Number, said: ThingAnswersIn
) -> object:
    """What a case needs by these answers, and what is still asked; nothing is kept."""
    definition = queries.definition_of(_version(by, version_id))
    return _outline(scenario.lay_out(definition, said.answers, said.form))


@router.get(
    "/things/versions/{version_id}/differences/{other_id}",
    response={200: list[ThingDifferenceOut], **PROBLEMS},
)
@api(READ)
def compare_thing_versions(
    request: HttpRequest, by: Actor, version_id: Number, other_id: Number
) -> object:
    """What this version says otherwise than the other, older one."""
    new, old = _version(by, version_id), _version(by, other_id)
    return queries.differences(queries.definition_of(old), queries.definition_of(new))


@router.post("/things", response={200: ThingHeadOut, **PROBLEMS})
@api(WRITE)
def open_thing(request: HttpRequest, by: Actor, said: ThingOpenIn) -> object:
    """Take a thing up; nobody can begin it until a version of it is in force."""
    return permits.open_thing(by=by, now=timezone.now(), code=said.code, facts=_facts(by, said))


@router.post("/thing-imports", response={200: ThingTextOut, **PROBLEMS})
@api(WRITE)
def import_thing(request: HttpRequest, by: Actor, said: ThingImportIn) -> object:
    """Take in what another zone exported, as a draft."""
    return _text(permits.import_definition(by=by, now=timezone.now(), document=said.dict()))


@router.put("/things/{thing_id}", response={200: ThingHeadOut, **PROBLEMS})
@api(WRITE)
def change_thing(request: HttpRequest, by: Actor, thing_id: Number, said: ThingChangeIn) -> object:
    """Describe a thing anew; refused when somebody was first."""
    return permits.change_thing(
        by=by,
        now=timezone.now(),
        thing=_thing(by, thing_id),
        version=said.version,
        facts=_facts(by, said),
    )


@router.post("/things/{thing_id}/copy", response={200: ThingHeadOut, **PROBLEMS})
@api(WRITE)
def copy_thing(request: HttpRequest, by: Actor, thing_id: Number, said: ThingCopyIn) -> object:
    """A thing of its own with what this one's latest version says, as a draft."""
    return permits.copy_thing(
        by=by, now=timezone.now(), thing=_thing(by, thing_id), code=said.code, name=said.name
    )


@router.post("/things/{thing_id}/end", response={200: ThingHeadOut, **PROBLEMS})
@api(WRITE)
def end_thing(request: HttpRequest, by: Actor, thing_id: Number, said: ThingEndIn) -> object:
    """Say on which last day it can be begun."""
    return permits.end_thing(
        by=by,
        now=timezone.now(),
        thing=_thing(by, thing_id),
        version=said.version,
        on=said.on,
        reason=said.reason,
    )


@router.post("/things/{thing_id}/drafts", response={200: ThingTextOut, **PROBLEMS})
@api(WRITE)
def draft_thing(request: HttpRequest, by: Actor, thing_id: Number, said: ThingDraftIn) -> object:
    """Begin the next version, empty or with what another version says."""
    source = _version(by, said.source_id) if said.source_id is not None else None
    return _text(
        permits.draft_version(by=by, now=timezone.now(), thing=_thing(by, thing_id), source=source)
    )


@router.put("/things/versions/{version_id}", response={200: ThingTextOut, **PROBLEMS})
@api(WRITE)
def change_thing_draft(
    request: HttpRequest, by: Actor, version_id: Number, said: ThingBodyIn
) -> object:
    """Write a draft anew, all of it; what is not given of its head stays."""
    draft = _version(by, version_id)
    head = permits.Head(
        **{
            name: getattr(draft, name) if getattr(said, name) is None else getattr(said, name)
            for name in ("basis", "source", "mark", "note")
        }
    )
    return _text(
        permits.change_draft(
            by=by,
            now=timezone.now(),
            draft=draft,
            version=said.version,
            body=said.definition,
            head=head,
        )
    )


@router.post("/things/versions/{version_id}/release", response={200: ThingVersionOut, **PROBLEMS})
@api(WRITE)
def release_thing_version(
    request: HttpRequest, by: Actor, version_id: Number, said: ThingReleaseIn
) -> object:
    """Put a draft in force from a day on, as its second person."""
    draft = _version(by, version_id)
    return permits.release_version(by=by, now=timezone.now(), draft=draft, **said.dict())


@router.post("/things/versions/{version_id}/withdraw", response={200: ThingVersionOut, **PROBLEMS})
@api(WRITE)
def withdraw_thing_draft(
    request: HttpRequest, by: Actor, version_id: Number, said: ThingFreshIn
) -> object:
    """Give a draft up, with a reason."""
    draft = _version(by, version_id)
    return permits.withdraw_draft(by=by, now=timezone.now(), draft=draft, **said.dict())


@router.post("/things/versions/{version_id}/retire", response={200: ThingVersionOut, **PROBLEMS})
@api(WRITE)
def retire_thing_version(
    request: HttpRequest, by: Actor, version_id: Number, said: ThingFreshIn
) -> object:
    """Take a version out of force, with a reason."""
    live = _version(by, version_id)
    return permits.retire_version(by=by, now=timezone.now(), live=live, **said.dict())


def _thing(by: Actor, thing_id: int) -> Thing:
    return found(Thing.objects.filter(zone_id=by.zone_id, pk=thing_id).first())


def _version(by: Actor, version_id: int) -> ThingVersion:
    """A version somebody may read; drafts only staff and the city, as row security has it too."""
    rows = ThingVersion.objects.filter(zone_id=by.zone_id, pk=version_id)
    version = found(rows.select_related("thing__office").first())
    if version.state == ThingVersion.State.DRAFT:
        access.must_read_drafts(by)
    return version


def _facts(by: Actor, said: ThingHeadIn) -> permits.ThingFacts:
    office = None
    if said.office_id is not None:
        office = found(Office.objects.filter(zone_id=by.zone_id, pk=said.office_id).first())
    given = {
        name: getattr(said, name)
        for name in ("name", "name_en", "kind", "target", "summary", "summary_en", "batch")
    }
    return permits.ThingFacts(office=office, is_value_added=said.is_value_added, **given)


def _text(version: ThingVersion) -> dict[str, Any]:
    definition = read_definition(version.body)
    return {
        "version": version,
        "definition": write_definition(definition),
        "problems": queries.problems_of(version, definition, timezone.localdate()),
    }


def _outline(outline: scenario.Outline) -> dict[str, Any]:
    written = write_definition(
        Definition(items=outline.items, fields=outline.fields, materials=outline.materials)
    )
    asked = write_definition(Definition(questions=outline.questions_open, bars=outline.bars))
    return {
        "items": written.get("items", []),
        "fields_asked": written.get("fields", []),
        "materials": written.get("materials", []),
        "questions_open": asked.get("questions", []),
        "bars": asked.get("bars", []),
        "unknown": outline.unknown,
        "statutory_days": outline.statutory_days,
        "promised_days": outline.promised_days,
        "critical": list(outline.critical),
        "single_days": outline.single.days,
        "single_papers": outline.single.papers,
        "single_trips": outline.single.trips,
        "single_steps": outline.single.steps,
    }
