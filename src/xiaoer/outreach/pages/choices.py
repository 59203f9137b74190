"""What the form of an act offers to choose from; only what that act needs is asked for."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from xiaoer.base import queries as base
from xiaoer.base.scope import Actor
from xiaoer.outreach import queries
from xiaoer.outreach.models import Appeal
from xiaoer.outreach.queries import PoolFilter
from xiaoer.web import words

Options = list[tuple[int, str]]
EXCERPT = 60


@dataclass(frozen=True, slots=True)
class Choices:
    """Lists of a form."""

    kinds: Options = field(default_factory=list)
    offices: Options = field(default_factory=list)
    people: Options = field(default_factory=list)
    targets: list[tuple[int, str, str]] = field(default_factory=list)
    suggested_office: int | None = None
    tomorrow: date | None = None


def of(act: str, *, by: Actor, appeal: Appeal, now: datetime) -> Choices:
    """The lists for one act."""
    with_offices = {"dispatch_appeal", "reassign", "ask_help", "instruct"}
    offices = offices_of(by) if act in with_offices else []
    if act == "ask_help":
        taken = {
            appeal.office_id,
            *appeal.joint_offices.filter(done_at=None).values_list("office_id", flat=True),
        }
        offices = [one for one in offices if one[0] not in taken]
    return Choices(
        kinds=[(kind.pk, kind.label) for kind in queries.kinds(by=by)]
        if act == "register_appeal"
        else [],
        offices=offices,
        people=people_of(by, now) if act in {"dispatch_appeal", "reassign"} else [],
        targets=_targets(by, appeal, now) if act == "merge_appeal" else [],
        suggested_office=appeal.kind.office_id if appeal.kind else None,
        tomorrow=timezone.localdate(now) + timedelta(days=1),
    )


def offices_of(by: Actor) -> Options:
    return [(office.pk, office.name) for office in base.offices(zone_id=by.zone_id)]


def people_of(by: Actor, now: datetime) -> Options:
    """Everybody in a post today, by office: who is chosen must work in the leading one."""
    posts = base.posts_in_force(zone_id=by.zone_id, on=timezone.localdate(now))
    return [(post.pk, f"{post.office.name} · {post.person.name}") for post in posts if post.office]


def _targets(by: Actor, appeal: Appeal, now: datetime) -> list[tuple[int, str, str]]:
    """Open requests of the same enterprise, each with enough of it to compare."""
    rows = queries.appeals(
        by=by, filters=PoolFilter(states=("open",), party=appeal.party_id), now=now
    ).exclude(pk=appeal.pk)
    return [
        (
            row.pk,
            f"{row.receipt_no}  {row.title}",
            f"{words.day(row.filed_at, now)} · {Appeal.State(row.state).label} · {row.body[:EXCERPT]}",
        )
        for row in rows.order_by("-filed_at")[:20]
    ]
