"""One of each record in a zone, made by verbs, every text of it carrying a marker."""

import tempfile
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path

from tests.town import NOW, actor
from xiaoer.base import actions as base
from xiaoer.base.models import Post, Role
from xiaoer.base.scope import Actor, acting
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.models import Appeal, Programme, Round, Visit
from xiaoer.registry import actions as registry
from xiaoer.registry.actions.parties import PartyFacts
from xiaoer.registry.models import ImportRun, Party
from xiaoer.work import actions as work
from xiaoer.work.models import Contact, Task

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
