"""Pages of the register: opened by those they are for, and hidden from everybody else."""

from collections.abc import Callable
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xiaoer.base.models import Zone
from xiaoer.base.scope import acting
from xiaoer.projects import actions as projects
from xiaoer.projects.models import (
    HandOver,
    LightRule,
    ListSheet,
    MechanismAct,
    Project,
    ProjectList,
    Stage,
    StageCondition,
)
from xiaoer.projects.queries import conditions_of
from xiaoer.projects.tests.conftest import PAPER, Site

SignIn = Callable[[str], Client]
TODAY = timezone.localdate()  # pages live on the day they are opened


def test_the_register_opens_and_is_sent_as_a_sheet(ground: Site, sign_in: SignIn) -> None:
    with acting(ground.by):
        spot = {"type": "Point", "coordinates": [116.5, 35.4]}
        project = ground.bring(ground.opened(spot=spot), "signed")
    desk = sign_in("east-economy")
    for path in (
        "/projects/", "/projects/?stage=signed&q=变压器&sort=-total&light=grey", "/projects/?ended=yes",
        "/projects/board/", "/projects/board/?stage=signed", "/projects/new/", "/projects/lists/",
        f"/projects/{project.pk}/", f"/projects/{project.pk}/overview/",
        f"/projects/{project.pk}/change/", f"/enterprises/{ground.party.pk}/projects/",
    ):  # fmt: skip
        assert desk.get(path).status_code == 200, path
    sheet = desk.get("/projects/", {"export": "csv"})
    assert "变压器二期" in b"".join(sheet.streaming_content).decode()  # type: ignore[attr-defined]  # a stream
    assert "变压器二期" in desk.get("/search/?q=变压器").content.decode()


def test_the_pages_are_nothing_to_another_zone_and_to_an_enterprise(
    ground: Site, sign_in: SignIn
) -> None:
    with acting(ground.by):
        project = ground.opened()
    west = sign_in("west-economy")
    for path in (f"/projects/{project.pk}/", f"/projects/{project.pk}/overview/"):
        assert west.get(path).status_code == 404
    assert west.post(f"/projects/{project.pk}/enter/", {"stage": "signed"}).status_code == 404


def test_a_project_is_entered_proved_and_moved_on_its_pages(ground: Site, sign_in: SignIn) -> None:
    desk = sign_in("east-economy")
    said = {
        "name": "智能终端一期", "kind": "fit_out", "party": "东区变压器", "total": "3.78亿元",
        "contract": "40000", "content": "年产一百万台", "place": "二路", "spot": "116.58，35.41",
    }  # fmt: skip
    refused = desk.post("/projects/new/", said)
    assert refused.status_code == 422
    assert "东区变压器有限公司" in refused.content.decode()
    desk.post("/projects/new/", {**said, "party": "东区变压器有限公司"})
    with acting(ground.by):
        project = Project.objects.get(name="智能终端一期")
        agreement = conditions_of(project=project, stage=Stage.SIGNED)[0].condition
    assert (project.total_fen, project.contract_fen) == (378_000_000_00, 400_000_000_00)
    assert project.spot == {"type": "Point", "coordinates": [116.58, 35.41]}
    page = f"/projects/{project.pk}"
    step = {"stage": "signed", "fact_on": TODAY.isoformat(), "version": str(project.version)}
    lacking = desk.post(f"{page}/enter/", step)
    assert lacking.status_code == 422
    assert "正式投资协议" in lacking.content.decode()
    upload = SimpleUploadedFile("协议.pdf", PAPER % b"agreement")
    desk.post(f"{page}/conditions/{agreement.pk}/prove/", {"answer": "yes", "paper": upload})
    desk.post(f"{page}/enter/", step)
    with acting(ground.by):
        project.refresh_from_db()
    assert project.stage == Stage.SIGNED
    desk.post(f"{page}/take-back/", {"reason": "填错", "version": str(project.version)})
    with acting(ground.by):
        project.refresh_from_db()
    assert project.stage == Stage.PLANNED


def test_a_list_is_opened_filled_by_a_sheet_and_left_on_its_pages(
    ground: Site, sign_in: SignIn
) -> None:
    with acting(ground.by):
        project, second = ground.opened(), ground.opened(name="干式变压器三期", code="")
    desk = sign_in("east-economy")
    desk.post("/projects/lists/", {"name": "市重点项目", "year": "2026", "level": "municipal"})
    with acting(ground.by):
        row = ProjectList.objects.get(name="市重点项目")
    page = f"/projects/lists/{row.pk}"
    assert desk.post(f"{page}/sheet/").status_code == 422
    upload = SimpleUploadedFile("清单.csv", "项目名称\n变压器二期\n变压器三期\n".encode())
    desk.post(f"{page}/sheet/", {"paper": upload, "since": "2026-01-01"})
    with acting(ground.by):
        run = ListSheet.objects.get()
    sheet = f"/projects/list-sheets/{run.pk}"
    assert "干式变压器三期" in desk.get(f"{sheet}/").content.decode()
    chosen = {"row_no": run.rows[1]["row_no"], "chosen": second.pk}
    desk.post(f"{sheet}/choose/", chosen)
    desk.post(f"{sheet}/commit/")
    assert desk.get(f"{page}/").status_code == 200
    assert desk.get(f"{page}/?export=xlsx").status_code == 200
    with acting(ground.by):
        listed = dict(row.places.values_list("project_id", "id"))
    assert set(listed) == {project.pk, second.pk}
    desk.post(f"{page}/places/{listed[project.pk]}/end/", {"why": "调出"})
    desk.post(f"/projects/{project.pk}/put/", {"list": row.pk})
    with acting(ground.by):
        assert row.places.filter(project=project).count() == 2


