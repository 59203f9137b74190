"""What is done on the page of a case: each form calls one verb and leads back to the page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Office, Post
from xiaoer.base.pages.forms import day, must_day, number, text, whole
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import actions as permits
from xiaoer.permits import case_access as access
from xiaoer.permits import notice_words, queries
from xiaoer.permits.actions import Found, Gap
from xiaoer.permits.listing import period_words
from xiaoer.permits.models import (
    Case,
    CaseItem,
    CaseMaterial,
    CaseNotice,
    CaseStep,
    CaseVisitPart,
)
from xiaoer.permits.pages.cases import READERS, shown_value
from xiaoer.permits.wording import read_definition

staff = page(*STAFF_ROLES)
Act = Callable[[], Any]


def _back(request: HttpRequest, case_id: int) -> HttpResponse:
    return go(request, reverse("permit_case", args=[case_id]))


def _post(request: HttpRequest, by: Actor, name: str = "post") -> Post | None:
    given = number(request.POST.get(name))
    if given is None:
        return None
    return found(Post.objects.filter(zone_id=by.zone_id, pk=given).select_related("office").first())


def _office(request: HttpRequest, by: Actor) -> Office | None:
    given = number(request.POST.get("office"))
    if given is None:
        return None
    return found(Office.objects.filter(zone_id=by.zone_id, pk=given).first())


def _do(request: HttpRequest, acts: dict[str, Act]) -> None:
    act = acts.get(request.POST.get("what_to_do", ""))
    if act is None:
        raise Refused(_("Choose one of the list."))
    act()
    messages.success(request, _("Saved."))


@staff
def case_act(request: HttpRequest, by: Actor, case_id: int) -> HttpResponse:
    """Accept, not accept, hand out, archive, say that the place is ready, look a draft through."""
    case = found(
        # The verb reads the whole of it, locked; here it only has to be there.
        Case.objects.only("zone", "number", "desk", "state")
        .filter(zone_id=by.zone_id, pk=case_id)
        .exclude(state=Case.State.DRAFT, check_asked_at=None)
        .first()
    )
    if request.method != "POST":
        return _back(request, case_id)
    now = timezone.now()
    said: dict[str, Any] = {"by": by, "now": now, "case": case}
    _do(
        request,
        {
            "accept": lambda: permits.accept_case(**said),
            "refuse": lambda: permits.refuse_acceptance(
                **said, why=_why(request), reason=text(request, "reason", longest=500)
            ),
            "issue": lambda: permits.issue_case(**said),
            "archive": lambda: permits.archive(**said),
            "ready": lambda: permits.ask_visit(**said),
            "book": lambda: permits.book_visit(
                **said, on=must_day(request, "on"), place=text(request, "place", longest=200)
            ),
            "repaired": lambda: _repaired(by, case),
            "pre_check": lambda: permits.pre_check(
                **said, words=text(request, "words", longest=500)
            ),
            "extend": lambda: permits.extend_case(
                **said, days=whole(request, "days", least=1, most=250),
                words=text(request, "words", longest=300),
            ),
        },
    )  # fmt: skip
    if case.state == Case.State.DRAFT:
        # Looked through, it is its applicant's own again.
        return go(request, reverse("case_desk") + "?state=draft")
    return _back(request, case_id)


def _why(request: HttpRequest) -> Case.State:
    given = request.POST.get("why", "")
    if given not in Case.State.values:
        raise Refused(_("Choose why it is not accepted."), field="why")
    return Case.State(given)


def _repaired(by: Actor, case: Case) -> None:
    access.must_accept(by, case)
    visit = found(case.visits.filter(state="recheck").order_by("-id").first())
    permits.report_repair(by=by, now=timezone.now(), visit=visit)


@staff
def step_act(request: HttpRequest, by: Actor, case_step_id: int) -> HttpResponse:
    """Sign, return, hand on, ask another to sign, put on hold or take up again."""
    step = found(
        CaseStep.objects.filter(zone_id=by.zone_id, pk=case_step_id)
        .select_related("item")
        .order_by("pk")
        .first()
    )
    if request.method != "POST":
        return go(
            request, reverse("permit_case", args=[step.item.case_id]) + f"?step={step.pk}#act"
        )
    said: dict[str, Any] = {"by": by, "now": timezone.now(), "step": step}
    written = text(request, "words", longest=1000)
    _do(
        request,
        {
            "agree": lambda: permits.finish_step(**said, agrees=True, words=written),
            "disagree": lambda: permits.finish_step(**said, agrees=False, words=written),
            "return": lambda: permits.return_step(
                **said, to_order=_place(request), words=written
            ),
            "hand_on": lambda: permits.hand_on_step(
                **said, post=_post(request, by), office=_office(request, by), words=written
            ),
            "add_signer": lambda: permits.add_signer(
                **said, post=_post(request, by), office=_office(request, by), words=written
            ),
            "hold": lambda: permits.hold_step(
                **said, reason=request.POST.get("reason", ""), words=written,
                expected_days=whole(request, "expected_days", least=1, most=250),
            ),
            "release": lambda: permits.release_step(**said),
        },
    )  # fmt: skip
    return _back(request, step.item.case_id)


def _place(request: HttpRequest) -> int:
    given = number(request.POST.get("to_order"))
    if given is None:
        raise Refused(_("Choose an earlier step of this item."), field="to_order")
    return given


@staff
def item_act(request: HttpRequest, by: Actor, case_item_id: int) -> HttpResponse:
    """Grant, refuse, stop the clocks or let them run on, give more time, withdraw."""
    item = found(
        CaseItem.objects.filter(zone_id=by.zone_id, pk=case_item_id).order_by("pk").first()
    )
    if request.method != "POST":
        return go(request, reverse("permit_case", args=[item.case_id]) + f"?item={item.pk}#act")
    said: dict[str, Any] = {"by": by, "now": timezone.now(), "item": item}
    written = text(request, "words", longest=1000)
    _do(
        request,
        {
            "grant": lambda: permits.grant_item(
                **said, words=written, valid_from=day(request, "valid_from"),
                valid_until=day(request, "valid_until"),
            ),
            "refuse": lambda: permits.refuse_item(
                **said, reasons=text(request, "reasons", longest=1000),
                remedies=text(request, "remedies", longest=500),
            ),
            "pause": lambda: permits.pause_item(
                **said, reason=request.POST.get("reason", ""), words=written,
                expected_days=whole(request, "expected_days", least=1, most=250),
            ),
            "resume": lambda: permits.resume_item(**said),
            "extend": lambda: permits.extend_item(
                **said, days=whole(request, "days", least=1, most=250), words=written
            ),
            "withdraw": lambda: permits.withdraw_item(**said, words=written),
        },
    )  # fmt: skip
    return _back(request, item.case_id)


@staff
def visit_act(request: HttpRequest, by: Actor, visit_part_id: int) -> HttpResponse:
    """Record the visit of one item, check its defects again, or end it as not passed."""
    part = found(
        CaseVisitPart.objects.filter(zone_id=by.zone_id, pk=visit_part_id)
        .select_related("visit")
        .first()
    )
    if request.method != "POST":
        return _back(request, part.visit.case_id)
    now, written = timezone.now(), text(request, "words", longest=1000)
    fixed = [one for one in map(number, request.POST.getlist("fixed")) if one is not None]
    said: dict[str, Any] = {"by": by, "now": now, "part": part}
    _do(
        request,
        {
            "passed": lambda: permits.record_visit(
                **said, second=_second(request, by), passed=True, words=written
            ),
            "failed": lambda: permits.record_visit(
                **said, second=_second(request, by), passed=False, words=written,
                defects=_defects(request),
            ),
            "recheck": lambda: permits.recheck_visit(
                **said, second=_second(request, by), fixed=fixed, words=written
            ),
            "end": lambda: permits.end_visit(**said, words=written),
        },
    )  # fmt: skip
    return _back(request, part.visit.case_id)


def _second(request: HttpRequest, by: Actor) -> Post:
    post = _post(request, by, "second")
    if post is None:
        raise Refused(_("Two officers visit the site; choose the second."), field="second")
    return post


def _defects(request: HttpRequest) -> list[Found]:
    """One point a line: what, and by which clause behind a bar."""
    lines = request.POST.get("defects", "").replace("\x00", "").splitlines()
    due = day(request, "due_on")
    return [
        Found(what.strip(), clause.strip(), due)
        for what, _bar, clause in (line.replace("｜", "|").partition("|") for line in lines)
        if what.strip()
    ]


# The one supplement notice -------------------------------------------------------------------------


@staff
def case_supplement(request: HttpRequest, by: Actor, case_id: int) -> HttpResponse:
    """Compose the one notice from the gaps of all departments, look at it, and send it."""
    case = found(queries.case_by_number(zone_id=by.zone_id, case_id=case_id))
    if request.method != "POST" and not access.may_accept(by, case):
        return _back(request, case_id)
    access.must_accept(by, case)
    definition = read_definition(case.thing_version.body)
    gaps = _gaps(request) if request.method == "POST" else []
    if request.method == "POST" and request.POST.get("what_to_do") == "send":
        permits.ask_supplement(by=by, now=timezone.now(), case=case, gaps=gaps)
        messages.success(request, _("The notice is on its way to the applicant."))
        return _back(request, case_id)
    materials = list(case.materials.order_by("order", "id"))
    offices = {
        one.paper: "、".join(
            sorted({item.office for item in definition.items if item.code in one.items})
        )
        for one in definition.materials
    }
    typed = {gap.code: gap.why for gap in gaps if gap.code}
    context = {
        "case": case,
        "materials": [
            (one, offices.get(one.paper_code, ""), typed.get(one.paper_code, "")) for one in materials
        ],
        "fields": [
            (one.code, one.name, shown_value(one, case.form.get(one.code)), typed.get(f"field-{one.code}", ""))
            for one in definition.fields
        ],
        "others": "\n".join(f"{gap.what}|{gap.why}" for gap in gaps if not gap.code),
        "preview": notice_words.supplement_text(
            case, [{"what": g.what, "why": g.why, "office": g.office} for g in gaps],
            timezone.now(),
        )
        if gaps
        else None,
        "limit": definition.supplement_limit,
        "days": period_words(definition.supplement_limit),
        "answer_words": period_words(definition.answer_limit),
    }  # fmt: skip
    return render(request, "permits/case_supplement.html", context)


def _gaps(request: HttpRequest) -> list[Gap]:
    """What was written beside a paper or a field, and further lines of one's own."""
    found_ones: list[Gap] = []
    for key, value in request.POST.items():
        why = str(value).replace("\x00", "").strip()
        if key.startswith("why-") and why:
            code = key.removeprefix("why-")
            name = request.POST.get(f"name-{code}", code)
            found_ones.append(Gap(name, why, code, request.POST.get(f"office-{code}", "")))
    for line in request.POST.get("others", "").replace("\x00", "").splitlines():
        what, _bar, why = line.replace("｜", "|").partition("|")
        if what.strip():
            found_ones.append(Gap(what.strip(), why.strip() or _("please supplement")))
    return found_ones


