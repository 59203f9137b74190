"""API of applying: what can be applied for, by anybody; applications, by their enterprise or link."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, File, Router, Schema, UploadedFile

from xiaoer.base import files
from xiaoer.base.api_door import PROBLEMS, READ, WITHOUT_TOKEN, WRITE, api, key_api
from xiaoer.base.doors import found
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.permits import actions as permits
from xiaoer.permits import keys, listing, typed
from xiaoer.permits.models import Case, Rating, Thing
from xiaoer.permits.queries import applying as queries
from xiaoer.permits.queries.lacking import lacking_of
from xiaoer.permits.scenario import lay_out
from xiaoer.permits.thing_words import name_of
from xiaoer.permits.wording import read_definition
from xiaoer.registry.models import Party
from xiaoer.work.models import Step

router = Router(tags=["applications"])
_NO_NUL = r"^[^\u0000]*$"
Text = Annotated[str, Field(max_length=500, pattern=_NO_NUL)]
Name = Annotated[str, Field(max_length=120, pattern=_NO_NUL)]
Phone = Annotated[str, Field(max_length=40, pattern=_NO_NUL)]
Slug = Annotated[str, Field(max_length=60, pattern=r"^[-a-zA-Z0-9_]+$")]
Secret = Annotated[str, Field(max_length=64, pattern=r"^[\x21-\x7e]+$")]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Value = bool | str | list[str]
anybody = key_api(queries.anybody_in, "zone_code", READ)
anybody_begins = key_api(queries.anybody_in, "zone_code", WRITE)
by_link = key_api(queries.find_case, "token", WRITE)
sees_link = key_api(queries.find_case, "token", READ)


class PermitServiceOut(Schema):
    """Something that can be applied for."""

    code: str
    name: str
    target: str
    office: str | None
    summary: str


class PermitServiceOption(Schema):
    code: str
    name: str


class PermitServiceQuestion(Schema):
    """A question still open: ``yes_no``, ``one`` or ``many``."""

    code: str
    name: str
    answer: str
    options: list[PermitServiceOption]


class PermitServiceItem(Schema):
    code: str
    name: str
    office: str
    statutory: str
    promised: str
    fee: str
    basis: str
    mark: str
    after: list[str]


class PermitServicePaper(Schema):
    code: str
    name: str
    is_needed: bool
    is_held: bool
    may_follow: bool
    follow_days: int


class PermitServiceField(Schema):
    code: str
    name: str
    sort: str
    unit: str
    is_needed: bool


class PermitServiceBar(Schema):
    """Why it cannot be applied for with these answers, and what to do instead."""

    code: str
    name: str
    instead: str
    source: str
    mark: str


class PermitServiceList(Schema):
    """一单告知: what the answers so far come to. It is exact once no question is open."""

    questions_open: list[PermitServiceQuestion]
    items: list[PermitServiceItem]
    papers: list[PermitServicePaper]
    fields: list[PermitServiceField]
    bars: list[PermitServiceBar]
    promised_days: int
    statutory_days: int


class PermitAnswersIn(Schema):
    answers: dict[Slug, Value] = {}


class PermitBeginForIn(PermitAnswersIn):
    """Begin without a sign-in."""

    contact_name: Annotated[str, Field(min_length=1, max_length=60, pattern=_NO_NUL)]
    contact_phone: Phone
    applicant_name: Name = ""


class PermitBegunOut(Schema):
    """A draft begun. ``token`` is the secret of its link, shown this once."""

    id: int
    number: str
    token: str


class PermitFillIn(Schema):
    answers: dict[Slug, Value] | None = None
    form: dict[Slug, bool | str] | None = None
    contact_name: Annotated[str, Field(max_length=60, pattern=_NO_NUL)] | None = None
    contact_phone: Phone | None = None
    applicant_name: Name | None = None
    is_early_release: bool | None = None


class PermitApplicationPaper(Schema):
    code: str
    name: str
    state: str
    promised_until: date | None
    is_wrong: bool


class PermitApplicationItem(Schema):
    code: str
    name: str
    state: str
    promised_due_at: datetime | None
    statutory_due_at: datetime | None


class PermitApplicationOut(Schema):
    """An application as its applicant sees it. ``lacking`` names what a draft still needs."""

    id: int
    number: str
    thing: str
    state: str
    applicant_name: str
    contact_name: str
    contact_phone: str
    answers: dict[str, Any]
    form: dict[str, Any]
    sources: dict[str, Any]
    papers: list[PermitApplicationPaper]
    items: list[PermitApplicationItem]
    lacking: list[str]
    drafted_at: datetime
    submitted_at: datetime | None
    accepted_at: datetime | None
    decided_at: datetime | None


class PermitLookUpIn(Schema):
    number: Annotated[str, Field(max_length=30, pattern=_NO_NUL)]
    phone: Phone


class PermitStandingOut(Schema):
    """How an application stands, as far as number and telephone tell."""

    number: str
    thing: str
    state: str
    items: list[PermitApplicationItem]
    submitted_at: datetime | None
    accepted_at: datetime | None
    decided_at: datetime | None


class PermitWordsIn(Schema):
    words: Text = ""


class PermitWithdrawIn(Schema):
    reason: Text = ""
    items: list[Slug] = []


class PermitRateIn(Schema):
    score: Annotated[int, Field(ge=1, le=5)]
    words: Text = ""


class PermitRatingOut(Schema):
    id: int
    number: str
    thing: str
    score: int
    words: str
    at: datetime
    is_upheld: bool | None
    answer: str
    answered_at: datetime | None


class PermitAnswerRatingIn(Schema):
    is_upheld: bool
    answer: Annotated[str, Field(min_length=1, max_length=500, pattern=_NO_NUL)]


# What can be applied for -------------------------------------------------------------------------


@router.get(
    "/public/services/{zone_code}",
    response={200: list[PermitServiceOut], **WITHOUT_TOKEN},
    auth=None,
)
@anybody
def list_services_of_permit(request: HttpRequest, by: Actor, zone_code: Slug) -> object:
    """Everything that can be applied for in a zone today."""
    rows = queries.versions_in_force(zone_id=by.zone_id, now=timezone.now())
    return [
        {
            "code": one.thing.code,
            "name": name_of(one.thing),
            "target": one.thing.target,
            "office": one.thing.office.name if one.thing.office else None,
            "summary": one.thing.summary,
        }
        for one in rows
    ]


@router.post(
    "/public/services/{zone_code}/{code}/list",
    response={200: PermitServiceList, **WITHOUT_TOKEN},
    auth=None,
)
@anybody
def list_what_is_needed_of_permit(
    request: HttpRequest, by: Actor, zone_code: Slug, code: Slug, what: PermitAnswersIn
) -> object:
    """What the answers so far come to; nothing is kept."""
    version = found(
        queries.versions_in_force(zone_id=by.zone_id, now=timezone.now())
        .filter(thing__code=code)
        .first()
    )
    definition = read_definition(version.body)
    outline = lay_out(definition, typed.read_answers(definition, what.answers))
    lines = listing.listed(definition, outline.items, outline.materials, name=name_of)
    return {
        "questions_open": [
            {
                "code": one.code,
                "name": name_of(one),
                "answer": one.answer.value,
                "options": [{"code": o.code, "name": name_of(o)} for o in one.options],
            }
            for one in outline.questions_open
        ],
        "items": lines.items,
        "papers": lines.papers,
        "bars": listing.bar_lines(outline.bars, name=name_of),
        "fields": [
            {
                "code": one.code,
                "name": name_of(one),
                "sort": one.sort,
                "unit": one.unit,
                "is_needed": one.is_needed,
            }
            for one in outline.fields
        ],
        "promised_days": outline.promised_days,
        "statutory_days": outline.statutory_days,
    }


@router.post(
    "/public/services/{zone_code}/{code}/applications",
    response={200: PermitBegunOut, **WITHOUT_TOKEN},
    auth=None,
)
@anybody_begins
def begin_without_account_of_permit(
    request: HttpRequest, by: Actor, zone_code: Slug, code: Slug, what: PermitBeginForIn
) -> object:
    """Begin an application without a sign-in; the answer holds the secret of its link, once."""
    secret = keys.new_secret()
    row = permits.open_case(
        by=by,
        now=timezone.now(),
        thing=_thing(by, code),
        answers=what.answers,
        key=secret,
        contact_name=what.contact_name,
        contact_phone=what.contact_phone,
        applicant_name=what.applicant_name or what.contact_name,
    )
    return {"id": row.pk, "number": row.number, "token": secret}


@router.post(
    "/public/services/{zone_code}/track",
    response={200: PermitStandingOut, **WITHOUT_TOKEN},
    auth=None,
)
@anybody_begins
def track_permit_application(
    request: HttpRequest, by: Actor, zone_code: Slug, what: PermitLookUpIn
) -> object:
    """How an application stands, by its number and telephone; tries are counted."""
    holder = permits.look_up_case(
        by=by,
        now=timezone.now(),
        asker=request.META.get("REMOTE_ADDR", ""),
        number=what.number,
        phone=what.phone,
    )
    if holder is None:
        # A refusal would take the counted try back with it.
        return {
            "number": "", "thing": "", "state": "unknown", "items": [],
            "submitted_at": None, "accepted_at": None, "decided_at": None,
        }  # fmt: skip
    with acting(holder):
        case = found(queries.case_of_link(by=holder))
        return _standing(case)


def _thing(by: Actor, code: str) -> Thing:
    return found(Thing.objects.filter(zone_id=by.zone_id, code=code).first())


def _standing(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "thing": case.thing_version.thing.name,
        "state": case.state,
        "items": [
            {
                "code": one.code,
                "name": one.name,
                "state": one.state,
                "promised_due_at": one.promised_due_at,
                "statutory_due_at": one.statutory_due_at,
            }
            for one in case.items.all()
        ],
        "submitted_at": case.submitted_at,
        "accepted_at": case.accepted_at,
        "decided_at": case.decided_at,
    }


def _out(by: Actor, case_id: int) -> dict[str, Any]:
    case = found(queries.case_page(by=by, case_id=case_id))
    lacking: list[str] = []
    if case.state in {Case.State.DRAFT, Case.State.SUPPLEMENT}:
        what = lacking_of(case, read_definition(case.thing_version.body))
        lacking = [*(one.code for one in what.questions), *what.codes]
    return _standing(case) | {
        "id": case.pk,
        "applicant_name": case.applicant_name,
        "contact_name": case.contact_name,
        "contact_phone": case.contact_phone,
        "answers": case.answers,
        "form": case.form,
        "sources": case.form_sources,
        "papers": [
            {
                "code": one.paper_code,
                "name": one.name,
                "state": one.state,
                "promised_until": one.promised_until,
                "is_wrong": one.is_wrong,
            }
            for one in case.materials.all()
        ],
        "lacking": lacking,
        "drafted_at": case.drafted_at,
    }


# Of an enterprise, or of staff at a counter ------------------------------------------------------


class PermitApplicationLine(Schema):
    id: int
    number: str
    thing: str
    state: str
    submitted_at: datetime | None


@router.get("/permit-applications", response={200: list[PermitApplicationLine], **PROBLEMS})
@api(READ)
def list_permit_applications(request: HttpRequest, by: Actor, after: Id | None = None) -> object:
    """The asker's own applications, newest first, a hundred at a time."""
    rows = queries.my_cases(zone_id=by.zone_id, party_id=by.party_ref or 0)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return [
        {
            "id": one.pk,
            "number": one.number,
            "thing": one.thing_version.thing.name,
            "state": one.state,
            "submitted_at": one.submitted_at,
        }
        for one in rows[:100]
    ]


