"""API of growth."""

from ninja import Router

from xiaoer.growth.api.ladders import router as ladders
from xiaoer.growth.api.titles import router as titles

router = Router(tags=["growth"])
for _part in (ladders, titles):
    router.add_router("", _part)
