"""The steps of land from plan to exit: by a paper, on the day of a fact, with the next one's day."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.assets.access import land as access
from xiaoer.assets.actions import land_tasks
from xiaoer.assets.actions.reaching import MOST_FEN, must_be_sensible
from xiaoer.assets.models import LandIndicator, LandPledge, LandStageRule, LandStep, Parcel
from xiaoer.assets.queries.land import after, back_from
from xiaoer.base import journal
from xiaoer.base.checking import (
    locked,
    must_be_possible,
    must_have_been,
    must_say,
    said,
)
from xiaoer.base.models import StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry.models import Party
from xiaoer.work.models import LimitRule

Stage = Parcel.Stage
# Where land may go from where it is; land in use that is sold on is supplied to the buyer.
WAYS: dict[str, tuple[str, ...]] = {
    Stage.PLANNED: (Stage.OFFERED, Stage.SUPPLIED),
    Stage.OFFERED: (Stage.SUPPLIED, Stage.PLANNED),
    Stage.SUPPLIED: (Stage.IN_USE, Stage.EXITED),
    Stage.IN_USE: (Stage.SUPPLIED, Stage.EXITED),
    Stage.EXITED: (Stage.PLANNED, Stage.OFFERED),
}
HELD = frozenset({Stage.SUPPLIED, Stage.IN_USE})


@transaction.atomic
def enter_stage(
    *,
    by: Actor,
    now: datetime,
    parcel: Parcel,
    stage: str,
    fact_on: date,
    paper: str,
    paper_number: str = "",
    file: StoredFile | None = None,
    due_on: date | None = None,
    party: Party | None = None,
    price_fen: int | None = None,
    held_until: date | None = None,
    words: str = "",
    version: int | None = None,
) -> LandStep:
    """Record that a parcel entered a stage; what comes next is due by the zone's limit, or ``due_on``.

    Standard land is offered with its indicators; land that is supplied has somebody who holds it;
    land that was given back is nobody's, and what was promised with it ends.
    """
    access.must_keep_land(by)
    row = locked(Parcel, by, parcel.pk)
    if version is not None:
        journal.must_be_fresh(row, version)
    _must_lead_there(row, stage, party)
    must_have_been(fact_on, "fact_on", now)
    _must_follow(row, fact_on)
    _must_have_indicators(row, stage)
    before = _as_it_was(row)
    if stage == Stage.EXITED:
        before["ended"] = _end_promises(row, fact_on)
    _change(row, stage, fact_on, party, price_fen, held_until)
    step = LandStep.objects.create(
        zone_id=by.zone_id,
        parcel=row,
        stage=stage,
        fact_on=fact_on,
        due_on=_due(by, row, fact_on, due_on),
        paper=must_say(paper, "paper", most=120, why=_("Say by which paper the stage is entered.")),
        paper_number=said(paper_number, "paper_number", most=60),
        file=file,
        words=_words(before, stage, words),
        before=before,
        by_post_id=by.post_id,
        at=now,
    )
    row.save()
    _record(by, now, "enter_land_stage", row, step)
    land_tasks.settle_land(by=by, now=now, parcel=row, outcome=str(Stage(stage).label))
    return step


def _must_lead_there(row: Parcel, stage: str, party: Party | None) -> None:
    if stage not in Stage.values:
        raise Refused(_("Choose one of the list."), field="stage")
    if stage not in WAYS[row.stage]:
        raise Refused(
            _("Parcel %(number)s is at “%(here)s”; from there it goes to: %(ways)s.")
            % {
                "number": row.number,
                "here": Stage(row.stage).label,
                "ways": "、".join(str(Stage(one).label) for one in WAYS[row.stage]),
            },
            field="stage",
        )
    if stage == Stage.SUPPLIED and party is None:
        raise Refused(_("Say to which enterprise the land was supplied."), field="party")
    if stage == Stage.SUPPLIED and party is not None and party.pk == row.party_id:
        raise Refused(
            _("Parcel %(number)s is held by %(party)s already; name the buyer.")
            % {"number": row.number, "party": party.name},
            field="party",
        )


def _must_follow(row: Parcel, fact_on: date) -> None:
    if fact_on < row.stage_on:
        raise Refused(
            _("Parcel %(number)s entered “%(stage)s” on %(day)s; the next stage cannot be earlier.")
            % {
                "number": row.number,
                "stage": Stage(row.stage).label,
                "day": row.stage_on.isoformat(),
            },
            field="fact_on",
        )


def _must_have_indicators(row: Parcel, stage: str) -> None:
    """Standard land: the indicators stand in the notice, so they come before it."""
    if stage not in (Stage.OFFERED, Stage.SUPPLIED) or not row.is_standard_land:
        return
    if not row.indicators.filter(ended_on__isnull=True).exists():
        raise Refused(
            _("Parcel %(number)s is standard land; set its indicators before it is offered.")
            % {"number": row.number},
            field="stage",
        )


def _words(before: dict[str, object], stage: str, words: str) -> str:
    """To go back to the plan, or to give land back, is said with a reason."""
    goes_back = before["stage"] == Stage.OFFERED and stage == Stage.PLANNED
    if goes_back or stage == Stage.EXITED:
        return must_say(words, "words", most=300)
    return said(words, "words", most=300)


def _as_it_was(row: Parcel) -> dict[str, object]:
    return {
        "stage": row.stage,
        "stage_on": row.stage_on.isoformat(),
        "party": row.party_id,
        "price_fen": row.price_fen,
        "held_until": row.held_until and row.held_until.isoformat(),
    }


def _change(
    row: Parcel,
    stage: str,
    fact_on: date,
    party: Party | None,
    price_fen: int | None,
    held_until: date | None,
) -> None:
    row.stage, row.stage_on = stage, fact_on
    if stage not in HELD:
        row.party, row.held_until, row.price_fen = None, None, price_fen
    else:
        row.party = party if stage == Stage.SUPPLIED else row.party
        row.price_fen = row.price_fen if price_fen is None else price_fen
        row.held_until = held_until or row.held_until
    must_be_sensible(row.price_fen, "price_fen", most=MOST_FEN)
    if row.held_until is not None and must_be_possible(row.held_until, "held_until") < fact_on:
        raise Refused(_("The last day lies before the first."), field="held_until")
    row.version += 1


def _due(by: Actor, row: Parcel, fact_on: date, due_on: date | None) -> date | None:
    """By when what comes next is due: as typed, else by the limit the zone's rule names."""
    if due_on is not None:
        if must_be_possible(due_on, "due_on") < fact_on:
            raise Refused(_("The last day lies before the first."), field="due_on")
        return due_on
    rule = LandStageRule.objects.filter(zone_id=by.zone_id, stage=row.stage).first()
    if row.stage == Stage.IN_USE:
        return _before_the_end(by, row, rule)
    limit = _limit_of(by, rule)
    return None if limit is None else after(by.zone_id, fact_on, limit)


