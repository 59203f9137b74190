"""API of unattended approval: what waits for a person, what a person does, packs, registers."""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from xiaoer.base.api.shapes import Day, Line, Number
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import actions as permits
from xiaoer.permits import automatic_access as access
from xiaoer.permits.automatic.replaying import replay
from xiaoer.permits.models import AutoDecision, AutoPack, AutoReview, PostCheck
from xiaoer.permits.queries import automatic_desk as queries

router = Router(tags=["unattended approval"])
_NO_NUL = r"^[^\u0000]*$"
AutoWhy = Annotated[str, Field(max_length=300, pattern=_NO_NUL)]
AutoWords = Annotated[str, Field(max_length=1000, pattern=_NO_NUL)]


class AutoWaitingOut(Schema):
    id: int
    thing: str
    applicant: str
    opened_at: datetime
    why: str


class AutoStatementOut(Schema):
    source: str
    who: str
    value: str
    how: str
    sure: str
    is_odd: bool
    may_adopt: bool


class AutoDoubtOut(Schema):
    field: str
    name: str
    why: str
    unit: str
    statements: list[AutoStatementOut]


class AutoClauseOut(Schema):
    number: int
    name: str
    mark: Literal["met", "gap", "data", "person"]
    read: str


class AutoReviewOut(Schema):
    """A decision put before a person, with what is in doubt."""

    id: int
    case_id: int
    case_number: str
    decision_id: int
    why: AutoReview.Why
    outcome: str
    said: str
    opened_at: datetime
    done_at: datetime | None
    decided: AutoDecision.Outcome
    doubts: list[AutoDoubtOut]
    clauses: list[AutoClauseOut]


class AutoAdoptIn(Schema):
    field: Annotated[str, Field(max_length=60, pattern=_NO_NUL)]
    source: Annotated[str, Field(max_length=200, pattern=_NO_NUL)]
    words: AutoWords = ""


class AutoAdoptedOut(Schema):
    """The decision made anew; null: the case is in other hands by now."""

    decision_id: int | None
    outcome: AutoDecision.Outcome | None


class AutoCorrectIn(Schema):
    words: AutoWhy


class AutoWordsIn(Schema):
    words: AutoWords = ""


class AutoLookIn(Schema):
    agrees: bool
    words: AutoWords = ""


class AutoCaseOut(Schema):
    id: int
    number: str
    state: str


class AutoWithdrawIn(Schema):
    reason: Annotated[str, Field(max_length=400, pattern=_NO_NUL)]
    document: Line


class AutoDifferenceOut(Schema):
    part: str
    kept: str
    found: str


class AutoReplayOut(Schema):
    """Empty ``differences``: it comes out the same."""

    decision_id: int
    outcome: AutoDecision.Outcome
    digest: str
    differences: list[AutoDifferenceOut]


class PostCheckOut(Schema):
    id: int
    case_id: int
    decision_id: int
    due_at: datetime
    result: str
    words: str
    done_at: datetime | None


class PostCheckIn(Schema):
    second: Number
    result: PostCheck.Result
    words: AutoWords = ""


class AutoPackOut(Schema):
    id: int
    code: str
    thing: str
    state: AutoPack.State
    switched_why: str
    switched_at: datetime | None
    sample_percent: int
    least_confidence: int
    daily_limit: int
    applicant_limit: int
    post_check_days: int | None
    document: str
    authorised_at: datetime | None
    law_checked_until: date | None
    version: int


class AutoSwitchIn(Schema):
    state: AutoPack.State
    reason: AutoWhy


class AutoAuthoriseIn(Schema):
    """``document`` is named by the first person; the second signs the same."""

    document: Line = ""


class AutoLawIn(Schema):
    until: Day
    words: AutoWhy


class AutoThresholdsIn(Schema):
    sample_percent: Annotated[int, Field(ge=0, le=100)]
    least_confidence: Annotated[int, Field(ge=50, le=100)]
    daily_limit: Annotated[int, Field(ge=1, le=100_000)]
    applicant_limit: Annotated[int, Field(ge=1, le=1000)]
    post_check_days: Annotated[int, Field(ge=1, le=250)] | None = None
    version: Number


class AutoFiguresOut(Schema):
    granted: int
    with_adopted: int
    to_person: int
    shadow: int
    mean_seconds: float | None
    share_granted: float | None
    sampled: int
    disagreed: int
    disagreement: float | None
    checks: int
    checks_failed: int
    revoked: int
    shadow_same: int
    shadow_other: int


class AutoMonthOut(Schema):
    month: date
    looked: int
    disagreed: int
    share: float


