"""API of titles, batches, applications, lists and technology contracts."""

from typing import TypeVar

from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, UploadedFile

from xiaoer.base.api.shapes import Number, Word
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.growth import access, queries
from xiaoer.growth import actions as growth
from xiaoer.growth.api import title_shapes as s
from xiaoer.growth.models import (
    Application,
    Batch,
    FirmList,
    ListMember,
    TechContract,
    Title,
    TitleKind,
    TitleSheet,
)
from xiaoer.growth.queries import NearFilter, TitleFilter, TitleRow
from xiaoer.growth.queries.near_lists import SHOWS
from xiaoer.registry.models import Party
from xiaoer.rules.models import Rule
from xiaoer.web.words import local_date
from xiaoer.work.models import Task

router = Router(tags=["titles"])
M = TypeVar("M", bound=Model)


def _one(model: type[M], number: int | None, by: Actor, field: str) -> M | None:
    """A row of the asker's zone, named in the body; one that is not here is refused."""
    if number is None:
        return None
    row = model._default_manager.filter(zone_id=by.zone_id, pk=number).first()
    if row is None:
        raise Refused(_("Choose one of the list."), field=field)
    return row


def _of(model: type[M], number: int, by: Actor, field: str) -> M:
    row = _one(model, number, by, field)
    assert row is not None  # noqa: S101  # a number was given, so it was found or refused
    return row


def _here(model: type[M], number: int, by: Actor) -> M:
    """A row of the asker's zone, named in the address."""
    return found(model._default_manager.filter(zone_id=by.zone_id, pk=number).first())


def _title(by: Actor, title_id: int) -> Title:
    return found(queries.title(zone_id=by.zone_id, title_id=title_id))


def _title_out(by: Actor, title_id: int) -> s.TitleOut:
    row = _title(by, title_id)
    return s.title_out(TitleRow(row, queries.standing(row, local_date(timezone.now()))))


# Titles -------------------------------------------------------------------------------------------


@router.get("/title-kinds", response={200: list[s.TitleKindOut], **PROBLEMS})
@api(READ)
def list_title_kinds(request: HttpRequest, by: Actor) -> object:
    """The zone's kinds of titles."""
    return list(queries.kinds(zone_id=by.zone_id))


@router.post("/title-kinds/{kind_id}/complete", response={200: s.TitleKindOut, **PROBLEMS})
@api(WRITE)
def declare_complete(
    request: HttpRequest, by: Actor, kind_id: Number, said: s.CompleteIn
) -> object:
    """Say that the register of a kind is complete as of a day; a firm not on it then has none."""
    return growth.declare_complete(
        by=by,
        now=timezone.now(),
        kind=_here(TitleKind, kind_id, by),
        complete_on=said.complete_on,
    )


@router.get("/titles", response={200: s.TitlePageOut, **PROBLEMS})
@api(READ)
def list_titles(request: HttpRequest, by: Actor, asked: Query[s.TitleQuery]) -> object:
    """The register, the latest granted first. State: in_force, expiring, expired, ended or all."""
    filters = TitleFilter(**asked.dict(exclude={"after"}))
    page = queries.title_page(
        zone_id=by.zone_id,
        filters=filters,
        on=local_date(timezone.now()),
        after=asked.after or None,
    )
    return s.TitlePageOut(rows=[s.title_out(row) for row in page.rows], after=page.after)


@router.post("/titles", response={200: s.TitleOut, **PROBLEMS})
@api(WRITE)
def register_title(request: HttpRequest, by: Actor, said: s.TitleIn) -> object:
    """Enter what an authority granted."""
    row = growth.register_title(
        by=by,
        now=timezone.now(),
        kind=_of(TitleKind, said.kind, by, "kind"),
        facts=said.facts(_one(Batch, said.batch, by, "batch")),
        party=_one(Party, said.party, by, "party"),
        upgraded_from=_one(Title, said.upgraded_from, by, "upgraded_from"),
    )
    return _title_out(by, row.pk)


