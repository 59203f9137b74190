"""Which titles run out, or need their yearly update, and who is to be told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Q
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xiaoer.growth.models import RenewalNotice, Title, TitleKind
from xiaoer.growth.validity import STAGES, add_months, stage_of, update_due
from xiaoer.registry.models import Stewardship
from xiaoer.registry.queries.standing import GONE
from xiaoer.web import words
from xiaoer.work.reminding import Asked, Thing

_day = lazy(words.full_day, str)


@dataclass(frozen=True, slots=True)
class Due:
    """A stage of a title nobody was told of yet. ``words`` is the task, ``last_on`` its last day."""

    title_id: int
    party_id: int
    party: str
    kind: str
    stage: str
    last_on: date
    words: str
    is_update: bool = False


def titles_due(*, zone_id: int, on: date) -> list[Due]:
    """Stages of running out and updates of the year that stand to be told on a day, once each."""
    found = [*_renewals(zone_id, on), *_updates(zone_id, on)]
    told = set(
        RenewalNotice.objects.filter(
            zone_id=zone_id, title_id__in=[one.title_id for one in found]
        ).values_list("title_id", "stage")
    )
    return [one for one in found if (one.title_id, one.stage) not in told]


def _in_force(zone_id: int, on: date):  # type: ignore[no-untyped-def]  # an annotated queryset
    return (
        Title.objects.filter(
            zone_id=zone_id,
            current__isnull=True,
            party__isnull=False,
            party__merged_into__isnull=True,
            ended_on__isnull=True,
            granted_on__lte=on,
        )
        .exclude(party__status__in=[str(status) for status in GONE])
        .select_related("party", "kind")
        .order_by("valid_to", "id")
    )


def _renewals(zone_id: int, on: date) -> Iterator[Due]:
    rows = _in_force(zone_id, on).filter(
        valid_to__gte=on, valid_to__lte=add_months(on, max(STAGES)) + timedelta(days=3)
    )
    for row in rows:
        months = stage_of(row.valid_to, on)
        if months is not None:
            yield Due(
                title_id=row.pk,
                party_id=row.party_id,
                party=row.party.name,
                kind=row.kind.name,
                stage=f"m{months}",
                last_on=row.valid_to,
                words=gettext("Have the firm prepare the renewal: %(title)s lapses on %(day)s")
                % {"title": row.kind.name, "day": row.valid_to.isoformat()},
            )


def _updates(zone_id: int, on: date) -> Iterator[Due]:
    kinds = TitleKind.objects.filter(zone_id=zone_id, update_month__isnull=False)
    due = {
        kind.pk: last
        for kind in kinds
        if (last := update_due(kind.update_month or 1, kind.update_day or 1, on)) is not None
    }
    if not due:
        return
    rows = (
        _in_force(zone_id, on)
        .filter(kind__in=due)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    )
    for row in rows:
        # Who got the title this year has sent its data this year.
        if row.granted_on.year < on.year:
            yield Due(
                title_id=row.pk,
                party_id=row.party_id,
                party=row.party.name,
                kind=row.kind.name,
                stage=f"update-{on.year}",
                last_on=due[row.kind_id],
                words=gettext("Have the firm send its yearly update by %(day)s: %(title)s")
                % {"title": row.kind.name, "day": due[row.kind_id].isoformat()},
                is_update=True,
            )


def officers_of(*, zone_id: int, party_ids: Sequence[int], on: date) -> dict[int, int]:
    """The posts of the officers of firms on a day."""
    rows = Stewardship.objects.filter(
        zone_id=zone_id,
        party_id__in=party_ids,
        kind=Stewardship.Kind.OFFICER,
        since__lte=on,
    ).filter(Q(until__isnull=True) | Q(until__gte=on))
    return dict(rows.values_list("party_id", "post_id"))


_RUNNING_OUT = """
with held as materialized (
    select p.id as teller, p.id as post_id from unnest(%(posts)s::bigint[]) as p(id)
    union
    select d.deputy_id, d.post_id from deputy d
    where d.zone_id = %(zone)s and d.deputy_id = any(%(posts)s)
      and d.since <= %(day)s and d.until >= %(day)s
), mine as materialized (
    select distinct held.teller, s.party_id
    from held join stewardship s on s.zone_id = %(zone)s and s.post_id = held.post_id
    where s.until is null and s.kind in ('officer', 'deputy')
)
select mine.teller, t.id, p.name, k.name, t.valid_to
from mine
join title t on t.party_id = mine.party_id and t.zone_id = %(zone)s
join party p on p.id = t.party_id
join title_kind k on k.id = t.kind_id
where t.current_id is null and t.ended_on is null
  and t.valid_to >= %(day)s and t.valid_to <= %(until)s
  and p.merged_into_id is null and p.status <> all(%(gone)s)
"""


def titles_expiring(asked: Asked) -> Iterator[Thing]:
    """Titles of the firms of the officers asked that lapse within the widest days anybody chose."""
    with connection.cursor() as cursor:
        cursor.execute(
            _RUNNING_OUT,
            {
                "zone": asked.zone_id,
                "posts": list(asked.posts),
                "day": asked.today,
                "until": asked.today + timedelta(days=asked.days),
                "gone": [str(status) for status in GONE],
            },
        )
        rows = cursor.fetchall()
    for post, number, party, kind, valid_to in rows:
        yield Thing(
            key=f"title:{number}:{valid_to}",
            subject_type="title",
            subject_id=number,
            title=party,
            words=format_lazy(_("{title} lapses on {day}"), title=kind, day=_day(valid_to)),
            address=f"/titles/{number}/",
            post_id=post,
            days=(valid_to - asked.today).days,
            order=(valid_to - asked.today).days,
        )


@dataclass(frozen=True, slots=True)
class RunningOut:
    """A title of a firm that lapses on a day."""

    title_id: int
    kind: str
    valid_to: date


def titles_running_out(
    *, zone_id: int, party_ids: Sequence[int], on: date, until: date
) -> Mapping[int, list[RunningOut]]:
    """What lapses of each firm from a day until another; one question for all of them."""
    rows = (
        Title.objects.filter(
            zone_id=zone_id,
            party_id__in=party_ids,
            current__isnull=True,
            ended_on__isnull=True,
            valid_to__gte=on,
            valid_to__lte=until,
        )
        .select_related("kind")
        .order_by("valid_to", "id")
    )
    found: dict[int, list[RunningOut]] = {}
    for row in rows:
        if row.party_id is not None and row.valid_to is not None:
            found.setdefault(row.party_id, []).append(
                RunningOut(row.pk, row.kind.name, row.valid_to)
            )
    return found
