"""The host's console: the hall as it is now, with the firms behind the numbers; pause, go on, stop."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xiaoer.assets import actions as assets
from xiaoer.assets.access import lots as access
from xiaoer.assets.models import Lot
from xiaoer.assets.queries import after_sale as queries
from xiaoer.assets.words import sales as words
from xiaoer.base.doors import found, go, page
from xiaoer.base.pages.forms import number
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor

hosts = page(*access.EXCHANGE)


def lot_with_hall(by: Actor, lot_id: int) -> Lot:
    """The lot of the asker's zone with its hall and its buyer, or a 404."""
    return found(queries.lot_of(by=by, lot_id=lot_id))


@require_GET
@hosts
def lot_hall(request: HttpRequest, by: Actor, hall_lot_id: int) -> HttpResponse:
    """The hall, redrawn every two seconds while it is open; ``part``: only what changes."""
    lot = lot_with_hall(by, hall_lot_id)
    console = found(queries.console_of(lot=lot))
    context = {
        "lot": lot,
        "console": console,
        "hall": console.hall,
        "words": words,
        "doing": request.GET.get("do", ""),
        "chosen": number(request.GET.get("flag")),
        "runs": console.phase != queries.Phase.OVER,
    }
    part = "part" in request.GET
    return render(request, "assets/_lot_console.html" if part else "assets/lot_hall.html", context)


@require_POST
@hosts
def lot_hall_do(request: HttpRequest, by: Actor, hall_lot_id: int, verb: str) -> HttpResponse:
    """Pause, go on, stop, or say of a doubt what it is."""
    lot, now, why = lot_with_hall(by, hall_lot_id), timezone.now(), request.POST.get("why", "")
    if verb == "pause":
        assets.pause_lot(by=by, now=now, lot=lot, why=why)
        messages.success(request, _("Paused. No bid counts and no time passes until you go on."))
    elif verb == "resume":
        assets.resume_lot(by=by, now=now, lot=lot, why=why)
        messages.success(request, _("The bidding goes on with the time that was left."))
    elif verb == "stop":
        assets.stop_lot(by=by, now=now, lot=lot, why=why)
        messages.success(request, _("Stopped. Every deposit is on the list of refunds."))
    elif verb == "clear":
        flag_id = number(request.POST.get("flag")) or 0
        flag = found(queries.flag_of(by=by, lot=lot, flag_id=flag_id))
        assets.clear_flag(by=by, now=now, flag=flag, why=why)
        messages.success(request, _("Noted."))
    else:
        raise Refused(_("Choose one of the list."))
    return go(request, reverse("lot_hall", args=[lot.pk]))