def test_a_back_dated_stage_is_decided_by_the_leader_on_the_page(
    ground: Site, sign_in: SignIn
) -> None:
    ago = TODAY - timedelta(days=60)
    with acting(ground.by):
        project = ground.opened()
        ground.prove(project, Stage.SIGNED)
        passage = projects.enter_stage(
            by=ground.by, now=timezone.now(), project=project, stage=Stage.SIGNED, fact_on=ago,
            note="才收到",
        )  # fmt: skip
    leader = sign_in("east-leader")
    assert "才收到" in leader.get(f"/projects/{project.pk}/overview/").content.decode()
    leader.post(f"/projects/{project.pk}/passages/{passage.pk}/decide/", {"answer": "grant"})
    with acting(ground.by):
        project.refresh_from_db()
    assert project.stage_on == ago


def test_the_chain_the_mechanisms_batches_moves_and_settings_open(
    ground: Site, sign_in: SignIn
) -> None:
    with acting(ground.by):
        project = ground.bring(ground.opened(), Stage.RESERVE)
    desk, page = sign_in("east-economy"), f"/projects/{project.pk}"
    day = TODAY.isoformat()
    desk.post(f"{page}/chain/note/", {"element": "tracking", "state": "done", "outcome": "落实"})
    desk.post(f"{page}/act/", {"kind": "help", "on": day, "what": "帮办施工许可"})
    desk.post(
        "/projects/mechanisms/new/", {"kind": "direct", "party": "东区水泥有限公司", "what": "x"}
    )
    batch = {"name": "储备一批", "stage": "reserve", "held_on": day}
    opened = desk.post("/projects/batches/", batch)
    desk.post(opened["Location"], {"project": "变压器二期"})
    assert "变压器二期" in desk.get(opened["Location"]).content.decode()
    with acting(ground.by):
        west = str(Zone.objects.get(code="west").pk)
        act = MechanismAct.objects.get(kind="direct")
    desk.post(f"/projects/mechanisms/{act.pk}/withdraw/", {"why": "记错"})
    desk.post(f"{page}/hand-over/", {"zone": west, "reason": "用地在西区"})
    for path in (
        "/projects/chain/", "/projects/chain/?element=review", f"{page}/chain/", f"{page}/?tab=project_chain_part",
        "/projects/mechanisms/", "/projects/mechanisms/?kind=help&export=csv", "/projects/batches/",
        "/projects/moves/", "/projects/settings/",
    ):  # fmt: skip
        assert desk.get(path).status_code == 200, path
    with acting(ground.by):
        asked = HandOver.objects.get()
    leader = sign_in("east-leader")
    leader.post(f"/projects/moves/{asked.pk}/decide/", {"answer": "grant"})
    with acting(ground.west):
        came = HandOver.objects.get()
    there = sign_in("west-economy")
    assert "变压器二期" in there.get("/projects/moves/").content.decode()
    there.post(f"/projects/moves/{came.pk}/decide/", {"answer": "take"})
    with acting(ground.west):
        assert Project.objects.get().owner_name == "东区变压器有限公司"


def test_conditions_and_lights_are_set_on_their_page(ground: Site, sign_in: SignIn) -> None:
    admin = sign_in("east-admin")
    with acting(ground.by):
        rule = LightRule.objects.get(code="progress", is_current=True)
        known = StageCondition.objects.get(code="funding")
    settings = "/projects/settings"
    bounds = {"amber": "5", "red": "20", "is_active": "yes", "source": "区办〔2026〕3号"}
    admin.post(f"{settings}/lights/{rule.pk}/", bounds)
    stopped = {"condition": known.pk, "version": "1", "name": known.name, "source": "会议纪要"}
    admin.post(f"{settings}/condition/", stopped)
    own = {"stage": "signed", "kind": "person", "name": "查过失信记录", "source": "会议纪要"}
    admin.post(f"{settings}/condition/", own)
    assert sign_in("east-desk").post(f"{settings}/condition/", own).status_code == 422
    with acting(ground.by):
        assert LightRule.objects.get(code="progress", is_current=True).red == 20
        assert not StageCondition.objects.get(code="funding").is_active
        assert StageCondition.objects.get(name="查过失信记录").kind == "person"


def test_space_is_looked_for_by_whoever_may_and_offered_to_nobody_else(
    ground: Site, sign_in: SignIn
) -> None:
    with acting(ground.by):
        project = ground.opened()
    address = f"/projects/{project.pk}/"
    lead = reverse("space_need_of_project", args=[project.pk])
    assert lead in sign_in("east-economy").get(address).content.decode()
    firm = f"/enterprises/{ground.party.pk}/"
    for who in ("east-land", "city"):
        client = sign_in(who)
        for page, offer in (
            (address, lead),
            (firm, reverse("space_need_for", args=[ground.party.pk])),
        ):
            shown = client.get(page)
            assert shown.status_code == 200 and offer not in shown.content.decode()
