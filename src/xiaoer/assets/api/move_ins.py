"""API of move-ins and their joint review; firms and operators read and do what is theirs."""

from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Router, Schema, UploadedFile

from xiaoer.assets import actions as assets
from xiaoer.assets.access import moving as access
from xiaoer.assets.models import Lease, MoveIn, MoveInItem, MoveInOpinion, SpaceNeed, Unit
from xiaoer.assets.queries import move_ins as queries
from xiaoer.assets.queries.review_items import ListedItem, review_items
from xiaoer.base import files
from xiaoer.base.api.shapes import Day, Line, Number, Word
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers.models import HeldPaper
from xiaoer.registry.models import Party
from xiaoer.work.models import Task

router = Router(tags=["joint review of move-ins"])
M = TypeVar("M", bound=Model)
PaperName = Annotated[str, Field(max_length=120)]


class MoveInOpinionOut(Schema):
    """One opinion; ``office_id`` or ``operator_id`` says whose."""

    id: int
    version: int
    topic: str
    office_id: int | None
    operator_id: int | None
    says: MoveInOpinion.Says
    words: str
    due_at: datetime | None
    said_at: datetime | None


class MoveInPaperOut(Schema):
    id: int
    name: str
    held_paper_id: int | None
    given_at: datetime


class MoveInNoticeOut(Schema):
    """A signed paper: of the decision, or that the time to move in is over."""

    id: int
    title: str
    number: str
    addressee: str
    made_at: datetime


class MoveInOut(Schema):
    """One move-in. ``opinions``: all to the staff, an operator its own, a firm none.

    ``kept_until``: the last day its units are kept for it; one that has passed: the approval lapsed.
    """

    id: int
    version: int
    number: str
    name: str
    who: str
    party_id: int | None
    need_id: int | None
    way: MoveIn.Way
    content: str
    from_on: date | None
    investment_fen: int | None
    state: MoveIn.State
    opened_at: datetime
    review_due_at: datetime | None
    decided_at: datetime | None
    words: str
    lease_id: int | None
    settled_on: date | None
    producing_on: date | None
    unit_ids: list[int]
    opinions: list[MoveInOpinionOut]
    papers: list[MoveInPaperOut]
    kept_until: date | None
    notices: list[MoveInNoticeOut]


class MoveInIn(Schema):
    """``party_id``, or ``who`` of a firm the registry lacks. Money in fen."""

    name: Word
    party_id: Number | None = None
    who: Word = ""
    need_id: Number | None = None
    way: MoveIn.Way = MoveIn.Way.NEW
    content: str = Field(default="", max_length=1000)
    from_on: Day | None = None
    investment_fen: int | None = Field(default=None, ge=1, le=10**15)
    post_id: Number | None = None
    unit_ids: list[Number] = Field(default=[], max_length=30)


class MoveInChangeIn(MoveInIn):
    version: int


class MoveInAskIn(Schema):
    topic: Word
    working_days: int = Field(ge=1, le=250)
    office_id: Number | None = None
    operator_id: Number | None = None


class StartReviewIn(Schema):
    """``asks`` null: the zone's own list, with the operators of the units."""

    asks: list[MoveInAskIn] | None = Field(default=None, max_length=30)
    decider_id: Number | None = None
    version: int | None = None


class OpinionIn(Schema):
    says: MoveInOpinion.Says
    words: str = Field(default="", max_length=500)
    version: int | None = None


class ChoreIn(Schema):
    name: str = Field(max_length=120)
    working_days: int = Field(ge=1, le=250)
    office_id: Number


class DecideMoveInIn(Schema):
    """``chores`` null: the zone's own list of tasks after a decision."""

    verdict: MoveIn.State
    words: str = Field(default="", max_length=1000)
    without_missing: bool = False
    chores: list[ChoreIn] | None = Field(default=None, max_length=30)
    version: int | None = None


class ChoreDoneIn(Schema):
    words: str = Field(max_length=500)


class NamePartyIn(Schema):
    party_id: Number
    version: int | None = None


