"""人员与角色: who works in the zone, in which posts, with which account."""

from datetime import date, datetime

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xiaoer.base import access, queries
from xiaoer.base import actions as base
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Deputy, Office, Person, Post, Role, Zone
from xiaoer.base.pages import forms
from xiaoer.base.queries import PersonRow
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.slips import Slip, slip_pdf
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

READERS = (*STAFF_ROLES, Role.CITY)
STATES = (
    ("none", gettext_lazy("No post")),
    ("noaccount", gettext_lazy("No account")),
    ("left", gettext_lazy("Has left")),
)
SHEET = (
    Column("person.name", gettext_lazy("Person's name"), 14),
    Column("person.work_no", gettext_lazy("Work number"), 16),
    Column("person.phone", gettext_lazy("Telephone"), 16),
    Column("offices", gettext_lazy("Offices"), 28),
    Column("roles", gettext_lazy("Roles"), 28),
    Column("titles", gettext_lazy("Posts"), 24),
    Column("account_name", gettext_lazy("Account"), 18),
    Column("account_open", gettext_lazy("Account state"), 14),
    Column("person.left_on", gettext_lazy("Left on"), 14, Kind.DATE),
)
PAGE = 50


def today() -> date:
    return timezone.localdate()


def now() -> datetime:
    return timezone.now()


def staff_roles(by: Actor) -> list[tuple[str, str]]:
    """Roles the asker may give."""
    allowed = STAFF_ROLES if access.is_administrator(by) else STAFF_ROLES - access.HIGH_ROLES
    return [(str(role), str(role.label)) for role in Role if role in allowed]


def may_give_in(by: Actor) -> list[Office]:
    """Offices the asker may put people into today."""
    offices = queries.offices(zone_id=by.zone_id).exclude(until__lt=today())
    if access.is_administrator(by):
        return list(offices)
    return list(offices.filter(pk=by.office_id or 0)) if access.manages_people(by) else []