class PermitBeginByStaffIn(PermitAnswersIn):
    """Begin for the enterprise one speaks for; staff name the party and the channel."""

    thing: Slug
    party: Id | None = None
    channel: Annotated[str, Field(max_length=8, pattern=r"^[a-z]+$")] = "online"


@router.post("/permit-applications", response={200: PermitApplicationOut, **PROBLEMS})
@api(WRITE)
def begin_permit_application(request: HttpRequest, by: Actor, what: PermitBeginByStaffIn) -> object:
    """Begin an application."""
    party_id = what.party if by.is_staff else by.party_ref
    row = permits.open_case(
        by=by,
        now=timezone.now(),
        thing=_thing(by, what.thing),
        party=found(Party.objects.filter(zone_id=by.zone_id, pk=party_id or 0).first()),
        channel=what.channel,
        answers=what.answers,
    )
    return _out(by, row.pk)


@router.post(
    "/permit-applications/{case_id}/ask-pre-check",
    response={200: PermitApplicationOut, **PROBLEMS},
)
@api(WRITE)
def ask_for_pre_check(request: HttpRequest, by: Actor, case_id: Id) -> object:
    """Ask an ambassador to look a draft through before it is submitted."""
    permits.ask_pre_check(by=by, now=timezone.now(), case=_case(by, case_id))
    return _out(by, case_id)


