"""API of requests: the pool, one request, filing, and what an enterprise says of its own."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from ninja import Query, Router

from xiaoer.base.access import must_be_staff
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Office
from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import papers, queries
from xiaoer.outreach.actions.looking import look_at_contact
from xiaoer.outreach.api import given as g
from xiaoer.outreach.api import schemas as s
from xiaoer.outreach.api.rows import appeal_out, filed_out, must_have, one, the_appeal
from xiaoer.outreach.models import Appeal, AppealKind, Programme
from xiaoer.outreach.queries import PoolFilter
from xiaoer.registry.models import Party
from xiaoer.web.sending import attachment

router = Router(tags=["requests"])
Speaks = Callable[..., Appeal]


def _filter(asked: g.PoolQuery) -> PoolFilter:
    return PoolFilter(
        states=(asked.state,) if asked.state else (),
        light=asked.light or "",
        ball=asked.ball or "",
        kind=asked.kind,
        channel=asked.channel or "",
        urgency=asked.urgency or "",
        office=asked.office,
        handler=asked.handler,
        party=asked.party,
        programme=asked.programme,
        mine=asked.mine,
        supervised=asked.supervised,
        text=asked.text,
        since=asked.since,
        until=asked.until,
    )


@router.get("/appeals", response={200: s.PoolOut, **PROBLEMS})
@api(READ)
def list_appeals(request: HttpRequest, by: Actor, asked: Query[g.PoolQuery]) -> object:
    """Requests of the zone, or the asker's own, filtered and paged by key."""
    return queries.appeal_pool(
        by=by,
        filters=_filter(asked),
        now=timezone.now(),
        order=asked.order,
        after=asked.after,
        size=asked.size,
    )


@router.get("/appeals/counts", response={200: s.AppealCountsOut, **PROBLEMS})
@api(READ)
def count_appeals(request: HttpRequest, by: Actor) -> object:
    """What is open now."""
    return queries.pool_counts(by=by, now=timezone.now())


@router.get("/appeals/kinds", response={200: list[s.KindOut], **PROBLEMS})
@api(READ)
def list_kinds(request: HttpRequest, by: Actor) -> object:
    """The zone's kinds of request with the office that usually leads."""
    return list(queries.kinds(by=by))


@router.post("/appeals/kinds", response={200: s.KindOut, **PROBLEMS})
@api(WRITE)
def keep_kind(request: HttpRequest, by: Actor, what: g.AppealKindIn) -> object:
    """Add a kind of request, or change the name and usual office of one."""
    return outreach.keep_kind(
        by=by,
        now=timezone.now(),
        code=what.code,
        name=what.name,
        name_en=what.name_en,
        office=one(Office, what.office, by=by, field="office"),
        order=what.order,
    )


@router.post("/appeals/near", response={200: list[s.NearOut], **PROBLEMS})
@api(READ)
def list_near(request: HttpRequest, by: Actor, what: g.NearIn) -> object:
    """Requests of the enterprise that may be the same thing; asked before filing."""
    return queries.duplicates_near(
        by=by, party_id=what.party_id, title=what.title, body=what.body, now=timezone.now()
    )


@router.post("/appeals", response={200: s.FiledOut, **PROBLEMS})
@api(WRITE)
def file_appeal(request: HttpRequest, by: Actor, what: g.FileIn) -> object:
    """File a request; the answer holds the secret link, once."""
    filed = outreach.file_appeal(
        by=by,
        now=timezone.now(),
        party=must_have(Party, what.party_id, by=by, field="party_id"),
        channel=what.channel,
        title=what.title,
        body=what.body,
        kind=one(AppealKind, what.kind, by=by, field="kind"),
        urgency=what.urgency,
        money_fen=what.money_fen,
        contact_name=what.contact_name,
        contact_phone=what.contact_phone,
        programme=one(Programme, what.programme, by=by, field="programme"),
    )
    return filed_out(request, filed)


@router.get("/appeals/{appeal_id}", response={200: s.AppealOut, **PROBLEMS})
@api(READ)
def read_appeal(request: HttpRequest, by: Actor, appeal_id: s.Id) -> object:
    """One request as the asker may see it."""
    return appeal_out(by, appeal_id, timezone.now())


