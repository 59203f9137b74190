"""API of growth."""

from ninja import Router

from xiaoer.growth.api.titles import router as titles

router = Router(tags=["growth"])
router.add_router("", titles)
