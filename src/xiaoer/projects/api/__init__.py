"""API of projects."""

from ninja import Router

from xiaoer.projects.api.chain import router as chain
from xiaoer.projects.api.elements import router as elements
from xiaoer.projects.api.entering import router as entering
from xiaoer.projects.api.livelihood import router as livelihood
from xiaoer.projects.api.money import router as money
from xiaoer.projects.api.reserve import router as reserve
from xiaoer.projects.api.sessions import router as sessions
from xiaoer.projects.api.wall import router as wall

router = Router(tags=["projects"])
for _part in (elements, entering, livelihood, money, sessions, wall, chain, reserve):
    router.add_router("", _part)
