"""Take the pictures of the manual and of README from a running demo.

python tools/pictures.py http://127.0.0.1:8000 [name …]      writes docs/pictures/*.png

Sits down at personas as a stranger would: one press on the sign-in page. It changes nothing,
but one request is filed when ``CARD_CODE`` names the code of a contact card.
"""

import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
LIMIT = 250_000
DESK, PHONE, SCREEN = (1440, 900), (390, 844), (1920, 1080)
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
Step = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: at whose desk, on which screen, after which steps."""

    name: str
    person: str | None
    size: tuple[int, int]
    step: Step


def to(address: str) -> Step:
    """Open an address of the zone."""
    return lambda page: _open(page, address)


def _open(page: Page, address: str) -> None:
    origin = re.match(r"https?://[^/]+", page.url)
    page.goto((origin[0] if origin else "") + address, wait_until="networkidle")


def _first(page: Page, pattern: str) -> str:
    """The first link of the page whose address fits."""
    for link in page.locator("main a[href]").all():
        address = link.get_attribute("href") or ""
        if re.fullmatch(pattern, address):
            return address
    raise SystemExit(f"{page.url} has no link like {pattern}")


def first_of(listing: str, pattern: str) -> Step:
    """Open the first record of a list."""

    def step(page: Page) -> None:
        _open(page, listing)
        _open(page, _first(page, pattern))

    return step


def named(listing: str, words: str) -> Step:
    """Open the record of a list whose link says these words."""

    def step(page: Page) -> None:
        _open(page, listing)
        _open(page, page.locator("main a", has_text=words).first.get_attribute("href") or "")

    return step


def then(step: Step, *words: str) -> Step:
    """Follow a link of what a step opened, and of that."""

    def further(page: Page) -> None:
        step(page)
        for one in words:
            _open(page, page.locator("main a", has_text=one).first.get_attribute("href") or "")

    return further


def card_form(page: Page) -> None:
    """The form a stranger sees. Its code stands on printed cards only, so it has to be told."""
    code = os.environ.get("CARD_CODE")
    if not code:
        raise SystemExit("needs CARD_CODE, the code of a printed contact card")
    page.context.clear_cookies()
    _open(page, f"/r/{code}/")


def track(page: Page) -> None:
    """What the holder of a receipt sees: a request is filed for it."""
    card_form(page)
    page.fill("[name=title]", "厂区门口路灯不亮")
    page.fill("[name=body]", "夜班员工出入不安全，希望修好。")
    page.fill("[name=contact_phone]", "13900000001")
    page.click("form button[type=submit].btn-primary")
    page.wait_for_selector("#receipt")


def barred(page: Page) -> None:
    """What a stranger reads when something stands in the way."""
    page.context.clear_cookies()
    _open(page, "/services/jhtz/change_of_firm/list/?changes=capital&exceptions=frozen")


def open_row(page: Page) -> None:
    """Published figures, one row opened to where ours comes from."""
    _open(page, "/figures/")
    page.get_by_text("由记录得出", exact=False).first.click()
    page.wait_for_load_state("networkidle")
    page.locator("main tbody tr").first.locator("button, a, summary").last.click()
    page.wait_for_load_state("networkidle")


def routes(page: Page) -> None:
    """The routes of the first day of the week that has any."""
    _open(page, "/rounds/")
    days = [link.get_attribute("href") or "" for link in page.locator("main a[href*='day=']").all()]
    for day in days:
        _open(page, "/rounds/" + day if day.startswith("?") else day)
        if page.locator("main svg circle").count():
            return
    raise SystemExit("no day of this week has a route")


def field(page: Page) -> None:
    """Work without network, switched on for this telephone."""
    _open(page, "/field/")
    page.get_by_role("button", name="在这部手机上启用").click()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2000)


PICTURES = (
    Picture("landing", None, DESK, to("/")),
    Picture("inbox", "吴桐", DESK, to("/inbox/")),
    Picture("inbox-phone", "周敏", PHONE, to("/inbox/")),
    Picture("visit-phone", "周敏", PHONE, first_of("/enterprises/", r"/enterprises/\d+/")),
    Picture("inbox-leader", "韩立群", DESK, to("/inbox/")),
    Picture("request-list", "吴桐", DESK, to("/appeals/")),
    Picture(
        "request",
        "陈曼",
        DESK,
        first_of("/appeals/?q=%E5%8F%98%E5%8E%8B%E5%99%A8", r"/appeals/\d+/"),
    ),
    Picture("card-form-phone", "吴桐", PHONE, card_form),
    Picture("track-phone", "吴桐", PHONE, track),
    Picture("import", "钟望舒", DESK, to("/imports/")),
    Picture("my-requests", "赵砚", DESK, to("/my/appeals/")),
    Picture("my-request-phone", "赵砚", PHONE, first_of("/my/appeals/", r"/my/appeals/\d+/")),
    Picture("my-enterprise", "赵砚", DESK, to("/my/enterprise/")),
    Picture("enterprise-list", "吴桐", DESK, to("/enterprises/")),
    Picture("enterprise", "吴桐", DESK, first_of("/enterprises/", r"/enterprises/\d+/")),
    Picture("grid-map", "吴桐", DESK, to("/grid/")),
    Picture("contact-cards", "吴桐", DESK, to("/cards/")),
    Picture("visits", "韩立群", DESK, to("/visits/")),
    Picture("visits-due-phone", "周敏", PHONE, to("/visits/due/")),
    Picture("visit-log", "周敏", DESK, first_of("/visits/due/", r"/visits/new/\d+/")),
    Picture("routes", "周敏", DESK, routes),
    Picture("field-phone", "周敏", PHONE, field),
    Picture("contact-calendar", "吴桐", DESK, to("/contacts/")),
    Picture("scores", "吴桐", DESK, to("/scores/")),
    Picture("redrawing", "韩立群", DESK, first_of("/redrawings/", r"/redrawings/\d+/")),
    Picture("visit-day", "吴桐", DESK, first_of("/programmes/", r"/days/\d+/")),
    Picture("reminders", "周敏", DESK, to("/me/reminders/")),
    Picture("my-data", "赵砚", DESK, to("/my/data/")),
    Picture("request-figures", "韩立群", DESK, to("/request-figures/")),
    Picture("figures", "章明澈", DESK, open_row),
    Picture("indicators", "章明澈", DESK, to("/indicators/")),
    Picture("rules", "章明澈", DESK, to("/rules/")),
    Picture("rule", "章明澈", DESK, first_of("/rules/?kind=title&status=live", r"/rules/\d+/")),
    Picture("ladders", "章明澈", DESK, to("/ladders/")),
    Picture("my-rung-phone", "赵砚", PHONE, to("/my/rung/")),
    Picture("titles", "章明澈", DESK, to("/titles/")),
    Picture("dispatch", "章明澈", DESK, to("/economy/dispatch/")),
    Picture("wall", "韩立群", SCREEN, to("/projects/wall/screen/")),
    Picture("wall-phone", "韩立群", PHONE, to("/projects/wall/")),
    Picture("projects", "潘俊", DESK, to("/projects/board/")),
    Picture("plan", "潘俊", DESK, first_of("/plans/?q=%E5%B2%B1%E9%94%8B", r"/plans/\d+/")),
    Picture("livelihood", "潘俊", DESK, to("/livelihood/")),
    Picture("my-projects-phone", "赵砚", PHONE, to("/my/projects/")),
    Picture("case-queue", "秦若", DESK, to("/cases/")),
    Picture("case", "秦若", DESK, first_of("/cases/all/?state=running", r"/cases/\d+/")),
    Picture("exception", "秦若", DESK, to("/automatic/")),
    Picture("automatic-packs", "秦若", DESK, to("/automatic/packs/")),
    Picture(
        "one-thing",
        "秦若",
        DESK,
        first_of(
            "/things/?q=%E4%BC%81%E4%B8%9A%E4%BF%A1%E6%81%AF%E5%8F%98%E6%9B%B4", r"/things/\d+/"
        ),
    ),
    Picture("licences", "秦若", DESK, to("/licences/")),
    Picture("paper-kind", "钟望舒", DESK, first_of("/paper-kinds/", r"/paper-kinds/\d+/")),
    Picture("service-barred-phone", "秦若", PHONE, barred),
    Picture("services", None, DESK, to("/services/jhtz/")),
    Picture("service-question-phone", None, PHONE, to("/services/jhtz/open_restaurant/questions/")),
    Picture("my-cases", "赵砚", DESK, to("/my/cases/")),
    Picture("my-papers", "赵砚", DESK, to("/my/papers/")),
    Picture("carriers", "潘俊", DESK, to("/carriers/")),
    Picture("building", "潘俊", DESK, named("/carriers/buildings/", "3号标准厂房")),
    Picture("carriers-operator", "尚云岭", DESK, to("/carriers/")),
    Picture(
        "review-operator-phone", "尚云岭", PHONE, first_of("/my/move-ins/", r"/my/move-ins/\d+/")
    ),
    Picture("space-need", "潘俊", DESK, named("/assets/needs/", "光伏热场二期")),
    Picture("move-in", "潘俊", DESK, first_of("/move-ins/?state=review", r"/move-ins/\d+/")),
    Picture("cage-site", "潘俊", DESK, first_of("/cages/?state=under_way", r"/cages/\d+/")),
    Picture(
        "land-parcel", "潘俊", DESK, first_of("/land/?standard=yes&stage=in_use", r"/land/\d+/")
    ),
    Picture("performance", "潘俊", DESK, to("/performance/")),
    Picture("occupancy", "潘俊", DESK, to("/occupancy/")),
    Picture("lot", "王芳欣", DESK, named("/lots/", "315吨闭式压力机")),
    Picture("lot-host", "王芳欣", DESK, then(named("/lots/", "数控龙门铣床"), "主持")),
    Picture("deposits", "王芳欣", DESK, to("/deposits/")),
    Picture("my-lots", "赵砚", DESK, first_of("/my-lots/", r"/my-lots/\d+/")),
    Picture("auction", None, DESK, to("/auction/jhtz/")),
    Picture("hall-phone", "赵砚", PHONE, then(to("/my-auctions/"), "进入竞价席")),
    Picture("lot-check", None, DESK, then(named("/auction/jhtz/", "立式加工中心"), "自行验算")),
    Picture("people", "钟望舒", DESK, to("/people/")),
    Picture("calendar", "钟望舒", DESK, to("/calendar/")),
    Picture("limits", "钟望舒", DESK, to("/limits/")),
    Picture("audit-trail", "钟望舒", DESK, to("/journal/")),
    Picture("administration", "钟望舒", DESK, to("/administration/")),
    Picture("what-may-i-see", "赵砚", DESK, to("/my-access/")),
    Picture("city", "何允", DESK, to("/indicators/zones/")),
)


@contextmanager
def at_desk(browser: Browser, origin: str, person: str | None) -> Iterator[Page]:
    """A page signed in as ``person``, or as nobody."""
    context = browser.new_context(locale="zh-CN", viewport={"width": DESK[0], "height": DESK[1]})
    page = context.new_page()
    page.goto(origin + "/", wait_until="networkidle")
    page.wait_for_selector("button.persona")
    if person:
        page.locator("button.persona", has_text=person).first.click()
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        page.wait_for_load_state("networkidle")
    yield page
    context.close()


def keep(shot: bytes, path: Path) -> int:
    """Write the picture with as many colours as the limit allows; returns its size."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    for colours in (256, 128, 64, 32, 16):
        picture.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size < LIMIT:
            break
    return path.stat().st_size


def main(origin: str, wanted: set[str]) -> int:
    """Take all pictures, or those named; the exit status counts what failed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    failed = 0
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for picture in PICTURES:
            if wanted and picture.name not in wanted:
                continue
            with at_desk(browser, origin, picture.person) as page:
                page.set_viewport_size({"width": picture.size[0], "height": picture.size[1]})
                try:
                    picture.step(page)
                except SystemExit as problem:
                    failed += 1
                    print(f"{picture.name}: {problem}")
                    continue
                page.wait_for_timeout(300)
                size = keep(page.screenshot(), FOLDER / f"{picture.name}.png")
                print(f"{picture.name}: {size / 1000:.0f} KB {page.url.removeprefix(origin)}")
        browser.close()
    return failed


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1].rstrip("/"), set(sys.argv[2:])))
