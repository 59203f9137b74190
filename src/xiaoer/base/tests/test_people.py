"""People and roles: who may give what to whom, and what a stale or doubled form does."""

import re
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypedDict

import pytest
import xlsxwriter
from django.contrib.auth import hashers
from django.test import Client

from tests.town import NOW, PASSWORD
from xiaoer.base import actions as base
from xiaoer.base import officers, queries
from xiaoer.base.models import AccessMiss, Account, Deputy, JournalLine, Office, Person, Post, Role
from xiaoer.base.officers import Fate, RawOfficer
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
TODAY = NOW.date()


class Days(TypedDict):
    since: date
    until: date


def person_of(actor: Actor) -> Person:
    return Person.objects.get(pk=actor.person_id or 0)


def post_of(actor: Actor) -> Post:
    return Post.objects.get(pk=actor.post_id or 0)


def office_of(actor: Actor) -> Office:
    return Office.objects.get(pk=actor.office_id or 0)


def test_the_head_of_an_office_gives_posts_in_it_and_in_no_other(of: Of) -> None:
    by, steward = of("east-desk"), of("east-steward")
    with acting(by):
        new = base.add_person(by=by, now=NOW, name="新一")
        base.give_post(by=by, now=NOW, person=new, role=Role.GRID_OFFICER, office=office_of(by))
        with pytest.raises(Refused):
            base.give_post(by=by, now=NOW, person=new, role=Role.STEWARD, office=office_of(steward))


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ZONE_LEADER])
def test_the_head_of_an_office_makes_nobody_administrator_or_leader(of: Of, role: Role) -> None:
    by = of("east-desk")
    with acting(by), pytest.raises(Refused) as refusal:
        base.give_post(by=by, now=NOW, person=person_of(by), role=role, office=office_of(by))
    assert refusal.value.field == "role"


def test_a_zone_gives_no_post_of_the_city(of: Of) -> None:
    by = of("east-admin")
    with acting(by), pytest.raises(Refused):
        base.give_post(by=by, now=NOW, person=person_of(by), role=Role.CITY, office=office_of(by))


def test_an_officer_manages_nobody(of: Of) -> None:
    by = of("east-officer")
    with acting(by), pytest.raises(Refused):
        base.add_person(by=by, now=NOW, name="新一")


def test_whoever_works_elsewhere_too_is_not_reset_by_one_head(of: Of) -> None:
    admin, desk, officer, steward = (
        of(f"east-{x}") for x in ("admin", "desk", "officer", "steward")
    )
    with acting(desk):
        base.reset_password(by=desk, now=NOW, person=person_of(officer))
    with acting(admin):
        base.give_post(
            by=admin,
            now=NOW,
            person=person_of(officer),
            role=Role.STEWARD,
            office=office_of(steward),
        )
    with acting(desk), pytest.raises(Refused):
        base.reset_password(by=desk, now=NOW, person=person_of(officer))


def test_a_head_does_not_reset_an_administrator_lent_to_the_office(of: Of) -> None:
    admin, desk = of("east-admin"), of("east-desk")
    with acting(admin):
        lent = base.add_person(by=admin, now=NOW, name="借一")
        base.give_post(
            by=admin, now=NOW, person=lent, role=Role.ADMINISTRATOR, office=office_of(desk)
        )
        base.give_account(by=admin, now=NOW, person=lent, username="lent", password=PASSWORD)
    with acting(desk), pytest.raises(Refused):
        base.reset_password(by=desk, now=NOW, person=lent)


def test_the_password_on_a_slip_is_kept_nowhere(of: Of) -> None:
    by, officer = of("east-admin"), of("east-officer")
    with acting(by):
        new = base.reset_password(by=by, now=NOW, person=person_of(officer))
        line = JournalLine.objects.filter(verb="reset_password").latest("pk")
    assert new.password not in str(line.detail)
    assert Account.objects.get(pk=new.account.pk).check_password(new.password)


def test_a_post_that_ended_opens_nothing_any_more(of: Of) -> None:
    by, officer = of("east-admin"), of("east-officer")
    with acting(by):
        base.end_post(by=by, now=NOW, post=post_of(officer), until=TODAY - timedelta(days=1))
    assert queries.posts_of_account(account_id=officer.account_id or 0) == ()


def test_nobody_ends_the_post_they_sit_in(of: Of) -> None:
    by = of("east-admin")
    with acting(by), pytest.raises(Refused):
        base.end_post(by=by, now=NOW, post=post_of(by), until=TODAY)


