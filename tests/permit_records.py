"""One of each record of papers and permits in a zone, every text of it that is not public marked."""

from datetime import timedelta
from io import BytesIO

from tests.records import MARK, Records
from tests.town import NOW, actor
from xiaoer.base import files
from xiaoer.base.models import Office, Post
from xiaoer.base.scope import Actor, acting, system
from xiaoer.papers import actions as papers
from xiaoer.papers.models import LicenceKind
from xiaoer.permits import actions as permits
from xiaoer.permits.actions.acceptance import AcceptanceFacts, apply_acceptance
from xiaoer.permits.definition import Decides, Definition, Item, Material, Period, StepKind
from xiaoer.permits.models import (
    AutoDecision,
    AutoPack,
    AutoReview,
    Case,
    CaseItem,
    CaseMaterial,
    CaseNotice,
    CaseStep,
    CaseVisitPart,
    PostCheck,
    Rating,
    ServiceRecord,
    SharedRegister,
)
from xiaoer.permits.tests.applying_town import pdf
from xiaoer.permits.tests.casework import DAY, LAND, Town, step
from xiaoer.projects.models import Project

TODAY = NOW.date()
ITEM = Item(
    code="sign",
    name=f"{MARK}店招",
    office=LAND,
    decides=Decides.GRANT,
    statutory=Period(20),
    promised=Period(5),
    steps=(step(StepKind.SITE_VISIT, f"{MARK}勘验"), step(StepKind.DECIDE, "决定")),
)
PLAN = Material("floor_plan", f"{MARK}平面图", may_follow=True, follow_days=10)


def permit_records(records: Records, zone: str = "east") -> dict[str, int]:
    """Their numbers by the name addresses give them. What the public may read carries no mark."""
    town = Town(actor, records.party)
    case = town.accepted(
        town.thing(Definition(items=(ITEM,), materials=(PLAN,))),
        applicant_name=f"{MARK}人",
        contact_name=f"{MARK}人",
    )
    desk, land, admin = (actor(f"{zone}-{stem}") for stem in ("desk", "land", "admin"))
    with acting(land):
        visit = permits.book_visit(by=land, now=NOW, case=case, on=TODAY + 3 * DAY)
    with acting(admin):
        draft = permits.draft_version(
            by=admin, now=NOW, thing=case.thing_version.thing, source=case.thing_version
        )
    with acting(system(records.party.zone_id)):
        numbers = _case(case, visit.pk) | _automatic(case)
    return {
        **numbers,
        "thing_id": draft.thing_id,
        "thing_version_id": case.thing_version_id,
        "thing_draft_id": draft.pk,
        **_papers(admin, records),
        **_points(desk, records, case),
        **_acceptance(desk, records),
    }


def _case(case: Case, visit_id: int) -> dict[str, int]:
    zone_id = case.zone_id
    item = CaseItem.objects.get(case=case)
    rating = Rating.objects.create(zone_id=zone_id, case=case, score=1, words=f"{MARK}太慢", at=NOW)
    material = CaseMaterial.objects.create(
        zone_id=zone_id, case=case, paper_code="floor_plan", name=f"{MARK}平面图"
    )
    return {
        "case_id": case.pk,
        "case_item_id": item.pk,
        "item_id": item.pk,
        "case_step_id": CaseStep.objects.filter(item=item).latest("pk").pk,
        "material_id": material.pk,
        "case_notice_id": CaseNotice.objects.filter(case=case).latest("pk").pk,
        "visit_part_id": CaseVisitPart.objects.get(visit=visit_id).pk,
        "rating_id": rating.pk,
    }


