"""What tests of land share: a parcel, and its way up to a signed supervision contract."""

from datetime import date
from decimal import Decimal

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets.models import IndicatorKind, LandIndicator, Parcel
from xiaoer.base.scope import Actor, system
from xiaoer.registry.models import Party
from xiaoer.registry.tests.people import make_firm

Stage = Parcel.Stage
MU = Decimal(2000) / 3


def a_parcel(
    by: Actor, number: str = "JK-2026-01", *, mu: int = 60, standard: bool = True
) -> Parcel:
    """Planned land of so many mu."""
    return assets.add_parcel(
        by=system(by.zone_id), now=NOW,
        facts=assets.ParcelFacts(
            number=number, area_m2=round(MU * mu, 2), is_standard_land=standard,
            stage_on=date(2025, 1, 6),
        ),
    )  # fmt: skip


def kind(by: Actor, code: str = "tax_per_mu") -> IndicatorKind:
    return IndicatorKind.objects.get(zone_id=by.zone_id, code=code)


def promised(
    by: Actor, parcel: Parcel, code: str = "tax_per_mu", amount: int = 30, due: str = "2026-11-30"
) -> LandIndicator:
    return assets.set_indicator(
        by=by, now=NOW, parcel=parcel, kind=kind(by, code), amount=Decimal(amount),
        due_on=date.fromisoformat(due),
    )  # fmt: skip


def entered(by: Actor, parcel: Parcel, stage: str, day: str, **more: object) -> Parcel:
    """The parcel after it entered a stage on a day."""
    assets.enter_stage(
        by=by, now=NOW, parcel=parcel, stage=stage, fact_on=date.fromisoformat(day),
        paper="文件", **more,  # type: ignore[arg-type]  # what a test gives a verb
    )  # fmt: skip
    parcel.refresh_from_db()
    return parcel


def supplied(by: Actor, parcel: Parcel, party: Party | None = None) -> Parcel:
    """Offered and supplied to a firm by contract CR-1."""
    entered(by, parcel, Stage.OFFERED, "2025-03-03")
    firm = party or make_firm(by, f"用地企业{parcel.number}有限公司")
    return entered(by, parcel, Stage.SUPPLIED, "2025-05-12", party=firm, paper_number="CR-1")


def signed(by: Actor, parcel: Parcel, number: str = "JG-1") -> Parcel:
    """Supplied, with both contracts."""
    supplied(by, parcel)
    assets.sign_indicators(
        by=by, now=NOW, parcel=parcel, number=number, signed_on=date(2025, 5, 12)
    )
    return parcel