# Papers --------------------------------------------------------------------------------------------


@page(*READERS)
def case_notice(request: HttpRequest, by: Actor, case_notice_id: int) -> HttpResponseBase:
    """An official paper of a case as PDF; posted to, it is made again."""
    notice = found(
        CaseNotice.objects.filter(zone_id=by.zone_id, pk=case_notice_id)
        .select_related("file")
        .first()
    )
    if request.method == "POST" and by.is_staff:
        made = permits.make_case_notice(by=by, now=timezone.now(), notice=notice)
        if made.problem:
            raise Refused(made.problem)
        messages.success(request, _("Saved."))
        return _back(request, notice.case_id)
    if notice.file is None:
        return _back(request, notice.case_id)
    return files.shown_inside(notice.file, f"{notice.get_kind_display()} {notice.number}.pdf")


@staff
def case_archive(request: HttpRequest, by: Actor, case_id: int) -> HttpResponseBase:
    """The e-file of a case, to be saved."""
    case = found(queries.case_by_number(zone_id=by.zone_id, case_id=case_id))
    return files.kept_paper(found(case.archive), f"{case.number}.zip")


@staff
def case_paper_settle(request: HttpRequest, by: Actor, material_id: int) -> HttpResponse:
    """Say what was done about a paper that was promised and not brought."""
    material = found(CaseMaterial.objects.filter(zone_id=by.zone_id, pk=material_id).first())
    if request.method == "POST":
        permits.settle_paper(
            by=by, now=timezone.now(), material=material, words=text(request, "words", longest=300)
        )
        messages.success(request, _("Saved."))
    return go(request, reverse("case_promised") + "?state=broken")