@router.get("/titles/{title_id}", response={200: s.TitleOut, **PROBLEMS})
@api(READ)
def read_title(request: HttpRequest, by: Actor, title_id: Number) -> object:
    """One title as it stands."""
    return _title_out(by, title_id)


@router.post("/titles/{title_id}/correct", response={200: s.TitleOut, **PROBLEMS})
@api(WRITE)
def correct_title(
    request: HttpRequest, by: Actor, title_id: Number, said: s.TitleCorrectionIn
) -> object:
    """Put right what was entered wrongly; the former entry is kept."""
    growth.correct_title(
        by=by,
        now=timezone.now(),
        title=_title(by, title_id),
        facts=said.facts(_one(Batch, said.batch, by, "batch")),
        reason=said.reason,
        version=said.version,
    )
    return _title_out(by, title_id)


@router.post("/titles/{title_id}/renew", response={200: s.TitleOut, **PROBLEMS})
@api(WRITE)
def renew_title(request: HttpRequest, by: Actor, title_id: Number, said: s.TitleFactsIn) -> object:
    """Enter the next period of a title."""
    row = growth.renew_title(
        by=by,
        now=timezone.now(),
        title=_title(by, title_id),
        facts=said.facts(_one(Batch, said.batch, by, "batch")),
    )
    return _title_out(by, row.pk)


@router.post("/titles/{title_id}/withdraw", response={200: s.TitleOut, **PROBLEMS})
@api(WRITE)
def withdraw_title(request: HttpRequest, by: Actor, title_id: Number, said: s.TitleEndIn) -> object:
    """Record that the authority took it away, or that it was entered by mistake."""
    growth.withdraw_title(
        by=by,
        now=timezone.now(),
        title=_title(by, title_id),
        ended_on=said.ended_on,
        reason=said.reason,
        is_mistake=said.is_mistake,
        version=said.version,
    )
    return _title_out(by, title_id)


@router.post("/titles/{title_id}/finish-task", response={200: s.TitleOut, **PROBLEMS})
@api(WRITE)
def finish_title_task(
    request: HttpRequest, by: Actor, title_id: Number, said: s.TaskDoneIn
) -> object:
    """Say what was done about a title that runs out."""
    growth.finish_title_task(
        by=by,
        now=timezone.now(),
        title=_title(by, title_id),
        task=_of(Task, said.task, by, "task"),
        words=said.words,
    )
    return _title_out(by, title_id)


@router.post("/title-sheets", response={200: s.TitleSheetOut, **PROBLEMS})
@api(WRITE)
def preview_titles(
    request: HttpRequest,
    by: Actor,
    sheet: File[UploadedFile],
    holds: Form[TitleSheet.Holds] = TitleSheet.Holds.TITLES,
) -> object:
    """Read a sheet of titles or contracts and say what would become of each row."""
    return growth.preview_titles(
        by=by,
        now=timezone.now(),
        stream=sheet,
        file_name=(sheet.name or "sheet").replace("\x00", ""),
        holds=holds,
    )


@router.get("/title-sheets/{sheet_id}", response={200: s.TitleSheetOut, **PROBLEMS})
@api(READ)
def read_title_sheet(request: HttpRequest, by: Actor, sheet_id: Number) -> object:
    """What would become, or became, of each row of a sheet."""
    access.must_read_register(by)
    return found(queries.title_sheet(zone_id=by.zone_id, sheet_id=sheet_id))


@router.post("/title-sheets/{sheet_id}/commit", response={200: s.TitleSheetOut, **PROBLEMS})
@api(WRITE)
def commit_titles(request: HttpRequest, by: Actor, sheet_id: Number) -> object:
    """Take over the good rows."""
    return growth.commit_titles(by=by, now=timezone.now(), sheet=_here(TitleSheet, sheet_id, by))


# Platforms, honours, one firm ---------------------------------------------------------------------


