"""A browser before which pages of this room are laid without a server, under the real policy."""

import mimetypes
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.test import RequestFactory
from django.utils import translation
from jinja2 import Environment
from playwright.sync_api import Browser, Page, Route

WEB = Path(__file__).resolve().parent.parent
STATIC = WEB / "static"
ADDRESS = "http://zone.test"
NOW = datetime(2026, 11, 20, 10, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


def entry(
    label: str, icon: str, *, count: int | None = None, current: bool = False
) -> dict[str, object]:
    return {"label": label, "url": "/elsewhere/", "icon": icon, "count": count, "current": current}


SHELL: dict[str, object] = {
    "menu": [
        {
            "label": "",
            "items": [
                entry("待办", "checkbox", count=12),
                entry("诉求", "message-2", current=True),
            ],
        },
        {"label": "各办公室", "items": [entry("项目", "crane"), entry("规则", "binary-tree-2")]},
    ],
    "phone_menu": [entry("待办", "checkbox", count=5, current=True), entry("我的", "user")],
    "me": {"name": "陈曼", "office": "供电服务中心", "post_label": "科长", "posts": []},
    "zone": {"name": "济宁高新区", "code": "gx"},
    "zones": [],
    "demo": True,
    "now": NOW,
    "notices": 4,
    "path": "/styles/",
    "messages": [],
}


def page_context(*, theme: str | None, language: str, **more: object) -> dict[str, object]:
    request: HttpRequest = RequestFactory().get("/styles/")
    if theme:
        request.COOKIES["theme"] = theme
    shell = {**SHELL, "language": language, "request": request, "csrf_input": ""}
    return {**shell, **more}


def render(
    template: str, *, theme: str | None = None, language: str = "zh-hans", **more: object
) -> str:
    """A page of this room with an invented shell, without the other rooms."""
    context = page_context(theme=theme, language=language, **more)
    with translation.override(language):
        return str(jinja().get_template(template).render(context))


def render_text(source: str, *, language: str = "zh-hans", **more: object) -> str:
    """The same for a template written in a test."""
    context = page_context(theme=None, language=language, **more)
    with translation.override(language):
        return str(jinja().from_string(source).render(context))


def jinja() -> Environment:
    engine = engines["jinja2"]
    assert isinstance(engine, Jinja2)
    return engine.env


def content_policy() -> str:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


class Desk:
    """One browser page; `lay` puts a document at an address, `answers` replies to requests."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.documents: dict[str, str] = {}
        self.answers: dict[str, tuple[int, str]] = {}
        self.headers: dict[str, str] = {}
        self.complaints: list[str] = []
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.route("**/*", self.reply)

    def reply(self, route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS).split("?")[0]
        kind = "text/html; charset=utf-8"
        if path.startswith(settings.STATIC_URL):
            file = STATIC / path.removeprefix(settings.STATIC_URL)
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0])
        elif path in self.answers:
            status, body = self.answers[path]
            route.fulfill(status=status, body=body, content_type=kind, headers=self.headers)
        else:
            headers = {"Content-Security-Policy": content_policy()}
            route.fulfill(body=self.documents.get(path, ""), content_type=kind, headers=headers)

    def lay(self, document: str, path: str = "/styles/") -> Page:
        self.documents[path] = document
        self.page.goto(f"{ADDRESS}{path}")
        return self.page


@pytest.fixture
def desk(browser: Browser) -> Iterator[Desk]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    yield Desk(context.new_page())
    context.close()