class SettleIn(Schema):
    on: Day
    lease_id: Number | None = None
    version: int | None = None


class ExtendMoveInIn(Schema):
    until: Day
    reason: str = Field(max_length=300)
    version: int | None = None


class ProductionIn(Schema):
    on: Day
    version: int | None = None


class MoveInWithdrawIn(Schema):
    reason: str = Field(max_length=300)
    version: int | None = None


class HeldPaperIn(Schema):
    held_paper_id: Number
    name: str = Field(default="", max_length=120)


class MoveInItemOut(Schema):
    """``office_id``: as named, or found by the words of ``office_name``."""

    id: int
    version: int
    kind: MoveInItem.Kind
    code: str
    name: str
    name_en: str
    office_id: int | None
    office_name: str
    to_operator: bool
    working_days: int
    source: str
    mark: str
    is_used: bool


class MoveInItemIn(Schema):
    kind: MoveInItem.Kind
    name: Word
    office_id: Number | None = None
    to_operator: bool = False
    working_days: int = Field(ge=1, le=250)
    source: Line = ""


class MoveInItemChangeIn(Schema):
    name: Word
    office_id: Number | None = None
    working_days: int = Field(ge=1, le=250)
    source: Line = ""
    is_used: bool = True
    version: int


def _one(by: Actor, number: int) -> MoveIn:
    return found(queries.own_move_in(by=by, move_in_id=number))


def _named(by: Actor, model: type[M], number: int | None, field: str) -> M | None:
    """A record of the zone that the request names by its number."""
    if number is None:
        return None
    row = model._default_manager.filter(zone_id=by.zone_id, pk=number).first()
    if row is None:
        raise Refused(_("Choose one of the list."), field=field)
    return row


def _must(by: Actor, model: type[M], number: int, field: str) -> M:
    row = _named(by, model, number, field)
    if row is None:
        raise Refused(_("Choose one of the list."), field=field)
    return row


def _shown(by: Actor, number: int) -> dict[str, Any]:
    return _many(by, [_one(by, number)])[0]


def _many(by: Actor, rows: list[MoveIn]) -> list[dict[str, Any]]:
    """Rows with all that hangs on them, in three questions."""
    own = {one.row.pk: one for one in queries.own_wholes(by=by, rows=rows, now=timezone.now())}
    plain = (
        "version", "number", "name", "who", "party_id", "need_id", "way", "content", "from_on",
        "investment_fen", "state", "opened_at", "review_due_at", "decided_at", "words", "lease_id",
        "settled_on", "producing_on",
    )  # fmt: skip
    units = queries.unit_numbers(rows)
    return [
        {
            "id": row.pk,
            **{name: getattr(row, name) for name in plain},
            "unit_ids": units.get(row.pk, []),
            "opinions": own[row.pk].opinions,
            "papers": [
                {
                    "id": paper.pk,
                    "name": paper.name,
                    "held_paper_id": paper.paper_id,
                    "given_at": paper.given_at,
                }
                for paper in own[row.pk].papers
            ],
            "kept_until": own[row.pk].kept_until,
            "notices": own[row.pk].notices,
        }
        for row in rows
    ]


def _facts(by: Actor, said: MoveInIn) -> assets.MoveInFacts:
    return assets.MoveInFacts(
        name=said.name,
        party=_named(by, Party, said.party_id, "party_id"),
        who=said.who,
        need=_named(by, SpaceNeed, said.need_id, "need_id"),
        way=said.way,
        content=said.content,
        from_on=said.from_on,
        investment_fen=said.investment_fen,
        post=_named(by, Post, said.post_id, "post_id"),
    )


def _units(by: Actor, numbers: list[int]) -> list[Unit]:
    rows = list(Unit.objects.filter(zone_id=by.zone_id, pk__in=numbers))
    if len(rows) != len(set(numbers)):
        raise Refused(_("Choose one of the list."), field="unit_ids")
    return rows


