"""The town of these tests: two enterprises of the east, with the kinds of paper and licence."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from tests.town import NOW
from xiaoer.base import files
from xiaoer.base.models import Office, Role, StoredFile
from xiaoer.base.scope import Actor, acting
from xiaoer.papers import actions as papers
from xiaoer.papers.models import HeldPaper, Licence, LicenceKind, PaperKind
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party
from xiaoer.web import press

Of = Callable[[str], Actor]
TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Town:
    """Who is there. ``land`` decides items; ``boss`` is the administrator."""

    of: Of
    boss: Actor
    land: Actor
    party: Party
    other: Party

    @property
    def firm(self) -> Actor:
        """Somebody who speaks for the party."""
        return self.speaker(self.party)

    def speaker(self, party: Party) -> Actor:
        return Actor(zone_id=party.zone_id, role=Role.ENTERPRISE, party_ref=party.pk, name="赵一")

    def kind(self, code: str = "hygiene_licence") -> LicenceKind:
        return LicenceKind.objects.get(zone_id=self.party.zone_id, code=code)

    def paper_kind(self, code: str = "lease", **given: Any) -> PaperKind:
        """A kind of paper as the zone's administrator has it; made here when none is shipped."""
        row, _made = PaperKind.objects.get_or_create(
            zone_id=self.party.zone_id, code=code, defaults={"name": "租赁合同"}
        )
        for name, value in given.items():
            setattr(row, name, value)
        row.save()
        return row

    def file(self, words: str = "一") -> StoredFile:
        pdf = press.compile_pdf(f'#set text(font: "Noto Sans SC", fallback: false)\n{words}', {})
        return files.keep_file(by=self.boss, now=NOW, stream=BytesIO(pdf), name="a.pdf")

    def hold(self, words: str = "一", by: Actor | None = None, **given: Any) -> HeldPaper:
        with acting(self.boss):
            given.setdefault("kind", self.paper_kind())
            file = self.file(words)
        return papers.hold_paper(
            by=by or self.boss,
            now=NOW,
            party=self.party,
            file=file,
            name=f"租赁合同 {words}",
            **given,
        )

    def issue(self, by: Actor | None = None, **given: Any) -> Licence:
        by = by or self.land
        given = {
            "kind": self.kind(),
            "party": self.party,
            "holder_name": self.party.name,
            "holder_code": self.party.credit_code,
            "issuer": "东区行政审批服务局",
            "office": Office.objects.filter(pk=by.office_id or 0).first(),
            "content": {"business_address": "崇文大道1号", "place_type": "理发店"},
            "valid_from": TODAY,
            "subject": self.party,
            **given,
        }
        return papers.issue_licence(by=by, now=NOW, **given)


def built(of: Of) -> Town:
    boss = of("east-admin")
    land = of("east-land")
    with acting(boss):
        papers.seed_licence_kinds(by=boss, now=NOW)
        grid = registry.open_grid(by=boss, now=NOW, code="G1", name="第一总网格")
        cell = registry.open_cell(by=boss, now=NOW, grid=grid, code="C1", name="一单元")
        party, other = (
            registry.add_party(
                by=boss,
                now=NOW,
                facts=registry.PartyFacts(name=name, industry="3824", credit_code=code),
                cell=cell,
            )
            for name, code in (
                ("东区变压器有限公司", ""),
                ("东区水泥有限公司", ""),
            )
        )
    return Town(of, boss, land, party, other)
