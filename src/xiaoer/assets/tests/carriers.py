"""Carriers for tests: a workshop of East with three units, two firms, the firm that runs it."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.test import Client
from PIL import Image

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets.models import Building, Lease, Unit
from xiaoer.base import actions as base
from xiaoer.base.models import Account, Role
from xiaoer.base.scope import Actor, acting
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party

Of = Callable[[str], Actor]
TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Workshop:
    """Who and what is there. ``by`` keeps the register; ``operator`` runs the building."""

    of: Of
    by: Actor
    party: Party
    other: Party
    operator: Actor
    stranger: Actor
    building: Building
    units: list[Unit]

    def do(self, who: str | Actor, verb: Callable[..., Any], /, **given: Any) -> Any:
        """A verb under the scope of whoever does it."""
        by = self.of(who) if isinstance(who, str) else who
        with acting(by):
            return verb(**{"by": by, "now": NOW, **given})

    def facts(self, number: str = "ZL-1", **more: Any) -> assets.LeaseFacts:
        given: dict[str, Any] = {
            "number": number, "party": self.party, "since": date(2026, 12, 1),
            "until": date(2028, 11, 30), "rent_fen": 24_000_00, "deposit_fen": 48_000_00,
        }  # fmt: skip
        return assets.LeaseFacts(**{**given, **more})

    def let(self, *units: Unit, number: str = "ZL-1", **more: Any) -> Lease:
        """A lease in force, begun by who keeps the register; called in scope."""
        row = assets.draft_lease(
            by=self.by, now=NOW, facts=self.facts(number, **more), units=list(units)
        )
        return assets.begin_lease(by=self.by, now=NOW, lease=row)


def build(of: Of) -> Workshop:
    """Outside any scope."""
    by, admin = of("east-economy"), of("east-admin")
    with acting(admin):
        party, other, runs, stranger = (
            registry.add_party(by=admin, now=NOW, facts=registry.PartyFacts(name=name))
            for name in ("东区变压器有限公司", "东区水泥有限公司", "东区园区运营有限公司", "别处运营有限公司")
        )  # fmt: skip
    with acting(by):
        building = assets.add_building(
            by=by, now=NOW,
            facts=assets.BuildingFacts(
                name="3号厂房", kind=Building.Kind.WORKSHOP, area_m2=Decimal(9000), floors=3,
                operator=runs, is_accepted=True,
            ),
        )  # fmt: skip
        units = [
            assets.add_unit(
                by=by, now=NOW, building=building, since=date(2024, 1, 1),
                facts=assets.UnitFacts(
                    code=code, floor=floor, area_m2=Decimal(area), height_m=Decimal(height),
                    load_kg_m2=1000, power_kva=power, has_gas=gas, rent_fen=15_00,
                ),
            )
            for code, floor, area, height, power, gas in (
                ("101", 1, "1500", "8.1", 400, True),
                ("102", 1, "1200", "7.9", 250, None),
                ("201", 2, "1500", "5.4", None, False),
            )
        ]  # fmt: skip
    return Workshop(of, by, party, other, operator_of(runs), operator_of(stranger), building, units)


def somebody_of(ground: Workshop, party: int | None, role: Role, username: str) -> Client:
    """Somebody of a firm, signed in."""
    admin = ground.of("east-admin")
    with acting(admin):
        person = base.add_person(
            by=admin, now=NOW, name="外一", phone="13800000001", work_no=username
        )
        base.give_post(
            by=admin, now=NOW, person=person, role=role, party_ref=party, since=date(2026, 1, 1)
        )
        base.give_account(
            by=admin, now=NOW, person=person, username=username, password="correct-horse-7",
            must_change=False,
        )  # fmt: skip
    client = Client()
    client.force_login(
        Account.objects.get(username=username),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(drawn, "PNG")
    return drawn.getvalue()


def operator_of(party: Party) -> Actor:
    """Somebody of a firm that runs buildings, signed in."""
    return Actor(zone_id=party.zone_id, role=Role.PARK_OPERATOR, party_ref=party.pk, name="运一")