@router.get("/move-ins", response={200: list[MoveInOut], **PROBLEMS})
@api(READ)
def list_move_ins(
    request: HttpRequest, by: Actor, state: str = "open", way: str = "", q: str = ""
) -> object:
    """The register, the latest first; a firm its own, an operator those with its half."""
    filters = queries.MoveInFilter(state=state, way=way, text=q.replace("\x00", "")[:60])
    return _many(by, list(queries.move_ins(by=by, filters=filters)[: queries.MOST_ROWS]))


@router.get("/move-ins/{move_in_id}", response={200: MoveInOut, **PROBLEMS})
@api(READ)
def read_move_in(request: HttpRequest, by: Actor, move_in_id: Number) -> object:
    """One with its units, papers and the opinions the asker may read."""
    return _shown(by, move_in_id)


@router.post("/move-ins", response={200: MoveInOut, **PROBLEMS})
@api(WRITE)
def open_move_in(request: HttpRequest, by: Actor, said: MoveInIn) -> object:
    """Begin a move-in: staff for a firm, or the firm itself."""
    row = assets.open_move_in(
        by=by, now=timezone.now(), facts=_facts(by, said), units=_units(by, said.unit_ids)
    )
    return _shown(by, row.pk)


@router.post("/move-ins/{move_in_id}", response={200: MoveInOut, **PROBLEMS})
@api(WRITE)
def change_move_in(
    request: HttpRequest, by: Actor, move_in_id: Number, said: MoveInChangeIn
) -> object:
    """Change what was said of it, while it is a draft."""
    assets.change_move_in(
        by=by, now=timezone.now(), move_in=_one(by, move_in_id), facts=_facts(by, said),
        units=_units(by, said.unit_ids), version=said.version,
    )  # fmt: skip
    return _shown(by, move_in_id)


@router.post("/move-ins/{move_in_id}/party", response={200: MoveInOut, **PROBLEMS})
@api(WRITE)
def name_move_in_party(
    request: HttpRequest, by: Actor, move_in_id: Number, said: NamePartyIn
) -> object:
    """Say which firm of the registry moves in."""
    party = _must(by, Party, said.party_id, "party_id")
    assets.name_party(
        by=by, now=timezone.now(), move_in=_one(by, move_in_id), party=party, version=said.version
    )
    return _shown(by, move_in_id)


@router.post("/move-ins/{move_in_id}/papers", response={200: MoveInOut, **PROBLEMS})
@api(WRITE)
def bring_move_in_paper(
    request: HttpRequest,
    by: Actor,
    move_in_id: Number,
    paper: File[UploadedFile],
    name: Form[PaperName] = "",
) -> object:
    """Bring a paper, once for all who review."""
    file_name = paper.name or ""
    assets.add_move_in_paper(
        by=by, now=timezone.now(), move_in=_one(by, move_in_id), upload=paper,
        name=name or file_name[:120], file_name=file_name,
    )  # fmt: skip
    return _shown(by, move_in_id)


@router.post("/move-ins/{move_in_id}/held-papers", response={200: MoveInOut, **PROBLEMS})
@api(WRITE)
def use_held_paper_for_move_in(
    request: HttpRequest, by: Actor, move_in_id: Number, said: HeldPaperIn
) -> object:
    """Use a paper that is held already, with the firm's consent."""
    paper = _must(by, HeldPaper, said.held_paper_id, "held_paper_id")
    assets.add_move_in_paper(
        by=by, now=timezone.now(), move_in=_one(by, move_in_id), paper=paper,
        name=said.name or paper.name[:120],
    )  # fmt: skip
    return _shown(by, move_in_id)


@router.post("/move-in-papers/{paper_id}/remove", response={200: MoveInOut, **PROBLEMS})
@api(WRITE)
def remove_move_in_paper(request: HttpRequest, by: Actor, paper_id: Number) -> object:
    """Take a paper off that was given by mistake."""
    paper, _file = found(queries.paper_of(by=by, paper_id=paper_id))
    assets.remove_move_in_paper(by=by, now=timezone.now(), paper=paper)
    return _shown(by, paper.move_in_id)


