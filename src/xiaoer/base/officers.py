"""批量新增人员: officers from a sheet. Read, judged row by row before anything is done, then added.

Nothing is kept between the preview and the act but the rows themselves, signed, in the page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from xiaoer.base import access, actions, journal, queries
from xiaoer.base.models import STAFF_ROLES, Account, Office, Person, Post, Role, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, as_web
from xiaoer.base.tables import Field, Limits, Severity, clean_table, find_header, read_table
from xiaoer.base.tables.cells import show_cell
from xiaoer.web.words import local_date

LIMITS = Limits(file_bytes=5 * 2**20, rows=500, columns=60)
EXAMPLE = (
    ("姓名", "工号", "电话", "机构", "角色", "岗位"),
    ("示例甲", "G001", "13800000000", "企业服务中心", "网格员", "第一网格 01 单元"),
)


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    SAME = "same"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class RawOfficer:
    """A row as it was read, before anybody asked the database."""

    row_no: int
    name: str
    work_no: str
    phone: str
    office: str
    role: str
    title: str
    problem: str = ""

    @property
    def username(self) -> str:
        return self.work_no or self.phone


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with its fate, and the reason and the next step when it is rejected."""

    raw: RawOfficer
    fate: Fate
    reason: str = ""

    @property
    def role_words(self) -> str:
        known = self.raw.role in {str(role) for role in Role}
        return str(Role(self.raw.role).label) if known else self.raw.role


