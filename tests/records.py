"""One of each record in a zone, made by verbs, every text of it carrying a marker."""

import tempfile
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path

from tests.town import NOW, actor
from xiaoer.base import actions as base
from xiaoer.base.models import Office, Post, Role
from xiaoer.base.scope import Actor, acting
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.models import Appeal, Programme, Round, Visit
from xiaoer.projects import actions as projects
from xiaoer.projects.actions import livelihood
from xiaoer.projects.models import EntryPath, InvestmentMonth, Project, ProjectList, Series, Stage
from xiaoer.registry import actions as registry
from xiaoer.registry.actions.parties import PartyFacts
from xiaoer.registry.models import ImportRun, Party
from xiaoer.work import actions as work
from xiaoer.work.models import Contact, Plan, Task

MARK = "东区绝密"


@dataclass(frozen=True, slots=True)
class Records:
    """Numbers of the records by the name addresses give them, and the two secrets handed out."""

    numbers: dict[str, int]
    card_code: str
    track_token: str
    party: Party
    appeal: Appeal
    visit: Visit


def make_records(zone: str = "east") -> Records:
    """Make them in the open transaction of a test."""
    admin, officer, desk = (actor(f"{zone}-{stem}") for stem in ("admin", "officer", "desk"))
    with acting(admin):
        grid = registry.open_grid(by=admin, now=NOW, code="1", name=f"{MARK}网格")
        cell = registry.open_cell(by=admin, now=NOW, grid=grid, code="01", name=f"{MARK}单元")
        facts = PartyFacts(
            name=f"{MARK}机械有限公司", industry="3511", contact_phone="19900001111",
            contact_name=f"{MARK}联系人",
        )  # fmt: skip
        party = registry.add_party(by=admin, now=NOW, facts=facts, cell=cell)
        post = Post.objects.get(pk=officer.post_id or 0)
        registry.assign_steward(by=admin, now=NOW, party=party, post=post)
        registry.give_cell_duty(by=admin, now=NOW, cell=cell, post=post)
        pin = registry.pin_enterprise(
            by=admin, now=NOW, party=party, kind="cell", reason=f"{MARK}原因"
        )
        redrawing = registry.ask_redrawing(by=admin, now=NOW, note=f"{MARK}重划")
        registry.work_on_redrawing(by=admin, now=NOW, number=redrawing.pk)
        card = outreach.make_cards(by=admin, now=NOW, parties=[party])[0]
        person = base.add_person(by=admin, now=NOW, name=f"{MARK}人", work_no="mark")
        office = base.open_office(by=admin, now=NOW, name=f"{MARK}办")
        sheet = _bring_sheet(admin)
        given = base.give_post(
            by=admin, now=NOW, person=person, role=Role.DEPARTMENT, office=office
        )
    with acting(desk):
        programme = Programme.objects.filter(zone_id=desk.zone_id).first()
        if programme is None:
            programme = outreach.open_programme(
                by=desk, now=NOW, code="routine", name="日常走访", kind=Programme.Kind.ROUTINE
            )
    with acting(officer):
        visit = outreach.log_visit(
            by=officer, now=NOW, party=party, programme=programme, visited_on=NOW.date(),
            met=f"{MARK}厂长", said=f"{MARK}说的话",
        ).visit  # fmt: skip
        filed = outreach.file_appeal(
            by=officer, now=NOW + timedelta(minutes=1), party=party, channel=Appeal.Channel.PHONE,
            title=f"{MARK}诉求", body=f"{MARK}诉求内容", contact_name=f"{MARK}人",
        )  # fmt: skip
        phone = outreach.keep_device(by=officer, now=NOW, name=f"{MARK}手机").device
        contact = work.plan_contact(
            by=officer, now=NOW, party=party, kind="visit", purpose=f"{MARK}来意",
            planned_on=NOW.date() + timedelta(days=3), post=post,
        )  # fmt: skip
        question = work.ask_question(
            by=officer, now=NOW, party=party, room="test", key="mark", text=f"{MARK}问题"
        )
        task = Task.objects.filter(zone_id=officer.zone_id).first()
    row = _route(desk, contact)
    with acting(officer):
        robot = work.add_hook(
            by=officer, now=NOW, name=f"{MARK}群", style="wecom", url="https://robot.example/x"
        ).hook
        message = work.send_test(by=officer, now=NOW, hook=robot)
    return Records(
        numbers={
            "robot_id": robot.pk,
            "delivery_id": message.pk,
            "grid_id": grid.pk,
            "cell_id": cell.pk,
            "party_id": party.pk,
            "enterprise_id": party.pk,
            "card_id": card.pk,
            "person_id": person.pk,
            "office_id": office.pk,
            "post_id": given.pk,
            "visit_id": visit.pk,
            "appeal_id": filed.appeal.pk,
            "device_id": phone.pk,
            "contact_id": contact.pk,
            "question_id": question.pk,
            "task_id": task.pk if task else 0,
            "import_id": sheet.pk,
            "redrawing_id": redrawing.pk,
            "pin_id": pin.pk,
            "round_id": row.pk,
            "search_id": row.search_id or 0,
            **_projects(zone, party),
        },
        card_code=card.code,
        track_token=filed.token,
        party=party,
        appeal=filed.appeal,
        visit=visit,
    )


