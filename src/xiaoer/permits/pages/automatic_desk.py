"""What the machine left open, beside the paper it stands on; no button here refuses anything."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xiaoer.base import queries as base
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Post, Role
from xiaoer.base.pages.forms import number, text
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers import queries as papers
from xiaoer.papers.access import sets_kinds
from xiaoer.papers.models import Reading
from xiaoer.permits import actions as permits
from xiaoer.permits import automatic_access as access
from xiaoer.permits.automatic.replaying import replay
from xiaoer.permits.case_access import may_accept
from xiaoer.permits.clocks import COLOURS
from xiaoer.permits.listing import period_words
from xiaoer.permits.models import AutoDecision, AutoReview, Case, PostCheck
from xiaoer.permits.pages.cases import left_words
from xiaoer.permits.queries import automatic_desk as queries
from xiaoer.permits.queries import desk_face
from xiaoer.permits.wording import read_definition
from xiaoer.work import queries as work
from xiaoer.work.calendar import LOCAL, WorkCalendar

readers = page(*STAFF_ROLES, Role.CITY)
officers = page(*STAFF_ROLES)
PAGE = 50
YEAR = timedelta(days=366)


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(LOCAL).date(), time(), LOCAL)


@require_GET
@readers
def automatic_queue(request: HttpRequest, by: Actor) -> HttpResponse:
    """What waits for a person; the first of it is open."""
    first = queries.open_reviews(zone_id=by.zone_id).first()
    if first is None:
        return render(request, "permits/automatic_empty.html", _left(by))
    return _shown(request, by, first.pk)


@require_GET
@readers
def automatic_review(request: HttpRequest, by: Actor, auto_review_id: int) -> HttpResponse:
    """One decision with what is in doubt: the paper, the values by source, the conditions."""
    return _shown(request, by, auto_review_id)


def _left(by: Actor) -> dict[str, object]:
    """The queue at the left and what the machine did today."""
    now = timezone.now()
    return {
        "queue": queries.waiting(by=by),
        "done": queries.decided_today(zone_id=by.zone_id, since=_midnight(now)),
        "now": now,
    }


def _shown(request: HttpRequest, by: Actor, auto_review_id: int) -> HttpResponse:
    review = found(queries.review_of(by=by, review_id=auto_review_id))
    shown = queries.shown(review.decision)
    calendar = work.calendar_of(by.zone_id)
    left = _left(by)
    lines: list[queries.Waiting] = left["queue"]  # type: ignore[assignment]  # as _left makes it
    at = next((place for place, one in enumerate(lines) if one.id == review.pk), None)
    is_open = review.done_at is None
    lies = is_open and review.why != AutoReview.Why.SAMPLE
    context = left | {
        "review": review,
        "case": review.case,
        "shown": shown,
        "doubts": [one for one in shown.doubts if one.statements],
        "before": lines[at - 1].id if at else None,
        "after": lines[at + 1].id if at is not None and at + 1 < len(lines) else None,
        "seconds": review.decision.took_ms / 1000,
        "licences": queries.licences_of(case=review.case),
        "may_act": access.reviews(by) and lies and review.case.state == Case.State.SUBMITTED,
        "may_hand": may_accept(by, review.case),
        "may_look": access.reviews(by) and is_open and review.why == AutoReview.Why.SAMPLE,
        "may_withdraw": access.reviews(by)
        and review.outcome == AutoReview.Outcome.DISAGREED
        and review.post is not None
        and review.post.person_id != by.person_id,
        "opens_paper": sets_kinds(by),
        "calendar_is_provisional": calendar.is_provisional(timezone.localdate()),
    }
    return render(
        request, "permits/automatic_review.html", context | _limits(review.case, calendar)
    )


def _limits(case: Case, calendar: WorkCalendar) -> dict[str, object]:
    """The desk's light, and what is promised and what the law gives once the item begins."""
    face = desk_face(case, calendar, timezone.now())
    items = read_definition(case.thing_version.body).items
    return {
        "light_of": COLOURS[face.light] if face else None,
        "left": left_words(face) if face else "",
        "promised": period_words(items[0].promised) if items else None,
        "statutory": period_words(items[0].statutory) if items else None,
    }