@router.get("/title-kinds/counts", response={200: list[s.KindCountOut], **PROBLEMS})
@api(READ)
def count_kinds(request: HttpRequest, by: Actor, year: s.YearNo | None = None) -> object:
    """How many of each kind are in force today, and how many were granted in a year."""
    access.must_read_register(by)
    on = local_date(timezone.now())
    rows = queries.kind_counts(zone_id=by.zone_id, families=(), on=on, year=year or on.year)
    return [
        s.KindCountOut(
            kind=row.kind.code,
            kind_name=row.kind.name,
            level=row.kind.level,
            in_force=row.in_force,
            new=row.new,
        )
        for row in rows
    ]


@router.get("/honours", response={200: list[s.HonourOut], **PROBLEMS})
@api(READ)
def list_honours(request: HttpRequest, by: Actor) -> object:
    """Honours of the zone itself, with how many years in a row."""
    access.must_read_register(by)
    on = local_date(timezone.now())
    return [
        s.HonourOut(
            title=s.title_out(TitleRow(one.title, queries.standing(one.title, on))),
            years=one.years,
        )
        for one in queries.honours(zone_id=by.zone_id)
    ]


@router.get("/enterprises/{party_id}/next-titles", response={200: list[s.NextStepOut], **PROBLEMS})
@api(READ)
def list_next_titles(request: HttpRequest, by: Actor, party_id: Number) -> object:
    """What a firm holds, and how far it is from the next titles."""
    access.must_read_register(by)
    party = _here(Party, party_id, by)
    now = timezone.now()
    rows = queries.titles_and_next(party=party, on=local_date(now), now=now)
    return [s.step_out(one) for one in rows]


# Work lists of a rule -----------------------------------------------------------------------------


def _rule(by: Actor, code: str) -> Rule:
    access.must_read_register(by)
    return found(queries.near_rule(zone_id=by.zone_id or 0, code=code))


@router.get("/rules/{code}/near", response={200: s.NearPageOut, **PROBLEMS})
@api(READ)
def list_near(request: HttpRequest, by: Actor, code: Word, asked: Query[s.NearQuery]) -> object:
    """Firms that do not meet a rule, the smallest change first, in pages of 50."""
    filters = NearFilter(asked.officer, asked.cell, asked.show if asked.show in SHOWS else "")
    return queries.near_page(
        by=by, rule=_rule(by, code), filters=filters, now=timezone.now(), page=asked.page
    )


@router.get("/rules/{code}/near/{int:party_id}", response={200: s.NearOneOut, **PROBLEMS})
@api(READ)
def read_near(request: HttpRequest, by: Actor, code: Word, party_id: Number) -> object:
    """What one firm would have to change to meet a rule."""
    rule, party = _rule(by, code), _here(Party, party_id, by)
    return {"firm": queries.near_firm(by=by, rule=rule, party_id=party.pk, now=timezone.now())}


@router.post("/rules/{code}/near/ask", response={200: s.AskedForRuleOut, **PROBLEMS})
@api(WRITE)
def ask_for_rule(request: HttpRequest, by: Actor, code: Word, said: s.AskFirmsIn) -> object:
    """Put what a rule lacks of some firms as questions to them; each once."""
    return growth.ask_for_rule(
        by=by, now=timezone.now(), rule=_rule(by, code), party_ids=said.firms
    )


# Batches and applications -------------------------------------------------------------------------


@router.get("/batches", response={200: list[s.BatchOut], **PROBLEMS})
@api(READ)
def list_batches(request: HttpRequest, by: Actor, since_year: s.YearNo = 2020) -> object:
    """Rounds of applications, the latest first."""
    return list(queries.batches_of(zone_id=by.zone_id, since_year=since_year)[:500])


@router.post("/batches", response={200: s.BatchOut, **PROBLEMS})
@api(WRITE)
def open_batch(request: HttpRequest, by: Actor, said: s.BatchIn) -> object:
    """Enter a round of applications."""
    return growth.open_batch(
        by=by,
        now=timezone.now(),
        kind=_of(TitleKind, said.kind, by, "kind"),
        name=said.name,
        year=said.year,
        opens_on=said.opens_on,
        closes_on=said.closes_on,
    )


