"""腾笼换鸟: rules find candidates with their clauses, a person confirms, plans, links and records gains."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tests.town import NOW, coming
from xiaoer.assets import actions as assets
from xiaoer.assets.models import CageGain, CageSite, Parcel
from xiaoer.assets.queries import cages as queries
from xiaoer.assets.tests.moving import TODAY, Park, build_park
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.work.models import Task

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]


@pytest.fixture
def park(of: Of) -> Park:
    return build_park(of)


def parcel(
    park: Park, number: str = "G-1", supplied: date = date(2022, 3, 1), stage: str = "supplied"
) -> Parcel:
    with acting(park.of("east-admin")):
        return Parcel.objects.create(
            zone_id=park.zone_id, number=number, area_m2=20_000, stage=stage,
            stage_on=supplied, party=park.firm,
        )  # fmt: skip


def fresh(park: Park) -> CageSite:
    with acting(park.of("east-admin")):
        return CageSite.objects.get()


def site(park: Park) -> CageSite:
    return park.do("east-economy", assets.add_site, why="idle", unit=park.units[0])  # type: ignore[no-any-return]  # what the verb gives back


def steps(park: Park) -> list[assets.SiteStep]:
    return [
        assets.SiteStep("与产权人协商", park.office("经发局"), date(2026, 12, 20)),
        assets.SiteStep("腾空查验", park.office("自然资源分局"), date(2027, 1, 20)),
    ]


def planned(park: Park) -> CageSite:
    row = site(park)
    return park.do(  # type: ignore[no-any-return]  # what the verb gives back
        "east-economy", assets.plan_site, site=row, path="let", office=park.office("经发局"),
        steps=steps(park), version=row.version,
    )  # fmt: skip


def test_rules_find_candidates_with_the_clauses_they_met(park: Park) -> None:
    land = parcel(park)
    parcel(park, "G-2", date(2026, 6, 1))
    # In use, and no building kept of it: nobody knows what stands there, which is no "nothing".
    parcel(park, "G-3", date(2020, 6, 1), "in_use")
    done = park.do(system(park.zone_id), assets.find_cage_sites)
    by_name = {one.name: one for one in done.made}
    # Land supplied four years ago with nothing on it, and both bays vacant for years.
    assert set(by_name) == {land.number, "标准厂房一号楼 1-1", "标准厂房一号楼 1-2"}
    found = by_name[land.number]
    assert (found.state, found.why, found.party_id) == ("candidate", "idle", park.firm.pk)
    assert [one["name"] for one in found.found["clauses"]] == ["供地满两年", "地上无建筑"]
    assert found.found["clauses"][0]["read"]["held_months"] > 24
    # Nobody knows its tax or its power: that is told, and counts neither way.
    assert done.unsure >= 1
    assert not park.do(system(park.zone_id), assets.find_cage_sites).made


def test_what_a_person_dismissed_is_not_found_again_by_the_same_rule(park: Park) -> None:
    parcel(park)
    [found] = [one for one in park.do("east-economy", assets.find_cage_sites).made if one.parcel_id]
    with pytest.raises(Refused, match="由人确认"):
        park.do(system(park.zone_id), assets.confirm_site, site=found, version=1)
    park.do(
        "east-economy", assets.dismiss_site, site=found, why="已批准延期动工", version=found.version
    )
    assert not [one for one in park.do("east-economy", assets.find_cage_sites).made]


def test_a_site_goes_from_plan_to_gain(park: Park) -> None:
    row = planned(park)
    assert row.state == "under_way"
    with acting(park.of("east-admin")):
        tasks = list(Task.objects.filter(matter=row.matter_id, kind="cage_step").order_by("id"))
    assert [one.title for one in tasks] == ["与产权人协商", "腾空查验"]
    with pytest.raises(Refused):
        park.do("east-power", assets.finish_site_step, task=tasks[1], words="好了")
    park.do("east-land", assets.finish_site_step, task=tasks[1], words="已腾空")
    gain = assets.Gain("tax_per_mu", Decimal("1.2"), 2024, Decimal("18.5"), 2025, "税务局年度数据")
    park.do("east-economy", assets.record_gain, site=row, gain=gain)
    done = park.do(
        "east-economy", assets.finish_site, site=row, on=TODAY, came_in="光伏热场二期",
        freed_m2=Decimal(1200), version=row.version,
    )  # fmt: skip
    assert (done.state, done.freed_m2) == ("done", Decimal(1200))
    with acting(park.of("east-admin")):
        assert CageGain.objects.get().after == Decimal("18.5")
        assert not Task.objects.filter(matter=row.matter_id, state="open").exists()


def test_a_plan_made_anew_lets_the_old_steps_fall_away(park: Park) -> None:
    row = planned(park)
    park.do(
        "east-economy", assets.plan_site, site=row, path="sold", office=park.office("经发局"),
        steps=steps(park)[:1], version=row.version,
    )  # fmt: skip
    with acting(park.of("east-admin")):
        assert (
            Task.objects.filter(matter=row.matter_id, state="open", kind="cage_step").count() == 1
        )


def test_only_a_move_in_by_cage_change_comes_to_one_site(park: Park) -> None:
    row = planned(park)
    vacant = park.opened()
    with pytest.raises(Refused, match="腾笼换鸟"):
        park.do("east-economy", assets.link_move_in, site=row, move_in=vacant, version=row.version)
    by_change = park.opened(way="cage")
    linked = park.do(
        "east-economy", assets.link_move_in, site=row, move_in=by_change, version=row.version
    )
    assert linked.came_in == by_change.name
    with pytest.raises(Refused, match="尚未入驻"):
        park.do(
            "east-economy", assets.finish_site, site=linked, on=TODAY, came_in="",
            version=linked.version,
        )  # fmt: skip
    other = park.do("east-economy", assets.add_site, why="idle", unit=park.units[1])
    with pytest.raises(Refused, match="已关联"):
        park.do(
            "east-economy",
            assets.link_move_in,
            site=other,
            move_in=by_change,
            version=other.version,
        )


def test_a_figure_needs_its_year_and_where_it_is_from(park: Park) -> None:
    row = planned(park)
    for gain, said in (
        (assets.Gain("tax_per_mu", None, None, Decimal(3), None, "税务"), "年份"),
        (assets.Gain("tax_per_mu", None, None, Decimal(3), 2025, ""), "来源"),
        (assets.Gain("tax_per_mu", None, None, None, None, "税务"), "至少一项"),
        (assets.Gain("tax_per_mu", None, None, Decimal("NaN"), 2025, "税务"), "不小于零"),
    ):
        with pytest.raises(Refused, match=said):
            park.do("east-economy", assets.record_gain, site=row, gain=gain)


def test_a_place_is_on_the_register_once(park: Park) -> None:
    site(park)
    with pytest.raises(Refused, match="已在台账"):
        site(park)
    with acting(park.of("east-admin")), pytest.raises(IntegrityError), transaction.atomic():
        CageSite.objects.create(
            zone_id=park.zone_id, name="x", unit=park.units[0], why="idle", found_on=TODAY
        )


def test_strangers_and_other_zones_find_no_site(park: Park) -> None:
    row = site(park)
    west = park.of("west-economy")
    with acting(west):
        assert not CageSite.objects.filter(pk=row.pk).exists()
        with pytest.raises(Refused):
            assets.dismiss_site(by=west, now=NOW, site=row, why="不属实", version=1)
    with pytest.raises(Refused):
        park.do("east-power", assets.confirm_site, site=row, version=1)


def test_pages_of_cage_change(park: Park, sign_in: SignIn) -> None:
    parcel(park)
    staff = sign_in("east-economy")
    assert staff.post("/cages/find/").status_code == 302
    page = staff.get("/cages/?state=candidate").content.decode()
    assert "G-1" in page and "规则发现" in page
    with acting(park.of("east-admin")):
        row = CageSite.objects.get(parcel__number="G-1")
    shown = staff.get(f"/cages/{row.pk}/").content.decode()
    assert "地上无建筑" in shown and "供地后月数" in shown
    done = staff.post(f"/cages/{row.pk}/act/", {"what_to_do": "confirm", "version": "1"})
    assert done.status_code == 302
    made = staff.post(
        f"/cages/{row.pk}/act/",
        {"what_to_do": "plan", "version": "2", "path": "taken_back",
         "office": park.office("自然资源分局").pk, "step-1": "约谈企业", "step-due-1": coming(28)},
    )  # fmt: skip
    assert made.status_code == 302
    assert "约谈企业" in staff.get(f"/cages/{row.pk}/").content.decode()
    assert "G-1" in b"".join(
        staff.get("/cages/?export=csv").streaming_content  # type: ignore[attr-defined]  # a streamed sheet
    ).decode("utf-8-sig")
    assert staff.get("/cages/new/").status_code == 200
    assert sign_in("west-economy").get(f"/cages/{row.pk}/").status_code == 404


def test_the_api_of_cage_change(park: Park, sign_in: SignIn) -> None:
    parcel(park)
    staff = sign_in("east-economy")

    def said(address: str, **body: object) -> dict[str, Any]:
        answer = staff.post(f"/api/v1/{address}", body, content_type="application/json")
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found

    done = said("cage-finding")
    assert done["looked_at"] == 3 and len(done["made"]) == 3
    listed = staff.get("/api/v1/cage-sites?state=candidate").json()
    [one] = [row for row in listed if row["parcel_id"]]
    one = said(f"cage-sites/{one['id']}/confirm", version=one["version"])
    office = park.office("自然资源分局").pk
    step = {"title": "约谈企业", "office_id": office, "due_on": coming(28)}
    one = said(
        f"cage-sites/{one['id']}/plan", path="taken_back", office_id=office, steps=[step],
        version=one["version"],
    )  # fmt: skip
    one = said(
        f"cage-sites/{one['id']}/gains",
        code="tax_per_mu",
        after=12.5,
        after_year=2025,
        basis="税务",
    )
    assert one["gains"][0]["after"] == "12.500"
    one = said(
        f"cage-sites/{one['id']}/finish", on="2026-11-20", came_in="热场", version=one["version"]
    )
    assert one["state"] == "done"


# Somebody came to it already ----------------------------------------------------------------------


def let(park: Park, party: Any, since: date = TODAY) -> None:
    # The pages ask by today's clock who is there.
    facts = assets.LeaseFacts("ZL-7", party, since, coming(400), 20_000_00)
    row = park.do("east-economy", assets.draft_lease, facts=facts, units=park.units[:1])
    assert not filled(park)
    park.do("east-economy", assets.begin_lease, lease=row)


def filled(park: Park) -> dict[int, queries.Refilled]:
    by = park.of("east-economy")
    with acting(by):
        rows = queries.cage_sites(by=by, filters=queries.SiteFilter())
        return queries.refilled(rows, TODAY)


def test_a_confirmed_site_whose_unit_was_let_since_is_told_and_finished_by_a_person(
    park: Park, sign_in: SignIn
) -> None:
    row = site(park)
    assert not filled(park)
    let(park, park.stranger)
    one = filled(park)[row.pk]
    assert (one.who, one.since, one.lease, one.path) == (park.stranger.name, TODAY, "ZL-7", "let")
    assert park.do(system(park.zone_id), assets.ask_to_finish) == 1
    assert park.do(system(park.zone_id), assets.ask_to_finish) == 0
    row = fresh(park)
    with acting(park.of("east-admin")):
        task = Task.objects.get(kind="cage_finish")
        assert (task.matter_id, task.state) == (row.matter_id, "open")
        assert park.stranger.name in task.title
    staff = sign_in("east-economy")
    assert park.stranger.name in staff.get("/cages/").content.decode()
    words = staff.get(f"/cages/{row.pk}/").content.decode()
    assert "ZL-7" in words and 'value="finish"' in words
    give = {"site": row, "on": TODAY, "came_in": park.stranger.name, "version": row.version}
    with pytest.raises(Refused) as no:
        park.do("east-economy", assets.finish_site, **give)
    assert no.value.field == "path"
    done = park.do("east-economy", assets.finish_site, **give, path="let")
    assert (done.state, done.path) == ("done", "let")
    with acting(park.of("east-admin")):
        assert Task.objects.get(kind="cage_finish").state == "done"
    assert not filled(park)


def test_who_was_there_when_a_site_was_found_has_not_come_since(park: Park) -> None:
    for unit in park.units[:1]:
        park.do("east-economy", assets.use_unit, unit=unit, party=park.firm, since=date(2025, 1, 1))
    site(park)
    assert not filled(park)


def test_land_supplied_to_another_since_is_told(park: Park) -> None:
    land = parcel(park)
    row = park.do("east-economy", assets.add_site, why="idle", parcel=land)
    assert not filled(park)
    with acting(park.of("east-admin")):
        Parcel.objects.filter(pk=land.pk).update(party=park.stranger, stage_on=TODAY)
    assert filled(park)[row.pk].who == park.stranger.name


def test_a_site_put_on_the_register_is_a_unit_that_is_there(park: Park) -> None:
    parts = [assets.UnitFacts(code, Decimal(600)) for code in ("1-1甲", "1-1乙")]
    park.do("east-economy", assets.split_unit, unit=park.units[0], parts=parts)
    with pytest.raises(Refused, match="1-1甲"):
        site(park)
