"""API of outreach: requests, what their enterprises say, visits, field work, cards, figures."""

from ninja import Router

from xiaoer.outreach.api.appeals import router as appeals
from xiaoer.outreach.api.cards import router as cards
from xiaoer.outreach.api.days import router as days
from xiaoer.outreach.api.field import router as field
from xiaoer.outreach.api.fieldwork import router as fieldwork
from xiaoer.outreach.api.figures import router as figures
from xiaoer.outreach.api.handling import router as handling
from xiaoer.outreach.api.held import router as held
from xiaoer.outreach.api.public import router as public
from xiaoer.outreach.api.routes import router as routes
from xiaoer.outreach.api.visits import router as visits

router = Router(tags=["outreach"])
_parts = (
    appeals,
    handling,
    public,
    fieldwork,
    visits,
    days,
    held,
    field,
    cards,
    figures,
    routes,
)
for _part in _parts:
    router.add_router("", _part)
