"""API of the registry: enterprises, places, who answers for them, who speaks for them."""

from ninja import Router

from xiaoer.registry.api import parties, people, places, redrawing

router = Router(tags=["registry"])
router.add_router("", parties.router)
router.add_router("", places.router)
router.add_router("", people.router)
router.add_router("", redrawing.router)
