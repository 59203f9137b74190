"""Questions about people and offices, as the pages of this room show them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from xiaoer.base.models import Account, Office, Person, Post, Role
from xiaoer.base.scope import as_web
from xiaoer.web.words import listed


@dataclass(frozen=True, slots=True)
class AccountState:
    """What the zone may know of an account: never the password, always whether it opens."""

    username: str
    is_open: bool
    must_change: bool
    last_sign_in: datetime | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person with the posts held on a day and the state of the account."""

    person: Person
    posts: tuple[Post, ...]
    account: AccountState | None

    @property
    def offices(self) -> str:
        return listed(dict.fromkeys(post.office.name for post in self.posts if post.office))

    @property
    def roles(self) -> str:
        return listed(dict.fromkeys(str(Role(post.role).label) for post in self.posts))

    @property
    def titles(self) -> str:
        return listed(post.title for post in self.posts if post.title)


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """An office with its head(s) and how many posts it has on a day."""

    office: Office
    leads: tuple[Person, ...]
    posts: int
    is_open: bool


def _in_force(on: date) -> Q:
    return Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gte=on))


def person_rows(
    *,
    zone_id: int,
    on: date,
    words: str = "",
    office_id: int | None = None,
    role: str = "",
    state: str = "",
) -> QuerySet[Person]:
    """People of a zone that fit the filters; ``state``: here, none (no post), left, noaccount."""
    held = Post.objects.filter(_in_force(on), zone_id=zone_id, person=OuterRef("pk"))
    found = Person.objects.filter(zone_id=zone_id)
    if words:
        found = found.filter(
            Q(name__icontains=words) | Q(work_no__icontains=words) | Q(phone__contains=words)
        )
    if office_id or role:
        fitting = held.filter(office_id=office_id) if office_id else held
        found = found.filter(Exists(fitting.filter(role=role) if role else fitting))
    if state == "left":
        found = found.exclude(left_on=None)
    else:
        found = found.filter(left_on=None)
        if state == "none":
            found = found.filter(~Exists(held))
        elif state == "noaccount":
            found = found.filter(account=None)
    return found.order_by("name", "id")


def with_posts(people: Iterable[Person], *, zone_id: int, on: date) -> list[PersonRow]:
    """The rows of a page: posts and accounts are fetched once for all of them."""
    people = list(people)
    posts: dict[int, list[Post]] = defaultdict(list)
    for post in (
        Post.objects.filter(
            _in_force(on), zone_id=zone_id, person_id__in=[one.pk for one in people]
        )
        .select_related("office")
        .order_by("since", "id")
    ):
        posts[post.person_id].append(post)
    states = _states([one.account_id for one in people if one.account_id])
    return [PersonRow(one, tuple(posts[one.pk]), states.get(one.account_id or 0)) for one in people]


def person_row(*, zone_id: int, person_id: int, on: date) -> PersonRow | None:
    person = Person.objects.filter(zone_id=zone_id, pk=person_id).first()
    return with_posts([person], zone_id=zone_id, on=on)[0] if person else None


def _states(account_ids: Sequence[int]) -> dict[int, AccountState]:
    with as_web():
        return {
            account.pk: AccountState(
                username=account.username,
                is_open=account.is_active,
                must_change=account.must_change_password,
                last_sign_in=account.last_login,
            )
            for account in Account.objects.filter(pk__in=account_ids)
        }


def office_rows(*, zone_id: int, on: date, kind: str = "", closed: bool = False) -> list[OfficeRow]:
    """Offices of a zone in their order, each with its leads; closed ones only when asked for."""
    found = Office.objects.filter(zone_id=zone_id)
    found = found.filter(kind=kind) if kind else found
    if not closed:
        found = found.filter(Q(until__isnull=True) | Q(until__gte=on))
    held = Post.objects.filter(_in_force(on), zone_id=zone_id)
    counts = dict(held.values_list("office_id").annotate(Count("pk")).order_by())
    leads: dict[int | None, list[Person]] = defaultdict(list)
    for post in held.filter(is_lead=True).select_related("person").order_by("since", "id"):
        leads[post.office_id].append(post.person)
    return [
        OfficeRow(
            office=office,
            leads=tuple(leads[office.pk]),
            posts=counts.get(office.pk, 0),
            is_open=office.until is None or office.until >= on,
        )
        for office in found
    ]
