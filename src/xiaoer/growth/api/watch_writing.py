"""API of monitoring: watch-lists, campaigns and targets, lines of the dispatch, monthly analysis.

On the router of ``watching``: an address that is read there is written here.
"""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Schema

from xiaoer.base.api.shapes import Day, Number
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Office, Post
from xiaoer.base.scope import Actor
from xiaoer.facts.models import Column
from xiaoer.facts.queries import metric_by_code
from xiaoer.growth import actions as growth
from xiaoer.growth import queries
from xiaoer.growth.actions import ListFacts, TargetFacts
from xiaoer.growth.api.watching import (
    DispatchLineOut,
    DispatchWeekOut,
    Short,
    Words,
    number_of,
    period_of,
    week_out,
)
from xiaoer.growth.api.watching import router as router
from xiaoer.growth.models import Campaign, DispatchLine, Target, WatchList
from xiaoer.growth.watch_access import must_read_watch
from xiaoer.registry.models import Park, Party
from xiaoer.rules.models import Rule

# Watch-lists --------------------------------------------------------------------------------------


class WatchListOut(Schema):
    """A list in its last month: how many are on it, and who came and went since the one before."""

    id: int
    code: str
    name: str
    rule: str
    metric: str
    months: int
    size: int | None
    source: str
    mark: str
    is_active: bool
    version: int
    month: date | None
    count: int
    came: int
    went: int


@router.get("/economy/lists", response={200: list[WatchListOut], **PROBLEMS})
@api(READ)
def list_watch_lists(request: HttpRequest, by: Actor) -> object:
    """The watch-lists of the zone."""
    must_read_watch(by)
    return [_list_out(row) for row in queries.watch_lists(by=by)]


def _list_out(row: queries.ListRow) -> dict[str, Any]:
    one = row.watch_list
    plain = ("code", "name", "months", "size", "source", "mark", "is_active", "version")
    return {
        "id": one.pk,
        **{name: getattr(one, name) for name in plain},
        "rule": one.rule.code if one.rule else "",
        "metric": one.metric.code if one.metric else "",
        "month": row.month,
        "count": row.count,
        "came": row.came,
        "went": row.went,
    }


# Before the address with a number, which would take it for one.
class ComputedOut(Schema):
    """How many firms each list has, by the list's number."""

    counts: dict[int, int]


@router.post("/economy/lists/compute", response={200: ComputedOut, **PROBLEMS})
@api(WRITE)
def compute_watch_lists(request: HttpRequest, by: Actor) -> object:
    """Compute the lists of this month anew."""
    now = timezone.now()
    return {"counts": growth.recompute_watch_lists(by=by, now=now, month=timezone.localdate(now))}


class WatchMemberOut(Schema):
    party_id: int
    party: str = Field(alias="party.name")
    place: int | None
    how: str


class WatchMonthIn(Schema):
    month: Day | None = None


@router.get("/economy/lists/{list_id}", response={200: list[WatchMemberOut], **PROBLEMS})
@api(READ)
def read_watch_list(
    request: HttpRequest, by: Actor, list_id: Number, asked: Query[WatchMonthIn]
) -> object:
    """Who was on a list in a month; without one, in its last."""
    must_read_watch(by)
    row = _list(by, list_id)
    months = queries.watch_months(watch_list=row)
    month = asked.month.replace(day=1) if asked.month else next(iter(months), date.min)
    return queries.members_of(watch_list=row, month=month)


class WatchListIn(Schema):
    """By a rule, or the first ``size`` of a figure over so many months."""

    code: Short
    name: Short
    name_en: Short = ""
    rule: Short = ""
    metric: Short = ""
    basis: WatchList.Basis = WatchList.Basis.AMOUNT
    months: int = Field(default=12, ge=1, le=24)
    size: int | None = Field(default=None, ge=1, le=500)
    source: Words = ""
    mark: Literal["", "A", "B", "C", "D", "U"] = ""
    is_active: bool = True
    version: Number | None = None


class KeptOut(Schema):
    """What was written: its number, and its version for the next change."""

    id: int
    version: int


@router.post("/economy/lists", response={200: KeptOut, **PROBLEMS})
@api(WRITE)
def keep_watch_list(request: HttpRequest, by: Actor, what: WatchListIn) -> object:
    """Add a list, or change the one of this code."""
    rules = Rule.objects.filter(zone_id=by.zone_id, kind=Rule.Kind.WATCH_LIST)
    return growth.keep_watch_list(
        by=by,
        now=timezone.now(),
        code=what.code,
        facts=ListFacts(
            name=what.name,
            name_en=what.name_en,
            rule=found(rules.filter(code=what.rule).first()) if what.rule else None,
            metric=found(metric_by_code(what.metric)) if what.metric else None,
            basis=what.basis,
            months=what.months,
            size=what.size,
            source=what.source,
            mark=what.mark,
            is_active=what.is_active,
        ),
        version=what.version,
    )


