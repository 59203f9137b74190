"""People of a journey, each in a browser of their own, in Chinese."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser import PATIENCE
from tests.town import PASSWORD

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}


@pytest.fixture
def person(browser: Browser) -> Iterator["People"]:
    people = People(browser)
    yield people
    people.leave()


class People:
    """Hands out browsers: one for each person in the story."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[object] = []

    def stranger(self, *, phone: bool = False, scripts: bool = True) -> Page:
        """Somebody who is not signed in; on a telephone if ``phone``, without JavaScript if told."""
        size: ViewportSize = PHONE if phone else DESKTOP
        context = self._browser.new_context(
            locale="zh-CN", viewport=size, accept_downloads=True, java_script_enabled=scripts
        )
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"script error on {page.url}: {error}"))
        return page

    def signed_in(self, address: str, username: str, *, phone: bool = False) -> Page:
        """Somebody signed in through the sign-in page."""
        page = self.stranger(phone=phone)
        page.goto(f"{address}/accounts/login/")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        return page

    def leave(self) -> None:
        for context in self._contexts:
            context.close()  # type: ignore[attr-defined]  # BrowserContext
