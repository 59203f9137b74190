"""What forms of move-ins choose from, and what people typed into them."""

from decimal import Decimal, InvalidOperation
from typing import TypeVar

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.assets import actions as assets
from xiaoer.assets.models import Lease, MoveIn, Parcel, SpaceNeed, Unit
from xiaoer.assets.queries.unit_choice import UnitChoice, unit_choice
from xiaoer.base import queries as base
from xiaoer.base.doors import found
from xiaoer.base.models import Office, Post
from xiaoer.base.pages.forms import day, number, text
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers import queries as papers
from xiaoer.papers.models import HeldPaper
from xiaoer.registry.models import Party

Options = list[tuple[int, str]]
T = TypeVar("T", SpaceNeed, Post, Office, Lease, HeldPaper, Parcel, Unit)
FEN_OF_WAN = 1_000_000
MOST_TICKED = 100


def offices_of(by: Actor) -> Options:
    return [(office.pk, office.name) for office in base.offices(zone_id=by.zone_id)]


def people_of(by: Actor) -> Options:
    posts = base.posts_in_force(zone_id=by.zone_id, on=timezone.localdate())
    return [(post.pk, f"{post.office.name} · {post.person.name}") for post in posts if post.office]


def units_offered(by: Actor, given: QueryDict) -> UnitChoice:
    """What the search for units finds, with those ticked already."""
    return unit_choice(
        by, on=timezone.localdate(), chosen=ticked_units(given), text=given.get("unit_text", "")
    )


def ticked_units(given: QueryDict) -> list[int]:
    ticked = [one for one in map(number, given.getlist("units")) if one is not None]
    return list(dict.fromkeys(ticked))[:MOST_TICKED]


def is_still_looking(request: HttpRequest) -> bool:
    """Something was typed into the search and not looked for yet: Enter there, where no script runs."""
    typed = " ".join(request.POST.get("unit_text", "").split())
    return bool(typed) and typed != request.POST.get("unit_shown")


def needs_of(by: Actor) -> Options:
    rows = SpaceNeed.objects.filter(zone_id=by.zone_id, state__in=["open", "chosen"])
    rows = rows.select_related("party")
    return [
        (row.pk, f"{row.name} · {row.party.name if row.party else row.who}")
        for row in rows.order_by("-opened_at")[:200]
    ]


def leases_of(by: Actor, row: MoveIn) -> Options:
    """Leases of the firm that are drawn up or in force."""
    rows = Lease.objects.filter(
        zone_id=by.zone_id, party=row.party_id or 0, state__in=["draft", "in_force"]
    )
    return [(one.pk, f"{one.number} · {one.get_state_display()}") for one in rows.order_by("-id")]


def papers_held(by: Actor, row: MoveIn) -> Options:
    """What the firm gave once and may be used again."""
    if row.party_id is None:
        return []
    held = papers.held_papers(
        zone_id=by.zone_id, party_id=row.party_id, on=timezone.localdate()
    ).filter(kind__is_reusable=True)
    return [(one.pk, f"{one.name}（{one.kind.name}）") for one in held[:100]]


def typed(request: HttpRequest, by: Actor) -> assets.MoveInFacts:
    """A move-in as typed; a firm the registry lacks stays a name."""
    party, who = _who(request, by)
    return assets.MoveInFacts(
        name=text(request, "name", longest=80),
        party=party,
        who=who,
        need=chosen_of(request, by, SpaceNeed, "need"),
        way=request.POST.get("way", MoveIn.Way.NEW),
        content=request.POST.get("content", ""),
        from_on=day(request, "from_on"),
        investment_fen=_fen(request),
        post=chosen_of(request, by, Post, "post"),
    )


def _who(request: HttpRequest, by: Actor) -> tuple[Party | None, str]:
    given = text(request, "party", longest=80, required=_("Name the firm that moves in."))
    rows = Party.objects.filter(zone_id=by.zone_id, merged_into__isnull=True)
    return rows.filter(name=given).first(), given


def party_named(request: HttpRequest, by: Actor) -> Party:
    party, given = _who(request, by)
    if party is None:
        raise Refused(
            _("No enterprise of the zone is called “%(name)s”; type its whole name.")
            % {"name": given},
            field="party",
        )
    return party


def _fen(request: HttpRequest) -> int | None:
    """Typed in 万元."""
    given = request.POST.get("investment", "").strip().replace(",", "").replace("，", "")
    if not given:
        return None
    try:
        amount = Decimal(given) * FEN_OF_WAN
    except InvalidOperation as no:
        raise Refused(_("Type an amount such as 24.359."), field="investment") from no
    if not amount.is_finite() or amount != amount.to_integral_value():
        raise Refused(_("Type an amount such as 24.359."), field="investment")
    return int(amount)


def chosen_of(request: HttpRequest, by: Actor, model: type[T], name: str) -> T | None:
    """The record of the zone a select names; none where nothing is chosen."""
    given = number(request.POST.get(name))
    if given is None:
        return None
    row = model._default_manager.filter(zone_id=by.zone_id, pk=given).first()
    if row is None:
        raise Refused(_("Choose one of the list."), field=name)
    return row


def chosen_units(request: HttpRequest, by: Actor) -> list[Unit]:
    rows = Unit.objects.filter(zone_id=by.zone_id, pk__in=ticked_units(request.POST))
    return list(rows.select_related("building"))


def typed_asks(request: HttpRequest, by: Actor) -> list[assets.Ask]:
    """Which opinions are asked: those ticked, with their offices and days; operators always."""
    offices = {office.pk: office for office in base.offices(zone_id=by.zone_id)}
    operators = {
        party.pk: party
        for party in Party.objects.filter(
            zone_id=by.zone_id, pk__in=filter(None, map(number, request.POST.getlist("operator")))
        )
    }
    asks = []
    for key in request.POST.getlist("asked")[:60]:
        days = number(request.POST.get(f"days-{key}")) or 0
        asks.append(
            assets.Ask(
                topic=text(request, f"topic-{key}", longest=60),
                working_days=days,
                office=offices.get(number(request.POST.get(f"office-{key}")) or 0),
                operator=operators.get(number(request.POST.get(f"operator-{key}")) or 0),
            )
        )
    return asks


def own(request: HttpRequest, by: Actor) -> assets.MoveInFacts:
    """What a firm types of its own move-in."""
    party = found(Party.objects.filter(zone_id=by.zone_id, pk=by.party_ref or 0).first())
    return assets.MoveInFacts(
        name=text(request, "name", longest=80),
        party=party,
        content=request.POST.get("content", ""),
        from_on=day(request, "from_on"),
        investment_fen=_fen(request),
    )
