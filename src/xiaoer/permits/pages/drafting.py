"""Filling in an application: a list of what is to do, then one thing a page; by sign-in or by link."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from xiaoer.base import files
from xiaoer.base.doors import found, go, key_page, page
from xiaoer.base.models import STAFF_ROLES, StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.base.units.money import show_money
from xiaoer.base.verbs import verb_name
from xiaoer.papers import queries as held
from xiaoer.permits import actions as permits
from xiaoer.permits import applicant_access, listing, typed
from xiaoer.permits.definition import Answer, Definition, Field, Material, Question
from xiaoer.permits.models import Case, CaseItem, CaseMaterial, Rating, Supplement
from xiaoer.permits.pages.services import answers_in, options_of, words_of
from xiaoer.permits.pages.ways import Way, link_way, my_way
from xiaoer.permits.queries import applying as queries
from xiaoer.permits.queries.lacking import Lacking, lacking_of, outline_of
from xiaoer.permits.scenario import Outline
from xiaoer.permits.thing_words import hint_of, measure_words, name_of
from xiaoer.permits.wording import read_definition
from xiaoer.web.words import full_day, local_date

MOST_ON_A_PAGE = 6
View = Callable[..., HttpResponseBase]
# Kinds of fields by how they are typed.
OPEN = CaseItem.OPEN
SCORES: dict[str, Any] = {
    "5": gettext_lazy("very good"),
    "4": gettext_lazy("good"),
    "3": gettext_lazy("fair"),
    "2": gettext_lazy("bad"),
    "1": gettext_lazy("very bad"),
}
KINDS = {"long_text": "textarea", "number": "number", "phone": "tel"}


@dataclass(frozen=True, slots=True)
class Doors:
    """The two doors to one page."""

    mine: View
    link: View


def both(view: View) -> Doors:
    """A page of a case: for the enterprise signed in, and for the holder of the link.

    Staff who help with a draft have the same pages; what is submitted they read on their own.
    """

    @page(*applicant_access.SPEAKS, *STAFF_ROLES)
    def mine(request: HttpRequest, by: Actor, case_id: int, **more: Any) -> HttpResponseBase:
        case = found(queries.case_page(by=by, case_id=case_id))
        helps = case.state == Case.State.DRAFT and case.channel in applicant_access.HELPING
        if by.is_staff and not helps:
            return redirect("permit_case", case.pk)
        found(case if applicant_access.may_fill(by, case, timezone.localdate()) else None)
        return view(request, by, case, my_way(case), **more)

    @key_page(queries.find_case)
    def link(request: HttpRequest, by: Actor, token: str, **more: Any) -> HttpResponseBase:
        case = found(queries.case_of_link(by=by))
        return view(request, by, case, link_way(token), **more)

    return Doors(mine, link)


def is_past(request: HttpRequest, case: Case, *states: Case.State) -> bool:
    """A page of filling in, looked at again by the back button when it has passed."""
    return request.method != "POST" and case.state not in states


def context_of(request: HttpRequest, case: Case, way: Way) -> dict[str, Any]:
    """What every page of a case needs."""
    return {
        "layout": "web/public.html" if way.is_link else "web/app.html",
        "is_public": way.is_link,
        "way": way,
        "case": case,
        "helps": not way.is_link and case.channel in applicant_access.HELPING,
        "thing_name": name_of(case.thing_version.thing),
    }


@dataclass(frozen=True, slots=True)
class Group:
    """Questions of the form that stand on one page."""

    number: int
    title: str
    fields: tuple[Field, ...]

    def done(self, case: Case) -> bool:
        return all(not one.is_needed or case.form.get(one.code) for one in self.fields)


def groups_of(definition: Definition, outline: Outline) -> list[Group]:
    """Fields by the items they feed, in the order of the definition, a few on a page."""
    names = {one.code: name_of(one) for one in definition.items}
    runs: dict[tuple[str, ...], list[Field]] = {}
    for one in outline.fields:
        runs.setdefault(one.items, []).append(one)
    groups: list[Group] = []
    for items, fields in runs.items():
        title = "、".join(names[code] for code in items if code in names) or _(
            "About the applicant"
        )
        for start in range(0, len(fields), MOST_ON_A_PAGE):
            part = tuple(fields[start : start + MOST_ON_A_PAGE])
            groups.append(Group(len(groups) + 1, title, part))
    return groups


def source_words(source: str) -> str:
    """Where a value is from, in words."""
    kind, _colon, what = source.partition(":")
    words = {
        "registry": _("from the registry"),
        "project": _("from the project"),
        "paper": _("read off your paper"),
        "answer": _("from your answer"),
        "record": _("from your application %(number)s") % {"number": what},
    }
    return words.get(kind, "")


def shown_value(field: Field, value: Any) -> str:
    """A kept value as people read and type it."""
    if value in (None, ""):
        return ""
    if field.sort == "yes_no":
        return _("Yes") if value in ("yes", True) else _("No")
    if field.sort == "choice":
        names = {one.code: name_of(one) for one in field.options}
        return names.get(str(value), str(value))
    if field.sort == "money":
        return (
            show_money(int(value), get_language() or "zh-hans", exact=True)
            if str(value).lstrip("-").isdigit()
            else str(value)
        )
    return str(value)


def _typed_value(field: Field, value: Any) -> str:
    """A kept value as it stands in its field."""
    if field.sort == "money" and str(value).isdigit():
        yuan, fen = divmod(int(value), 100)
        return f"{yuan}.{fen:02}元" if fen else f"{yuan}元"
    return "" if value is None else str(value)


# The list of what is to do ------------------------------------------------------------------------


def case(request: HttpRequest, by: Actor, case: Case, way: Way) -> HttpResponse:
    """A draft: the list of what is to do. Anything later: how it stands."""
    if case.state == Case.State.DRAFT:
        return _to_do(request, by, case, way)
    return _standing(request, by, case, way)


def _to_do(request: HttpRequest, by: Actor, case: Case, way: Way) -> HttpResponse:
    definition = read_definition(case.thing_version.body)
    outline = outline_of(case, definition, local_date(timezone.now()))
    lacking = lacking_of(case, definition)
    given = {one.paper_code: one for one in case.materials.all()}
    context = context_of(request, case, way) | {
        "groups": [(one, one.done(case)) for one in groups_of(definition, outline)],
        "papers": [_paper_row(one, given.get(one.paper)) for one in outline.materials],
        "lacking": lacking,
        "bars": listing.bar_lines(outline.bars, name=name_of),
        "outline": outline,
        "is_new": "new" in request.GET,
        "link": request.build_absolute_uri(way.home) if way.is_link else "",
        "promise_items": _promised(definition, outline),
        "alike": queries.alike_cases(case),
        "is_staff": by.is_staff,
        "kept_until": queries.kept_until(case),
    }
    return render(request, "permits/draft.html", context)


def _paper_row(wanted: Material, row: CaseMaterial | None) -> dict[str, Any]:
    state = CaseMaterial.State(row.state) if row else CaseMaterial.State.MISSING
    return {
        "code": wanted.paper,
        "name": name_of(wanted),
        "state": state.label,
        "is_here": state in {"given", "held", "promised", "exempt"},
        "is_needed": wanted.is_needed,
        "is_wrong": bool(row and row.is_wrong),
        "why": row.wrong_why if row else "",
    }


def _promised(definition: Definition, outline: Outline) -> list[str]:
    return [one.name for one in outline.items if one.promise_route]


def case_answers(request: HttpRequest, by: Actor, case: Case, way: Way) -> HttpResponse:
    """The questions of the scenario inside a draft, answered or still open."""
    if is_past(request, case, Case.State.DRAFT):
        return go(request, way.home)
    definition = read_definition(case.thing_version.body)
    if request.method == "POST":
        answers = answers_in(definition, request.POST)
        permits.fill_case(by=by, now=timezone.now(), case=case, answers=answers)
        fresh = found(queries.case_page(by=by, case_id=case.pk))
        more = outline_of(fresh, definition).questions_open
        return go(request, way.to("answers") if more else way.home)
    outline = outline_of(case, definition)
    context = context_of(request, case, way) | {
        "questions": [_question_row(one, case) for one in outline.questions],
        "errors": [],
    }
    return render(request, "permits/draft_answers.html", context)


def _question_row(question: Question, case: Case) -> dict[str, Any]:
    is_many = question.answer == Answer.MANY
    value = case.answers.get(question.code)
    if isinstance(value, bool):
        value = "yes" if value else "no"
    options = [one[:2] for one in options_of(question)]
    return {
        "code": question.code,
        "name": name_of(question),
        "hint": hint_of(question),
        "is_many": is_many,
        "options": options,
        "value": (value or []) if is_many else value,
    }


# One group of questions ---------------------------------------------------------------------------


def case_form(request: HttpRequest, by: Actor, case: Case, way: Way, number: int) -> HttpResponse:
    """One page of the form. What can be taken is saved; what cannot is told beside its field."""
    if is_past(request, case, Case.State.DRAFT, Case.State.SUPPLEMENT):
        return go(request, way.home)
    definition = read_definition(case.thing_version.body)
    outline = outline_of(case, definition)
    groups = groups_of(definition, outline)
    group = found(next((one for one in groups if one.number == number), None))
    errors: dict[str, str] = {}
    if request.method == "POST":
        said = {one.code: request.POST.get(one.code, "") for one in group.fields}
        read = typed.read_form(group.fields, said)
        errors = read.errors | {
            one.code: _("Fill this in: %(name)s.") % {"name": name_of(one)}
            for one in group.fields
            if one.is_needed and one.code not in read.errors and not read.values.get(one.code)
        }
        if read.values:
            permits.fill_case(by=by, now=timezone.now(), case=case, form=read.values)
        if not errors:
            later = [one for one in groups if one.number > number and not one.done(case)]
            return go(request, way.to("form", later[0].number) if later else way.home)
    context = context_of(request, case, way) | {
        "group": group,
        "of": len(groups),
        "fields": [_field_row(one, case, request, errors) for one in group.fields],
        "errors": [(code, words) for code, words in errors.items()],
        "back": way.to("form", number - 1) if number > 1 else way.home,
    }
    return render(request, "permits/draft_form.html", context, status=422 if errors else 200)


def _field_row(
    field: Field, case: Case, request: HttpRequest, errors: dict[str, str]
) -> dict[str, Any]:
    kept = case.form.get(field.code, "")
    posted = request.POST.get(field.code) if request.method == "POST" else None
    options: Sequence[tuple[str, str]] = [(one.code, name_of(one)) for one in field.options]
    if field.sort == "yes_no":
        options = [("yes", _("Yes")), ("no", _("No"))]
    return {
        "code": field.code,
        "name": name_of(field),
        "hint": hint_of(field),
        "unit": measure_words(field.unit),
        "kind": KINDS.get(field.sort, "text"),
        "is_needed": field.is_needed,
        "options": options,
        "value": posted if posted is not None else _typed_value(field, kept),
        "error": errors.get(field.code, ""),
        "source": source_words(case.form_sources.get(field.code, "")) if kept else "",
        "autocomplete": "tel" if field.sort == "phone" else "off",
    }


# One paper ----------------------------------------------------------------------------------------


def case_paper(
    request: HttpRequest, by: Actor, case: Case, way: Way, paper_code: str
) -> HttpResponse:
    """One paper: give it, use the one held, or promise it for later."""
    definition = read_definition(case.thing_version.body)
    wanted = found(next((one for one in definition.materials if one.paper == paper_code), None))
    error = ""
    if request.method == "POST":
        try:
            _give(request, by, case, paper_code)
        except Refused as refusal:
            if request.headers.get("HX-Request"):
                raise
            error = str(refusal)
        else:
            return go(request, way.home)
    row = next((one for one in case.materials.all() if one.paper_code == paper_code), None)
    context = context_of(request, case, way) | {
        "wanted": wanted,
        "wanted_name": name_of(wanted),
        "wanted_hint": hint_of(wanted),
        "row": row,
        "held": _held_paper(by, case, wanted),
        "errors": [("paper", error)] if error else [],
        "is_draft": case.state == Case.State.DRAFT,
    }
    return render(request, "permits/draft_paper.html", context, status=422 if error else 200)


def _held_paper(by: Actor, case: Case, wanted: Material) -> Any:
    if by.key or case.party_id is None or not wanted.exempt_if_held:
        return None
    today = local_date(timezone.now())
    standing = held.standing_papers(
        zone_id=by.zone_id, party_id=case.party_id, codes=[wanted.paper], on=today
    )
    return standing.get(wanted.paper)


def _give(request: HttpRequest, by: Actor, case: Case, paper_code: str) -> None:
    now, way_chosen = timezone.now(), request.POST.get("do", "give")
    if way_chosen == "held":
        if request.POST.get("agree") != "yes":
            raise Refused(_("Say that the paper held here may be used for this."), field="paper")
        permits.use_held(by=by, now=now, case=case, paper_code=paper_code)
    elif way_chosen == "later":
        permits.promise_material(by=by, now=now, case=case, paper_code=paper_code)
    elif way_chosen == "remove":
        permits.take_back_material(by=by, now=now, case=case, paper_code=paper_code)
    else:
        upload = request.FILES.get("paper")
        if upload is None:
            raise Refused(_("Choose a file first."), field="paper")
        permits.give_material(by=by, now=now, case=case, paper_code=paper_code, upload=upload)


def case_paper_file(
    request: HttpRequest, by: Actor, case: Case, way: Way, paper_code: str
) -> HttpResponseBase:
    """The file given, for whoever gave it."""
    row = found(next((one for one in case.materials.all() if one.paper_code == paper_code), None))
    with on_behalf(by):
        file = found(StoredFile.objects.filter(pk=row.file_id or 0).first())
    return files.shown_inside(file, row.file_name)


# Whom we may call, the promise, the check ---------------------------------------------------------


def case_contact(request: HttpRequest, by: Actor, case: Case, way: Way) -> HttpResponse:
    """Who applies, whom we may call, and whether results come together or one by one."""
    if is_past(request, case, Case.State.DRAFT, Case.State.SUPPLEMENT):
        return go(request, way.home)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            permits.fill_case(
                by=by,
                now=timezone.now(),
                case=case,
                contact_name=request.POST.get("contact_name", ""),
                contact_phone=request.POST.get("contact_phone", ""),
                applicant_name=request.POST.get("applicant_name"),
                is_early_release=request.POST.get("early") == "yes",
            )
        except Refused as refusal:
            if request.headers.get("HX-Request"):
                raise
            errors = {refusal.field or "contact_name": str(refusal)}
        else:
            return go(request, way.home)
    context = context_of(request, case, way) | {
        "typed": request.POST,
        "error_of": errors,
        "errors": list(errors.items()),
    }
    return render(request, "permits/draft_contact.html", context, status=422 if errors else 200)


def case_promise(request: HttpRequest, by: Actor, case: Case, way: Way) -> HttpResponse:
    """告知承诺: the words, and the signature."""
    definition = read_definition(case.thing_version.body)
    named = [one.name for one in definition.items if one.promise_route]
    if request.method == "POST":
        if request.POST.get("agree") != "yes":
            raise Refused(_("Read the promise and say that you make it."), field="agree")
        permits.sign_promise(by=by, now=timezone.now(), case=case)
        return go(request, way.home)
    context = context_of(request, case, way) | {
        "words": case.promise_words or permits.promise_text(named),
        "named": named,
        "errors": [],
    }
    return render(request, "permits/draft_promise.html", context)


def case_check(request: HttpRequest, by: Actor, case: Case, way: Way) -> HttpResponse:
    """Check your answers, each with a way to change it; then submit."""
    if is_past(request, case, Case.State.DRAFT):
        return go(request, way.home)
    definition = read_definition(case.thing_version.body)
    if request.method == "POST":
        permits.submit_case(by=by, now=timezone.now(), case=case)
        return go(request, f"{way.home}?submitted=1")
    outline = outline_of(case, definition, local_date(timezone.now()))
    lacking = lacking_of(case, definition)
    given = {one.paper_code: one for one in case.materials.all()}
    context = context_of(request, case, way) | {
        "answers": [
            (name_of(one), words_of(one, case.answers[one.code]))
            for one in outline.questions
            if one.code in case.answers
        ],
        "groups": [
            (
                group,
                [
                    (name_of(one), shown_value(one, case.form.get(one.code)), measure_words(one.unit),
                     source_words(case.form_sources.get(one.code, "")))
                    for one in group.fields
                ],
            )
            for group in groups_of(definition, outline)
        ],
        "papers": [_paper_row(one, given.get(one.paper)) for one in outline.materials],
        "lacking": lacking,
        "lacking_words": bar_words(outline) or lacking_words(lacking),
        "bars": listing.bar_lines(outline.bars, name=name_of),
        "alike": queries.alike_cases(case),
        "outline": outline,
        "lines": listing.listed(definition, outline.items, outline.materials, name=name_of),
        "errors": [],
    }  # fmt: skip
    return render(request, "permits/draft_check.html", context)


def bar_words(outline: Outline) -> str:
    """What stands in the way, as the button says it."""
    names = "、".join(name_of(one) for one in outline.bars)
    return _("stands in the way: %(names)s") % {"names": names} if names else ""


def lacking_words(lacking: Lacking) -> str:
    """What is lacking, as the button says it."""
    names = [name_of(one) for one in (*lacking.questions, *lacking.fields, *lacking.materials)]
    if not names:
        return ""
    return _("still lacking: %(names)s") % {"names": "、".join(names[:3])} + (
        "…" if len(names) > 3 else ""
    )


# After submission ---------------------------------------------------------------------------------


def _standing(request: HttpRequest, by: Actor, case: Case, way: Way) -> HttpResponse:
    is_own = applicant_access.is_applicant(by, case)
    now = timezone.now()
    definition = read_definition(case.thing_version.body)
    notice: Supplement | None = getattr(case, "supplement", None)
    rating: Rating | None = getattr(case, "rating", None)
    days = [one.promised_due_at for one in case.items.all() if one.promised_due_at]
    context = context_of(request, case, way) | listing.standing_of(case, now=now, name=name_of)
    context |= {
        "is_submitted_now": "submitted" in request.GET,
        "site": queries.site_visit_of(by=by, case=case),
        "events": [(one, verb_name(one.verb)) for one in queries.case_events(case=case)],
        "supplement": notice,
        "asked": case.state == Case.State.SUPPLEMENT,
        "papers": [
            _paper_row(one, row)
            for one in definition.materials
            for row in case.materials.all()
            if row.paper_code == one.paper
        ],
        "groups": [
            (one, one.done(case)) for one in groups_of(definition, outline_of(case, definition))
        ]
        if case.state == Case.State.SUPPLEMENT
        else [],
        "rating": rating,
        "is_decided": case.state in queries.ENDED or case.state == Case.State.DECIDED,
        "may_rate": is_own and rating is None and case.state not in permits.TOO_EARLY,
        "may_withdraw": is_own and case.state in permits.WITHDRAWABLE,
        "open_items": [one for one in case.items.all() if one.state in CaseItem.OPEN],
        "results": [one for one in case.items.all() if one.notice_id or one.licence_id],
        "scores": SCORES.items(),
        "rating_words": SCORES[str(rating.score)] if rating else "",
        "open_choices": [(one.code, one.name) for one in case.items.all() if one.state in OPEN],
        "errors": [],
        "expected_on": full_day(max(days)) if days else None,
    }
    return render(request, "permits/my_case.html", context)


def case_result(
    request: HttpRequest, by: Actor, case: Case, way: Way, item_id: int
) -> HttpResponseBase:
    """What an item came to: its licence, or the notice of its decision."""
    item = found(next((one for one in case.items.all() if one.pk == item_id), None))
    with on_behalf(by):
        row = CaseItem.objects.select_related("licence__file", "notice").get(pk=item.pk)
    file = (row.licence.file if row.licence else None) or row.notice
    if file is None:
        raise Refused(_("The paper of “%(item)s” is being made.") % {"item": row.name})
    return files.shown_inside(file, f"{row.name}.pdf")


def case_receipt(request: HttpRequest, by: Actor, case: Case, way: Way) -> HttpResponseBase:
    """收件凭证 as a signed PDF."""
    file = permits.give_receipt(by=by, now=timezone.now(), case=case)
    return files.kept_paper(file, f"{case.number}-收件凭证.pdf")


def case_do(request: HttpRequest, by: Actor, case: Case, way: Way, verb: str) -> HttpResponse:
    """Answer the supplement, say that the place is ready or repaired, withdraw, rate."""
    now, said = timezone.now(), request.POST
    if request.method != "POST":
        return go(request, way.home)
    if verb == "answer":
        permits.answer_supplement(by=by, now=now, case=case, words=said.get("words", ""))
    elif verb == "withdraw":
        permits.withdraw_case(
            by=by, now=now, case=case, reason=said.get("reason", ""), items=said.getlist("item")
        )
    elif verb == "ask_pre_check":
        permits.ask_pre_check(by=by, now=now, case=case)
    elif verb == "pre_check":
        permits.pre_check(by=by, now=now, case=case, words=said.get("words", ""))
    elif verb == "ready":
        permits.ask_visit(by=by, now=now, case=case)
    elif verb == "repaired":
        visit = queries.site_visit_of(by=by, case=case).to_repair
        permits.report_repair(by=by, now=now, visit=found(visit))
    elif verb == "rate":
        score = said.get("score", "")
        permits.rate_case(
            by=by,
            now=now,
            case=case,
            score=int(score) if score in {"1", "2", "3", "4", "5"} else 0,
            words=said.get("words", ""),
        )
    else:
        raise Refused(_("There is no such act here."))
    return go(request, way.home)


CASE = both(case)
FORM = both(case_form)
PAPER = both(case_paper)
PAPER_FILE = both(case_paper_file)
CONTACT = both(case_contact)
PROMISE = both(case_promise)
CHECK = both(case_check)
DO = both(case_do)
ANSWERS = both(case_answers)
RESULT = both(case_result)
RECEIPT = both(case_receipt)
