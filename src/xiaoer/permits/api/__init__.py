"""API of permits."""

from ninja import Router

from xiaoer.permits.api.acceptance import router as acceptance
from xiaoer.permits.api.applying import router as applying
from xiaoer.permits.api.automatic import router as automatic
from xiaoer.permits.api.cases import router as cases
from xiaoer.permits.api.points import router as points
from xiaoer.permits.api.things import router as things

router = Router()
for _part in (acceptance, applying, automatic, cases, points, things):
    router.add_router("", _part)
