"""Alerts: the list with each rule's precision, one with its story, and what people do about it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Post
from xiaoer.base.pages.forms import day, must_day, number
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.facts.pages.words import language, text_of
from xiaoer.growth import actions as growth
from xiaoer.growth import queries
from xiaoer.growth import watch_access as access
from xiaoer.growth.models import Alert
from xiaoer.growth.pages.asking import READERS
from xiaoer.growth.pages.sparks import sparks_of
from xiaoer.growth.pages.targets import people_of
from xiaoer.growth.queries import AlertFilter
from xiaoer.growth.vocabulary.watching import WORDS
from xiaoer.registry.models import Party
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.web.words import number as shown_number

staff = page(*STAFF_ROLES)
watchers = page(*sorted(access.WATCHERS))
LABELS = {word.name: word for word in WORDS}


@page(*READERS)
def alerts(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Alerts that pass the filters, those nobody judged first; each rule with its precision."""
    state = request.GET.get("state", "open")
    filters = AlertFilter(
        state=state if state in (*Alert.State.values, "open", "all") else "open",
        rule=text_of(request, "rule", 60),
        mine=request.GET.get("mine") == "yes",
        text=text_of(request, "q", 60),
    )
    if request.GET.get("export"):
        rows = queries.alerts(by=by, filters=filters)
        return sheet_response(request.GET["export"], _("Alerts"), _columns(), _cells(rows))
    rows = queries.alerts(by=by, filters=filters, limit=queries.ALERTS_SHOWN)
    counts = queries.alert_counts(by=by)
    today = timezone.localdate()
    rules = queries.precisions(by=by)
    context = {
        "rows": [(one, queries.alert_light(one, today), told(one)) for one in rows],
        "filters": filters,
        "states": [
            ("open", _("open"), counts.get("new", 0) + counts.get("confirmed", 0)),
            *((state, words, counts.get(state, 0)) for state, words in Alert.State.choices),
            ("all", _("All"), None),
        ],
        "rules": [(one.rule.code, one.rule.name) for one in rules],
        "precisions": rules,
        "keeps": access.keeps_watch(by),
        "is_full": len(rows) == queries.ALERTS_SHOWN,
    }
    return render(request, "growth/alerts.html", context)


def told(alert: Alert) -> str:
    """The words the rule read, as they were when it rose: 用电量同比 −52.3%."""
    return "，".join(
        _said(name, value) for name, value in alert.figures.items() if value is not None
    )


def _said(name: str, value: object) -> str:
    word = LABELS.get(name)
    label = word.label(language()) if word else name
    if not isinstance(value, (int, float)):
        return f"{label} {value}"
    if word is not None and word.unit == "share":
        return f"{label} {shown_number(round(100 * value, 1), 1)}%"
    return f"{label} {shown_number(round(value, 2))}"


def _columns() -> tuple[Column, ...]:
    return (
        Column("party", _("Enterprise"), 34),
        Column("rule", _("Alert"), 20),
        Column("since", _("Since"), 12, Kind.DATE),
        Column("told", _("Figures"), 40),
        Column("state", _("State"), 10),
        Column("measure", _("Measure agreed"), 40),
        Column("owner", _("Owner"), 12),
        Column("due_on", _("Due"), 12, Kind.DATE),
        Column("result", _("Result"), 40),
        Column("ended_on", _("No longer holds since"), 12, Kind.DATE),
    )


def _cells(rows: Iterable[Alert]) -> Iterator[tuple[object, ...]]:
    for one in rows:
        yield (
            one.party.name, one.rule.name, one.since, told(one), Alert.State(one.state).label,
            one.measure, one.owner.person.name if one.owner else "", one.due_on, one.result,
            one.ended_on,
        )  # fmt: skip


