"""API of papers."""

from ninja import Router

from xiaoer.papers.api.keeping import router as keeping
from xiaoer.papers.api.licences import router as licences

router = Router(tags=["papers"])
router.add_router("", licences)
router.add_router("", keeping)
