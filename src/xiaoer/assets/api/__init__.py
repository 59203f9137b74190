"""API of assets."""

from ninja import Router

from xiaoer.assets.api.auction import router as auction
from xiaoer.assets.api.cages import router as cages
from xiaoer.assets.api.carrier_files import router as carrier_files
from xiaoer.assets.api.carriers import router as carriers
from xiaoer.assets.api.land import router as land
from xiaoer.assets.api.lots import router as lots
from xiaoer.assets.api.move_ins import router as move_ins
from xiaoer.assets.api.my_leases import router as my_leases
from xiaoer.assets.api.needs import router as needs
from xiaoer.assets.api.performance import router as performance
from xiaoer.assets.api.sales import router as sales

router = Router()
for _part in (
    auction,
    cages,
    carrier_files,
    carriers,
    land,
    lots,
    move_ins,
    my_leases,
    needs,
    performance,
    sales,
):
    router.add_router("", _part)