class SharedRegisterOut(Schema):
    id: int
    code: str
    name: str
    fetched_at: datetime | None
    fresh_hours: int
    entries: int
    is_fresh: bool
    is_stopped: bool


class SharedEntryOut(Schema):
    id: int
    key: str
    name: str
    content: dict[str, object]
    valid_from: date | None
    valid_until: date | None
    ended_at: datetime | None


class SharedEntryPageOut(Schema):
    total: int
    rows: list[SharedEntryOut]


class SharedEntriesQuery(Schema):
    words: Annotated[str, Field(max_length=60, pattern=_NO_NUL)] = ""
    ended: bool = False
    size: Annotated[int, Field(ge=1, le=500)] = 100
    after: Annotated[int, Field(ge=0, le=100_000)] = 0


class SharedEntryIn(Schema):
    key: Annotated[str, Field(max_length=120, pattern=_NO_NUL)]
    name: Annotated[str, Field(max_length=120, pattern=_NO_NUL)] = ""
    content: dict[str, str | float | bool | None] = {}
    valid_from: Day | None = None
    valid_until: Day | None = None


class SharedEntriesIn(Schema):
    """``is_whole``: what is not named is listed no longer, and the register is fresh."""

    entries: Annotated[list[SharedEntryIn], Field(max_length=50_000)]
    is_whole: bool = True
    source: Line = ""


class SharedMadeOut(Schema):
    entries: int


class SharedStopIn(Schema):
    is_stopped: bool
    reason: AutoWhy


class AutoDaysQuery(Schema):
    days: Annotated[int, Field(ge=1, le=3660)] = 90


def _review(by: Actor, review_id: int) -> AutoReview:
    access.must_see_automatic(by)
    return found(queries.review_of(by=by, review_id=review_id))


def _out(review: AutoReview) -> dict[str, object]:
    shown = queries.shown(review.decision)
    return {
        "id": review.pk,
        "case_id": review.case_id,
        "case_number": review.case.number,
        "decision_id": review.decision_id,
        "why": review.why,
        "outcome": review.outcome,
        "said": review.said,
        "opened_at": review.opened_at,
        "done_at": review.done_at,
        "decided": review.decision.outcome,
        "doubts": list(shown.doubts),
        "clauses": list(shown.clauses),
    }


# What waits --------------------------------------------------------------------------------------


@router.get("/automatic/reviews", response={200: list[AutoWaitingOut], **PROBLEMS})
@api(READ)
def list_auto_reviews(request: HttpRequest, by: Actor) -> object:
    """What waits for a person, the oldest first, the first hundred."""
    access.must_see_automatic(by)
    return queries.waiting(by=by)


@router.get("/automatic/reviews/{review_id}", response={200: AutoReviewOut, **PROBLEMS})
@api(READ)
def read_auto_review(request: HttpRequest, by: Actor, review_id: Number) -> object:
    """One decision with what is in doubt, source by source."""
    return _out(_review(by, review_id))


@router.post("/automatic/reviews/{review_id}/adopt", response={200: AutoAdoptedOut, **PROBLEMS})
@api(WRITE)
def adopt_value(request: HttpRequest, by: Actor, review_id: Number, said: AutoAdoptIn) -> object:
    """Say which stated value holds; the rule decides again on it."""
    decision = permits.adopt_value(
        by=by, now=timezone.now(), review=_review(by, review_id), field=said.field,
        source=said.source, words=said.words,
    )  # fmt: skip
    return {
        "decision_id": decision.pk if decision else None,
        "outcome": decision.outcome if decision else None,
    }


@router.post("/automatic/reviews/{review_id}/correct", response={200: AutoReviewOut, **PROBLEMS})
@api(WRITE)
def ask_correction(
    request: HttpRequest, by: Actor, review_id: Number, said: AutoCorrectIn
) -> object:
    """Ask the applicant to correct it: the one notice the law allows."""
    review = _review(by, review_id)
    permits.ask_correction(by=by, now=timezone.now(), review=review, words=said.words)
    return _out(_review(by, review_id))


@router.post("/automatic/reviews/{review_id}/two-officers", response={200: AutoCaseOut, **PROBLEMS})
@api(WRITE)
def hand_to_two_officers(
    request: HttpRequest, by: Actor, review_id: Number, said: AutoWordsIn
) -> object:
    """Hand the case to people."""
    review = _review(by, review_id)
    return permits.to_two_officers(by=by, now=timezone.now(), review=review, words=said.words)


