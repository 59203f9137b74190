"""Packs of unattended approval: the switch, who authorised what, thresholds, figures; registers."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.pages.forms import choice, must_day, number, text, whole
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.tables import Limits, look_at_sheet
from xiaoer.permits import actions as permits
from xiaoer.permits import automatic_access as access
from xiaoer.permits import register_sheets
from xiaoer.permits.actions.automatic_packs import LIMITS, rule_in_force
from xiaoer.permits.models import AutoPack, SharedRegister
from xiaoer.permits.queries import automatic_desk as queries
from xiaoer.rules.queries.texts import texts_of

readers = page(*STAFF_ROLES, Role.CITY)
officers = page(*STAFF_ROLES)
PAGE = 50
PERIODS = (30, 90, 365)


def _since(request: HttpRequest) -> tuple[int, datetime]:
    days = number(request.GET.get("days"))
    days = days if days in PERIODS else 90
    return days, timezone.now() - timedelta(days=days)


@require_GET
@readers
def automatic_packs(request: HttpRequest, by: Actor) -> HttpResponse:
    """Every item that may be granted with nobody in between, its switch and its figures."""
    days, since = _since(request)
    rows = list(queries.packs(zone_id=by.zone_id))
    context = {
        "rows": [(one, queries.pack_figures(pack=one, since=since)) for one in rows],
        "days": days,
        "periods": [(str(one), _("%(days)s days") % {"days": one}, None) for one in PERIODS],
        "open": queries.open_reviews(zone_id=by.zone_id).count(),
    }
    return render(request, "permits/automatic_packs.html", context)


@require_GET
@readers
def automatic_pack(request: HttpRequest, by: Actor, pack_id: int) -> HttpResponse:
    """One item: its switch, its authorisation, its rule, what it asks, what became of its cases."""
    pack = found(queries.pack_of(by=by, pack_id=pack_id))
    days, since = _since(request)
    today = timezone.localdate()
    rule = rule_in_force(pack, today)
    is_signed = rule is not None and pack.authorised_version_id == rule.pk
    context = {
        "pack": pack,
        "figures_of": queries.pack_figures(pack=pack, since=since),
        "days": days,
        "periods": [(str(one), _("%(days)s days") % {"days": one}, None) for one in PERIODS],
        "rule": rule,
        "clauses": texts_of(rule) if rule else (),
        "values": queries.values_asked(pack),
        "is_first_signed": is_signed and pack.authorised_by_id is not None,
        "is_authorised": is_signed and pack.authorised_second_id is not None,
        "law_holds": pack.law_checked_until is not None and pack.law_checked_until >= today,
        "reviews": access.reviews(by),
        "stops": access.stops(by),
        "states": AutoPack.State.choices,
        "today": today,
        "limits": LIMITS,
    }
    return render(request, "permits/automatic_pack.html", context)


@require_POST
@officers
def automatic_pack_do(request: HttpRequest, by: Actor, pack_id: int, verb: str) -> HttpResponse:
    """Switch it, authorise it, say that the law was looked at, set its thresholds."""
    pack, now = found(queries.pack_of(by=by, pack_id=pack_id)), timezone.now()
    if verb == "switch":
        permits.switch_pack(
            by=by, now=now, pack=pack, reason=request.POST.get("reason", ""),
            state=choice(request, "state", list(AutoPack.State.values)),
        )  # fmt: skip
    elif verb == "authorise":
        permits.authorise_pack(by=by, now=now, pack=pack, document=request.POST.get("document", ""))
    elif verb == "law":
        permits.confirm_law(
            by=by, now=now, pack=pack, until=must_day(request, "until"),
            words=request.POST.get("words", ""),
        )  # fmt: skip
    elif verb == "change":
        permits.change_pack(
            by=by, now=now, pack=pack, version=number(request.POST.get("version")) or 0,
            values=_thresholds(request),
        )  # fmt: skip
    else:
        raise Http404
    messages.success(request, _("Saved."))
    return go(request, reverse("automatic_pack", args=[pack.pk]))


def _thresholds(request: HttpRequest) -> dict[str, int | None]:
    values: dict[str, int | None] = {
        name: whole(request, name, least=least, most=most)
        for name, (least, most) in LIMITS.items()
        if name != "post_check_days"
    }
    typed = text(request, "post_check_days", longest=4)
    least, most = LIMITS["post_check_days"]
    values["post_check_days"] = (
        whole(request, "post_check_days", least=least, most=most) if typed else None
    )
    return values


# Shared registers --------------------------------------------------------------------------------


@require_GET
@readers
def shared_registers(request: HttpRequest, by: Actor) -> HttpResponse:
    """What authorities share, how fresh it is, and whether it is believed."""
    now = timezone.now()
    context = {"rows": queries.register_standings(zone_id=by.zone_id, now=now), "now": now}
    return render(request, "permits/registers.html", context)


@require_GET
@readers
def shared_register(request: HttpRequest, by: Actor, register_id: int) -> HttpResponse:
    """One register: its entries, searched; brought in by sheet; stopped where in doubt."""
    row = found(queries.register_of(by=by, register_id=register_id))
    words = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    ended = request.GET.get("ended") == "yes"
    entries = queries.entries_of(register=row, words=words, ended=ended)
    shown = Paginator(entries, PAGE).get_page(number(request.GET.get("page")) or 1)
    now = timezone.now()
    context = {
        "register": row,
        "fresh": queries.is_fresh(row, now),
        "rows": [
            (one, [one.content.get(field["code"]) for field in row.fields])
            for one in shown.object_list
        ],
        "page": shown.number,
        "pages": shown.paginator.num_pages,
        "total": shown.paginator.count,
        "words": words,
        "ended": ended,
        "today": timezone.localdate(),
        "reviews": access.reviews(by),
        "now": now,
    }
    return render(request, "permits/register.html", context)


@require_POST
@officers
def shared_register_do(
    request: HttpRequest, by: Actor, register_id: int, verb: str
) -> HttpResponse:
    """Bring a sheet in, or stop the register and believe it again."""
    row = found(queries.register_of(by=by, register_id=register_id))
    if verb == "stop":
        permits.stop_register(
            by=by, now=timezone.now(), register=row,
            is_stopped=request.POST.get("stopped") == "yes",
            reason=request.POST.get("reason", ""),
        )  # fmt: skip
        messages.success(request, _("Saved."))
    elif verb == "bring":
        _bring(request, by, row)
    else:
        raise Http404
    return go(request, reverse("shared_register", args=[row.pk]))


def _bring(request: HttpRequest, by: Actor, row: SharedRegister) -> None:
    sheet = request.FILES.get("sheet")
    if sheet is None:
        raise Refused(_("Choose a file first."), field="sheet")
    now = timezone.now()
    kept = files.keep_file(
        by=by, now=now, stream=sheet, name=sheet.name or "", limit=Limits().file_bytes,
        look=look_at_sheet,
    )  # fmt: skip
    with files.kept_path(kept) as path:
        entries = register_sheets.read_entries(path, row)
    permits.bring_entries(
        by=by, now=now, register=row, entries=entries,
        is_whole=request.POST.get("whole") == "yes",
        source=text(request, "source", longest=200) or (sheet.name or "")[:200],
    )  # fmt: skip
    said = ngettext("%(num)s entry brought in.", "%(num)s entries brought in.", len(entries))
    messages.success(request, said % {"num": len(entries)})
