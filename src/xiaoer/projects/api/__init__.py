"""API of projects."""

from ninja import Router

from xiaoer.projects.api.elements import router as elements
from xiaoer.projects.api.entering import router as entering
from xiaoer.projects.api.livelihood import router as livelihood
from xiaoer.projects.api.money import router as money
from xiaoer.projects.api.sessions import router as sessions
from xiaoer.projects.api.wall import router as wall

router = Router(tags=["projects"])
for _part in (elements, sessions, livelihood, wall, entering, money):
    router.add_router("", _part)
