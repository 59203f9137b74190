"""Pages of plans: every form leads to its verb, every list to its sheet, every paper says it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from xiaoer.base.scope import acting
from xiaoer.work import actions as work
from xiaoer.work import queries
from xiaoer.work.models import Plan, StepLink
from xiaoer.work.pages.plan_papers import paper_data
from xiaoer.work.tests.conftest import Firms
from xiaoer.work.tests.planned import Planned, planned

SignIn = Callable[[str], Client]


@pytest.fixture
def here(firms: Firms) -> Planned:
    today = timezone.localdate()
    return planned(
        firms, starts_on=today - timedelta(days=10), promised_on=today + timedelta(days=500)
    )


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def posted(client: Client, here: Planned, act: str, **given: Any) -> int:
    answer = client.post(
        f"/plans/{here.plan.pk}/do/{act}/", {k: v for k, v in given.items() if v is not None}
    )
    return answer.status_code


def test_a_plan_shows_its_steps_bars_lights_and_verbs(here: Planned, sign_in: SignIn) -> None:
    client = sign_in("east-admin")
    page = client.get(f"/plans/{here.plan.pk}/").content.decode()
    for word in ("桩基与基础", "土地与规划", "答应", "记进展", "余量"):
        assert word in page
    assert page.count('class="bar') > 40
    for act in (
        "report",
        "change",
        "add",
        "link",
        "promise",
        "baseline",
        "block",
        "adopt",
        "close",
    ):
        step = here.step("equipment").pk
        answer = client.get(f"/plans/{here.plan.pk}/?act={act}&step={step}")
        assert 'id="act"' in answer.content.decode()


def test_the_page_of_a_plan_asks_a_fixed_number_of_questions(
    here: Planned, sign_in: SignIn
) -> None:
    client = sign_in("east-admin")
    client.get(f"/plans/{here.plan.pk}/")
    counts = []
    for _n in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/plans/{here.plan.pk}/")
        counts.append(len(asked))
        for code in ("filing", "survey", "equipment"):
            step = here.step(code)
            here.do(
                "report_step", step=step, version=step.version, now=timezone.now(),
                progress=work.Progress(started_on=timezone.localdate(), note="又报一次"),
            )  # fmt: skip
        here.do("settle_baseline", plan=here.plan)
    assert counts[1] <= counts[0] + 1
    assert counts[0] <= 30


def test_the_newest_progress_stands_first_and_all_of_it_behind_a_link(
    here: Planned, sign_in: SignIn
) -> None:
    for number in range(10):
        step = here.step("equipment")
        here.do(
            "report_step", step=step, version=step.version, now=timezone.now(),
            progress=work.Progress(
                started_on=timezone.localdate(), share=number + 1, note=f"第 {number} 次记"
            ),
        )  # fmt: skip
    client = sign_in("east-admin")
    page = client.get(f"/plans/{here.plan.pk}/").content.decode()
    assert page.index("第 9 次记") < page.index("第 8 次记") < page.index("第 2 次记")
    assert "第 1 次记" not in page
    assert "全部进展" in page
    page = client.get(f"/plans/{here.plan.pk}/?progress=all").content.decode()
    assert "第 0 次记" in page
    assert "全部进展" not in page


def test_progress_change_preview_and_promise_from_the_page(here: Planned, sign_in: SignIn) -> None:
    client = sign_in("east-admin")
    today = timezone.localdate()
    step = here.step("equipment")
    assert posted(client, here, "report", step=step.pk, version=1, started_on=today, share=5) == 302
    assert posted(client, here, "report", step=step.pk, version=1, share=9) == 422
    page = client.get(f"/plans/{here.plan.pk}/preview/?step={step.pk}&likely=400").content.decode()
    assert "设备安装调试" in page
    assert "晚" in page
    frame = here.step("frame")
    given: dict[str, Any] = {
        "step": frame.pk,
        "version": 1,
        "not_before": (today + timedelta(days=300)).isoformat(),
    }
    assert posted(client, here, "change", **given) == 302
    assert here.step("frame").likely == 60
    refused = client.post(f"/plans/{here.plan.pk}/do/change/", given)
    assert refused.status_code == 422
    assert "管一" in refused.content.decode()
    promised = (today + timedelta(days=600)).isoformat()
    plan = here.fresh()
    assert posted(client, here, "promise", version=plan.version, promised_on=promised,
                  reason="设备晚到") == 302  # fmt: skip
    assert here.fresh().promised_on.isoformat() == promised
    assert posted(client, here, "promise", version=1, promised_on="2020-01-01", reason="x") == 422
    assert posted(client, here, "baseline", reason="开工会") == 302
    assert "基线" in client.get(f"/plans/{here.plan.pk}/baselines/").content.decode()
    assert posted(client, here, "nothing") == 404


def test_steps_and_links_come_and_go_from_the_page(here: Planned, sign_in: SignIn) -> None:
    client = sign_in("east-admin")
    first, then = here.step("frame"), here.step("interior")
    assert posted(client, here, "add", name="吊车梁", doer="contractor", likely=8, after=first.pk,
                  before=then.pk, unit="working", kind="step") == 302  # fmt: skip
    new = here.step("own-1")
    loop = client.post(
        f"/plans/{here.plan.pk}/do/link/",
        {"before": then.pk, "after": new.pk, "kind": "FS", "lag": "0"},
    )
    assert "吊车梁 → 装饰装修与室内机电" in loop.content.decode()
    with acting(here.of("east-admin")):
        link = StepLink.objects.get(before=new, after=then)
    assert posted(client, here, "unlink", link=link.pk) == 302
    assert posted(client, here, "block", step=new.pk, version=1, blocked_by="吊机未到") == 302
    assert "吊机未到" in client.get("/plans/starting/?days=30").content.decode()
    assert posted(client, here, "unblock", step=new.pk, version=2) == 302
    assert posted(client, here, "drop", step=new.pk, version=3, reason="不要") == 302
    assert posted(client, here, "forecast") == 302
    assert here.fresh().chance is not None
    assert posted(client, here, "close", reason="投产") == 302
    assert posted(client, here, "reopen", reason="误关") == 302


def test_lists_filter_search_and_leave_as_sheets(here: Planned, sign_in: SignIn) -> None:
    client = sign_in("east-land")
    page = client.get("/plans/").content.decode()
    assert here.plan.title in page
    assert here.plan.title not in client.get("/plans/?light=red").content.decode()
    assert here.plan.title in client.get("/plans/?q=岱锋").content.decode()
    assert here.plan.title not in client.get("/plans/?closed=yes").content.decode()
    for address, rows in (("/plans/?export=xlsx", 2), ("/plans/starting/?export=xlsx", 1)):
        body = body_of(client.get(address))
        assert openpyxl.load_workbook(BytesIO(body)).worksheets[0].max_row >= rows
    assert sign_in("west-admin").get("/plans/").content.decode().count(here.plan.title) == 0


def _sheet(rows: list[list[object]]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    body = BytesIO()
    book.save(body)
    return SimpleUploadedFile("工序.xlsx", body.getvalue())


def test_a_dirty_sheet_is_looked_at_first_and_only_what_can_be_is_written(
    here: Planned, sign_in: SignIn
) -> None:
    client = sign_in("east-admin")
    today = timezone.localdate()
    sheet = _sheet(
        [
            ["工序", "开始日", "完成日", "完成比例", "工期"],
            ["项目备案", today - timedelta(days=3), f"{today:%Y年%m月%d日}", None, None],
            ["主要设备 订货、到货", f"{today:%Y.%m.%d}", None, 10, 80],
            ["设备安装", None, None, None, 30],
            ["岩土勘察", "2026-02-30", None, None, None],
            ["项目备案", today, None, None, None],
        ]
    )
    page = client.post(f"/plans/{here.plan.pk}/import/", {"sheet": sheet}).content.decode()
    assert "设备安装调试" in page  # nearest to 设备安装
    assert here.step("filing").finished_on is None
    packed = page.split('name="packed" value="')[1].split('"')[0]
    assert client.post(f"/plans/{here.plan.pk}/import/", {"packed": packed}).status_code == 302
    assert here.step("filing").finished_on == today
    step = here.step("equipment")
    assert (step.started_on, step.share, step.likely) == (today, 10, 80)
    assert (
        client.post(f"/plans/{here.plan.pk}/import/", {"packed": packed + "x"}).status_code == 422
    )
    assert client.post(f"/plans/{here.plan.pk}/import/", {}).status_code == 422
    bad = SimpleUploadedFile("a.xlsx", b"MZ not a sheet")
    assert client.post(f"/plans/{here.plan.pk}/import/", {"sheet": bad}).status_code == 422


def test_a_sheet_taken_from_a_plan_says_nothing_new_when_it_comes_back(
    here: Planned, sign_in: SignIn
) -> None:
    client = sign_in("east-admin")
    body = body_of(client.get(f"/plans/{here.plan.pk}/sheet/"))
    page = client.post(
        f"/plans/{here.plan.pk}/import/", {"sheet": SimpleUploadedFile("a.xlsx", body)}
    ).content.decode()
    assert 'name="packed"' not in page
    assert "light red" not in page


def test_papers_say_what_the_plan_says(here: Planned, sign_in: SignIn) -> None:
    client = sign_in("east-admin")
    for paper in ("timetable", "taskbook"):
        answer = client.get(f"/plans/{here.plan.pk}/papers/{paper}/")
        assert answer.content.startswith(b"%PDF")
    assert client.get(f"/plans/{here.plan.pk}/papers/other/").status_code == 404
    with acting(here.of("east-admin")):
        plan = Plan.objects.select_related("party").get(pk=here.plan.pk)
        view = queries.plan_view(plan, timezone.localdate())
        book = paper_data(view, "达效任务书", "taskbook")
    assert any("建筑法" in row["limit"] for office in book["zone"] for row in office["rows"])
    assert {"施工单位", "建设单位"} & {office["who"] for office in book["zone"]} == set()


def test_a_template_is_edited_in_a_draft_and_released(here: Planned, sign_in: SignIn) -> None:
    client = sign_in("east-admin")
    assert "新建拿地" in client.get("/plans/templates/").content.decode()
    with acting(here.of("east-admin")):
        live = queries.template_in_use(here.plan.zone_id, "upgrade")
    assert live is not None
    to = client.post(f"/plans/templates/{live.pk}/draft/").headers["Location"]
    number = int(to.strip("/").split("/")[-1])
    assert (
        "放进使用" in client.get(to).content.decode() or "启用" in client.get(to).content.decode()
    )
    given = {"name": "能耗监测接入", "doer": "zone", "low": 1, "likely": 2, "high": 4, "unit": "working",
             "version": 1, "code": ""}  # fmt: skip
    assert client.post(f"{to}set/", given).status_code == 302
    assert client.post(f"{to}set/", given).status_code == 422  # stale
    links = {"before": "full", "after": "order", "kind": "FS", "lag": "0"}
    assert client.post(f"{to}link/", links).status_code == 422
    assert (
        client.post(f"{to}link/", {**links, "before": "install", "after": "step-1"}).status_code
        == 302
    )
    assert client.post(f"{to}release/", {"version": 3, "source": "项目办"}).status_code == 302
    with acting(here.of("east-admin")):
        kept = queries.template_in_use(here.plan.zone_id, "upgrade")
    assert kept is not None and kept.pk == number
    assert sign_in("east-land").post(f"{to}draft/").status_code == 422
    assert client.post("/plans/templates/new/", {"name": "自有模板"}).status_code == 302


def test_an_enterprise_sees_its_own_plan_as_its_page_shows_it(here: Planned) -> None:
    firm = here.firms.spokesman()
    with acting(firm):
        plan = queries.plan_by_number(firm, here.plan.pk)
        assert plan is not None
        view = queries.plan_view(plan, timezone.localdate(), is_outside=True)
        assert len(view.rows) > 20
        assert queries.reports_of(plan, most=8) == []
        assert [each.pk for each in queries.plans_of_party(firm.party_ref or 0)] == [plan.pk]


def test_a_lost_promise_says_which_facts_cannot_all_hold(here: Planned, sign_in: SignIn) -> None:
    step = here.step("equipment")
    here.do(
        "change_step", step=step, version=1, now=timezone.now(),
        facts=replace(work.facts_of(step), likely=500, high=600),
    )  # fmt: skip
    page = sign_in("east-leader").get(f"/plans/{here.plan.pk}/").content.decode()
    assert "conflict-facts" in page
    assert "主要设备订货、到货" in page.split("conflict-facts")[1].split("</ol>")[0]
