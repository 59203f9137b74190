"""Pages of joint acceptance: the window, the departments, the owner; other zones and firms find none."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.town import NOW
from xiaoer.base import actions as base
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor, acting, system
from xiaoer.permits.actions import acceptance
from xiaoer.permits.models import Acceptance, AcceptanceKind, SiteDay
from xiaoer.permits.queries import acceptance as queries
from xiaoer.permits.tests.built_site import Ready, build
from xiaoer.work.queries import calendar_of

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]


@pytest.fixture
def ground(of: Of) -> Ready:
    return build(of)


@pytest.fixture
def owner(ground: Ready, sign_in: SignIn) -> Client:
    """A representative of the owner with an account of its own."""
    by = system(ground.desk.zone_id)
    with acting(by):
        person = base.add_person(by=by, now=NOW, name="赵一", phone="13900000000")
        base.give_post(
            by=by, now=NOW, person=person, role=Role.ENTERPRISE, party_ref=ground.party.pk,
            since=NOW.date(),
        )  # fmt: skip
        base.give_account(
            by=by, now=NOW, person=person, username="east-owner", password="correct-horse-7",
            must_change=False,
        )  # fmt: skip
    return sign_in("east-owner")


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def send(client: Client, address: str, **given: object) -> str:
    answer = client.post(address, given)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return str(answer["Location"])


def test_the_window_leads_an_acceptance_and_every_page_answers(
    ground: Ready, sign_in: SignIn
) -> None:
    desk = sign_in("east-desk")
    where = send(
        desk, "/acceptances/new/", project=ground.project.pk, is_special="yes", area_m2="12000"
    )
    assert "消防验收" in read(desk, where)
    for address in (
        "/acceptances/", "/acceptances/?group=all", "/acceptances/new/", "/acceptances/days/",
        "/acceptances/new/?way=separate", "/acceptances/settings/", "/acceptances/days/?part=1",
        "/acceptances/settings/?do=rule", "/acceptances/settings/?do=authorise",
        f"/projects/{ground.project.pk}/acceptances/",
    ):  # fmt: skip
        read(desk, address)
    for doing in ("accept", "ask", "refuse", "guide", "owner", "fix-day", "repairs", "send", "conclude", "answer"):  # fmt: skip
        read(desk, f"{where}?do={doing}")
    assert desk.get("/acceptances/?export=xlsx").status_code == 200
    send(desk, f"{where}do/guide/", on=timezone.localdate().isoformat(), gaps="防火门未装")
    assert "防火门未装" in read(desk, where)
    assert desk.post(f"{where}do/conclude/").status_code == 422
    assert desk.post(f"{where}do/nothing/").status_code == 404
    with acting(ground.desk):
        row = Acceptance.objects.get()
        ground.papers(row, timezone.now())
    send(desk, f"{where}do/accept/")
    with acting(ground.desk):
        day = calendar_of(row.zone_id).add_working_days(timezone.localdate(), 2)
        goers = {f"goers{check}": list(ids) for check, ids in ground.slot(row).goers.items()}
    send(desk, f"{where}do/fix-day/", day=day.isoformat(), starts_at="09:30", minutes="90", **goers)
    assert "09:30" in read(desk, where) and day.strftime("%d") in read(desk, "/acceptances/days/")
    with acting(ground.desk):
        site = SiteDay.objects.get()
    send(desk, "/acceptances/days/do/loosen/", day=site.pk)
    send(desk, f"{where}do/drop-day/", reason="暴雨预警")
    send(desk, "/acceptances/days/do/search/", seconds="2")
    assert sign_in("west-desk").get(where).status_code == 404
    assert sign_in("west-desk").post(f"{where}do/accept/").status_code == 404


def test_a_department_signs_and_the_owner_repairs_on_pages(
    ground: Ready, sign_in: SignIn, owner: Client
) -> None:
    today = timezone.localdate()
    with acting(ground.desk):
        row = ground.scheduled()
        SiteDay.objects.update(day=today)
        check = ground.checks(row)["planning"]
        post, second = ground.people["自然资源分局"]
        person = post.person
        by = system(row.zone_id)
    with acting(by):
        base.give_account(
            by=by, now=NOW, person=person, username="east-inspector", password="correct-horse-7",
            must_change=False,
        )  # fmt: skip
    client, where = sign_in("east-inspector"), f"/acceptances/{row.pk}/"
    assert "现场签署" in read(client, where)
    read(client, f"{where}?do=sign&check={check.pk}")
    due = (today + timedelta(days=7)).isoformat()
    send(
        client, f"{where}do/sign/", check=check.pk, second=second.pk, what1="退线不足",
        clause1="城乡规划法第四十五条", due1=due, way1="site",
    )  # fmt: skip
    with acting(ground.desk):
        fire = ground.checks(row)["fire"]
        acceptance.sign_check(
            by=ground.officer(fire),
            now=timezone.now(),
            check=fire,
            second=ground.people["住建局"][1],
        )
    send(sign_in("east-desk"), f"{where}do/send/")
    mine = f"/my/acceptances/{row.pk}/"
    assert "退线不足" in read(owner, mine) and "联合验收整改清单" in read(owner, mine)
    with acting(ground.desk):
        (defect,) = queries.defects_of(row)
    send(owner, f"{mine}do/repairs/", **{f"words{defect.pk}": "已拆除"})
    read(client, f"{where}?do=recheck&check={check.pk}")
    send(client, f"{where}do/recheck/", check=check.pk, **{f"passed{defect.pk}": "yes"})
    read(client, f"{where}?do=decide&check={check.pk}")
    send(client, f"{where}do/decide/", check=check.pk, number="规核1", on=today.isoformat())
    assert "规核1" in read(owner, mine)
    assert owner.post(f"{mine}do/conclude/").status_code == 404
    send(owner, f"{mine}do/owner/", on=today.isoformat())
    for doing in ("file", "archive"):
        read(client, f"{where}?do={doing}")


def test_an_owner_applies_withdraws_and_sees_only_its_own(
    ground: Ready, owner: Client, sign_in: SignIn
) -> None:
    read(owner, "/my/acceptances/")
    read(owner, "/my/acceptances/new/")
    where = send(owner, "/my/acceptances/new/", project=ground.project.pk, is_special="yes")
    assert "消防验收" in read(owner, where)
    read(owner, f"/projects/{ground.project.pk}/acceptances/")
    assert owner.get("/acceptances/").status_code == 404
    with acting(ground.desk):
        row = Acceptance.objects.get()
        ground.papers(row, timezone.now(), fire="缺检测报告")
    send(sign_in("east-desk"), f"/acceptances/{row.pk}/do/ask/")
    assert "缺检测报告" in read(owner, where)
    send(owner, f"{where}do/answer/")
    for doing in ("owner", "withdraw"):
        read(owner, f"{where}?do={doing}")
    send(owner, f"{where}do/withdraw/", reason="改期")
    assert "撤回" in read(owner, where)


def test_settings_are_changed_by_who_may(ground: Ready, sign_in: SignIn) -> None:
    admin = sign_in("east-admin")
    with acting(ground.desk):
        kind = AcceptanceKind.objects.get(code="fire_filing")
        one = ground.inspectors["住建局"][0]
        rule = queries.rule(zone_id=ground.desk.zone_id)
        assert rule is not None
    assert "20" in read(admin, f"/acceptances/settings/?kind={kind.pk}")
    send(
        admin, "/acceptances/settings/kind/", kind=kind.pk, version=1, name=kind.name, source="本区办法",
        authority=kind.authority, draw_percent="10", inspectors="2", single_steps="3",
        single_trips="2", papers="竣工图", is_used="yes",
    )  # fmt: skip
    today = timezone.localdate().isoformat()
    send(admin, "/acceptances/settings/absence/", inspector=one.pk, since=today, until=today)
    read(admin, f"/acceptances/settings/?do=absence&inspector={one.pk}")
    with acting(ground.desk):
        (gone,) = one.absences.all()
    send(admin, "/acceptances/settings/present/", absence=gone.pk)
    send(admin, "/acceptances/settings/end/", inspector=one.pk)
    send(admin, "/acceptances/settings/authorise/", post=one.post_id, per_day="2")
    send(
        admin, "/acceptances/settings/rule/", version=rule.version, begins="08:30", lunch_from="12:00",
        lunch_until="13:30", ends="17:30", visit_minutes="60", speed_kmh="40", detour_percent="130",
        days_ahead="8", joint_steps="3", source="本区办法", base="116.58, 35.41",
    )  # fmt: skip
    assert sign_in("east-officer").post("/acceptances/settings/end/", {"inspector": one.pk}).status_code == 422  # fmt: skip