@router.get("/move-in-papers/{paper_id}/file", response={**PROBLEMS})
@api(READ)
def read_move_in_paper(request: HttpRequest, by: Actor, paper_id: Number) -> HttpResponseBase:
    """The paper itself."""
    paper, file = found(queries.paper_of(by=by, paper_id=paper_id))
    return files.kept_paper(file, paper.name)


@router.post("/move-ins/{move_in_id}/review", response={200: MoveInOut, **PROBLEMS})
@api(WRITE)
def start_move_in_review(
    request: HttpRequest, by: Actor, move_in_id: Number, said: StartReviewIn
) -> object:
    """Ask every office and operator at once, each with its clock."""
    asks = None
    if said.asks is not None:
        asks = [
            assets.Ask(
                topic=one.topic,
                working_days=one.working_days,
                office=_named(by, Office, one.office_id, "asks"),
                operator=_named(by, Party, one.operator_id, "asks"),
            )
            for one in said.asks
        ]
    assets.start_review(
        by=by, now=timezone.now(), move_in=_one(by, move_in_id), asks=asks,
        decider=_named(by, Post, said.decider_id, "decider_id"), version=said.version,
    )  # fmt: skip
    return _shown(by, move_in_id)


@router.post("/move-in-opinions/{opinion_id}", response={200: MoveInOut, **PROBLEMS})
@api(WRITE)
def give_move_in_opinion(
    request: HttpRequest, by: Actor, opinion_id: Number, said: OpinionIn
) -> object:
    """Say an opinion: the office that was asked, or the operator itself."""
    opinion = found(MoveInOpinion.objects.filter(zone_id=by.zone_id, pk=opinion_id).first())
    assets.give_opinion(by=by, now=timezone.now(), opinion=opinion, **said.dict())
    return _shown(by, opinion.move_in_id)


@router.post("/move-ins/{move_in_id}/decision", response={200: MoveInOut, **PROBLEMS})
@api(WRITE)
def decide_move_in(
    request: HttpRequest, by: Actor, move_in_id: Number, said: DecideMoveInIn
) -> object:
    """A person decides by all opinions; without those missing only when that is said."""
    chores = None
    if said.chores is not None:
        chores = [
            assets.Chore(one.name, one.working_days, _must(by, Office, one.office_id, "chores"))
            for one in said.chores
        ]
    assets.decide_move_in(
        by=by, now=timezone.now(), move_in=_one(by, move_in_id), chores=chores,
        **said.dict(exclude={"chores"}),
    )  # fmt: skip
    return _shown(by, move_in_id)


@router.post("/move-ins/{move_in_id}/extension", response={200: MoveInOut, **PROBLEMS})
@api(WRITE)
def extend_move_in(
    request: HttpRequest, by: Actor, move_in_id: Number, said: ExtendMoveInIn
) -> object:
    """Keep its units through a later day, before the time is over or while they are still free."""
    assets.extend_move_in(by=by, now=timezone.now(), move_in=_one(by, move_in_id), **said.dict())
    return _shown(by, move_in_id)


@router.post("/move-ins/{move_in_id}/notices", response={200: MoveInOut, **PROBLEMS})
@api(WRITE)
def make_move_in_papers(request: HttpRequest, by: Actor, move_in_id: Number) -> object:
    """Make and sign the paper of the decision, where the job could not."""
    assets.make_move_in_papers(by=by, now=timezone.now(), move_in=_one(by, move_in_id))
    return _shown(by, move_in_id)


@router.get("/move-in-notices/{notice_id}/file", response={**PROBLEMS})
@api(READ)
def read_move_in_notice(request: HttpRequest, by: Actor, notice_id: Number) -> HttpResponseBase:
    """The signed PDF: the staff's, and of whom it was given to."""
    row = found(queries.notice_of(by=by, notice_id=notice_id))
    return files.shown_inside(row.file, f"{row.title} {row.number}.pdf")