def test_the_same_post_is_not_given_twice(of: Of) -> None:
    by, officer = of("east-admin"), of("east-officer")
    with acting(by), pytest.raises(Refused):
        base.give_post(
            by=by,
            now=NOW,
            person=person_of(officer),
            role=Role.GRID_OFFICER,
            office=office_of(officer),
        )


def test_an_officer_names_a_deputy_for_their_own_absence_only(of: Of) -> None:
    by, steward, desk = of("east-officer"), of("east-steward"), of("east-desk")
    week = Days(since=TODAY, until=TODAY + timedelta(days=6))
    with acting(by):
        base.name_deputy(by=by, now=NOW, post=post_of(by), deputy=post_of(steward), **week)
        assert queries.deputy_posts(
            zone_id=by.zone_id, deputy_id=steward.post_id or 0, on=TODAY
        ) == [by.post_id]
        with pytest.raises(Refused):
            base.name_deputy(by=by, now=NOW, post=post_of(desk), deputy=post_of(by), **week)


def test_two_deputies_do_not_answer_for_the_same_day(of: Of) -> None:
    by, steward, desk = of("east-officer"), of("east-steward"), of("east-desk")
    days = Days(since=TODAY, until=TODAY)
    with acting(by):
        base.name_deputy(by=by, now=NOW, post=post_of(by), deputy=post_of(steward), **days)
        with pytest.raises(Refused):
            base.name_deputy(by=by, now=NOW, post=post_of(by), deputy=post_of(desk), **days)


def test_a_deputy_ends_when_the_holder_is_back(of: Of) -> None:
    by, steward = of("east-officer"), of("east-steward")
    with acting(by):
        named = base.name_deputy(
            by=by,
            now=NOW,
            post=post_of(by),
            deputy=post_of(steward),
            since=TODAY - timedelta(days=3),
            until=TODAY + timedelta(days=3),
        )
        base.end_deputy(by=by, now=NOW, deputy=named)
        assert Deputy.objects.get(pk=named.pk).until == TODAY - timedelta(days=1)


def test_whoever_leaves_loses_every_post_at_once_and_stays_in_the_journal(of: Of) -> None:
    by, officer = of("east-admin"), of("east-officer")
    with acting(by):
        base.person_left(by=by, now=NOW, person=person_of(officer), on=TODAY)
        assert not Post.objects.filter(person_id=officer.person_id or 0, until=None).exists()
        assert JournalLine.objects.filter(verb="person_left").exists()
    assert queries.posts_of_account(account_id=officer.account_id or 0) == ()


def test_an_office_with_people_in_it_is_not_closed(of: Of) -> None:
    by, desk = of("east-admin"), of("east-desk")
    with acting(by), pytest.raises(Refused, match=r"[台网]一"):
        base.close_office(by=by, now=NOW, office=office_of(desk), until=TODAY)


def test_a_stale_form_is_told_who_changed_it(of: Of, sign_in: SignIn) -> None:
    officer, client = of("east-officer"), sign_in("east-admin")
    form = {"version": "1", "name": "网一", "phone": "13900000000", "work_no": "east-officer"}
    address = f"/people/{officer.person_id}/change/"
    assert client.post(address, form).status_code == 302
    answer = client.post(address, {**form, "phone": "13911111111"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "管一" in answer.content.decode()
    with acting(officer):
        assert person_of(officer).phone == "13900000000"


def test_a_form_sent_twice_adds_one_person(of: Of, sign_in: SignIn) -> None:
    client, form = sign_in("east-admin"), {"name": "双一", "once": uuid.uuid4().hex}
    first, second = (client.post("/people/add/", form) for _n in range(2))
    assert first["Location"] == second["Location"]
    with acting(of("east-admin")):
        assert Person.objects.filter(name="双一").count() == 1


def test_a_slip_sent_for_twice_is_printed_once(of: Of, sign_in: SignIn) -> None:
    client, officer = sign_in("east-admin"), of("east-officer")
    address, form = f"/people/{officer.person_id}/password/", {"once": uuid.uuid4().hex}
    first, second = (client.post(address, form) for _n in range(2))
    assert first["Content-Type"] == "application/pdf"
    assert first["Cache-Control"] == "no-store"
    assert first.content.startswith(b"%PDF")
    assert second.status_code == 302


@pytest.mark.parametrize("who", ["west-admin", "east-admin"])
def test_a_person_of_another_zone_is_not_there_and_the_asking_is_counted(
    of: Of, sign_in: SignIn, who: str
) -> None:
    other = of("east-officer" if who == "west-admin" else "west-officer")
    client = sign_in(who)
    for method, path in (
        ("get", ""),
        ("post", "change/"),
        ("post", "leave/"),
        ("get", "password/"),
    ):
        answer = getattr(client, method)(f"/people/{other.person_id}/{path}", {"on": "2026-11-20"})
        assert answer.status_code == 404
    misses = AccessMiss.objects.filter(account__username=who)
    assert misses.count() == 4
    assert client.get("/my-access/").content.decode().count(f"/people/{other.person_id}/") == 4


def test_the_list_and_its_export_hold_the_same_people(sign_in: SignIn) -> None:
    client = sign_in("east-admin")
    page = client.get("/people/?role=department").content.decode()
    sheet = b"".join(client.get("/people/?role=department&export=csv")).decode("utf-8-sig")
    assert "电一" in page
    assert len(sheet.strip().splitlines()) == 3
    assert "网一" not in sheet


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "office=9999999999999999999", "role=<b>", "q=%00", "q=%27;--"]
)
def test_the_list_survives_any_filter(sign_in: SignIn, query: str) -> None:
    assert sign_in("east-admin").get(f"/people/?{query}").status_code == 200


