"""API of growth."""

from ninja import Router

from xiaoer.growth.api.ladders import router as ladders
from xiaoer.growth.api.standards import router as standards
from xiaoer.growth.api.titles import router as titles
from xiaoer.growth.api.watch_writing import router as watching

router = Router(tags=["growth"])
for _part in (ladders, standards, titles, watching):
    router.add_router("", _part)
