"""API of rules."""

from ninja import Router

from xiaoer.rules.api.running import router as running

router = Router(tags=["rules"])
router.add_router("", running)