class WatchHandOut(Schema):
    """A change by hand: it goes before what the rule or the figure says."""

    id: int
    party_id: int
    kind: str
    reason: str
    since: date


class WatchHandIn(Schema):
    party_id: Number
    is_on: bool
    reason: Words


@router.post("/economy/lists/{list_id}/hand", response={200: WatchHandOut, **PROBLEMS})
@api(WRITE)
def put_by_hand(request: HttpRequest, by: Actor, list_id: Number, what: WatchHandIn) -> object:
    """Put a firm on a list or take it off, with the reason."""
    party = Party.objects.filter(zone_id=by.zone_id, pk=what.party_id).first()
    verb = growth.put_on_list if what.is_on else growth.take_off_list
    return verb(
        by=by,
        now=timezone.now(),
        watch_list=_list(by, list_id),
        party=found(party),
        reason=what.reason,
    )


def _list(by: Actor, list_id: int) -> WatchList:
    return found(WatchList.objects.filter(zone_id=by.zone_id, pk=list_id).first())


# Campaigns and targets ----------------------------------------------------------------------------


class CampaignIn(Schema):
    """``period``: whole months, such as 2026年1-12月."""

    name: Short
    period: Short
    purpose: Words = ""
    document: Words = ""


@router.post("/economy/campaigns", response={200: KeptOut, **PROBLEMS})
@api(WRITE)
def open_campaign(request: HttpRequest, by: Actor, what: CampaignIn) -> object:
    """Open a campaign."""
    return growth.open_campaign(
        by=by,
        now=timezone.now(),
        name=what.name,
        period=period_of(what.period),
        purpose=what.purpose,
        document=what.document,
    )


@router.post("/economy/campaigns/{campaign_id}/close", response={200: KeptOut, **PROBLEMS})
@api(WRITE)
def close_campaign(request: HttpRequest, by: Actor, campaign_id: Number) -> object:
    """End a campaign; its targets stay to be read."""
    row = found(Campaign.objects.filter(zone_id=by.zone_id, pk=campaign_id).first())
    return growth.close_campaign(by=by, now=timezone.now(), campaign=row)


class TargetIn(Schema):
    """Of a figure (``metric``) or of the firms a rule finds; one of park, office, party at most."""

    campaign_id: Number
    name: Short
    value: Short
    source: Words
    metric: Short = ""
    rule: Short = ""
    base: Short = ""
    way: Target.Way = Target.Way.ADD_UP
    share_way: Literal["even", "season", "own"] = "even"
    shares: list[Short] = Field(default=[], max_length=60)
    park_id: Number | None = None
    office_id: Number | None = None
    party_id: Number | None = None
    owner_id: Number | None = None


@router.post("/economy/targets", response={200: KeptOut, **PROBLEMS})
@api(WRITE)
def set_target(request: HttpRequest, by: Actor, what: TargetIn) -> object:
    """Set a target of a campaign."""
    campaign = Campaign.objects.filter(zone_id=by.zone_id, pk=what.campaign_id).first()
    return growth.set_target(
        by=by, now=timezone.now(), campaign=found(campaign), facts=_facts(by, what)
    )


def _facts(by: Actor, what: TargetIn) -> TargetFacts:
    def one(model: Any, number: int | None) -> Any:
        own = model.objects.filter(zone_id=by.zone_id)
        return found(own.filter(pk=number).first()) if number else None

    rules = Rule.objects.filter(zone_id=by.zone_id, code=what.rule)
    return TargetFacts(
        name=what.name,
        value=what.value,
        source=what.source,
        metric=found(metric_by_code(what.metric)) if what.metric else None,
        rule=found(rules.first()) if what.rule else None,
        base=what.base,
        way=what.way,
        share_way=what.share_way,
        shares=what.shares,
        park=one(Park, what.park_id),
        office=one(Office, what.office_id),
        party=one(Party, what.party_id),
        owner=one(Post, what.owner_id),
    )


class WatchReasonIn(Schema):
    reason: Words