@router.get(
    "/appeals/{appeal_id}/transfer-sheet",
    response=PROBLEMS,
    openapi_extra={
        "responses": {
            200: {
                "description": "The sheet as PDF or Word",
                "content": {
                    media_type: {"schema": {"type": "string", "format": "binary"}}
                    for _maker, media_type in papers.MAKERS.values()
                },
            }
        }
    },
)
@api(READ)
def read_transfer_sheet(
    request: HttpRequest, by: Actor, appeal_id: s.Id, asked: Query[g.SheetQuery]
) -> HttpResponse:
    """The transfer sheet of a dispatched request (转办单); always Chinese."""
    must_be_staff(by)
    maker, media_type = papers.MAKERS[asked.kind]
    now = timezone.now()
    with translation.override("zh-hans"):
        shown = found(queries.appeal_page(by=by, appeal_id=appeal_id, now=now))
        body = maker(found(queries.transfer_sheet(shown, now)))
    return attachment(body, papers.name_of(shown.appeal.receipt_no, asked.kind), media_type)


@router.post("/appeals/{appeal_id}/phone", response={200: s.ContactPhoneOut, **PROBLEMS})
@api(WRITE)
def look_at_phone(request: HttpRequest, by: Actor, appeal_id: s.Id) -> object:
    """The full telephone; whoever looks leaves a line."""
    phone = look_at_contact(by=by, now=timezone.now(), appeal=the_appeal(by, appeal_id))
    return {"phone": phone}


@router.post("/appeals/{appeal_id}/words", response={200: s.AppealOut, **PROBLEMS})
@api(WRITE)
def add_words(request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.TextIn) -> object:
    """The enterprise adds to its own open request."""
    now = timezone.now()
    outreach.add_words(by=by, now=now, appeal_id=appeal_id, words=what.text)
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/confirm", response={200: s.AppealOut, **PROBLEMS})
@api(WRITE)
def confirm_solved(request: HttpRequest, by: Actor, appeal_id: s.Id, said: g.ConfirmIn) -> object:
    """The enterprise says that its request is settled."""
    now = timezone.now()
    outreach.confirm_solved(
        by=by,
        now=now,
        appeal=the_appeal(by, appeal_id),
        version=said.version,
        satisfaction=said.satisfaction,
        words=said.words,
    )
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/confirm-again", response={200: s.AppealOut, **PROBLEMS})
@api(WRITE)
def confirm_again(
    request: HttpRequest, by: Actor, appeal_id: s.Id, said: g.AppealWordsIn
) -> object:
    """Asked again after thirty days, the enterprise says that it is still solved."""
    now = timezone.now()
    _speak(outreach.confirm_again, by, now, appeal_id, said)
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/reopen", response={200: s.AppealOut, **PROBLEMS})
@api(WRITE)
def reopen_appeal(
    request: HttpRequest, by: Actor, appeal_id: s.Id, said: g.AppealWordsIn
) -> object:
    """The enterprise says that it is not solved."""
    now = timezone.now()
    _speak(outreach.reopen_appeal, by, now, appeal_id, said)
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/withdraw", response={200: s.AppealOut, **PROBLEMS})
@api(WRITE)
def withdraw_appeal(
    request: HttpRequest, by: Actor, appeal_id: s.Id, said: g.AppealWordsIn
) -> object:
    """The enterprise withdraws its request."""
    now = timezone.now()
    _speak(outreach.withdraw_appeal, by, now, appeal_id, said)
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/take-back", response={200: s.AppealOut, **PROBLEMS})
@api(WRITE)
def take_back_appeal(
    request: HttpRequest, by: Actor, appeal_id: s.Id, seen: g.AppealVersionIn
) -> object:
    """Take back one's own mistaken filing within ten minutes."""
    now = timezone.now()
    outreach.take_back_appeal(
        by=by, now=now, appeal=the_appeal(by, appeal_id), version=seen.version
    )
    return appeal_out(by, appeal_id, now)


def _speak(verb: Speaks, by: Actor, now: datetime, appeal_id: int, said: g.AppealWordsIn) -> None:
    """A word of the enterprise that takes words and nothing else."""
    verb(by=by, now=now, appeal=the_appeal(by, appeal_id), version=said.version, words=said.words)
