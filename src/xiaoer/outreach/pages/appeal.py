"""The page of one request for staff: the next act first, then clocks, story and who else was helped."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from xiaoer.base import files
from xiaoer.base.doors import found, go, page, unkept
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.base.subjects import is_open_to
from xiaoer.outreach import queries
from xiaoer.outreach.actions.looking import look_at_contact
from xiaoer.outreach.models import Appeal, ReturnVisit
from xiaoer.outreach.pages import choices, clocks, speaking, verbs
from xiaoer.outreach.queries import AppealPage, StoryLine
from xiaoer.registry import actions as registry
from xiaoer.registry import queries as registers

staff = page(*STAFF_ROLES)
readers = page(*STAFF_ROLES, Role.CITY)
State = Appeal.State
Words = str | Promise

# In the order they are offered beside the next act; the words say what will happen.
OFFERED: dict[str, Words] = {
    "answer_appeal": _("Answer, and ask the enterprise to confirm"),
    "sign_appeal": _("Sign for it and handle it"),
    "register_appeal": _("Register it"),
    "dispatch_appeal": _("Dispatch to the leading office"),
    "decide_date_change": _("Decide about the later date"),
    "record_return_visit": _("Record the return visit"),
    "ask_again": _("Ask the enterprise whether it still holds"),
    "finish_help": _("Tell the leading office what we did"),
    "take_up_again": _("Take it up again"),
    "ask_help": _("Ask offices to help"),
    "ask_date_change": _("Ask for a later date"),
    "note_progress": _("Note progress"),
    "supervise_appeal": _("Put under supervision"),
    "instruct": _("Write an instruction"),
    "park_appeal": _("Promise a later day"),
    "verify_phone": _("Say the telephone was called back"),
    "reassign": _("Give it to another office"),
    "return_appeal": _("Give back to the desk"),
    "merge_appeal": _("Merge with another"),
    "transfer_elsewhere": _("Pass on to another authority"),
    "not_accept": _("Do not accept"),
    "take_back_appeal": _("Filed by mistake, take it back"),
}
# What stands first for the reader in each state, if the reader may do it.
FIRST: dict[str, tuple[str, ...]] = {
    State.RECEIVED: ("register_appeal",),
    State.REGISTERED: ("dispatch_appeal",),
    State.DISPATCHED: ("sign_appeal", "finish_help"),
    State.WORKING: ("answer_appeal", "finish_help"),
    State.PARKED: ("answer_appeal", "finish_help"),
    State.ANSWERED: ("record_return_visit",),
    State.UNCONFIRMED: ("record_return_visit",),
    State.CONFIRMED: ("ask_again",),
}
SHOWN_BESIDE = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """A verb as a button: its name, its words, and where its form stands."""

    name: str
    words: Words
    address: str


@dataclass(frozen=True, slots=True)
class Story:
    """The story as filtered, with what the other filters would show."""

    lines: tuple[StoryLine, ...]
    everything: int
    between: int
    public: int


def first_act(shown: AppealPage) -> str | None:
    """The one verb this reader should see first, in the state the request is in."""
    asked = ("reassign",) if _waits_for_desk(shown.appeal) else ()
    wanted = ("decide_date_change", *FIRST.get(shown.appeal.state, ()), *asked)
    return next((verb for verb in wanted if verb in shown.may), None)


def _waits_for_desk(row: Appeal) -> bool:
    """An office gave it back a second time: the desk decides who leads."""
    return row.state == State.DISPATCHED and row.ball == Appeal.Ball.DESK


def may_do(shown: AppealPage, by: Actor) -> frozenset[str]:
    """The verbs of this room, and the leader's word, which the thread of the request carries."""
    matter = shown.appeal.matter if by.role == Role.ZONE_LEADER else None
    extra = {"instruct"} if matter is not None and matter.closed_at is None else set()
    return shown.may | extra


