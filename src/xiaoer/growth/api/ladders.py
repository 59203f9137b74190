"""API of the ladders: where firms stand, what the zone sets, what people decided."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from xiaoer.base.access import must_be_staff
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor
from xiaoer.growth import actions as growth
from xiaoer.growth.api import ladder_shapes as s
from xiaoer.growth.models import (
    Designation,
    EntryCutoff,
    EvidenceItem,
    HandedPaper,
    Ladder,
    LadderParameter,
    ParameterChange,
    Standing,
)
from xiaoer.growth.queries import standings as questions
from xiaoer.growth.queries.designations import DesignationFilter, designations
from xiaoer.growth.queries.proposals import proposals
from xiaoer.growth.queries.standings import StandingFilter, StandingRow
from xiaoer.registry.models import Party
from xiaoer.web.words import local_date

router = Router(tags=["ladders"])
PAGE = 100


def _must_read(by: Actor) -> None:
    """Lists of the zone are for its staff and the city; an enterprise reads its own standing."""
    if by.role != Role.CITY:
        must_be_staff(by)


@router.get("/ladders/{ladder}", response={200: s.LadderOut, **PROBLEMS})
@api(READ)
def read_ladder(request: HttpRequest, by: Actor, ladder: Ladder) -> object:
    """The rungs of a ladder with their counts, from the highest down; firms on none last."""
    _must_read(by)
    view = questions.overview(by=by, ladder=ladder)
    rungs = [
        {
            "rung": line.rung.code if line.rung else "",
            "name": line.rung.name if line.rung else "",
            "now": line.now,
            "before": line.before,
            "unsure": line.unsure,
        }
        for line in view.counts
    ]
    return {
        "ladder": view.ladder,
        "month": view.month,
        "as_of": view.as_of,
        "firms": view.firms,
        "rose": view.rose,
        "fell": view.fell,
        "unsure": view.unsure,
        "rungs": rungs,
    }


@router.get("/standings", response={200: s.StandingPageOut, **PROBLEMS})
@api(READ)
def list_standings(request: HttpRequest, by: Actor, asked: Query[s.StandingQuery]) -> object:
    """Firms of a ladder in the month evaluated last."""
    _must_read(by)
    filters = StandingFilter(**asked.dict(exclude={"page"}))
    shown = questions.standing_page(by=by, filters=filters, page=asked.page)
    return {
        "rows": [_row(row) for row in shown.rows],
        "page": shown.page,
        "pages": shown.pages,
        "total": shown.total,
    }


def _row(row: StandingRow) -> dict[str, Any]:
    return _standing(row.standing, row.enterprise) | {
        "officer": row.officer,
        "papers_missing": [item.name for item in row.papers_missing],
    }


def _standing(row: Standing, enterprise: str) -> dict[str, Any]:
    kept = {
        name: getattr(row, name)
        for name in s.FirmStandingOut.model_fields
        if name not in ("enterprise",)
    }
    return kept | {"enterprise": enterprise}


@router.get("/standings/{party_id}", response={200: list[s.FirmStandingOut], **PROBLEMS})
@api(READ)
def read_standing(request: HttpRequest, by: Actor, party_id: s.Number) -> object:
    """Where one firm stands on each ladder; an enterprise reads its own."""
    party = _party(by, party_id)
    return [
        _standing(one.standing, party.name)
        for one in questions.firm_ladders(by=by, party=party).values()
    ]


def _party(by: Actor, party_id: int) -> Party:
    return found(Party.objects.filter(zone_id=by.zone_id, pk=party_id).first())


@router.post("/ladder-evaluations", response={200: s.LadderEvaluatedOut, **PROBLEMS})
@api(WRITE)
def evaluate_ladders(request: HttpRequest, by: Actor) -> object:
    """Evaluate the month that runs now."""
    must_be_staff(by)
    return growth.evaluate_ladders(by=by, now=timezone.now())


@router.post("/ladder-questions", response={200: s.AskedMissingOut, **PROBLEMS})
@api(WRITE)
def ask_missing(request: HttpRequest, by: Actor, what: s.AskMissingIn) -> object:
    """Put the facts firms lack as questions to them, each once."""
    must_be_staff(by)
    return growth.ask_missing(
        by=by, now=timezone.now(), party_ids=what.parties, words=what.words, worth=what.worth
    )


@router.get("/ladder-parameters", response={200: list[s.LadderParameterOut], **PROBLEMS})
@api(READ)
def list_parameters(request: HttpRequest, by: Actor) -> object:
    """What the zone set for its ladders, with source and mark."""
    _must_read(by)
    return list(LadderParameter.objects.filter(zone_id=by.zone_id))


@router.post("/ladder-parameters", response={200: list[s.LadderParameterOut], **PROBLEMS})
@api(WRITE)
def set_parameters(request: HttpRequest, by: Actor, what: s.ParametersIn) -> object:
    """Change parameters together, and say why."""
    must_be_staff(by)
    return growth.set_parameters(
        by=by,
        now=timezone.now(),
        values={code: one.value for code, one in what.values.items()},
        versions={code: one.version for code, one in what.values.items()},
        reason=what.reason,
    )


@router.get("/ladder-parameters/changes", response={200: list[s.ParameterChangeOut], **PROBLEMS})
@api(READ)
def list_parameter_changes(request: HttpRequest, by: Actor) -> object:
    """What was changed, by whom and why; the latest hundred."""
    must_be_staff(by)
    rows = ParameterChange.objects.filter(zone_id=by.zone_id).select_related(
        "parameter", "post__person"
    )
    return [
        {
            "code": row.parameter.code,
            "before": row.before,
            "after": row.after,
            "reason": row.reason,
            "who": row.post.person.name if row.post else "",
            "at": row.at,
        }
        for row in rows[:PAGE]
    ]


@router.get("/ladder-calibration", response={200: s.LadderChoiceOut, **PROBLEMS})
@api(READ)
def read_calibration(request: HttpRequest, by: Actor, asked: Query[s.LinesQuery]) -> object:
    """How many firms would stand on each rung by some lines; nothing is kept."""
    must_be_staff(by)
    numbers = {
        row.code: float(row.number or 0)
        for row in LadderParameter.objects.filter(
            zone_id=by.zone_id, code__in=("p_seed", "officer_capacity")
        )
    }
    counted = questions.shares(by=by, p_seed=numbers.get("p_seed", 0.0))
    choice = counted.choose(asked.near, asked.sprout, asked.seed)
    each = int(numbers.get("officer_capacity", 0))
    return {
        "near": choice.near,
        "sprout": choice.sprout,
        "seed": choice.seed,
        "counts": choice.counts,
        "followed": choice.followed,
        "capacity": questions.officers_of_zone(by=by) * each,
    }


@router.get("/entry-cutoffs", response={200: list[s.EntryCutoffOut], **PROBLEMS})
@api(READ)
def list_cutoffs(request: HttpRequest, by: Actor) -> object:
    """Until which days papers of entry are taken."""
    _must_read(by)
    return list(EntryCutoff.objects.filter(zone_id=by.zone_id, removed_at__isnull=True))


@router.post("/entry-cutoffs", response={200: s.EntryCutoffOut, **PROBLEMS})
@api(WRITE)
def keep_cutoff(request: HttpRequest, by: Actor, what: s.EntryCutoffIn) -> object:
    """Add a cut-off, or change the one of this number."""
    must_be_staff(by)
    cutoff = None if what.id is None else _cutoff(by, what.id)
    facts = growth.CutoffFacts(**what.dict(exclude={"id", "version"}))
    return growth.keep_cutoff(
        by=by, now=timezone.now(), facts=facts, cutoff=cutoff, version=what.version
    )


@router.delete("/entry-cutoffs/{cutoff_id}", response={200: s.EntryCutoffOut, **PROBLEMS})
@api(WRITE)
def remove_cutoff(request: HttpRequest, by: Actor, cutoff_id: s.Number) -> object:
    """Count on a cut-off no longer."""
    must_be_staff(by)
    return growth.remove_cutoff(by=by, now=timezone.now(), cutoff=_cutoff(by, cutoff_id))


def _cutoff(by: Actor, number: int) -> EntryCutoff:
    return found(EntryCutoff.objects.filter(zone_id=by.zone_id, pk=number).first())


@router.get("/entry-papers/{party_id}", response={200: list[s.EntryPaperOut], **PROBLEMS})
@api(READ)
def list_papers(request: HttpRequest, by: Actor, party_id: s.Number) -> object:
    """The papers of entry asked of one firm, and which are here; an enterprise reads its own."""
    return _papers(by, _business(by, _party(by, party_id)))


def _business(by: Actor, party: Party) -> Standing:
    business = questions.firm_ladders(by=by, party=party).get(Ladder.BUSINESS)
    return found(business.standing if business else None)


@router.post("/entry-papers/{party_id}", response={200: list[s.EntryPaperOut], **PROBLEMS})
@api(WRITE)
def hand_in_paper(
    request: HttpRequest, by: Actor, party_id: s.Number, what: s.EntryPaperIn
) -> object:
    """Write down that a paper of entry is here."""
    must_be_staff(by)
    party, now = _party(by, party_id), timezone.now()
    standing = _business(by, party)
    growth.hand_in_paper(
        by=by,
        now=now,
        party=party,
        item=found(EvidenceItem.objects.filter(zone_id=by.zone_id, pk=what.item).first()),
        year=questions.entry_year(standing),
        handed_on=what.handed_on or local_date(now),
        note=what.note,
    )
    return _papers(by, standing)


@router.delete("/handed-papers/{paper_id}", response={200: list[s.EntryPaperOut], **PROBLEMS})
@api(WRITE)
def take_back_paper(request: HttpRequest, by: Actor, paper_id: s.Number) -> object:
    """It was not here after all."""
    must_be_staff(by)
    paper = found(
        HandedPaper.objects.filter(zone_id=by.zone_id, pk=paper_id).select_related("party").first()
    )
    growth.take_back_paper(by=by, now=timezone.now(), paper=paper)
    return _papers(by, _business(by, paper.party))


def _papers(by: Actor, standing: Standing) -> list[dict[str, Any]]:
    return [
        {
            "item": item.pk,
            "name": item.name,
            "handed_on": handed.handed_on if handed else None,
            "paper": handed.pk if handed else None,
        }
        for item, handed in questions.papers_of_firm(by=by, standing=standing)
    ]


@router.get("/ladder-proposals/{kind}", response={200: s.LadderProposalsOut, **PROBLEMS})
@api(READ)
def list_proposals(request: HttpRequest, by: Actor, kind: s.ProposedKind) -> object:
    """Whom the zone's lines propose for a designation; people decide, with a document."""
    _must_read(by)
    now = timezone.now()
    return proposals(by=by, kind=kind, as_of=local_date(now), known_at=now)