@require_GET
@page(*READERS)
def people(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """The list, with its filters in the address, and the same as a sheet."""
    words = request.GET.get("q", "").strip().replace("\x00", "")[:60]
    office_id = forms.number(request.GET.get("office"))
    role = request.GET.get("role", "")
    state = request.GET.get("state", "")
    rows = queries.person_rows(
        zone_id=by.zone_id, on=today(), words=words, office_id=office_id, role=role, state=state
    )
    if request.GET.get("export"):
        return _export(request, by, queries.with_posts(rows, zone_id=by.zone_id, on=today()))
    pages = Paginator(rows, PAGE)
    shown = pages.get_page(request.GET.get("page"))
    return render(
        request,
        "base/people.html",
        {
            "rows": queries.with_posts(shown.object_list, zone_id=by.zone_id, on=today()),
            "page": shown.number,
            "pages": pages.num_pages,
            "total": pages.count,
            "words": words,
            "office_id": office_id,
            "role": role,
            "state": state,
            "states": STATES,
            "roles": [(str(r), str(r.label)) for r in Role if r in STAFF_ROLES],
            "offices": [(o.pk, o.name) for o in queries.offices(zone_id=by.zone_id)],
            "manages": access.manages_people(by),
            "administers": access.is_administrator(by),
            "filtered": bool(words or office_id or role or state),
        },
    )


class _SheetRow:
    """A row of the export; what is not known stays empty."""

    def __init__(self, row: PersonRow) -> None:
        self.person = row.person
        self.offices, self.roles, self.titles = row.offices, row.roles, row.titles
        self.account_name = row.account.username if row.account else None
        self.account_open = account_words(row) if row.account else None


def account_words(row: PersonRow) -> str:
    if row.account is None:
        return _("no account")
    if not row.account.is_open:
        return _("account closed")
    return _("printed password not yet changed") if row.account.must_change else _("account open")


def _export(request: HttpRequest, by: Actor, rows: list[PersonRow]) -> HttpResponseBase:
    kind = request.GET.get("export", "xlsx")
    return sheet_response(kind, _("People and roles"), SHEET, (_SheetRow(row) for row in rows))


@require_http_methods(["GET", "POST"])
@page(*STAFF_ROLES)
def person_add(request: HttpRequest, by: Actor) -> HttpResponse:
    """Add a person; the first post is given on the next page."""
    if request.method == "GET":
        access.must_manage_people(by)
        return render(request, "base/person_add.html", {})
    person = base.add_person(
        by=by,
        now=now(),
        name=forms.text(request, "name", longest=60, required=_("Type the person's name.")),
        name_en=forms.text(request, "name_en", longest=120),
        phone=forms.text(request, "phone", longest=30),
        work_no=forms.text(request, "work_no", longest=30),
    )
    return go(request, reverse("person", args=[person.pk]))


@require_GET
@page(*READERS)
def person(request: HttpRequest, by: Actor, person_id: int) -> HttpResponse:
    """One person: posts now and before, who stands in, the account, the verbs."""
    row = found(queries.person_row(zone_id=by.zone_id, person_id=person_id, on=today()))
    posts = list(
        Post.objects.filter(zone_id=by.zone_id, person_id=person_id)
        .select_related("office")
        .order_by("-since", "-id")
    )
    return render(
        request,
        "base/person.html",
        {
            "row": row,
            "person": row.person,
            "mine": by.post_id,
            "posts": posts,
            "today": today(),
            "deputies": queries.deputies_of(
                zone_id=by.zone_id, post_ids=[post.pk for post in posts], on=today()
            ),
            "colleagues": colleagues(by, but=person_id),
            "manages": access.may_manage_person(by, row.person),
            "administers": access.is_administrator(by),
            "roles": staff_roles(by),
            "offices": [(o.pk, o.name) for o in may_give_in(by)],
            "account_words": account_words(row),
            "suggested": row.person.work_no or row.person.phone,
            "do": request.GET.get("do", ""),
            "chosen": next((p for p in posts if str(p.pk) == request.GET.get("post")), None),
            "itself": row.person.pk == by.person_id,
            "lines": queries.with_seals(
                queries.trail(
                    by=by,
                    wanted=queries.TrailFilter(subject_type="person", subject_id=person_id),
                )[:10],
                by=by,
            ),
        },
    )


def colleagues(by: Actor, *, but: int) -> list[tuple[int, str]]:
    """Posts that could stand in, with name and office."""
    posts = queries.posts_in_force(zone_id=by.zone_id, on=today()).exclude(person_id=but)
    return [
        (post.pk, f"{post.person.name}　{post.office.name if post.office else ''}")
        for post in posts.filter(role__in=STAFF_ROLES)
    ]


def _person(by: Actor, person_id: int) -> Person:
    return found(Person.objects.filter(zone_id=by.zone_id, pk=person_id).first())


def _post(by: Actor, post_id: int) -> Post:
    return found(Post.objects.filter(zone_id=by.zone_id, pk=post_id).first())


def _office(by: Actor, request: HttpRequest, name: str = "office") -> Office:
    office_id = forms.number(request.POST.get(name)) or 0
    office = Office.objects.filter(zone_id=by.zone_id, pk=office_id).first()
    if office is None:
        raise Refused(_("Choose an office of the list."), field=name)
    return office


def _back(request: HttpRequest, person_id: int) -> HttpResponse:
    return go(request, reverse("person", args=[person_id]))


@require_POST
@page(*STAFF_ROLES)
def person_change(request: HttpRequest, by: Actor, person_id: int) -> HttpResponse:
    base.change_person(
        by=by,
        now=now(),
        person=_person(by, person_id),
        version=forms.number(request.POST.get("version")) or 0,
        name=forms.text(request, "name", longest=60, required=_("Type the person's name.")),
        name_en=forms.text(request, "name_en", longest=120),
        phone=forms.text(request, "phone", longest=30),
        work_no=forms.text(request, "work_no", longest=30),
    )
    return _back(request, person_id)


@require_POST
@page(*STAFF_ROLES)
def person_leave(request: HttpRequest, by: Actor, person_id: int) -> HttpResponse:
    leaver = _person(by, person_id)
    base.person_left(by=by, now=now(), person=leaver, on=forms.must_day(request, "on"))
    return _back(request, person_id)


@require_POST
@page(*STAFF_ROLES)
def person_return(request: HttpRequest, by: Actor, person_id: int) -> HttpResponse:
    base.person_back(by=by, now=now(), person=_person(by, person_id))
    return _back(request, person_id)


@require_POST
@page(*STAFF_ROLES)
def post_give(request: HttpRequest, by: Actor, person_id: int) -> HttpResponse:
    base.give_post(
        by=by,
        now=now(),
        person=_person(by, person_id),
        role=Role(forms.choice(request, "role", [str(role) for role in STAFF_ROLES])),
        office=_office(by, request),
        title=forms.text(request, "title", longest=60),
        is_lead="is_lead" in request.POST,
        since=forms.day(request, "since"),
        until=forms.day(request, "until"),
    )
    return _back(request, person_id)


@require_POST
@page(*STAFF_ROLES)
def post_end(request: HttpRequest, by: Actor, post_id: int) -> HttpResponse:
    post = base.end_post(
        by=by, now=now(), post=_post(by, post_id), until=forms.must_day(request, "until")
    )
    return _back(request, post.person_id)


@require_POST
@page(*STAFF_ROLES)
def post_move(request: HttpRequest, by: Actor, post_id: int) -> HttpResponse:
    post = base.move_post(by=by, now=now(), post=_post(by, post_id), office=_office(by, request))
    return _back(request, post.person_id)


@require_POST
@page(*STAFF_ROLES)
def deputy_name(request: HttpRequest, by: Actor, post_id: int) -> HttpResponse:
    post = _post(by, post_id)
    stand_in = Post.objects.filter(
        zone_id=by.zone_id, pk=forms.number(request.POST.get("deputy")) or 0
    ).first()
    if stand_in is None:
        raise Refused(_("Choose who stands in."), field="deputy")
    base.name_deputy(
        by=by,
        now=now(),
        post=post,
        deputy=stand_in,
        since=forms.must_day(request, "since"),
        until=forms.must_day(request, "until"),
        reason=forms.text(request, "reason", longest=100),
    )
    return _came_from(request, by, post)


@require_POST
@page(*STAFF_ROLES)
def deputy_end(request: HttpRequest, by: Actor, deputy_id: int) -> HttpResponse:
    deputy = found(
        Deputy.objects.filter(zone_id=by.zone_id, pk=deputy_id).select_related("post").first()
    )
    base.end_deputy(by=by, now=now(), deputy=deputy)
    return _came_from(request, by, deputy.post)


def _came_from(request: HttpRequest, by: Actor, post: Post) -> HttpResponse:
    """One's own deputies are named on one's own page."""
    return go(request, reverse("me")) if post.pk == by.post_id else _back(request, post.person_id)


@require_http_methods(["GET", "POST"])
@page(*STAFF_ROLES)
def account_give(request: HttpRequest, by: Actor, person_id: int) -> HttpResponse:
    """Give an account; the answer is the slip with the first password, once."""
    owner = _person(by, person_id)
    if request.method == "GET":
        return render(request, "base/slip.html", {"person": owner, "first": True})
    password = base.make_password()
    account = base.give_account(
        by=by,
        now=now(),
        person=owner,
        username=forms.text(request, "username", longest=60),
        password=password,
    )
    return _slip(by, owner, account.username, password)


@require_http_methods(["GET", "POST"])
@page(*STAFF_ROLES)
def password_reset(request: HttpRequest, by: Actor, person_id: int) -> HttpResponse:
    """Print a new password. Sent twice, it is printed once: the second answer is this page."""
    owner = _person(by, person_id)
    if request.method == "GET":
        access.must_manage_account(by, owner)
        if owner.account_id is None:
            raise Http404
        return render(request, "base/slip.html", {"person": owner, "first": False})
    new = base.reset_password(by=by, now=now(), person=owner)
    return _slip(by, owner, new.account.username, new.password)


STEPS = (
    "打开本区系统网址，输入上面的账号和密码",
    "按提示换成只有自己知道的密码",
    "用完请撕毁本条",
)


def slip_of(by: Actor, owner: Person, username: str, password: str) -> Slip:
    """What is printed for one person; the paper is always Chinese."""
    zone = Zone.objects.get(pk=by.zone_id)
    return Slip(
        zone_name=zone.name,
        person=owner.name,
        account=username,
        secret=password,
        expires=None,
        steps=STEPS,
    )


def _slip(by: Actor, owner: Person, username: str, password: str) -> HttpResponse:
    """The slip itself: seen once, kept by nobody on the way."""
    pdf = slip_pdf(slip_of(by, owner, username, password), made_at=now())
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="slip-{owner.pk}.pdf"'
    return response


@require_POST
@page(*STAFF_ROLES)
def account_close(request: HttpRequest, by: Actor, person_id: int) -> HttpResponse:
    base.close_account(by=by, now=now(), person=_person(by, person_id))
    return _back(request, person_id)


@require_POST
@page(*STAFF_ROLES)
def account_open(request: HttpRequest, by: Actor, person_id: int) -> HttpResponse:
    base.open_account(by=by, now=now(), person=_person(by, person_id))
    return _back(request, person_id)