@page(*READERS)
def alert(request: HttpRequest, by: Actor, alert_id: int) -> HttpResponse:
    """One alert: why it rose, the firm's months, its story, and what can be done now."""
    row = found(queries.alert_of(by, alert_id))
    today = timezone.localdate()
    may = access.may_handle_alert(by, row, timezone.now())
    context = {
        "row": row,
        "colour": queries.alert_light(row, today),
        "told": told(row),
        "clauses": queries.clauses_of(alert=row),
        "sparks": sparks_of(by=by, party=row.party, today=today),
        "events": [
            (one.at, event_words(one.verb), one.post.person.name if one.post else "", one.words)
            for one in queries.events_of(alert=row)
        ],
        "may": may,
        "people": people_of(by) if may else [],
        "today": today,
    }
    return render(request, "growth/alert.html", context)


def event_words(verb: str) -> str:
    return {
        "raised": _("alert raised"),
        "ended": _("the rule no longer finds it"),
        "unmuted": _("its silence is over"),
        "confirm_alert": _("confirmed, with a measure"),
        "dismiss_alert": _("false alarm"),
        "mute_alert": _("muted"),
        "handle_alert": _("handled"),
        "report_alert": _("result so far"),
        "give_alert": _("has another owner"),
    }.get(verb, verb)


@watchers
def alerts_raise(request: HttpRequest, by: Actor) -> HttpResponse:
    """Evaluate the alert rules now."""
    if request.method == "POST":
        came = growth.raise_alerts(by=by, now=timezone.now())
        messages.success(
            request,
            _("%(raised)s alerts rose, %(ended)s no longer hold, %(lasting)s go on.")
            % {"raised": came.raised, "ended": came.ended, "lasting": came.lasting},
        )
    return go(request, reverse("alerts"))


@staff
def alert_act(request: HttpRequest, by: Actor, alert_id: int) -> HttpResponse:
    """Confirm with a measure, call it false, mute it, or say what came of it."""
    row = found(queries.alert_of(by, alert_id))
    if request.method == "POST":
        ACTS.get(request.POST.get("what", ""), _unknown)(request, by, row)
        messages.success(request, _("Saved."))
    return go(request, reverse("alert", args=[row.pk]))


def _confirm(request: HttpRequest, by: Actor, row: Alert) -> None:
    owner = Post.objects.filter(zone_id=by.zone_id, pk=number(request.POST.get("owner")) or 0)
    growth.confirm_alert(
        by=by,
        now=timezone.now(),
        alert=row,
        measure=text_of(request, "measure", 1000),
        owner=owner.first(),
        due_on=day(request, "due_on"),
        version=number(request.POST.get("version")),
    )


def _dismiss(request: HttpRequest, by: Actor, row: Alert) -> None:
    growth.dismiss_alert(
        by=by, now=timezone.now(), alert=row, reason=text_of(request, "reason", 1000)
    )


def _mute(request: HttpRequest, by: Actor, row: Alert) -> None:
    growth.mute_alert(
        by=by,
        now=timezone.now(),
        alert=row,
        reason=text_of(request, "mute_reason"),
        until=must_day(request, "until"),
    )


def _handle(request: HttpRequest, by: Actor, row: Alert) -> None:
    growth.handle_alert(
        by=by, now=timezone.now(), alert=row, result=text_of(request, "result", 1000)
    )


def _unknown(request: HttpRequest, by: Actor, row: Alert) -> None:
    raise Refused(_("Choose one of the list."), field="what")


ACTS: Mapping[str, Callable[[HttpRequest, Actor, Alert], None]] = {
    "confirm": _confirm,
    "dismiss": _dismiss,
    "mute": _mute,
    "handle": _handle,
}


# The firm's page ----------------------------------------------------------------------------------


@page(*READERS)
def enterprise_watch(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """A card of the enterprise's page: its months in small lines, and its open alerts."""
    party = found(Party.objects.filter(pk=party_id, zone_id=by.zone_id).first())
    today: date = timezone.localdate()
    context = {
        "party": party,
        "sparks": sparks_of(by=by, party=party, today=today),
        "rows": [
            (one, queries.alert_light(one, today), told(one))
            for one in queries.alerts_of_firm(by=by, party=party)
        ],
    }
    return render(request, "growth/_firm_watch.html", context)
