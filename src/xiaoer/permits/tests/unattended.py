"""An enterprise that applies where nobody is in between: its papers drawn, its registers brought."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile

from tests.paper_set import draw
from tests.town import NOW
from xiaoer.base import actions as base
from xiaoer.base.models import Role, Zone
from xiaoer.base.scope import Actor, acting, system
from xiaoer.permits import actions as permits
from xiaoer.permits.actions.pack_seeds import EntryFacts
from xiaoer.permits.automatic.packs import SUBJECT
from xiaoer.permits.models import AutoDecision, AutoPack, Case, SharedRegister, Thing
from xiaoer.registry import actions as registry
from xiaoer.registry.codes import make_credit_code
from xiaoer.registry.models import Party
from xiaoer.rules.models import RuleVersion
from xiaoer.web.words import local_date

TODAY = local_date(NOW)
SITE = "城北建筑垃圾消纳场"
CARRIER = "东区顺达渣土运输有限公司"
PLATES = ("鲁H12345", "鲁H54321")
STARTS, ENDS = TODAY + timedelta(days=3), TODAY + timedelta(days=40)
ADDRESS = "济宁高新区望岳路18号"
TESTER = "山东云裳检测技术有限公司"


def project_of(number: int) -> str:
    return f"瑞桥科创园{number}号厂房工程"


def waste_papers(firm: str, number: int = 1, **changed: str) -> dict[str, dict[str, str]]:
    """The two papers of an application about construction waste, that agree with its form."""
    period = {"starts_on": STARTS.isoformat(), "ends_on": ENDS.isoformat()}
    route = "望岳路—澄湖大道—城北消纳场"
    shared = {"project": project_of(number), "volume": "1200", "site": SITE, "route": route}
    return {
        "waste_contract": {
            "number": f"HT-2026-{number:05d}", "client": firm, "carrier": CARRIER, "fee": "36000",
            "signed_on": (TODAY - timedelta(days=5)).isoformat(), **shared, **period,
        },
        "waste_plan": {
            "builder": firm, "project_address": ADDRESS, "soil": "700", "concrete": "400",
            "metal": "60", "wood": "40", "reused": "460", **shared, **period,
        },
    }  # fmt: skip


def waste_form(number: int = 1) -> dict[str, str]:
    return {
        "project": project_of(number), "project_address": ADDRESS, "waste_kind": "ordinary",
        "volume_m3": "1200", "soil_m3": "700", "concrete_m3": "400", "metal_m3": "60",
        "wood_m3": "40", "carrier": CARRIER, "plates": "、".join(PLATES), "site": SITE,
        "route": "望岳路—澄湖大道—城北消纳场", "starts_on": STARTS.isoformat(),
        "ends_on": ENDS.isoformat(), "is_at_night": "no", "crosses_city": "no",
    }  # fmt: skip


def hygiene_papers(party: Party) -> dict[str, dict[str, str]]:
    return {
        "business_licence": {
            "credit_code": party.credit_code, "name": party.name, "type": "有限责任公司",
            "legal_person": party.legal_representative, "capital": "1000000",
            "founded_on": "2020-05-06", "domicile": ADDRESS, "scope": "住宿服务",
        },
        "floor_plan": {
            "name": "瑞桥宾馆", "address": ADDRESS, "area": "320",
            "drawn_on": (TODAY - timedelta(days=30)).isoformat(),
        },
        "hygiene_report": {
            "number": "WJ202600001", "client": party.name, "address": ADDRESS, "tester": TESTER,
            "tester_number": "201512345678",
            "tested_on": (TODAY - timedelta(days=20)).isoformat(),
            "reported_on": (TODAY - timedelta(days=9)).isoformat(), "carbon_dioxide": "0.06",
            "formaldehyde": "0.05", "bacteria": "800", "verdict": "合格",
        },
    }  # fmt: skip


HYGIENE_FORM = {
    "place_type": "lodging", "address": ADDRESS, "building": "commercial", "area_m2": "320",
    "has_central_air": "no",
    "staff_numbers": "JK202600001、JK202600002",
}  # fmt: skip


@dataclass
class Ground:
    """A zone with the packs on, its registers fresh, and an enterprise somebody speaks for."""

    zone: Zone
    party: Party
    speaker: Actor
    now: datetime = NOW
    drawn: dict[str, bytes] = field(default_factory=dict)

    @property
    def by(self) -> Actor:
        return system(self.zone.pk)

    def pack(self, code: str = "waste") -> AutoPack:
        return AutoPack.objects.get(zone=self.zone, code=code)

    def bring(self, register: str, *entries: EntryFacts, now: datetime | None = None) -> None:
        permits.bring_entries(
            by=self.by,
            now=now or self.now,
            register=SharedRegister.objects.get(zone=self.zone, code=register),
            entries=entries,
            source="测试",
        )

    def draft(
        self,
        thing: str,
        form: Mapping[str, str],
        papers: Mapping[str, bytes],
        *,
        speaker: Actor | None = None,
        promises: bool = False,
    ) -> Case:
        by = speaker or self.speaker
        party = Party.objects.get(pk=by.party_ref or 0) if speaker else self.party
        with acting(by):
            case = permits.open_case(
                by=by,
                now=self.now,
                thing=Thing.objects.get(zone=self.zone, code=thing),
                party=party,
                contact_name="赵一",
                contact_phone="13900000001",
            )
            permits.fill_case(by=by, now=self.now, case=case, form=dict(form))
            for code, content in papers.items():
                upload = upload_of(code, content)
                permits.give_material(
                    by=by, now=self.now, case=case, paper_code=code, upload=upload
                )
            if promises:
                permits.sign_promise(by=by, now=self.now, case=case)
        return case

    def submit(self, case: Case, speaker: Actor | None = None) -> Case:
        by = speaker or self.speaker
        with acting(by):
            return permits.submit_case(by=by, now=self.now, case=case)

    def decide(self, case: Case, now: datetime | None = None) -> AutoDecision | None:
        return permits.decide_case(by=self.by, now=now or self.now, case=case)

    def waste(
        self,
        number: int = 1,
        *,
        form: Mapping[str, str] | None = None,
        way: str = "pdf",
        seed: int = 1,
        papers: Mapping[str, Mapping[str, str]] | None = None,
    ) -> Case:
        """A submitted application about construction waste."""
        said = papers or waste_papers(self.party.name, number)
        drawn = {code: drawn_once(code, values, way, seed) for code, values in said.items()}
        return self.submit(
            self.draft("waste_disposal", {**waste_form(number), **(form or {})}, drawn)
        )

    def hygiene(self, **changed: Any) -> Case:
        said = hygiene_papers(self.party)
        for code, values in changed.pop("papers", {}).items():
            said[code] = {**said[code], **values}
        drawn = {code: drawn_once(code, values) for code, values in said.items()}
        form = {**HYGIENE_FORM, **changed.pop("form", {})}
        promises = changed.pop("promises", True)
        return self.submit(self.draft("hygiene_licence", form, drawn, promises=promises))


@lru_cache(maxsize=256)
def _drawn(code: str, values: tuple[tuple[str, str], ...], way: str, seed: int) -> bytes:
    return draw(code, dict(values), way=way, seed=seed)


def drawn_once(code: str, values: Mapping[str, str], way: str = "pdf", seed: int = 1) -> bytes:
    """The very bytes of the same paper drawn before: most tests change one of an application's."""
    return _drawn(code, tuple(values.items()), way, seed)