@router.post("/plan-steps/{step_id}/case", response={200: PermitApplicationOut, **PROBLEMS})
@api(WRITE)
def open_case_of_plan_step(request: HttpRequest, by: Actor, step_id: Id) -> object:
    """Begin the case a step of a plan names, filled in from the project and its firm."""
    step = found(Step.objects.filter(zone_id=by.zone_id, pk=step_id).first())
    return _out(by, permits.open_case_for_step(by=by, now=timezone.now(), step=step).pk)


def _case(by: Actor, case_id: int) -> Case:
    return found(Case.objects.filter(zone_id=by.zone_id, pk=case_id).first())


@router.get("/permit-applications/{case_id}", response={200: PermitApplicationOut, **PROBLEMS})
@api(READ)
def read_permit_application(request: HttpRequest, by: Actor, case_id: Id) -> object:
    """One application."""
    return _out(by, case_id)


def _fill(by: Actor, case: Case, what: PermitFillIn) -> dict[str, Any]:
    permits.fill_case(by=by, now=timezone.now(), case=case, **what.dict())
    return _out(by, case.pk)


@router.post(
    "/permit-applications/{case_id}/fill", response={200: PermitApplicationOut, **PROBLEMS}
)
@api(WRITE)
def fill_permit_application(
    request: HttpRequest, by: Actor, case_id: Id, what: PermitFillIn
) -> object:
    """Fill in answers and fields; the first that cannot be taken is named."""
    return _fill(by, _case(by, case_id), what)