@router.post("/automatic/reviews/{review_id}/look", response={200: AutoReviewOut, **PROBLEMS})
@api(WRITE)
def review_sample(request: HttpRequest, by: Actor, review_id: Number, said: AutoLookIn) -> object:
    """Agree with a grant that was drawn, or say what is wrong with it."""
    permits.review_sample(
        by=by, now=timezone.now(), review=_review(by, review_id), agrees=said.agrees,
        words=said.words,
    )  # fmt: skip
    return _out(_review(by, review_id))


@router.get("/automatic/disagreement", response={200: list[AutoMonthOut], **PROBLEMS})
@api(READ)
def read_disagreement(request: HttpRequest, by: Actor, asked: Query[AutoDaysQuery]) -> object:
    """How often people saw a grant otherwise, month by month."""
    access.must_see_automatic(by)
    since = timezone.now() - timedelta(days=asked.days)
    return queries.disagreement(zone_id=by.zone_id, since=since)


# Decisions and checks ----------------------------------------------------------------------------


def _decision(by: Actor, decision_id: int) -> AutoDecision:
    access.must_see_automatic(by)
    return found(queries.decision_of(by=by, decision_id=decision_id))


@router.get("/automatic/decisions/{decision_id}/replay", response={200: AutoReplayOut, **PROBLEMS})
@api(READ)
def replay_decision(request: HttpRequest, by: Actor, decision_id: Number) -> object:
    """Put a decision to its rule once more."""
    decision = _decision(by, decision_id)
    return {
        "decision_id": decision.pk,
        "outcome": decision.outcome,
        "digest": decision.digest,
        "differences": replay(decision),
    }


@router.post(
    "/automatic/decisions/{decision_id}/withdraw", response={200: AutoReplayOut, **PROBLEMS}
)
@api(WRITE)
def withdraw_grant(
    request: HttpRequest, by: Actor, decision_id: Number, said: AutoWithdrawIn
) -> object:
    """Withdraw what was granted wrongly: the item stops, its licence is revoked."""
    decision = permits.withdraw_grant(
        by=by, now=timezone.now(), decision=_decision(by, decision_id), reason=said.reason,
        document=said.document,
    )  # fmt: skip
    return {
        "decision_id": decision.pk, "outcome": decision.outcome, "digest": decision.digest,
        "differences": [],
    }  # fmt: skip


@router.get("/automatic/checks", response={200: list[PostCheckOut], **PROBLEMS})
@api(READ)
def list_post_checks(request: HttpRequest, by: Actor, done: bool = False) -> object:
    """Checks on site that are due, or were done, the first 500."""
    access.must_see_automatic(by)
    return list(queries.post_checks(zone_id=by.zone_id, is_open=not done)[:500])


@router.post("/automatic/checks/{check_id}", response={200: PostCheckOut, **PROBLEMS})
@api(WRITE)
def record_post_check(
    request: HttpRequest, by: Actor, check_id: Number, said: PostCheckIn
) -> object:
    """Say what two officers found on site."""
    access.must_see_automatic(by)
    second = Post.objects.filter(zone_id=by.zone_id, pk=said.second).first()
    if second is None:
        raise Refused(_("Two officers look; name the other one."), field="second")
    return permits.record_post_check(
        by=by, now=timezone.now(), check=found(queries.check_of(by=by, check_id=check_id)),
        second=second, result=said.result, words=said.words,
    )  # fmt: skip


# Packs -------------------------------------------------------------------------------------------

PACK = {200: AutoPackOut, **PROBLEMS}


def _pack(by: Actor, pack_id: int) -> AutoPack:
    access.must_see_automatic(by)
    return found(queries.pack_of(by=by, pack_id=pack_id))


def _pack_out(pack: AutoPack) -> dict[str, object]:
    names = [name for name in AutoPackOut.model_fields if name != "thing"]
    return {name: getattr(pack, name) for name in names} | {"thing": pack.thing.name}


@router.get("/automatic/packs", response={200: list[AutoPackOut], **PROBLEMS})
@api(READ)
def list_auto_packs(request: HttpRequest, by: Actor) -> object:
    """Items that may be granted with nobody in between."""
    access.must_see_automatic(by)
    return [_pack_out(one) for one in queries.packs(zone_id=by.zone_id)]


@router.get("/automatic/packs/{pack_id}/figures", response={200: AutoFiguresOut, **PROBLEMS})
@api(READ)
def read_auto_figures(
    request: HttpRequest, by: Actor, pack_id: Number, asked: Query[AutoDaysQuery]
) -> object:
    """What became of an item's cases in the last days."""
    since = timezone.now() - timedelta(days=asked.days)
    return queries.pack_figures(pack=_pack(by, pack_id), since=since)