def upload_of(code: str, content: bytes) -> InMemoryUploadedFile:
    name = f"{code}.pdf" if content.startswith(b"%PDF") else f"{code}.jpg"
    return InMemoryUploadedFile(
        BytesIO(content), None, name, "application/octet-stream", len(content), None
    )


def enterprise(zone: Zone, number: int, name: str) -> tuple[Party, Actor]:
    """A firm with a code and an address, and somebody with a post who speaks for it."""
    by = system(zone.pk)
    party = registry.add_party(
        by=by,
        now=NOW,
        facts=registry.PartyFacts(
            name=name,
            kind=Party.Kind.FIRM,
            credit_code=make_credit_code(zone.region_code, 4_000 + number),
            legal_representative="秦若川",
            address=ADDRESS,
        ),
    )
    person = base.add_person(
        by=by, now=NOW, name="赵一", phone="13900000001", work_no=f"{zone.code}-firm-{number}"
    )
    post = base.give_post(
        by=by, now=NOW, person=person, role=Role.ENTERPRISE, party_ref=party.pk,
        since=date(2026, 1, 1),
    )  # fmt: skip
    return party, Actor(
        zone_id=zone.pk,
        role=Role.ENTERPRISE,
        post_id=post.pk,
        person_id=person.pk,
        party_ref=party.pk,
        name="赵一",
        office=party.name,
    )


def built(admin: Actor, second: Actor, *, packs: tuple[str, ...] = ("waste", "hygiene")) -> Ground:
    """Inside the scope of the system."""
    zone = Zone.objects.get(pk=admin.zone_id)
    party, speaker = enterprise(zone, 1, "东区瑞桥建设工程有限公司")
    ground = Ground(zone, party, speaker)
    for code in packs:
        switch_on(ground.pack(code), admin, second)
    bring_all(ground)
    return ground


def switch_on(pack: AutoPack, first: Actor, second: Actor) -> None:
    """As two persons authorise it: the rule in force, read by both, on a document."""
    version = RuleVersion.objects.get(
        rule__code=pack.rule_code, rule__subject=f"{SUBJECT}{pack.code}"
    )
    if version.state != RuleVersion.State.LIVE:
        RuleVersion.objects.filter(pk=version.pk).update(
            state=RuleVersion.State.LIVE, released_at=NOW
        )
    AutoPack.objects.filter(pk=pack.pk).update(
        state=AutoPack.State.ON,
        switched_why="两人授权",
        switched_at=NOW,
        authorised_by=first.post_id,
        authorised_second=second.post_id,
        authorised_at=NOW,
        authorised_version=version,
        document="东审批发〔2026〕1号",
        applicant_limit=1000,
        daily_limit=1000,
    )


def bring_all(ground: Ground) -> None:
    """Every register, whole and fresh."""
    until = ENDS + timedelta(days=300)
    ground.bring("violation")
    ground.bring(
        "waste_site",
        EntryFacts(
            SITE, SITE, {"capacity_left_m3": 60_000, "is_used_before": True}, valid_until=until
        ),
    )
    ground.bring(
        "waste_carrier",
        EntryFacts(
            CARRIER, CARRIER, {"credit_code": make_credit_code("370800", 77)}, valid_until=until
        ),
    )
    ground.bring("road_transport", EntryFacts(CARRIER, CARRIER, valid_until=until))
    ground.bring(
        "waste_vehicle",
        *(
            EntryFacts(
                plate,
                content={
                    "carrier": CARRIER,
                    "is_closed": True,
                    "is_recorder_online": True,
                    "has_sorting": True,
                },
                valid_until=until,
            )
            for plate in PLATES
        ),
    )
    ground.bring("testing_body", EntryFacts(TESTER, TESTER, {"number": "201512345678"}))
    ground.bring(
        "health_certificate",
        *(
            EntryFacts(number, content={"employer": ground.party.name}, valid_until=until)
            for number in ("JK202600001", "JK202600002")
        ),
    )


__all__ = ["ENDS", "NOW", "STARTS", "TODAY", "Ground", "built", "enterprise"]