def _automatic(case: Case) -> dict[str, int]:
    """A decision that was left to a person, and the check after one."""
    pack = AutoPack.objects.filter(zone_id=case.zone_id).latest("pk")
    decision = AutoDecision.objects.create(
        zone_id=case.zone_id, case=case, pack=pack, pack_version=pack.version,
        outcome=AutoDecision.Outcome.TO_PERSON, on=TODAY, took_ms=1, digest="0" * 64, at=NOW,
        doubts=[{"field": "volume", "why": f"{MARK}两处不一", "values": []}],
    )  # fmt: skip
    review = AutoReview.objects.create(
        zone_id=case.zone_id, decision=decision, case=case, why=AutoReview.Why.DOUBT,
        words=f"{MARK}缘由", opened_at=NOW,
    )  # fmt: skip
    check = PostCheck.objects.create(
        zone_id=case.zone_id, decision=decision, case=case, due_at=NOW + 30 * DAY
    )
    return {
        "pack_id": pack.pk,
        "auto_decision_id": decision.pk,
        "auto_review_id": review.pk,
        "post_check_id": check.pk,
        "register_id": SharedRegister.objects.filter(zone_id=case.zone_id).latest("pk").pk,
    }


def _papers(by: Actor, records: Records) -> dict[str, int]:
    with acting(by):
        facts = papers.KindFacts(name=f"{MARK}证明", source=f"{MARK}出处")
        kind = papers.keep_paper_kind(by=by, now=NOW, code="mark", facts=facts)
        file = files.keep_file(
            by=by, now=NOW, stream=BytesIO(f"{MARK},1\n".encode()), name=f"{MARK}.csv"
        )
        reading = papers.read_paper(by=by, now=NOW, file=file, kind=kind)
        notice = papers.make_notice(
            by=by, now=NOW, kind="accepted", title=f"{MARK}通知书", number=f"{MARK}1号",
            addressee=f"{MARK}厂", paragraphs=[f"{MARK}内容"], office_name=f"{MARK}局",
            subject=records.party, party=records.party,
        )  # fmt: skip
        held = papers.hold_paper(
            by=by, now=NOW, party=records.party, kind=kind, file=file, name=f"{MARK}证明"
        )
        licence = papers.issue_licence(
            by=by, now=NOW, party=records.party, holder_name=records.party.name, holder_code="",
            kind=LicenceKind.objects.get(zone_id=by.zone_id, code="hygiene_licence"),
            issuer=f"{MARK}局", office=Office.objects.get(pk=by.office_id or 0), subject=None,
            content={"business_address": f"{MARK}路", "place_type": "理发店"}, valid_from=TODAY,
        )  # fmt: skip
    return {
        "paper_kind_id": kind.pk,
        "reading_id": reading.pk,
        "notice_id": notice.pk,
        "held_paper_id": held.pk,
        "licence_id": licence.pk,
        "licence_kind_id": licence.kind_id,
    }


def _points(by: Actor, records: Records, case: Case) -> dict[str, int]:
    with acting(by):
        facts = permits.PointFacts(name="园区服务厅", tier=2, address="一号楼")
        point = permits.open_point(by=by, now=NOW, code="hall", facts=facts)
        record = permits.record_service(
            by=by, now=NOW, point=point,
            served=permits.Served(
                kind=ServiceRecord.Kind.CASE, party=records.party, words=f"{MARK}来办"
            ),
        )  # fmt: skip
        mandate = permits.give_mandate(
            by=by, now=NOW, party=records.party, upload=pdf("mandate"),
            file_name=f"{MARK}.pdf", valid_from=TODAY, valid_until=TODAY + timedelta(days=30),
            agent_post=Post.objects.get(pk=by.post_id or 0), case=case,
        )  # fmt: skip
    return {"point_id": point.pk, "service_record_id": record.pk, "mandate_id": mandate.pk}


def _acceptance(by: Actor, records: Records) -> dict[str, int]:
    with acting(by):
        project = Project.objects.get(pk=records.numbers["project_id"])
        row = apply_acceptance(
            by=by, now=NOW, project=project, facts=AcceptanceFacts(is_special=True, area_m2=12000)
        )
    return {"acceptance_id": row.pk, "my_acceptance_id": row.pk}
