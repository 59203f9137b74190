"""What forms of elements and sessions choose from, and what people typed into them."""

from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import queries as base
from xiaoer.base.models import STAFF_ROLES, Office, Post, Role
from xiaoer.base.pages.forms import number
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects.models import Project
from xiaoer.registry.models import Party

Options = list[tuple[int, str]]
READERS = (*STAFF_ROLES, Role.CITY)
WITH_FIRM = (*READERS, Role.ENTERPRISE)


def offices_of(by: Actor) -> Options:
    return [(office.pk, office.name) for office in base.offices(zone_id=by.zone_id)]


def people_of(by: Actor, now: datetime) -> Options:
    posts = base.posts_in_force(zone_id=by.zone_id, on=timezone.localdate(now))
    return [(post.pk, f"{post.office.name} · {post.person.name}") for post in posts if post.office]


def projects_of(by: Actor) -> Options:
    rows = Project.objects.filter(zone_id=by.zone_id, ended_on__isnull=True).exclude(stage="full")
    return list(rows.order_by("name").values_list("pk", "name"))


def office_of(request: HttpRequest, by: Actor, name: str = "office") -> Office | None:
    given = number(request.POST.get(name))
    if given is None:
        return None
    row = Office.objects.filter(zone_id=by.zone_id, pk=given).first()
    if row is None:
        raise Refused(_("Choose one of the list."), field=name)
    return row


def post_of(request: HttpRequest, by: Actor, name: str = "post") -> Post | None:
    given = number(request.POST.get(name))
    if given is None:
        return None
    row = Post.objects.filter(zone_id=by.zone_id, pk=given).select_related("office").first()
    if row is None:
        raise Refused(_("Choose one of the list."), field=name)
    return row


def posts_of(request: HttpRequest, by: Actor, name: str = "posts") -> list[Post]:
    given = [one for one in map(number, request.POST.getlist(name)) if one is not None]
    return list(Post.objects.filter(zone_id=by.zone_id, pk__in=given).select_related("office"))


def project_of(request: HttpRequest, by: Actor, name: str = "project") -> Project | None:
    given = number(request.POST.get(name) or request.GET.get(name))
    if given is None:
        return None
    row = Project.objects.filter(zone_id=by.zone_id, pk=given).select_related("party").first()
    if row is None:
        raise Refused(_("Choose one of the list."), field=name)
    return row


def party_of(request: HttpRequest, by: Actor, name: str = "party") -> Party | None:
    """The enterprise of the zone with just this name, or this number as addresses carry it."""
    given = (request.POST.get(name) or request.GET.get(name) or "").strip()
    if not given:
        return None
    rows = Party.objects.filter(zone_id=by.zone_id, merged_into__isnull=True)
    row = rows.filter(name=given[:120]).first()
    if row is None and (key := number(given)) is not None:
        row = rows.filter(pk=key).first()
    if row is None:
        raise Refused(
            _("No enterprise of the zone is called “%(name)s”; type its whole name.")
            % {"name": given[:120]},
            field=name,
        )
    return row


def amount_of(request: HttpRequest, name: str = "amount") -> Decimal | None:
    """An amount as typed: 1,200.5; its decimals are kept as they are."""
    given = request.POST.get(name, "").strip().replace(",", "").replace("，", "")
    if not given:
        return None
    try:
        return Decimal(given)
    except InvalidOperation as no:
        raise Refused(_("Type an amount such as 24.359."), field=name) from no