def _offers(shown: AppealPage, by: Actor, first: str | None) -> list[Offer]:
    may, here = may_do(shown, by), reverse("appeal", args=[shown.appeal.pk])
    offers = [
        Offer(name, words, f"{here}?do={name}#act")
        for name, words in OFFERED.items()
        if name in may and name != first
    ]
    # Kept by a room this one does not know: led to by the name of its address alone.
    space = "space_need_of_appeal"
    if offers and shown.appeal.matter_id is not None and is_open_to(space, by):
        address = reverse(space, args=[shown.appeal.pk])
        offers.append(Offer("space", _("Look for space for it"), address))
    return offers


def _story(shown: AppealPage, wanted: str) -> Story:
    between = tuple(line for line in shown.story if line.is_between_offices)
    public = tuple(line for line in shown.story if line.is_public)
    lines = {"offices": between, "public": public}.get(wanted, shown.story)
    return Story(lines, len(shown.story), len(between), len(public))


@readers
def appeal(request: HttpRequest, by: Actor, appeal_id: int) -> HttpResponse:
    """One request, with the form of the act that is asked for, or of the one that comes first."""
    now = timezone.now()
    shown = found(queries.appeal_page(by=by, appeal_id=appeal_id, now=now))
    first = first_act(shown)
    wanted = request.GET.get("do", "")
    act = wanted if wanted in may_do(shown, by) else first
    offers = _offers(shown, by, first)
    context = {
        "shown": shown,
        "appeal": shown.appeal,
        "clocks": clocks.draw(shown, now),
        "is_under_way": shown.appeal.state in queries.UNDER_WAY,
        "first": first,
        "first_words": OFFERED.get(first or "", ""),
        "act": act,
        "act_words": OFFERED.get(act or "", ""),
        "beside": offers[:SHOWN_BESIDE],
        "more": offers[SHOWN_BESIDE:],
        "story": _story(shown, request.GET.get("story", "")),
        "story_filter": request.GET.get("story", ""),
        "form": choices.of(act, by=by, appeal=shown.appeal, now=now) if act else None,
        "results": Appeal.Result.choices,
        "outcomes": ReturnVisit.Outcome.choices,
        "reasons": Appeal.Refusal.choices,
        "urgencies": Appeal.Urgency.choices,
        "marks": speaking.MARKS,
        "enterprise": registers.enterprise(by=by, party_id=shown.appeal.party_id),
        "receipt": _receipt(request, appeal_id),
        "may_look": by.is_staff and "note_progress" in shown.may,
        "is_staff": by.is_staff,
        "papers": files.papers_of(by=by, table="appeal", number=appeal_id),
    }
    answer = render(request, "outreach/appeal.html", context)
    return unkept(answer) if context["receipt"] else answer


def _receipt(request: HttpRequest, appeal_id: int) -> str | None:
    """The secret link of a request just filed for an enterprise, to be handed over; once."""
    filed = request.session.get("filed") or {}
    if filed.get("id") != appeal_id:
        return None
    link: str = request.session.pop("filed")["link"]
    return link


@require_POST
@staff
def appeal_do(request: HttpRequest, by: Actor, appeal_id: int, verb: str) -> HttpResponse:
    """Do one verb and go back to the request."""
    row = found(queries.appeal(by=by, appeal_id=appeal_id))
    verbs.do(verb, request.POST, by=by, now=timezone.now(), appeal=row)
    return go(request, reverse("appeal", args=[appeal_id]))


@require_POST
@staff
def appeal_phone(request: HttpRequest, by: Actor, appeal_id: int) -> HttpResponse:
    """The full telephone, once asked for: whoever looks leaves a line."""
    row = found(queries.appeal(by=by, appeal_id=appeal_id))
    phone = _phone(request, by, row, timezone.now())
    context = {"phone": phone, "back": reverse("appeal", args=[appeal_id])}
    part = "outreach/_phone.html" if request.headers.get("HX-Request") else "outreach/phone.html"
    return render(request, part, context)


def _phone(request: HttpRequest, by: Actor, row: Appeal, now: datetime) -> str:
    """The telephone stated with the request, or the one the registry knows of the enterprise."""
    if request.POST.get("of") == "enterprise":
        return registry.look_at_phone(by=by, now=now, party=row.party)
    return look_at_contact(by=by, now=now, appeal=row)
