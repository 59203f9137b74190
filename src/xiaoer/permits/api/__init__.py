"""API of permits."""

from ninja import Router

from xiaoer.permits.api.points import router as points

router = Router()
router.add_router("", points)