@router.get("/designations", response={200: list[s.DesignationOut], **PROBLEMS})
@api(READ)
def list_designations(request: HttpRequest, by: Actor, asked: Query[s.DesignationQuery]) -> object:
    """Who is designated what, in force or ended; a hundred a page."""
    _must_read(by)
    rows = designations(
        by=by, filters=DesignationFilter(kind=asked.kind, ended=asked.ended, text=asked.text)
    )
    return [_designation(row) for row in rows[(asked.page - 1) * PAGE : asked.page * PAGE]]


def _designation(row: Designation) -> dict[str, Any]:
    kept = {
        name: getattr(row, name)
        for name in s.DesignationOut.model_fields
        if name not in ("enterprise",)
    }
    return kept | {"enterprise": row.party.name}


@router.post("/designations", response={200: s.DesignatedOut, **PROBLEMS})
@api(WRITE)
def designate(request: HttpRequest, by: Actor, what: s.DesignationIn) -> object:
    """Record one decision for a list of names or credit codes; what names nobody comes back."""
    must_be_staff(by)
    facts = growth.DecisionFacts(**what.dict(exclude={"names"}))
    return growth.designate_many(by=by, now=timezone.now(), lines=what.names, facts=facts)


@router.post("/designations/{designation_id}/end", response={200: s.DesignationOut, **PROBLEMS})
@api(WRITE)
def end_designation(
    request: HttpRequest, by: Actor, designation_id: s.Number, what: s.DesignationEndIn
) -> object:
    """End a decision with its last day and why."""
    must_be_staff(by)
    row = found(Designation.objects.filter(zone_id=by.zone_id, pk=designation_id).first())
    ended = growth.end_designation(by=by, now=timezone.now(), designation=row, **what.dict())
    return _designation(ended)
