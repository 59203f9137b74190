"""API of the base: oneself, people, offices, posts, accounts, tokens, the trail, papers."""

from ninja import Router

from xiaoer.base.api import mine, offices, papers, people, posts, sight

router = Router(tags=["base"])
router.add_router("", mine.router)
router.add_router("", people.router)
router.add_router("", offices.router)
router.add_router("", posts.router)
router.add_router("", sight.router)
router.add_router("", papers.router)