def test_the_city_reads_people_and_changes_nobody(of: Of, sign_in: SignIn) -> None:
    client, officer = sign_in("city"), of("east-officer")
    assert "网一" in client.get("/people/").content.decode()
    assert client.post("/people/add/", {"name": "市一"}).status_code == 404
    answer = client.post(f"/people/{officer.person_id}/leave/", {"on": "2026-11-20"})
    assert answer.status_code == 404


# From a sheet ----------------------------------------------------------------------------------

HEADS = ("姓名", "工号", "电话", "机构", "角色", "岗位")
ROWS = (
    ("甲一", "B001", "13800000001", "企业服务中心", "网格员", "第一网格"),
    ("乙一", "B002", "", "企业服务中心", "grid officer", ""),
    ("网一", "east-officer", "", "企业服务中心", "网格员", ""),
    ("丙一", "B003", "", "没有的机构", "网格员", ""),
    ("", "B004", "", "企业服务中心", "网格员", ""),
    ("丁一", "B001", "", "企业服务中心", "网格员", ""),
    ("戊一", "", "", "企业服务中心", "网格员", ""),
    ("己一", "B005", "", "企业服务中心", "国王", ""),
    ("庚一", "east-desk", "", "企业服务中心", "网格员", ""),
    ("=cmd()", "west-officer", "", "企业服务中心", "网格员", ""),
)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "officers.xlsx"
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    page = book.add_worksheet()
    for number, row in enumerate((HEADS, *ROWS)):
        page.write_row(number, 0, row)
    book.close()
    return path


def test_every_row_of_a_sheet_is_accounted_for(of: Of, sheet: Path) -> None:
    by = of("east-admin")
    with acting(by):
        plan = officers.plan_officers(by=by, rows=officers.read_officers(sheet), on=TODAY)
    fates = {row.raw.row_no: row.fate for row in plan.rows}
    assert plan.read == len(ROWS) == sum(plan.count(fate) for fate in Fate)
    assert [no for no, fate in fates.items() if fate is Fate.NEW] == [2, 3]
    assert [no for no, fate in fates.items() if fate is Fate.SAME] == [4]
    assert all(row.reason for row in plan.rows if row.fate is Fate.REJECTED)


def test_officers_from_a_sheet_get_post_account_and_a_password_to_change(
    of: Of, sheet: Path
) -> None:
    by = of("east-admin")
    with acting(by):
        added = officers.add_officers(by=by, now=NOW, rows=officers.read_officers(sheet))
        names = {one.person.name for one in added.passwords}
        held = Post.objects.filter(person__name__in=names, role=Role.GRID_OFFICER).count()
        again = officers.plan_officers(by=by, rows=officers.read_officers(sheet), on=TODAY)
    assert names == {"甲一", "乙一"}
    assert held == 2
    assert all(
        Account.objects.get(pk=one.account.pk).must_change_password for one in added.passwords
    )
    assert (again.count("new"), again.count("same")) == (0, 3)