@router.post("/batches/{batch_id}", response={200: s.BatchOut, **PROBLEMS})
@api(WRITE)
def change_batch(
    request: HttpRequest, by: Actor, batch_id: Number, said: s.BatchChangeIn
) -> object:
    """Change its days, or say where it stands."""
    return growth.change_batch(
        by=by,
        now=timezone.now(),
        batch=_here(Batch, batch_id, by),
        opens_on=said.opens_on,
        closes_on=said.closes_on,
        state=said.state,
        version=said.version,
    )


@router.get("/applications", response={200: list[s.ApplicationOut], **PROBLEMS})
@api(READ)
def list_applications(request: HttpRequest, by: Actor, asked: Query[s.ApplicationQuery]) -> object:
    """Applications, the latest moved first; at most 500."""
    rows = queries.applications(
        zone_id=by.zone_id, kind=asked.kind, batch=asked.batch, year=asked.year
    )
    return list(rows.order_by("-since", "-id")[:500])


@router.post("/applications", response={200: s.ApplicationOut, **PROBLEMS})
@api(WRITE)
def plan_application(request: HttpRequest, by: Actor, said: s.ApplicationIn) -> object:
    """Plan a firm's application for a title."""
    return growth.plan_application(
        by=by,
        now=timezone.now(),
        party=_of(Party, said.party, by, "party"),
        kind=_of(TitleKind, said.kind, by, "kind"),
        batch=_one(Batch, said.batch, by, "batch"),
        renews=_one(Title, said.renews, by, "renews"),
        note=said.note,
    )


@router.post("/applications/{application_id}/move", response={200: s.ApplicationOut, **PROBLEMS})
@api(WRITE)
def move_application(
    request: HttpRequest, by: Actor, application_id: Number, said: s.ApplicationMoveIn
) -> object:
    """Say where it stands: being prepared, submitted, recommended or taken back."""
    return growth.move_application(
        by=by,
        now=timezone.now(),
        application=_here(Application, application_id, by),
        to=said.to,
        on=said.on,
        note=said.note,
        batch=_one(Batch, said.batch, by, "batch"),
        version=said.version,
    )


@router.post("/applications/{application_id}/grant", response={200: s.ApplicationOut, **PROBLEMS})
@api(WRITE)
def grant_application(
    request: HttpRequest, by: Actor, application_id: Number, said: s.ApplicationGrantIn
) -> object:
    """Record that the authority granted it; the title stands on the register."""
    return growth.grant_application(
        by=by,
        now=timezone.now(),
        application=_here(Application, application_id, by),
        facts=said.facts(_one(Batch, said.batch, by, "batch")),
        version=said.version,
    )


@router.post("/applications/{application_id}/refuse", response={200: s.ApplicationOut, **PROBLEMS})
@api(WRITE)
def refuse_application(
    request: HttpRequest, by: Actor, application_id: Number, said: s.ApplicationRefusalIn
) -> object:
    """Record, as a person, that the authority did not grant it, and why."""
    return growth.refuse_application(
        by=by,
        now=timezone.now(),
        application=_here(Application, application_id, by),
        on=said.on,
        reason=said.reason,
        document=said.document,
        version=said.version,
    )


@router.get("/applications/renewals", response={200: list[s.CandidateOut], **PROBLEMS})
@api(READ)
def list_renewals(request: HttpRequest, by: Actor) -> object:
    """High-tech titles that lapse within 12 months."""
    access.must_read_register(by)
    return queries.renewals(zone_id=by.zone_id, on=local_date(timezone.now()))


@router.get("/applications/small-to-high", response={200: list[s.CandidateOut], **PROBLEMS})
@api(READ)
def list_small_to_high(request: HttpRequest, by: Actor) -> object:
    """小升高: technology SMEs ready for the high-tech title."""
    access.must_read_register(by)
    return queries.small_to_high(zone_id=by.zone_id, on=local_date(timezone.now()))


@router.get("/applications/lost-next", response={200: list[s.CandidateOut], **PROBLEMS})
@api(READ)
def list_lost_next(request: HttpRequest, by: Actor) -> object:
    """High-tech enterprises whose facts of today would not get the title again."""
    access.must_read_register(by)
    return queries.lost_next(zone_id=by.zone_id, on=local_date(timezone.now()))


