"""Joint acceptances of the largest demo zone: one of each stand, by the verbs of whoever does it."""

from datetime import date, datetime, time, timedelta

from xiaoer.base.models import Office, Post, Role
from xiaoer.base.scope import Actor, acting
from xiaoer.demo.days import Days
from xiaoer.demo.ground import FOUNDED, Ground
from xiaoer.permits.actions import acceptance
from xiaoer.permits.models import Acceptance, AcceptanceCheck, AcceptanceKind, Defect, Inspector
from xiaoer.permits.queries import acceptance as queries
from xiaoer.projects.models import Project
from xiaoer.work.queries import calendar_of

# Which office of the zone does which check.
OFFICES = {
    "planning": "land",
    "fire": "building",
    "fire_filing": "building",
    "completion_filing": "building",
    "archives": "building",
}
# Short name of the project, the part, how far it has come.
BUILDINGS = (
    ("泗源新材", "1#厂房", "applied"),
    ("岱锋二期", "", "accepted"),
    ("凌渠装备", "联合厂房", "scheduled"),
    ("标准厂房三期", "A 区", "rectify"),
    ("青禾新厂", "1#车间", "filed"),
)
SAFE = "独立疏散和消防系统，施工区已硬隔离"


def keep_buildings(ground: Ground, days: Days) -> None:
    """Checks with their offices, whom those authorised, and buildings on their way."""
    acceptance.seed_acceptance(by=ground.by, now=FOUNDED)
    desk = ground.hands["desk.2"].actor
    shorts = [short for short, _part, _stand in BUILDINGS]
    projects = Project.objects.filter(zone_id=ground.zone.pk, short_name__in=shorts)
    of_short = {project.short_name: project for project in projects.select_related("party")}
    with acting(desk):
        people = _people(ground, desk, days.ago(30))
        for short, part, stand in BUILDINGS:
            _lead(desk, of_short[short], part, stand, people, days)


def _people(ground: Ground, desk: Actor, now: datetime) -> dict[int, list[Inspector]]:
    found: dict[int, list[Inspector]] = {}
    for code, name in OFFICES.items():
        office: Office = ground.offices[name]
        posts = list(Post.objects.filter(zone=ground.zone, office=office, until__isnull=True)[:2])
        kind = AcceptanceKind.objects.get(zone=ground.zone, code=code)
        acceptance.keep_acceptance_kind(
            by=desk, now=now, kind=kind, version=kind.version,
            facts=acceptance.KindFacts(
                name=kind.name, authority=kind.authority, office=office, statute=kind.statute,
                draw_percent=kind.draw_percent, inspectors=min(kind.inspectors, len(posts)),
                papers=tuple(kind.papers), single_steps=kind.single_steps,
                single_trips=kind.single_trips, source=kind.source,
            ),
        )  # fmt: skip
        if office.pk not in found:
            found[office.pk] = [
                acceptance.authorise_inspector(by=desk, now=now, post=post) for post in posts
            ]
    return found


def _lead(
    desk: Actor, project: Project, part: str, stand: str, people: dict[int, list[Inspector]], days: Days
) -> None:  # fmt: skip
    now = days.ago(30 if stand == "filed" else 9)
    row = acceptance.apply_acceptance(
        by=desk, now=now, project=project, trips=1,
        facts=acceptance.AcceptanceFacts(
            part=part, phase_why=SAFE if part else "", area_m2=12800, is_special=True
        ),
    )  # fmt: skip
    if stand == "applied":
        return
    for check in queries.checks_of(row):
        if check.state == AcceptanceCheck.State.PAPERS:
            acceptance.check_papers(by=_officer(check, people), now=now, check=check)
    accepted = now if stand == "filed" else days.ago(7)
    acceptance.accept_acceptance(by=desk, now=accepted, acceptance=row)
    if stand == "accepted":
        return
    if stand == "filed":
        _finish(desk, row, people, now)
        return
    calendar = calendar_of(row.zone_id)
    on = calendar.add_working_days(days.today, 3 if stand == "scheduled" else -3)
    before = days.ago(6)
    acceptance.fix_site_day(by=desk, now=before, acceptance=row, slot=_slot(row, on, people))
    if stand == "rectify":
        _visit(desk, row, people, days.ago(2))
        first = Defect.objects.filter(acceptance=row).order_by("id")[0]
        said = [(first.pk, "闭门器已全部更换，附照片")]
        acceptance.report_repairs(by=desk, now=days.ago(1), acceptance=row, repairs=said)


def _finish(
    desk: Actor, row: Acceptance, people: dict[int, list[Inspector]], now: datetime
) -> None:
    """Passed by all on its day, its results issued, the opinion signed, the completion filed."""
    on = calendar_of(row.zone_id).add_working_days(now.date(), 3)
    acceptance.fix_site_day(by=desk, now=now, acceptance=row, slot=_slot(row, on, people))
    then = now + (on - now.date())
    _sign(row, people, then, {})
    for check in queries.checks_of(row):
        if check.kind.turn == AcceptanceKind.Turn.SITE:
            acceptance.decide_check(
                by=_officer(check, people), now=then, check=check, on=on,
                number=f"济高{check.kind.name[:2]}验〔{on.year}〕{check.pk}号",
            )  # fmt: skip
    acceptance.record_owner_acceptance(by=desk, now=then, acceptance=row, on=on)
    acceptance.conclude_acceptance(by=desk, now=then, acceptance=row)
    filing = next(
        one for one in queries.checks_of(row) if one.kind.nature == AcceptanceKind.Nature.FILING
        and one.kind.turn == AcceptanceKind.Turn.LAST
    )  # fmt: skip
    acceptance.file_completion(
        by=_officer(filing, people), now=then, acceptance=row, on=on,
        number=f"济高竣备〔{on.year}〕{row.pk}号",
    )  # fmt: skip


def _slot(row: Acceptance, on: date, people: dict[int, list[Inspector]]) -> acceptance.Slot:
    goers = {
        check.pk: [one.pk for one in people[check.office_id or 0]]
        for check in queries.checks_of(row)
        if check.needs_visit
    }
    return acceptance.Slot(day=on, starts_at=time(9, 30), minutes=90, goers=goers)


def _visit(desk: Actor, row: Acceptance, people: dict[int, list[Inspector]], now: datetime) -> None:
    due = now.date() + timedelta(days=10)
    found = [
        acceptance.DefectFacts(what, "《中华人民共和国消防法》第十三条", due, place=place)
        for what, place in (("防火门闭门器缺失", "二层"), ("疏散指示标志不亮", "东侧楼梯"))
    ]
    _sign(row, people, now, {"fire": found})
    acceptance.send_defects(by=desk, now=now, acceptance=row)


def _sign(
    row: Acceptance, people: dict[int, list[Inspector]], now: datetime,
    found: dict[str, list[acceptance.DefectFacts]],
) -> None:  # fmt: skip
    """Every department that goes signs its own part."""
    for check in queries.checks_of(row):
        if not check.needs_visit:
            continue
        going = people[check.office_id or 0]
        acceptance.sign_check(
            by=_officer(check, people), now=now, check=check,
            second=going[1].post if len(going) > 1 else None,
            defects=found.get(check.kind.code, ()),
        )  # fmt: skip


def _officer(check: AcceptanceCheck, people: dict[int, list[Inspector]]) -> Actor:
    post = people[check.office_id or 0][0].post
    return Actor(
        zone_id=check.zone_id, role=Role(post.role), post_id=post.pk, office_id=post.office_id,
        person_id=post.person_id, name=post.person.name,
        office=check.office.name if check.office else "",
    )  # fmt: skip
