"""The editable defaults of the land cycle: rules of the stages, kinds of indicators."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.assets.access import land as access
from xiaoer.assets.actions.reaching import must_be_sensible
from xiaoer.assets.models import IndicatorKind, LandStageRule
from xiaoer.assets.shipped.land import KINDS, STAGES
from xiaoer.base import journal
from xiaoer.base.checking import locked, must_say, said, today
from xiaoer.base.models import Office, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work.models import LimitRule

MOST_PAPERS = 12
MOST_USUAL = Decimal(10) ** 10


@transaction.atomic
def seed_land(*, by: Actor, now: datetime) -> int:
    """Add the stages and indicators a zone does not have yet; what it changed stays. How many."""
    access.must_keep_land(by)
    stages = set(LandStageRule.objects.filter(zone_id=by.zone_id).values_list("stage", flat=True))
    rules = [
        LandStageRule(
            zone_id=by.zone_id, stage=one.stage, papers=list(one.papers),
            next_words=one.next_words, limit_code=one.limit_code, source=one.source, mark=one.mark,
        )
        for one in STAGES if one.stage not in stages
    ]  # fmt: skip
    known = set(IndicatorKind.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    kinds = [
        IndicatorKind(
            zone_id=by.zone_id, code=one.code, name=one.name, name_en=one.name_en, unit=one.unit,
            way=one.way, usual=one.usual, source=one.source, mark=one.mark, order=place,
        )
        for place, one in enumerate(KINDS) if one.code not in known
    ]  # fmt: skip
    LandStageRule.objects.bulk_create(rules)
    IndicatorKind.objects.bulk_create(kinds)
    added = len(rules) + len(kinds)
    if added:
        zone = Zone.objects.get(pk=by.zone_id)
        journal.record(by=by, now=now, verb="seed_land", subject=zone, count=added)
    return added


@transaction.atomic
def set_land_stage_rule(
    *,
    by: Actor,
    now: datetime,
    rule: LandStageRule,
    papers: Sequence[str],
    next_words: str,
    source: str,
    limit_code: str = "",
    office: Office | None = None,
    version: int | None = None,
) -> LandStageRule:
    """Change what the zone asks for at a stage; the source is said with it."""
    access.must_keep_land(by)
    row = locked(LandStageRule, by, rule.pk)
    if version is not None:
        journal.must_be_fresh(row, version)
    row.papers = _papers(papers)
    row.next_words = must_say(next_words, "next_words", most=200, why=_("Say what comes next."))
    row.limit_code = _limit(by, limit_code)
    row.office = office
    row.source = must_say(source, "source", most=200, why=_("Say where this rule is from."))
    row.mark = ""
    row.version += 1
    row.save()
    journal.record(
        by=by, now=now, verb="set_land_stage_rule", subject=row, land_stage=row.stage, papers=row.papers,
        source=row.source,
    )  # fmt: skip
    return row


def _papers(papers: Sequence[str]) -> list[str]:
    names = [name for one in papers if (name := said(one, "papers", most=120))]
    if not names:
        raise Refused(_("Name at least one paper by which the stage is entered."), field="papers")
    if len(names) > MOST_PAPERS:
        raise Refused(_("At most %(most)d papers.") % {"most": MOST_PAPERS}, field="papers")
    return list(dict.fromkeys(names))


def _limit(by: Actor, code: str) -> str:
    if code and not LimitRule.objects.filter(zone_id=by.zone_id, code=code).exists():
        raise Refused(_("This zone has no time limit of that name."), field="limit_code")
    return code


@transaction.atomic
def keep_indicator_kind(
    *,
    by: Actor,
    now: datetime,
    code: str,
    name: str,
    unit: str,
    source: str,
    name_en: str = "",
    way: str = IndicatorKind.Way.LEAST,
    usual: Decimal | None = None,
    is_active: bool = True,
    version: int | None = None,
) -> IndicatorKind:
    """Add a kind of indicator, change one, or ask it of no further land."""
    access.must_keep_land(by)
    row = IndicatorKind.objects.select_for_update().filter(zone_id=by.zone_id, code=code).first()
    if row is None:
        row = IndicatorKind(zone_id=by.zone_id, code=_code(code), order=1000)
    elif version is not None:
        journal.must_be_fresh(row, version)
    if way not in IndicatorKind.Way.values:
        raise Refused(_("Choose one of the list."), field="way")
    row.name = must_say(name, "name", most=60, why=_("Say what it is called."))
    row.name_en = said(name_en, "name_en", most=80)
    row.unit = said(unit, "unit", most=30)
    row.way = way
    must_be_sensible(usual, "usual", most=MOST_USUAL)
    row.usual = usual
    row.source = must_say(source, "source", most=200, why=_("Say where this rule is from."))
    row.mark = ""
    row.ended_on = None if is_active else (row.ended_on or today(now))
    row.version += 1 if row.pk else 0
    row.save()
    journal.record(
        by=by, now=now, verb="keep_indicator_kind", subject=row, code=code, name=row.name,
        source=row.source,
    )  # fmt: skip
    return row


def _code(code: str) -> str:
    if not code.isascii() or not code.replace("_", "").isalnum() or len(code) > 40:
        raise Refused(
            _("A code is of Latin letters, digits and lines below, at most 40 of them."),
            field="code",
        )
    return code