# Lists and contracts ------------------------------------------------------------------------------


@router.get("/firm-lists", response={200: list[s.FirmListOut], **PROBLEMS})
@api(READ)
def list_firm_lists(request: HttpRequest, by: Actor, year: s.YearNo | None = None) -> object:
    """Lists of firms and projects."""
    return list(queries.firm_lists(zone_id=by.zone_id, year=year)[:500])


@router.post("/firm-lists", response={200: s.FirmListOut, **PROBLEMS})
@api(WRITE)
def open_list(request: HttpRequest, by: Actor, said: s.FirmListIn) -> object:
    """Open the list of a year."""
    return growth.open_list(by=by, now=timezone.now(), **said.dict())


@router.get("/firm-lists/{list_id}/members", response={200: list[s.ListMemberOut], **PROBLEMS})
@api(READ)
def list_list_members(request: HttpRequest, by: Actor, list_id: Number) -> object:
    """Who stands on a list, and who left it."""
    return list(queries.list_members(firm_list=_here(FirmList, list_id, by)))


@router.post("/firm-lists/{list_id}/members", response={200: s.ListMemberOut, **PROBLEMS})
@api(WRITE)
def add_member(request: HttpRequest, by: Actor, list_id: Number, said: s.ListMemberIn) -> object:
    """Put a firm, or a project of it, on a list."""
    return growth.add_member(
        by=by,
        now=timezone.now(),
        firm_list=_here(FirmList, list_id, by),
        party=_of(Party, said.party, by, "party"),
        since=said.since,
        project=said.project,
    )


@router.post("/firm-lists/members/{member_id}/remove", response={200: s.ListMemberOut, **PROBLEMS})
@api(WRITE)
def remove_member(
    request: HttpRequest, by: Actor, member_id: Number, said: s.ListMemberEndIn
) -> object:
    """Take a firm off a list as of a day, with the reason."""
    return growth.remove_member(
        by=by,
        now=timezone.now(),
        member=_here(ListMember, member_id, by),
        until=said.until,
        reason=said.reason,
    )


@router.get("/tech-contracts", response={200: s.TechContractPageOut, **PROBLEMS})
@api(READ)
def list_tech_contracts(
    request: HttpRequest, by: Actor, year: s.YearNo | None = None, after: Word = ""
) -> object:
    """Technology contracts, the latest registered first."""
    return queries.contract_page(zone_id=by.zone_id, year=year, after=after or None)


@router.get("/tech-contracts/years/{year}", response={200: s.ContractYearOut, **PROBLEMS})
@api(READ)
def read_contract_year(request: HttpRequest, by: Actor, year: s.YearNo) -> object:
    """How many contracts, how much, and against the year before."""
    access.must_read_register(by)
    return queries.contract_year(zone_id=by.zone_id, year=year, on=local_date(timezone.now()))


@router.post("/tech-contracts", response={200: s.TechContractOut, **PROBLEMS})
@api(WRITE)
def register_contract(request: HttpRequest, by: Actor, said: s.TechContractIn) -> object:
    """Enter a technology contract as the market registered it."""
    return growth.register_contract(
        by=by,
        now=timezone.now(),
        number=said.number,
        registered_on=said.registered_on,
        party=_of(Party, said.party, by, "party"),
        amount_fen=said.amount_fen,
        kind=said.kind or "",
        name=said.name,
        counterpart=said.counterpart,
    )


@router.post(
    "/tech-contracts/{contract_id}/take-back", response={200: s.TechContractOut, **PROBLEMS}
)
@api(WRITE)
def take_back_contract(
    request: HttpRequest, by: Actor, contract_id: Number, said: s.TakeBackIn
) -> object:
    """Take a contract out of the count, with the reason."""
    return growth.take_back_contract(
        by=by, now=timezone.now(), contract=_here(TechContract, contract_id, by), reason=said.reason
    )