def _limit_of(by: Actor, rule: LandStageRule | None) -> LimitRule | None:
    if rule is None or not rule.limit_code:
        return None
    return LimitRule.objects.filter(zone_id=by.zone_id, code=rule.limit_code).first()


def _before_the_end(by: Actor, row: Parcel, rule: LandStageRule | None) -> date | None:
    """Of land in use the limit counts back from the last day of the right of use."""
    limit = _limit_of(by, rule)
    if limit is None or row.held_until is None:
        return None
    return max(back_from(row.held_until, limit), row.stage_on)


def _end_promises(row: Parcel, day: date) -> list[list[int]]:
    """What was promised with the land ends with it; the numbers of its indicators and contracts."""
    ended = []
    for model in (LandIndicator, LandPledge):
        rows = model._default_manager.filter(parcel=row, ended_on__isnull=True)
        ended.append(list(rows.values_list("pk", flat=True)))
        rows.update(ended_on=day)
    return ended


@transaction.atomic
def take_back_land_step(*, by: Actor, now: datetime, step: LandStep, why: str) -> LandStep:
    """Take back the latest step of a parcel, entered by mistake; the parcel is as it was before."""
    access.must_keep_land(by)
    row = locked(Parcel, by, step.parcel_id)
    kept = locked(LandStep, by, step.pk)
    latest = row.steps.filter(taken_back_at__isnull=True).order_by("-id").first()
    if latest is None or latest.pk != kept.pk:
        raise Refused(
            _("Only the latest step of parcel %(number)s can be taken back.")
            % {"number": row.number}
        )
    pledge = row.pledges.filter(ended_on__isnull=True, at__gte=kept.at).first()
    if pledge is not None:
        raise Refused(
            _("Supervision contract %(number)s was signed for this; take that back first.")
            % {"number": pledge.number}
        )
    for model, numbers in zip(
        (LandIndicator, LandPledge), kept.before.get("ended", []), strict=False
    ):
        model._default_manager.filter(parcel=row, pk__in=numbers).update(ended_on=None)
    kept.taken_back_at = now
    kept.why_taken_back = must_say(why, "why", most=300)
    kept.save(update_fields=["taken_back_at", "why_taken_back"])
    _go_back(row, kept.before)
    _record(by, now, "take_back_land_step", row, kept)
    land_tasks.settle_land(by=by, now=now, parcel=row, outcome=_("taken back"))
    return kept


def _go_back(row: Parcel, before: dict[str, object]) -> None:
    held = before["held_until"]
    row.stage, row.stage_on = str(before["stage"]), date.fromisoformat(str(before["stage_on"]))
    row.party_id = before["party"]  # type: ignore[assignment]  # JSON as it was written
    row.price_fen = before["price_fen"]  # type: ignore[assignment]  # JSON as it was written
    row.held_until = date.fromisoformat(str(held)) if held else None
    row.version += 1
    row.save()


def _record(by: Actor, now: datetime, verb: str, row: Parcel, step: LandStep) -> None:
    journal.record(
        by=by, now=now, verb=verb, subject=row, party_ref=row.party_id, land_stage=step.stage,
        day=str(step.fact_on), paper=step.paper, number=step.paper_number,
        words=step.why_taken_back or step.words, file=step.file_id,
    )  # fmt: skip
