"""Land, workshops, needs for space and the auction of the demo."""

from xiaoer.assets import actions as assets
from xiaoer.demo.auction_past import keep_auctions, keep_default
from xiaoer.demo.cages import keep_cages
from xiaoer.demo.carriers import keep_carriers
from xiaoer.demo.days import Days
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import FOUNDED, Ground
from xiaoer.demo.land import keep_land
from xiaoer.demo.live_lot import bid_now
from xiaoer.demo.lots import keep_account, keep_lots, keep_open_lot
from xiaoer.demo.move_ins import keep_move_ins
from xiaoer.demo.sites import keep_sites
from xiaoer.demo.space_needs import keep_space_needs


def keep_assets(ground: Ground, firms: Firms, days: Days) -> None:
    """What the zone keeps of what stands empty and who uses it. Called inside the zone's scope."""
    assets.seed_auction_rules(by=ground.by, now=FOUNDED)
    assets.seed_move_in_items(by=ground.by, now=FOUNDED)
    assets.seed_cage_rules(by=ground.by, now=FOUNDED)
    keep_account(ground)
    keep_lots(ground, firms, days)
    if ground.plan.code == "jhtz":
        bid_now(ground, firms, days)
    # Last: it fills the parks up to the floor area the articles count.
    keep_sites(ground, firms, days)
    keep_carriers(ground, days)
    # Held against what stands empty, so when all that stands is there.
    keep_space_needs(ground, days)
    if ground.plan.code == "jedz":
        keep_auctions(ground, firms, days)
    elif ground.plan.code == "jhtz":
        keep_default(ground, firms, days)
        # Numbered last: the manual names the lots before it.
        keep_open_lot(ground, firms, days)
    # After the workshops: they stand on some of it.
    keep_land(ground, firms, days)
    keep_move_ins(ground, firms, days)
    keep_cages(ground, days)