def _paper(by: Actor, case: Case, code: str, do: str, file: UploadedFile | None) -> dict[str, Any]:
    now = timezone.now()
    if do == "give":
        if file is None:
            raise Refused(_("Choose a file first."), field="file")
        permits.give_material(by=by, now=now, case=case, paper_code=code, upload=file)
    elif do == "held":
        permits.use_held(by=by, now=now, case=case, paper_code=code)
    elif do == "later":
        permits.promise_material(by=by, now=now, case=case, paper_code=code)
    else:
        permits.take_back_material(by=by, now=now, case=case, paper_code=code)
    return _out(by, case.pk)


@router.post(
    "/permit-applications/{case_id}/papers/{code}", response={200: PermitApplicationOut, **PROBLEMS}
)
@api(WRITE)
def give_paper_of_permit(
    request: HttpRequest, by: Actor, case_id: Id, code: Slug, file: File[UploadedFile]
) -> object:
    """Give a paper."""
    return _paper(by, _case(by, case_id), code, "give", file)


@router.post(
    "/permit-applications/{case_id}/papers/{code}/held",
    response={200: PermitApplicationOut, **PROBLEMS},
)
@api(WRITE)
def use_held_paper_of_permit(request: HttpRequest, by: Actor, case_id: Id, code: Slug) -> object:
    """Use the paper that is held already; asking is the consent."""
    return _paper(by, _case(by, case_id), code, "held", None)


@router.post(
    "/permit-applications/{case_id}/papers/{code}/later",
    response={200: PermitApplicationOut, **PROBLEMS},
)
@api(WRITE)
def promise_paper_of_permit(request: HttpRequest, by: Actor, case_id: Id, code: Slug) -> object:
    """Promise a paper for later."""
    return _paper(by, _case(by, case_id), code, "later", None)


@router.post(
    "/permit-applications/{case_id}/papers/{code}/remove",
    response={200: PermitApplicationOut, **PROBLEMS},
)
@api(WRITE)
def remove_paper_of_permit(request: HttpRequest, by: Actor, case_id: Id, code: Slug) -> object:
    """Take a paper out of a draft."""
    return _paper(by, _case(by, case_id), code, "remove", None)


@router.post(
    "/permit-applications/{case_id}/promise", response={200: PermitApplicationOut, **PROBLEMS}
)
@api(WRITE)
def sign_promise_of_permit(request: HttpRequest, by: Actor, case_id: Id) -> object:
    """Sign the promise of a draft."""
    permits.sign_promise(by=by, now=timezone.now(), case=_case(by, case_id))
    return _out(by, case_id)


@router.post(
    "/permit-applications/{case_id}/submit", response={200: PermitApplicationOut, **PROBLEMS}
)
@api(WRITE)
def submit_permit_application(request: HttpRequest, by: Actor, case_id: Id) -> object:
    """Submit it, once."""
    permits.submit_case(by=by, now=timezone.now(), case=_case(by, case_id))
    return _out(by, case_id)