@router.post("/move-ins/{move_in_id}/tasks/{task_id}", response={200: MoveInOut, **PROBLEMS})
@api(WRITE)
def finish_move_in_task(
    request: HttpRequest, by: Actor, move_in_id: Number, task_id: Number, said: ChoreDoneIn
) -> object:
    """Report that something of the task list was done."""
    row = _one(by, move_in_id)
    access.must_read_move_ins(by)
    task = found(
        Task.objects.filter(zone_id=by.zone_id, pk=task_id, matter=row.matter_id or 0).first()
    )
    assets.finish_chore(by=by, now=timezone.now(), task=task, words=said.words)
    return _shown(by, move_in_id)


@router.post("/move-ins/{move_in_id}/settlement", response={200: MoveInOut, **PROBLEMS})
@api(WRITE)
def settle_move_in(request: HttpRequest, by: Actor, move_in_id: Number, said: SettleIn) -> object:
    """It has moved in: it holds every unit, by a lease that begins with it, bought, or as its own."""
    assets.settle_move_in(
        by=by, now=timezone.now(), move_in=_one(by, move_in_id), on=said.on,
        lease=_named(by, Lease, said.lease_id, "lease_id"), version=said.version,
    )  # fmt: skip
    return _shown(by, move_in_id)


@router.post("/move-ins/{move_in_id}/production", response={200: MoveInOut, **PROBLEMS})
@api(WRITE)
def record_move_in_production(
    request: HttpRequest, by: Actor, move_in_id: Number, said: ProductionIn
) -> object:
    """It produces since a day."""
    assets.record_production(by=by, now=timezone.now(), move_in=_one(by, move_in_id), **said.dict())
    return _shown(by, move_in_id)


@router.post("/move-ins/{move_in_id}/withdraw", response={200: MoveInOut, **PROBLEMS})
@api(WRITE)
def withdraw_move_in(
    request: HttpRequest, by: Actor, move_in_id: Number, said: MoveInWithdrawIn
) -> object:
    """The firm comes no more: by its own word, or written down by the staff."""
    assets.withdraw_move_in(by=by, now=timezone.now(), move_in=_one(by, move_in_id), **said.dict())
    return _shown(by, move_in_id)


def _item(one: ListedItem) -> dict[str, Any]:
    plain = (
        "version", "kind", "code", "name", "name_en", "office_name", "to_operator", "working_days",
        "source", "mark",
    )  # fmt: skip
    return {
        "id": one.item.pk,
        **{name: getattr(one.item, name) for name in plain},
        "office_id": one.office.pk if one.office else None,
        "is_used": one.item.ended_on is None,
    }


@router.get("/move-in-items", response={200: list[MoveInItemOut], **PROBLEMS})
@api(READ)
def list_move_in_items(request: HttpRequest, by: Actor) -> object:
    """What a joint review asks of whom, and the tasks after it."""
    access.must_read_move_ins(by)
    return [_item(one) for one in review_items(zone_id=by.zone_id, ended=True)]


@router.post("/move-in-items", response={200: list[MoveInItemOut], **PROBLEMS})
@api(WRITE)
def add_move_in_item(request: HttpRequest, by: Actor, said: MoveInItemIn) -> object:
    """Put something on the zone's list."""
    assets.add_move_in_item(
        by=by, now=timezone.now(), office=_named(by, Office, said.office_id, "office_id"),
        **said.dict(exclude={"office_id"}),
    )  # fmt: skip
    return [_item(one) for one in review_items(zone_id=by.zone_id, ended=True)]


@router.post("/move-in-items/{item_id}", response={200: list[MoveInItemOut], **PROBLEMS})
@api(WRITE)
def keep_move_in_item(
    request: HttpRequest, by: Actor, item_id: Number, said: MoveInItemChangeIn
) -> object:
    """Change an item of the list, or end its use."""
    access.must_read_move_ins(by)
    item = found(MoveInItem.objects.filter(zone_id=by.zone_id, pk=item_id).first())
    assets.keep_move_in_item(
        by=by, now=timezone.now(), item=item,
        office=_named(by, Office, said.office_id, "office_id"), **said.dict(exclude={"office_id"}),
    )  # fmt: skip
    return [_item(one) for one in review_items(zone_id=by.zone_id, ended=True)]