@router.post("/economy/targets/{target_id}/drop", response={200: KeptOut, **PROBLEMS})
@api(WRITE)
def drop_target(request: HttpRequest, by: Actor, target_id: Number, what: WatchReasonIn) -> object:
    """Give a target up, with the reason."""
    row = found(Target.objects.filter(zone_id=by.zone_id, pk=target_id).first())
    return growth.drop_target(by=by, now=timezone.now(), target=row, reason=what.reason)


# The weekly dispatch ------------------------------------------------------------------------------


class DispatchLineIn(Schema):
    measure: Words
    result: Words = ""
    owner_id: Number | None = None
    due_on: Day | None = None
    is_done: bool = False
    version: Number | None = None


@router.post("/economy/dispatch/lines/{line_id}", response={200: DispatchLineOut, **PROBLEMS})
@api(WRITE)
def keep_dispatch_line(
    request: HttpRequest, by: Actor, line_id: Number, what: DispatchLineIn
) -> object:
    """Write down what was agreed and what came of it; of an alert, it is the alert's own."""
    line = DispatchLine.objects.filter(zone_id=by.zone_id, pk=line_id).first()
    return growth.keep_dispatch_line(
        by=by,
        now=timezone.now(),
        line=found(line),
        measure=what.measure,
        result=what.result,
        owner=Post.objects.filter(zone_id=by.zone_id, pk=what.owner_id or 0).first(),
        due_on=what.due_on,
        is_done=what.is_done,
        version=what.version,
    )


class DispatchMatterIn(Schema):
    """About an enterprise, or another matter in words."""

    what: Words
    party_id: Number | None = None
    who: Short = ""
    measure: Words = ""
    due_on: Day | None = None


@router.post("/economy/dispatch/{week_id}/lines", response={200: DispatchLineOut, **PROBLEMS})
@api(WRITE)
def add_dispatch_line(
    request: HttpRequest, by: Actor, week_id: Number, what: DispatchMatterIn
) -> object:
    """Put something on the sheet that no rule found."""
    parties = Party.objects.filter(zone_id=by.zone_id, pk=what.party_id or 0)
    return growth.add_dispatch_line(
        by=by,
        now=timezone.now(),
        week=found(queries.dispatch_week(by, week_id)),
        what=what.what,
        party=found(parties.first()) if what.party_id else None,
        who=what.who,
        measure=what.measure,
        due_on=what.due_on,
    )


class DispatchCloseIn(Schema):
    note: Words = ""


@router.post("/economy/dispatch/{week_id}/close", response={200: DispatchWeekOut, **PROBLEMS})
@api(WRITE)
def close_dispatch(
    request: HttpRequest, by: Actor, week_id: Number, what: DispatchCloseIn
) -> object:
    """Close the sheet as the meeting held it."""
    week = found(queries.dispatch_week(by, week_id))
    growth.close_dispatch(by=by, now=timezone.now(), week=week, note=what.note)
    return week_out(by, week_id)


# Monthly analysis ---------------------------------------------------------------------------------


class AnalysisIn(Schema):
    """``period``: whole months, such as 2026年10月 or 2026年1-10月."""

    metric: Short
    period: Short
    by: Literal["section", "division", "park", "rung"] = "division"
    column: Column = Column.REPORTED
    as_of: Day | None = None


class PartOut(Schema):
    """A part of the zone; an empty ``key`` is not known. Growth, share and points in per cent."""

    key: str
    now: Decimal
    before: Decimal
    growth: Decimal | None
    share: Decimal | None
    points: Decimal | None
    firms: int
    up: int
    down: int
    stopped: int


@router.get("/economy/analysis", response={200: list[PartOut], **PROBLEMS})
@api(READ)
def read_analysis(request: HttpRequest, by: Actor, asked: Query[AnalysisIn]) -> object:
    """A figure of a period by part of the zone, each beside the year before; the largest first."""
    must_read_watch(by)
    period = period_of(asked.period)
    shown = queries.contribution(
        zone_id=by.zone_id,
        metric=found(metric_by_code(asked.metric)),
        period=period,
        column=asked.column,
        as_of=asked.as_of,
    )
    rungs = {}
    if asked.by == "rung":
        rungs = queries.rungs_in(zone_id=by.zone_id, month=period.ends_on)
    return [
        {
            "key": "" if part.pull.key is None else str(part.pull.key),
            "now": number_of(part.pull.now),
            "before": number_of(part.pull.before),
            "growth": queries.points_number(part.pull.growth),
            "share": queries.points_number(part.share),
            "points": queries.points_number(part.pull.points),
            "firms": part.firms,
            "up": part.up,
            "down": part.down,
            "stopped": part.stopped,
        }
        for part in queries.parts_of(shown, queries.key_of(asked.by, rungs), str)
    ]