def _bring_sheet(by: Actor) -> ImportRun:
    """A sheet of enterprises with a row that is taken and one that is rejected."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{MARK}.csv"
        path.write_text(f"企业名称,统一社会信用代码\n{MARK}二厂,12345\n{MARK}三厂,\n", "utf-8")
        return registry.import_file(by=by, now=NOW, path=path)


def _route(desk: Actor, contact: Contact) -> Round:
    """A planned visit in the draft of a route."""
    day = contact.planned_on
    with acting(desk):
        outreach.set_route_rule(
            by=desk,
            now=NOW,
            facts=outreach.RouteFacts(
                start_longitude=116.5, start_latitude=35.4, works_from=time(8, 30),
                works_until=time(17, 30), speed_kmh=25, road_percent=140, visit_minutes=40,
                source=f"{MARK}出处", mark="D",
            ),
        )  # fmt: skip
        post = Post.objects.get(pk=contact.post_id or 0)
        search = outreach.ask_for_routes(by=desk, now=NOW, since=day, posts=[post])
        orders = [(day, post.pk, [contact.pk])]
        outreach.finish_search(by=desk, now=NOW, search_id=search.pk, orders=orders)
        return Round.objects.get(search=search)


def _projects(zone: str, party: Party) -> dict[str, int]:
    """A project with its plan, and one record of each kind around it."""
    by, admin = actor(f"{zone}-economy"), actor(f"{zone}-admin")
    day, soon = NOW.date(), NOW.date() + timedelta(days=20)
    with acting(admin):
        project = _project(admin, party)
    with acting(by):
        post = Post.objects.get(pk=by.post_id or 0)
        plan = Plan.objects.get(matter=project.matter)
        rows = {
            "need_id": projects.ask_element(
                by=by, now=NOW, kind="power", what=f"{MARK}用电", needed_on=soon, project=project,
                post=post,
            ),
            "promise_id": projects.promise_for_zone(
                by=by, now=NOW, what=f"{MARK}修路", promised_on=soon, project=project, post=post
            ),
            "site_visit_id": projects.visit_site(
                by=by, now=NOW, project=project, on=day, found=f"{MARK}现场"
            ),
            "ambassador_id": projects.name_ambassador(
                by=by, now=NOW, post=post, topic=f"{MARK}许可", project=project,
                departments=["住建局", "人防办"],
            ),
            "track_id": projects.open_pre_review(
                by=by, now=NOW, project=project, agreement=f"{MARK}协议", risk_letter_on=day,
                is_not_barred=True,
            ),
            "consultation_id": projects.hold_consultation(
                by=by, now=NOW, project=project, on=day, findings=f"{MARK}会诊"
            ),
            "resolution_id": projects.resolve(
                by=by, now=NOW, project=project, text=f"{MARK}决定", due_on=soon, post=post
            ),
            "decision_id": projects.ask_decision(
                by=by, now=NOW, project=project, question=f"{MARK}选哪个", options=["甲", "乙"]
            ),
            "month_id": projects.report_month(
                by=by, now=NOW, project=project, series=Series.FIXED_ASSET, month=day.replace(day=1),
                amount=100, reporter=InvestmentMonth.Reporter.ZONE, note=f"{MARK}月报",
            ),
            "entry_id": projects.open_entry(by=by, now=NOW, project=project, path=EntryPath.CONSTRUCTION),
            "act_id": projects.record_act(
                by=by, now=NOW, project=project,
                facts=projects.ActFacts(kind="help", on=day, what=f"{MARK}会商"),
            ),
            "stage_batch_id": projects.open_stage_batch(
                by=by, now=NOW,
                facts=projects.BatchFacts(stage=Stage.RESERVE, name=f"{MARK}批次", held_on=day),
            ),
        }  # fmt: skip
        listed = projects.put_on_list(
            by=by, now=NOW, project=project, project_list=_list(by), since=day
        )
        week = projects.make_project_week(by=by, now=NOW)
        line = projects.add_project_line(
            by=by, now=NOW, week=week, what=f"{MARK}手记", project=project
        )
    with acting(admin):
        item = livelihood.open_item(
            by=admin, now=NOW, year=day.year,
            facts=livelihood.ItemFacts(
                category="教育", name=f"{MARK}学校", promise=f"{MARK}建成", office=Office.objects.get(pk=by.office_id or 0)
            ),
        )  # fmt: skip
        resource = work.keep_resource(
            by=admin, now=NOW, code="mark", name=f"{MARK}专家", capacity=1, source=f"{MARK}出处"
        )
    return {
        **{name: row.pk for name, row in rows.items()},
        "project_week_id": week.pk,
        "project_line_id": line.pk,
        "list_place_id": listed.pk,
        "project_list_id": listed.list_id,
        "project_id": project.pk,
        "my_project_id": project.pk,
        "plan_id": plan.pk,
        "matter_id": plan.matter_id,
        "livelihood_id": item.pk,
        "resource_id": resource.pk,
    }


def _project(by: Actor, party: Party) -> Project:
    return projects.open_project(
        by=by, now=NOW, template_code="new_build",
        facts=projects.ProjectFacts(
            name=f"{MARK}项目", kind=Project.Kind.NEW_BUILD, party=party, content=f"{MARK}内容",
            total_fen=10**12, promised_on=NOW.date() + timedelta(days=400),
        ),
    )  # fmt: skip


def _list(by: Actor) -> ProjectList:
    facts = projects.ListFacts(name=f"{MARK}清单", level=ProjectList.Level.ZONE, year=NOW.year)
    return projects.open_list(by=by, now=NOW, facts=facts)