@require_GET
@readers
def automatic_crop(
    request: HttpRequest, by: Actor, auto_review_id: int, reading_id: int
) -> HttpResponse:
    """The place of a field on its paper, with its box; only of a paper of this decision."""
    review = found(queries.review_of(by=by, review_id=auto_review_id))
    field = request.GET.get("field", "")[:60]
    named = {(one["reading"], one["field"]) for one in review.decision.inputs if one["reading"]}
    if (reading_id, field) not in named:
        raise Http404
    rows = Reading.objects.filter(zone_id=by.zone_id, pk=reading_id).select_related("file", "kind")
    try:
        picture = papers.crop(found(rows.first()), field)
    except Refused as refusal:
        raise Http404(str(refusal)) from refusal
    response = HttpResponse(picture, content_type="image/png")
    response["Cache-Control"] = "private, max-age=3600"
    return response


# What is done ------------------------------------------------------------------------------------


def _adopt(request: HttpRequest, by: Actor, review: AutoReview) -> str:
    decision = permits.adopt_value(
        by=by,
        now=timezone.now(),
        review=review,
        field=text(request, "field", longest=60),
        source=text(request, "source", longest=200),
        words=request.POST.get("words", ""),
    )
    if decision is not None and decision.outcome == AutoDecision.Outcome.GRANTED:
        messages.success(request, _("Decided again: all conditions met, the licence is made."))
        return reverse("automatic_queue")
    messages.info(request, _("Decided again: something is still in doubt, as it stands here."))
    newer = review.case.auto_reviews.filter(done_at__isnull=True).order_by("-id").first()
    return reverse("automatic_review", args=[newer.pk]) if newer else reverse("automatic_queue")


def _correct(request: HttpRequest, by: Actor, review: AutoReview) -> str:
    permits.ask_correction(
        by=by, now=timezone.now(), review=review, words=request.POST.get("words", "")
    )
    messages.success(request, _("The applicant is asked to correct it; this notice goes out once."))
    return reverse("automatic_queue")


def _two(request: HttpRequest, by: Actor, review: AutoReview) -> str:
    case = permits.to_two_officers(
        by=by, now=timezone.now(), review=review, words=request.POST.get("words", "")
    )
    messages.success(
        request, _("Case %(number)s is accepted; people decide it.") % {"number": case.number}
    )
    return reverse("automatic_queue")


def _look(request: HttpRequest, by: Actor, review: AutoReview) -> str:
    agrees = request.POST.get("agrees") == "yes"
    permits.review_sample(
        by=by, now=timezone.now(), review=review, agrees=agrees,
        words=request.POST.get("words", ""),
    )  # fmt: skip
    if agrees:
        messages.success(request, _("You agree with the machine."))
        return reverse("automatic_queue")
    messages.success(
        request, _("Kept. A second person reads it and withdraws the grant if it is wrong.")
    )
    return reverse("automatic_review", args=[review.pk])


def _withdraw(request: HttpRequest, by: Actor, review: AutoReview) -> str:
    permits.withdraw_grant(
        by=by,
        now=timezone.now(),
        decision=review.decision,
        reason=request.POST.get("reason", ""),
        document=request.POST.get("document", ""),
    )
    messages.success(request, _("The item is stopped and the licence is revoked."))
    return reverse("automatic_review", args=[review.pk])


DO: dict[str, Callable[[HttpRequest, Actor, AutoReview], str]] = {
    "adopt": _adopt,
    "correct": _correct,
    "two": _two,
    "look": _look,
    "withdraw": _withdraw,
}


@require_POST
@officers
def automatic_review_do(
    request: HttpRequest, by: Actor, auto_review_id: int, verb: str
) -> HttpResponse:
    """Adopt a value, ask for a correction, hand to two officers; agree or not; withdraw."""
    review = found(queries.review_of(by=by, review_id=auto_review_id))
    if verb not in DO:
        raise Http404
    return go(request, DO[verb](request, by, review))