@dataclass(frozen=True, slots=True)
class Plan:
    """Every row of the sheet with its fate: rows in = new + the same + rejected."""

    rows: tuple[Judged, ...]

    def count(self, fate: str) -> int:
        return sum(1 for row in self.rows if row.fate == fate)

    @property
    def read(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Added:
    """What was done: the plan as it held at that moment, and the passwords to print."""

    plan: Plan
    passwords: tuple[actions.NewPassword, ...]


def fields() -> tuple[Field, ...]:
    """The columns wanted; roles by their words in either language."""
    return (
        Field("name", "姓名", "Name", ("人员", "网格员姓名"), required=True, max_length=60),
        Field("work_no", "工号", "Work number", ("编号", "人员编号"), max_length=30),
        Field("phone", "电话", "Telephone", ("手机", "手机号", "联系电话"), max_length=30),
        Field("office", "机构", "Office", ("单位", "部门", "科室"), required=True, max_length=60),
        Field(
            "role", "角色", "Role", ("身份",), kind="choice", required=True, choices=_role_words()
        ),
        Field("title", "岗位", "Post", ("职务", "岗位名称"), max_length=60),
    )


def _role_words() -> dict[str, object]:
    words: dict[str, object] = {}
    for language in ("zh-hans", "en"):
        with override(language):
            words |= {str(role.label): str(role) for role in Role if role in STAFF_ROLES}
    return words


def read_officers(path: Path) -> tuple[RawOfficer, ...]:
    """The rows of a sheet; a row that cannot be read is kept with its problem."""
    wanted = fields()
    table = read_table(path, wanted=wanted, limits=LIMITS)
    header = find_header(table.rows, wanted)
    cleaned = clean_table(table, header, {})
    problems: dict[int, str] = {}
    for problem in cleaned.problems:
        if problem.severity is Severity.REJECT:
            problems.setdefault(problem.row_no, f"{problem.reason} {problem.advice}".strip())
    keys = [field.key for field in cleaned.fields]
    good = [
        _raw(row_no, dict(zip(keys, values, strict=True)))
        for row_no, values in zip(cleaned.row_nos, cleaned.rows(), strict=True)
    ]
    bad = [
        _raw(
            row_no,
            {
                match.field.key: show_cell(table.rows[row_no - table.first_row_no][column])
                for column, match in header.mapping.items()
            },
            problems.get(row_no) or _("This row cannot be read."),
        )
        for row_no in cleaned.rejected
    ]
    rows = sorted([*good, *bad], key=lambda row: row.row_no)
    if not rows:
        raise Refused(_("The sheet has headings but no rows; fill it in and upload it again."))
    return tuple(rows)


def _raw(row_no: int, values: dict[str, object], problem: str = "") -> RawOfficer:
    def text(key: str) -> str:
        value = values.get(key)
        return "" if value is None else str(value).strip()[:120]

    return RawOfficer(
        row_no,
        text("name"),
        text("work_no"),
        text("phone"),
        text("office"),
        text("role"),
        text("title"),
        problem,
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What the zone has already, asked once for all rows."""

    offices: dict[str, Office]
    people: dict[str, Person]
    posts: frozenset[tuple[int, int | None, str]]
    usernames: frozenset[str]


def _known(by: Actor, rows: Sequence[RawOfficer], on: date) -> _Known:
    names = {row.username.casefold() for row in rows if row.username}
    with as_web():
        taken = Account.objects.filter(username__in=names | {r.username for r in rows})
        usernames = frozenset(name.casefold() for name in taken.values_list("username", flat=True))
    held = Post.objects.filter(zone_id=by.zone_id).exclude(until__lt=on)
    return _Known(
        offices={o.name: o for o in queries.offices(zone_id=by.zone_id).exclude(until__lt=on)},
        people={
            person.work_no: person
            for person in Person.objects.filter(zone_id=by.zone_id).exclude(work_no="")
        },
        posts=frozenset(held.values_list("person_id", "office_id", "role")),
        usernames=usernames,
    )


def plan_officers(*, by: Actor, rows: Sequence[RawOfficer], on: date) -> Plan:
    """Judge every row as the zone is now; nothing is changed."""
    access.must_be_administrator(by)
    known = _known(by, rows, on)
    first_use: dict[str, int] = {}
    judged = []
    for row in rows:
        key = row.username.casefold()
        judged.append(_judge(row, known, first_use.get(key) if key else None))
        if key:
            first_use.setdefault(key, row.row_no)
    return Plan(tuple(judged))


def _judge(row: RawOfficer, known: _Known, repeats: int | None) -> Judged:
    reason = row.problem or _shape(row) or _repeat(repeats)
    if reason:
        return Judged(row, Fate.REJECTED, reason)
    office = known.offices.get(row.office)
    if office is None:
        words = _("There is no open office named %(name)s; open it first or correct the name.")
        return Judged(row, Fate.REJECTED, words % {"name": row.office})
    person = known.people.get(row.work_no) if row.work_no else None
    if person is not None:
        return _judge_known(row, person, office, known)
    if row.username.casefold() in known.usernames:
        words = _("The account name %(name)s is taken; give another work number.")
        return Judged(row, Fate.REJECTED, words % {"name": row.username})
    return Judged(row, Fate.NEW)


def _shape(row: RawOfficer) -> str:
    if not row.name:
        return _("The name is missing.")
    if not row.username:
        return _("Neither work number nor telephone: one of them becomes the account name.")
    return "" if row.role in {str(role) for role in STAFF_ROLES} else _("The role is unknown.")


def _repeat(repeats: int | None) -> str:
    if repeats is None:
        return ""
    return _("Row %(row)s has the same account name; delete one of them.") % {"row": repeats}


def _judge_known(row: RawOfficer, person: Person, office: Office, known: _Known) -> Judged:
    if person.name != row.name:
        words = _("Work number %(number)s belongs to %(name)s; check which is right.")
        reason = words % {"number": row.work_no, "name": person.name}
        return Judged(row, Fate.REJECTED, reason)
    if (person.pk, office.pk, row.role) in known.posts:
        return Judged(row, Fate.SAME)
    words = _("%(name)s is entered already without this post; give it on the person's page.")
    return Judged(row, Fate.REJECTED, words % {"name": person.name})


@transaction.atomic
def add_officers(*, by: Actor, now: datetime, rows: Sequence[RawOfficer]) -> Added:
    """Add the new ones with person, post and account, all or none; judged anew at this moment."""
    Zone.objects.get(pk=by.zone_id)
    plan = plan_officers(by=by, rows=rows, on=local_date(now))
    new = [judged.raw for judged in plan.rows if judged.fate is Fate.NEW]
    if not new:
        raise Refused(_("No row is new; there is nothing to add."))
    offices = {o.name: o for o in queries.offices(zone_id=by.zone_id)}
    passwords = tuple(_add(by, now, row, offices[row.office]) for row in new)
    journal.record(
        by=by,
        now=now,
        verb="add_officers",
        subject=passwords[0].person,
        read=plan.read,
        created=len(new),
        unchanged=plan.count(Fate.SAME),
        rejected=plan.count(Fate.REJECTED),
    )
    return Added(plan, passwords)


def _add(by: Actor, now: datetime, row: RawOfficer, office: Office) -> actions.NewPassword:
    person = actions.add_person(by=by, now=now, name=row.name, phone=row.phone, work_no=row.work_no)
    actions.give_post(
        by=by, now=now, person=person, role=Role(row.role), office=office, title=row.title
    )
    password = actions.make_password()
    account = actions.give_account(
        by=by, now=now, person=person, username=row.username, password=password
    )
    return actions.NewPassword(person=person, account=account, password=password)


def summary(plan: Plan) -> str:
    """One sentence that accounts for every row."""
    parts: Iterable[str] = (
        ngettext("%(num)s row read", "%(num)s rows read", plan.read) % {"num": plan.read},
        _("%(num)s to add") % {"num": plan.count(Fate.NEW)},
        _("%(num)s already there") % {"num": plan.count(Fate.SAME)},
        _("%(num)s rejected") % {"num": plan.count(Fate.REJECTED)},
    )
    return " · ".join(parts)