@router.post("/automatic/packs/{pack_id}/switch", response=PACK)
@api(WRITE)
def switch_auto_pack(
    request: HttpRequest, by: Actor, pack_id: Number, said: AutoSwitchIn
) -> object:
    """Turn an item on, off or into shadow; off holds from this moment."""
    pack = permits.switch_pack(
        by=by, now=timezone.now(), pack=_pack(by, pack_id), state=said.state, reason=said.reason
    )
    return _pack_out(pack)


@router.post("/automatic/packs/{pack_id}/authorise", response=PACK)
@api(WRITE)
def authorise_auto_pack(
    request: HttpRequest, by: Actor, pack_id: Number, said: AutoAuthoriseIn
) -> object:
    """Sign the authorisation of the rule in force, as the first or the second person."""
    pack = permits.authorise_pack(
        by=by, now=timezone.now(), pack=_pack(by, pack_id), document=said.document
    )
    return _pack_out(pack)


@router.post("/automatic/packs/{pack_id}/law", response=PACK)
@api(WRITE)
def confirm_pack_law(request: HttpRequest, by: Actor, pack_id: Number, said: AutoLawIn) -> object:
    """Say that the law was looked at, and until when that suffices."""
    pack = permits.confirm_law(
        by=by, now=timezone.now(), pack=_pack(by, pack_id), until=said.until, words=said.words
    )
    return _pack_out(pack)


@router.post("/automatic/packs/{pack_id}/change", response=PACK)
@api(WRITE)
def change_auto_pack(
    request: HttpRequest, by: Actor, pack_id: Number, said: AutoThresholdsIn
) -> object:
    """Set an item's thresholds."""
    values = said.dict()
    version: int = values.pop("version")
    pack = permits.change_pack(
        by=by, now=timezone.now(), pack=_pack(by, pack_id), version=version, values=values
    )
    return _pack_out(pack)


# Shared registers --------------------------------------------------------------------------------


@router.get("/automatic/registers", response={200: list[SharedRegisterOut], **PROBLEMS})
@api(READ)
def list_shared_registers(request: HttpRequest, by: Actor) -> object:
    """What authorities share, and whether it is believed."""
    access.must_see_automatic(by)
    return [
        {
            "id": one.register.pk, "code": one.register.code, "name": one.register.name,
            "fetched_at": one.register.fetched_at, "fresh_hours": one.register.fresh_hours,
            "entries": one.entries, "is_fresh": one.is_fresh,
            "is_stopped": one.register.is_stopped,
        }
        for one in queries.register_standings(zone_id=by.zone_id, now=timezone.now())
    ]  # fmt: skip


@router.get(
    "/automatic/registers/{register_id}/entries", response={200: SharedEntryPageOut, **PROBLEMS}
)
@api(READ)
def list_shared_entries(
    request: HttpRequest, by: Actor, register_id: Number, asked: Query[SharedEntriesQuery]
) -> object:
    """Entries of a register."""
    access.must_see_automatic(by)
    row = found(queries.register_of(by=by, register_id=register_id))
    rows = queries.entries_of(register=row, words=asked.words, ended=asked.ended)
    return {"total": rows.count(), "rows": list(rows[asked.after : asked.after + asked.size])}


@router.post(
    "/automatic/registers/{register_id}/entries", response={200: SharedMadeOut, **PROBLEMS}
)
@api(WRITE)
def bring_shared_entries(
    request: HttpRequest, by: Actor, register_id: Number, said: SharedEntriesIn
) -> object:
    """Bring in what an authority shares, whole or a part."""
    access.must_see_automatic(by)
    permits.bring_entries(
        by=by,
        now=timezone.now(),
        register=found(queries.register_of(by=by, register_id=register_id)),
        entries=[permits.EntryFacts(**one.dict()) for one in said.entries],
        is_whole=said.is_whole,
        source=said.source,
    )
    return {"entries": len(said.entries)}


@router.post("/automatic/registers/{register_id}/stop", response={200: SharedMadeOut, **PROBLEMS})
@api(WRITE)
def stop_shared_register(
    request: HttpRequest, by: Actor, register_id: Number, said: SharedStopIn
) -> object:
    """Stop a register that is in doubt, or believe it again."""
    access.must_see_automatic(by)
    row = found(queries.register_of(by=by, register_id=register_id))
    permits.stop_register(
        by=by, now=timezone.now(), register=row, is_stopped=said.is_stopped, reason=said.reason
    )
    return {"entries": queries.entries_of(register=row).count()}
