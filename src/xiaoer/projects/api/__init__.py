"""API of projects."""

from ninja import Router

from xiaoer.projects.api.elements import router as elements

router = Router(tags=["projects"])
for _part in (elements,):
    router.add_router("", _part)
