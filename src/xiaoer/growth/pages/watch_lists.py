"""Watch-lists: who is on them month by month, how that came about, and what people changed."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.doors import found, go, page
from xiaoer.base.pages.forms import day_of, number
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.facts.pages.words import language, name_of, text_of
from xiaoer.growth import actions as growth
from xiaoer.growth import queries
from xiaoer.growth import watch_access as access
from xiaoer.growth.actions import ListFacts
from xiaoer.growth.models import WatchList, WatchMember
from xiaoer.growth.pages.asking import READERS, amount, percent, plain, unit
from xiaoer.growth.pages.targets import party_named
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

watchers = page(*sorted(access.WATCHERS))


def list_name(row: WatchList) -> str:
    return row.name if language().startswith("zh") or not row.name_en else row.name_en


def how_chosen(row: WatchList) -> str:
    """By what a list takes its firms, in words."""
    if row.rule is not None:
        return _("whom the rule “%(rule)s” finds") % {"rule": row.rule.name}
    if row.metric is None:
        return ""
    return _("the first %(size)s by %(metric)s of %(months)s months, %(basis)s") % {
        "size": row.size,
        "metric": name_of(row.metric),
        "months": row.months,
        "basis": WatchList.Basis(row.basis).label,
    }


@page(*READERS)
def watch_lists(request: HttpRequest, by: Actor) -> HttpResponse:
    """The lists of the zone with how many are on each, and who came and went."""
    context = {
        "rows": [
            (one, list_name(one.watch_list), how_chosen(one.watch_list))
            for one in queries.watch_lists(by=by)
        ],
        "keeps": access.keeps_watch(by),
    }
    return render(request, "growth/watch_lists.html", context)


@page(*READERS)
def watch_list(request: HttpRequest, by: Actor, watch_id: int) -> HttpResponseBase:
    """One list in a month: its firms, and what was done by hand."""
    row = found(_list(by, watch_id))
    months = queries.watch_months(watch_list=row)
    wanted = day_of(f"{request.GET.get('month', '')}-01")
    month = wanted if wanted in months else (months[0] if months else None)
    members = queries.members_of(watch_list=row, month=month) if month else []
    if request.GET.get("export"):
        return sheet_response(request.GET["export"], row.name, _columns(row), _cells(row, members))
    context = {
        "row": row,
        "name": list_name(row),
        "how": how_chosen(row),
        "month": month,
        "months": [(f"{one:%Y-%m}", f"{one:%Y-%m}") for one in months],
        "members": [(one, _figure(row, one), WatchMember.How(one.how).label) for one in members],
        "unit": _unit(row),
        "hands": queries.hands_of(watch_list=row),
        "keeps": access.keeps_watch(by),
    }
    return render(request, "growth/watch_list.html", context)


def _list(by: Actor, watch_id: int) -> WatchList | None:
    return (
        WatchList.objects.filter(zone_id=by.zone_id, pk=watch_id)
        .select_related("metric", "rule", "owner")
        .first()
    )


def _figure(row: WatchList, member: WatchMember) -> str:
    if member.figure is None or row.metric is None:
        return ""
    if row.basis == WatchList.Basis.GROWTH:
        return percent(member.figure, signed=True)
    return amount(row.metric, member.figure)


def _unit(row: WatchList) -> str:
    return "" if row.metric is None or row.basis == WatchList.Basis.GROWTH else unit(row.metric)


def _columns(row: WatchList) -> tuple[Column, ...]:
    return (
        Column("month", _("Month"), 10),
        Column("place", _("Rank"), 8, Kind.NUMBER),
        Column("name", _("Enterprise"), 34),
        Column("figure", _unit(row) or _("Growth, %"), 16, Kind.NUMBER),
        Column("how", _("How it came onto the list"), 20),
    )


def _cells(row: WatchList, members: Iterable[WatchMember]) -> Iterator[tuple[object, ...]]:
    for one in members:
        figure = (
            queries.points_number(one.figure)
            if row.basis == WatchList.Basis.GROWTH
            else plain(one.figure)
        )
        yield (
            f"{one.month:%Y-%m}",
            one.place,
            one.party.name,
            figure,
            WatchMember.How(one.how).label,
        )


@watchers
def lists_compute(request: HttpRequest, by: Actor) -> HttpResponse:
    """Compute the lists of this month anew."""
    if request.method == "POST":
        today: date = timezone.localdate()
        counts = growth.recompute_watch_lists(by=by, now=timezone.now(), month=today)
        messages.success(request, _("%(count)s lists computed.") % {"count": len(counts)})
    return go(request, reverse("watch_lists"))


@watchers
def list_hand(request: HttpRequest, by: Actor, watch_id: int) -> HttpResponse:
    """Put a firm on the list, or take it off, with the reason."""
    row = found(_list(by, watch_id))
    if request.method == "POST":
        party = party_named(by, text_of(request, "party", 120), "party")
        verb = growth.take_off_list if request.POST.get("what") == "off" else growth.put_on_list
        verb(
            by=by,
            now=timezone.now(),
            watch_list=row,
            party=party,
            reason=text_of(request, "reason"),
        )
        messages.success(request, _("Saved."))
    return go(request, reverse("watch_list", args=[row.pk]))


@watchers
def list_keep(request: HttpRequest, by: Actor, watch_id: int) -> HttpResponse:
    """Change how many are taken and over how many months, or stop the list."""
    row = found(_list(by, watch_id))
    if request.method == "POST":
        growth.keep_watch_list(
            by=by,
            now=timezone.now(),
            code=row.code,
            facts=ListFacts(
                name=row.name,
                name_en=row.name_en,
                rule=row.rule,
                metric=row.metric,
                basis=text_of(request, "basis", 10) or row.basis,
                months=_whole(request, "months", row.months),
                size=_whole(request, "size", row.size or 0) or None,
                owner=row.owner,
                source=text_of(request, "source"),
                mark=row.mark,
                is_active=request.POST.get("is_active") == "yes",
            ),
            version=number(request.POST.get("version")),
        )
        messages.success(request, _("Saved."))
        return go(request, reverse("watch_list", args=[row.pk]))
    context = {"row": row, "name": list_name(row), "bases": WatchList.Basis.choices}
    return render(request, "growth/watch_keep.html", context)


def _whole(request: HttpRequest, name: str, otherwise: int) -> int:
    if name not in request.POST:
        return otherwise
    given = number(request.POST.get(name, "").strip())
    if given is None or given > 500:
        raise Refused(_("Type a whole number up to %(most)d.") % {"most": 500}, field=name)
    return given