def test_a_whole_zone_of_officers_is_added_without_the_slow_hashing(of: Of) -> None:
    """Counted, not timed: no password of the sheet goes through the slow hash."""
    by = of("east-admin")
    rows = [
        RawOfficer(n, f"网格员{n}", f"G{n:03}", "", "企业服务中心", Role.GRID_OFFICER, "")
        for n in range(2, 86)
    ]
    with acting(by):
        added = officers.add_officers(by=by, now=NOW, rows=rows)
    kept = {one.account.password for one in added.passwords}
    assert len(kept) == len({one.password for one in added.passwords}) == 84
    assert all(encoded.startswith("printed$") for encoded in kept)
    assert not any(one.password in one.account.password for one in added.passwords)


def test_a_printed_password_opens_once_and_is_hashed_slowly_from_then_on(of: Of) -> None:
    by = of("east-admin")
    with acting(by):
        person = base.add_person(by=by, now=NOW, name="新一", work_no="n1")
        password = base.make_password()
        base.give_account(by=by, now=NOW, person=person, username="n1", password=password)
    client = Client()
    assert (
        client.post("/accounts/login/", {"login": "n1", "password": "wrong-000"}).status_code == 200
    )
    answer = client.post("/accounts/login/", {"login": "n1", "password": password})
    assert answer.status_code == 302
    account = Account.objects.get(username="n1")
    assert account.must_change_password
    assert account.password.startswith("pbkdf2_sha256$")
    assert client.get("/me/")["Location"] == "/accounts/password/change/"
    changed = client.post(
        "/accounts/password/change/",
        {"oldpassword": password, "password1": PASSWORD, "password2": PASSWORD},
    )
    assert changed.status_code == 302
    assert (
        Client().post("/accounts/login/", {"login": "n1", "password": password}).status_code == 200
    )


def test_a_password_somebody_thought_up_is_never_hashed_the_fast_way(of: Of) -> None:
    by = of("east-admin")
    with acting(by):
        person = base.add_person(by=by, now=NOW, name="新二")
        account = base.give_account(
            by=by, now=NOW, person=person, username="n2", password="tsk-847-mwe-263-kfa"
        )
    assert account.password.startswith("pbkdf2_sha256$")


def test_a_slip_is_worth_nothing_to_who_has_only_the_database(of: Of, settings: Any) -> None:
    encoded = hashers.make_password("tsk-847-mwe-263-kfa", hasher="printed")
    assert hashers.check_password("tsk-847-mwe-263-kfa", encoded)
    settings.SECRET_KEY = "another installation"
    assert not hashers.check_password("tsk-847-mwe-263-kfa", encoded)


def test_the_sheet_goes_from_upload_to_slips_in_the_browser(
    sign_in: SignIn, sheet: Path, of: Of
) -> None:
    client = sign_in("east-admin")
    with sheet.open("rb") as stream:
        preview = client.post("/people/sheet/", {"sheet": stream})
    found = re.search(r'name="kept" value="([^"]+)"', preview.content.decode())
    assert found
    kept = found[1]
    rejects = b"".join(client.post("/people/sheet/rejects/", {"kept": kept}))
    done = client.post("/people/sheet/add/", {"kept": kept, "once": uuid.uuid4().hex})
    assert rejects.startswith(b"PK")
    assert "data:application/pdf;base64,JVBERi" in done.content.decode()
    assert done["Cache-Control"] == "no-store"
    with acting(of("east-admin")):
        assert Person.objects.filter(name="甲一").exists()


def test_rows_that_were_not_previewed_here_are_not_added(sign_in: SignIn, of: Of) -> None:
    answer = sign_in("east-admin").post("/people/sheet/add/", {"kept": "W10:forged:signature"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7 no sheet", b"PK\x03\x04broken", b"<html><script>1</script>", b"\x00" * 50],
)
def test_what_is_no_sheet_is_refused_with_words(
    sign_in: SignIn, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with path.open("rb") as stream:
        answer = sign_in("east-admin").post("/people/sheet/", {"sheet": stream})
    assert answer.status_code == 422


def test_only_administrators_add_officers_from_a_sheet(
    of: Of, sheet: Path, sign_in: SignIn
) -> None:
    assert sign_in("east-desk").get("/people/sheet/").status_code == 404
    by = of("east-desk")
    with acting(by), pytest.raises(Refused):
        officers.add_officers(by=by, now=NOW, rows=officers.read_officers(sheet))