@router.post(
    "/permit-applications/{case_id}/supplement", response={200: PermitApplicationOut, **PROBLEMS}
)
@api(WRITE)
def answer_supplement_of_permit(
    request: HttpRequest, by: Actor, case_id: Id, what: PermitWordsIn
) -> object:
    """Answer the supplement notice."""
    permits.answer_supplement(by=by, now=timezone.now(), case=_case(by, case_id), words=what.words)
    return _out(by, case_id)


@router.post(
    "/permit-applications/{case_id}/withdraw", response={200: PermitApplicationOut, **PROBLEMS}
)
@api(WRITE)
def withdraw_permit_application(
    request: HttpRequest, by: Actor, case_id: Id, what: PermitWithdrawIn
) -> object:
    """Withdraw it, or single items of it."""
    permits.withdraw_case(
        by=by,
        now=timezone.now(),
        case=_case(by, case_id),
        reason=what.reason,
        items=what.items,
    )
    return _out(by, case_id)


@router.post(
    "/permit-applications/{case_id}/rate", response={200: PermitApplicationOut, **PROBLEMS}
)
@api(WRITE)
def rate_permit_application(
    request: HttpRequest, by: Actor, case_id: Id, what: PermitRateIn
) -> object:
    """Rate how it was handled."""
    permits.rate_case(
        by=by, now=timezone.now(), case=_case(by, case_id), score=what.score, words=what.words
    )
    return _out(by, case_id)


@router.get("/permit-applications/{case_id}/receipt", response=PROBLEMS)
@api(READ)
def read_receipt_of_permit(request: HttpRequest, by: Actor, case_id: Id) -> HttpResponseBase:
    """The receipt as a signed PDF."""
    case = _case(by, case_id)
    file = permits.give_receipt(by=by, now=timezone.now(), case=case)
    return files.kept_paper(file, f"{case.number}.pdf")


# By its link ------------------------------------------------------------------------------------


def _own(by: Actor) -> Case:
    return found(queries.case_of_link(by=by))


@router.get(
    "/public/permit-applications/{token}",
    response={200: PermitApplicationOut, **WITHOUT_TOKEN},
    auth=None,
)
@sees_link
def read_of_permit_by_link(request: HttpRequest, by: Actor, token: Secret) -> object:
    """The application a link opens."""
    return _out(by, _own(by).pk)


@router.post(
    "/public/permit-applications/{token}/fill",
    response={200: PermitApplicationOut, **WITHOUT_TOKEN},
    auth=None,
)
@by_link
def fill_of_permit_by_link(
    request: HttpRequest, by: Actor, token: Secret, what: PermitFillIn
) -> object:
    """Fill in answers and fields."""
    return _fill(by, _own(by), what)


@router.post(
    "/public/permit-applications/{token}/papers/{code}",
    response={200: PermitApplicationOut, **WITHOUT_TOKEN},
    auth=None,
)
@by_link
def give_paper_of_permit_by_link(
    request: HttpRequest, by: Actor, token: Secret, code: Slug, file: File[UploadedFile]
) -> object:
    """Give a paper."""
    return _paper(by, _own(by), code, "give", file)


@router.post(
    "/public/permit-applications/{token}/papers/{code}/later",
    response={200: PermitApplicationOut, **WITHOUT_TOKEN},
    auth=None,
)
@by_link
def promise_paper_of_permit_by_link(
    request: HttpRequest, by: Actor, token: Secret, code: Slug
) -> object:
    """Promise a paper for later."""
    return _paper(by, _own(by), code, "later", None)


@router.post(
    "/public/permit-applications/{token}/promise",
    response={200: PermitApplicationOut, **WITHOUT_TOKEN},
    auth=None,
)
@by_link
def sign_promise_of_permit_by_link(request: HttpRequest, by: Actor, token: Secret) -> object:
    """Sign the promise."""
    case = _own(by)
    permits.sign_promise(by=by, now=timezone.now(), case=case)
    return _out(by, case.pk)


@router.post(
    "/public/permit-applications/{token}/submit",
    response={200: PermitApplicationOut, **WITHOUT_TOKEN},
    auth=None,
)
@by_link
def submit_of_permit_by_link(request: HttpRequest, by: Actor, token: Secret) -> object:
    """Submit it, once."""
    case = _own(by)
    permits.submit_case(by=by, now=timezone.now(), case=case)
    return _out(by, case.pk)