# Samples, checks, decisions ----------------------------------------------------------------------


@require_GET
@readers
def automatic_samples(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Grants drawn for a look, and how often people saw it otherwise, month by month."""
    rows = queries.samples(zone_id=by.zone_id)
    shown = Paginator(rows, PAGE).get_page(number(request.GET.get("page")) or 1)
    context = {
        "rows": shown.object_list,
        "page": shown.number,
        "pages": shown.paginator.num_pages,
        "total": shown.paginator.count,
        "months": queries.disagreement(zone_id=by.zone_id, since=timezone.now() - YEAR),
    }
    return render(request, "permits/automatic_samples.html", context)


@require_GET
@readers
def automatic_checks(request: HttpRequest, by: Actor) -> HttpResponse:
    """Checks on site that automatic grants ask for: what is due, or what was found."""
    done = request.GET.get("state") == "done"
    rows = queries.post_checks(zone_id=by.zone_id, is_open=not done)
    shown = Paginator(rows, PAGE).get_page(number(request.GET.get("page")) or 1)
    context = {
        "rows": shown.object_list,
        "page": shown.number,
        "pages": shown.paginator.num_pages,
        "total": shown.paginator.count,
        "done": done,
        "now": timezone.now(),
    }
    return render(request, "permits/automatic_checks.html", context)


@readers
def automatic_check(request: HttpRequest, by: Actor, post_check_id: int) -> HttpResponse:
    """One check on site: two officers say what they found."""
    check = found(queries.check_of(by=by, check_id=post_check_id))
    if request.method == "POST":
        return _check(request, by, check)
    today = timezone.localdate()
    posts = base.posts_in_force(zone_id=by.zone_id, on=today)
    context = {
        "check": check,
        "results": PostCheck.Result.choices,
        "people": [
            (post.pk, f"{post.person.name} · {post.office.name}")
            for post in posts
            if post.office and post.person_id != by.person_id
        ],
        "licences": queries.licences_of(case=check.case),
        "may_act": access.reviews(by) and check.done_at is None,
        "may_withdraw": access.reviews(by)
        and check.result == PostCheck.Result.FAILED
        and check.post is not None
        and check.post.person_id != by.person_id,
        "now": timezone.now(),
    }
    return render(request, "permits/automatic_check.html", context)


def _check(request: HttpRequest, by: Actor, check: PostCheck) -> HttpResponse:
    now = timezone.now()
    if request.POST.get("do") == "withdraw":
        permits.withdraw_grant(
            by=by, now=now, decision=check.decision, reason=request.POST.get("reason", ""),
            document=request.POST.get("document", ""),
        )  # fmt: skip
        messages.success(request, _("The item is stopped and the licence is revoked."))
    else:
        rows = Post.objects.filter(zone_id=by.zone_id, pk=number(request.POST.get("second")) or 0)
        second = rows.first()
        if second is None:
            raise Refused(_("Two officers look; name the other one."), field="second")
        permits.record_post_check(
            by=by, now=now, check=check, second=second, result=request.POST.get("result", ""),
            words=request.POST.get("words", ""),
        )  # fmt: skip
        messages.success(request, _("Kept."))
    return go(request, reverse("automatic_check", args=[check.pk]))


@require_GET
@readers
def automatic_decision(request: HttpRequest, by: Actor, auto_decision_id: int) -> HttpResponse:
    """One decision put to its rule once more: what it saw, and whether it comes out the same."""
    decision = found(queries.decision_of(by=by, decision_id=auto_decision_id))
    context = {
        "decision": decision,
        "case": decision.case,
        "shown": queries.shown(decision),
        "differences": replay(decision),
        "rows": queries.statements_of(decision),
        "reviews": list(decision.reviews.all()),
    }
    return render(request, "permits/automatic_decision.html", context)
