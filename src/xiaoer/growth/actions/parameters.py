"""What the zone sets for its ladders: parameters, cut-offs of entry, papers of entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.growth import access
from xiaoer.growth.actions.ladder_seeds import CUTOFFS, PAPERS, PAPERS_SOURCE, PARAMETERS
from xiaoer.growth.models import (
    EntryCutoff,
    EvidenceItem,
    LadderParameter,
    ParameterChange,
    Path,
    Sector,
)

KIND = LadderParameter.Kind
YEARS = range(2020, 2100)
# Lines of the business ladder, the higher first: each must stay above the next.
LINES = ("p_near", "p_sprout", "p_seed")


@transaction.atomic
def seed_ladders(*, by: Actor, now: datetime) -> int:
    """Give a zone the parameters, cut-offs and papers it does not have yet; how many."""
    access.must_keep_ladders(by)
    added = [*_seed_parameters(by), *_seed_cutoffs(by), *_seed_papers(by)]
    if added:
        journal.record(
            by=by,
            now=now,
            verb="seed_ladders",
            subject=Zone.objects.get(pk=by.zone_id),
            codes=added,
        )
    return len(added)


def _seed_parameters(by: Actor) -> list[str]:
    known = set(LadderParameter.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    rows = LadderParameter.objects.bulk_create(
        LadderParameter(
            zone_id=by.zone_id,
            code=seed.code,
            name=seed.name,
            name_en=seed.name_en,
            meaning=seed.meaning,
            meaning_en=seed.meaning_en,
            kind=seed.kind,
            number=seed.number,
            text=seed.value if seed.number is None else "",
            choices=[list(choice) for choice in seed.choices],
            unit=seed.unit,
            least=Decimal(seed.least) if seed.least else None,
            most=Decimal(seed.most) if seed.most else None,
            order=order,
            source=seed.source,
            mark=seed.mark,
        )
        for order, seed in enumerate(PARAMETERS, start=1)
        if seed.code not in known
    )
    return [row.code for row in rows]


def _seed_cutoffs(by: Actor) -> list[str]:
    if EntryCutoff.objects.filter(zone_id=by.zone_id).exists():
        return []
    rows = EntryCutoff.objects.bulk_create(
        EntryCutoff(
            zone_id=by.zone_id,
            path=seed.path,
            sector=seed.sector,
            month=seed.month,
            day=seed.day,
            name=seed.name,
            source=seed.source,
            mark=seed.mark,
        )
        for seed in CUTOFFS
    )
    return [str(row) for row in rows]


def _seed_papers(by: Actor) -> list[str]:
    known = set(EvidenceItem.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    rows = EvidenceItem.objects.bulk_create(
        EvidenceItem(
            zone_id=by.zone_id,
            code=seed.code,
            name=seed.name,
            name_en=seed.name_en,
            path=seed.path,
            sector=seed.sector,
            order=order,
            source=PAPERS_SOURCE,
            mark="A",
        )
        for order, seed in enumerate(PAPERS, start=1)
        if seed.code not in known
    )
    return [row.code for row in rows]


@transaction.atomic
def set_parameter(
    *, by: Actor, now: datetime, code: str, value: str, reason: str, version: int
) -> LadderParameter:
    """Change one parameter, and say why. What it was stays readable."""
    return set_parameters(
        by=by, now=now, values={code: value}, reason=reason, versions={code: version}
    )[0]


@transaction.atomic
def set_parameters(
    *,
    by: Actor,
    now: datetime,
    values: Mapping[str, str],
    reason: str,
    versions: Mapping[str, int],
) -> list[LadderParameter]:
    """Change several at once, as calibration does: they are checked against one another after all."""
    access.must_keep_ladders(by)
    reason = _said(reason, "reason", _("Say why it is changed."), most=300)
    rows = {
        row.code: row
        for row in LadderParameter.objects.select_for_update()
        .filter(zone_id=by.zone_id)
        .order_by("pk")
    }
    changed = []
    for code, value in values.items():
        row = rows.get(code)
        if row is None:
            raise Refused(_("There is no such parameter; choose one of the list."), field="code")
        journal.must_be_fresh(row, versions.get(code, 0))
        before = row.value
        _put(row, value)
        if row.value != before:
            changed.append((row, before))
    _must_keep_order(rows)
    if not changed:
        raise Refused(_("Nothing was changed; type another value."), field=next(iter(values), None))
    for row, before in changed:
        row.version += 1
        row.save()
        ParameterChange.objects.create(
            zone_id=by.zone_id,
            parameter=row,
            before=before,
            after=row.value,
            reason=reason,
            post_id=by.post_id,
            at=now,
        )
        journal.record(
            by=by,
            now=now,
            verb="set_parameter",
            subject=row,
            code=row.code,
            before=before,
            after=row.value,
            reason=reason,
        )
    return [row for row, _before in changed]


def _put(row: LadderParameter, value: str) -> None:
    value = value.strip()
    if row.kind == KIND.CHOICE:
        if value not in {choice[0] for choice in row.choices}:
            raise Refused(_("Choose from the list."), field=row.code)
        row.text = value
        return
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise Refused(_("Type a number."), field=row.code) from error
    if not number.is_finite() or abs(number) > Decimal(10) ** 13:
        raise Refused(_("Type a number."), field=row.code)
    if row.kind == KIND.FLAG and number not in (0, 1):
        raise Refused(_("Choose yes or no."), field=row.code)
    number = round(number, 4)
    below = row.least is not None and number < row.least
    if below or (row.most is not None and number > row.most):
        raise Refused(
            _("“%(name)s” lies from %(least)s to %(most)s.")
            % {
                "name": row.name,
                "least": _plain(row.least),
                "most": _plain(row.most),
            },
            field=row.code,
        )
    row.number = number


def _plain(number: Decimal | None) -> str:
    return "…" if number is None else f"{number.normalize():f}"


def _must_keep_order(rows: Mapping[str, LadderParameter]) -> None:
    numbers = [rows[code].number or Decimal(0) for code in LINES if code in rows]
    if any(high <= low for high, low in pairwise(numbers)):
        raise Refused(
            _(
                "The line of seeds must lie below that of sprouts, and that below near above-scale;"
                " change them together."
            ),
            field="p_near",
        )


def _said(text: str, field: str, why: str, *, most: int) -> str:
    text = text.replace("\x00", "").strip()
    if not text:
        raise Refused(why, field=field)
    if len(text) > most:
        raise Refused(
            _("This is too long: at most %(longest)d characters.") % {"longest": most}, field=field
        )
    return text


@dataclass(frozen=True, slots=True)
class CutoffFacts:
    """A cut-off as it is typed; ``month`` None: every month, ``year`` None: every year."""

    path: str
    day: int
    month: int | None = None
    year: int | None = None
    sector: str = ""
    name: str = ""
    source: str = ""
    mark: str = "A"


@transaction.atomic
def keep_cutoff(
    *,
    by: Actor,
    now: datetime,
    facts: CutoffFacts,
    cutoff: EntryCutoff | None = None,
    version: int = 0,
) -> EntryCutoff:
    """Add a cut-off of entry, or change one."""
    access.must_keep_ladders(by)
    _must_be_cutoff(facts)
    row = EntryCutoff(zone_id=by.zone_id)
    if cutoff is not None:
        row = EntryCutoff.objects.select_for_update().get(zone_id=by.zone_id, pk=cutoff.pk)
        journal.must_be_fresh(row, version)
        row.version += 1
    before = "" if cutoff is None else str(row)
    for name in ("path", "day", "month", "year", "sector", "mark"):
        setattr(row, name, getattr(facts, name))
    row.name = facts.name.replace("\x00", "").strip()[:60]
    row.source = _said(
        facts.source, "source", _("Say which notice it stands in, or that it is an estimate."),
        most=200,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(_("This cut-off is there already; change that one."), field="day") from error
    journal.record(by=by, now=now, verb="keep_cutoff", subject=row, before=before, after=str(row))
    return row


def _must_be_cutoff(facts: CutoffFacts) -> None:
    if facts.path not in Path.values:
        raise Refused(_("Choose the path of entry."), field="path")
    if facts.sector and facts.sector not in Sector.values:
        raise Refused(_("Choose the sector from the list."), field="sector")
    if not 1 <= facts.day <= 31:
        raise Refused(_("Type a day from 1 to 31."), field="day")
    if facts.month is not None and not 1 <= facts.month <= 12:
        raise Refused(_("Type a month from 1 to 12, or none for every month."), field="month")
    if facts.year is not None and facts.year not in YEARS:
        raise Refused(_("Type a year, or none for every year."), field="year")
    if facts.mark not in "ABCUD" or len(facts.mark) != 1:
        raise Refused(_("Choose the mark from the list."), field="mark")


@transaction.atomic
def remove_cutoff(*, by: Actor, now: datetime, cutoff: EntryCutoff) -> EntryCutoff:
    """Count on a cut-off no longer."""
    access.must_keep_ladders(by)
    row = EntryCutoff.objects.select_for_update().get(zone_id=by.zone_id, pk=cutoff.pk)
    if row.removed_at is None:
        row.removed_at = now
        row.save(update_fields=["removed_at"])
        journal.record(by=by, now=now, verb="remove_cutoff", subject=row, before=str(row))
    return row