@router.post(
    "/public/permit-applications/{token}/supplement",
    response={200: PermitApplicationOut, **WITHOUT_TOKEN},
    auth=None,
)
@by_link
def answer_supplement_of_permit_by_link(
    request: HttpRequest, by: Actor, token: Secret, what: PermitWordsIn
) -> object:
    """Answer the supplement notice."""
    case = _own(by)
    permits.answer_supplement(by=by, now=timezone.now(), case=case, words=what.words)
    return _out(by, case.pk)


@router.post(
    "/public/permit-applications/{token}/ready-for-visit",
    response={200: PermitApplicationOut, **WITHOUT_TOKEN},
    auth=None,
)
@by_link
def ask_visit_of_permit_by_link(request: HttpRequest, by: Actor, token: Secret) -> object:
    """The place is ready: a visit is to be booked."""
    case = _own(by)
    permits.ask_visit(by=by, now=timezone.now(), case=case)
    return _out(by, case.pk)


@router.post(
    "/public/permit-applications/{token}/repaired",
    response={200: PermitApplicationOut, **WITHOUT_TOKEN},
    auth=None,
)
@by_link
def report_repair_of_permit_by_link(request: HttpRequest, by: Actor, token: Secret) -> object:
    """All that the visit found wanting is repaired."""
    case = _own(by)
    visit = found(queries.site_visit_of(by=by, case=case).to_repair)
    permits.report_repair(by=by, now=timezone.now(), visit=visit)
    return _out(by, case.pk)


@router.post(
    "/public/permit-applications/{token}/ask-pre-check",
    response={200: PermitApplicationOut, **WITHOUT_TOKEN},
    auth=None,
)
@by_link
def ask_for_pre_check_by_link(request: HttpRequest, by: Actor, token: Secret) -> object:
    """Ask an ambassador to look a draft through, by the link of the application."""
    case = _own(by)
    permits.ask_pre_check(by=by, now=timezone.now(), case=case)
    return _out(by, case.pk)


@router.post(
    "/public/permit-applications/{token}/withdraw",
    response={200: PermitApplicationOut, **WITHOUT_TOKEN},
    auth=None,
)
@by_link
def withdraw_of_permit_by_link(
    request: HttpRequest, by: Actor, token: Secret, what: PermitWithdrawIn
) -> object:
    """Withdraw it, or single items of it."""
    case = _own(by)
    permits.withdraw_case(
        by=by, now=timezone.now(), case=case, reason=what.reason, items=what.items
    )
    return _out(by, case.pk)


@router.post(
    "/public/permit-applications/{token}/rate",
    response={200: PermitApplicationOut, **WITHOUT_TOKEN},
    auth=None,
)
@by_link
def rate_of_permit_by_link(
    request: HttpRequest, by: Actor, token: Secret, what: PermitRateIn
) -> object:
    """Rate how it was handled."""
    case = _own(by)
    permits.rate_case(by=by, now=timezone.now(), case=case, score=what.score, words=what.words)
    return _out(by, case.pk)


# Ratings, for staff ------------------------------------------------------------------------------


def _rating(one: Rating) -> dict[str, Any]:
    return {
        "id": one.pk,
        "number": one.case.number,
        "thing": one.case.thing_version.thing.name,
        "score": one.score,
        "words": one.words,
        "at": one.at,
        "is_upheld": one.is_upheld,
        "answer": one.answer,
        "answered_at": one.answered_at,
    }


@router.get("/ratings", response={200: list[PermitRatingOut], **PROBLEMS})
@api(READ)
def list_ratings_of_permit(request: HttpRequest, by: Actor, after: Id | None = None) -> object:
    """Ratings the asker sees, newest first, a hundred at a time."""
    rows = queries.ratings(zone_id=by.zone_id)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return [_rating(one) for one in rows[:100]]


@router.post("/ratings/{rating_id}/answer", response={200: PermitRatingOut, **PROBLEMS})
@api(WRITE)
def answer_a_rating_of_permit(
    request: HttpRequest, by: Actor, rating_id: Id, what: PermitAnswerRatingIn
) -> object:
    """Say what was found, and answer."""
    row = found(Rating.objects.filter(zone_id=by.zone_id, pk=rating_id).first())
    done = permits.answer_rating(
        by=by, now=timezone.now(), rating=row, is_upheld=what.is_upheld, answer=what.answer
    )
    return _rating(queries.ratings(zone_id=by.zone_id).get(pk=done.pk))
