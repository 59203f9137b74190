"""Field work without network, on a real phone's browser.

Thirty visits with photos while the network comes and goes and the server is killed; two officers at
one gate; two tabs of one phone; photos and clocks as they should not be; a phone that is left, wiped,
or away for too long.
"""

import base64
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from random import Random

import pillow_heif
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, Request, Route, expect

from tests.journeys.conftest import People
from tests.journeys.test_killed import rows
from tests.journeys.test_loop import told
from tests.server import Server, served
from xiaoer.work.calendar import LOCAL

pillow_heif.register_heif_opener()
VISITS, PHOTOS, BY_HAND, TABBED = 30, 2, 2, 5
SOON = 40_000
UNSENT = 'li[data-state="waiting"], li[data-state="photos"]'
ARRANGE = f"""
import django
django.setup()
from django.utils import timezone
from tests.town import actor
from xiaoer.base.models import Post
from xiaoer.base.scope import acting
from xiaoer.registry import actions as registry

by, officer, steward, now = (*(actor(f"east-{{who}}") for who in ("admin", "officer", "steward")), timezone.now())
with acting(by):
    grid = registry.open_grid(by=by, now=now, code="G1", name="第一总网格")
    cell = registry.open_cell(by=by, now=now, grid=grid, code="C1", name="一单元")
    own, other = (Post.objects.get(pk=who.post_id) for who in (officer, steward))
    for number in range(1, {VISITS} + 1):
        facts = registry.PartyFacts(
            name=f"东区{{number:02}}号机械有限公司", industry="3511", contact_name=f"联系人{{number:02}}",
        )
        party = registry.add_party(by=by, now=now, facts=facts, cell=cell)
        registry.assign_steward(by=by, now=now, party=party, post=own)
        registry.assign_steward(by=by, now=now, party=party, post=other, kind="deputy")
"""
# What the form does, for the visits nobody needs to see typed: the app's own functions.
QUEUE = """
async ([firm, photos]) => {
  const [store, sync] = await Promise.all(["store", "sync"].map((name) => import(`/static/web/field/${name}.js`)));
  const kept = await store.readSealed("package");
  const found = kept.firms.find((one) => one.name === firm);
  const id = crypto.randomUUID();
  for (const [place, photo] of photos.entries()) {
    const bytes = Uint8Array.from(atob(photo), (sign) => sign.charCodeAt(0)).buffer;
    const number = crypto.randomUUID();
    const sealed = await store.sealBytes(`photo:${number}`, bytes);
    await store.put("photos", number, { id: number, log: id, place, name: `${place}.jpg`, type: "image/jpeg", shown: false, ...sealed });
  }
  await sync.queue(id, { firm, firm_id: found.id, values: {}, requests: 0, steps: 0, photos: photos.length, body: {
    claimed_at: new Date().toISOString(), party_id: found.id, cell_id: found.cell_id, programme: kept.programme,
    visited_on: kept.day, is_day_sure: false, met: found.contact_name, said: "", requests: [], choice: "",
  } });
}
"""


# How large pinned photos are, drawn by the browser.
SIZES = """
(numbers) => Promise.all(numbers.map(async (number) => {
  const answer = await fetch(`/api/v1/papers/${number}`);
  const picture = await createImageBitmap(await answer.blob(), { imageOrientation: "none" });
  return [picture.width, picture.height];
}))
"""
# A question to the first firm, whose quota of the month two contacts have used.
ASK = """
import django
django.setup()
from django.utils import timezone
from tests.town import actor
from xiaoer.base.scope import acting
from xiaoer.registry.models import Party
from xiaoer.work import actions as work
from xiaoer.work.calendar import LOCAL

by, now = actor("east-officer"), timezone.now()
with acting(by):
    party = Party.objects.get(name="东区01号机械有限公司")
    work.ask_question(by=by, now=now, party=party, room="facts", key="k", text="明年扩产吗")
    for purpose in ("送政策", "看现场"):
        work.record_contact(
            by=by, now=now, party=party, kind="visit", purpose=purpose,
            on=now.astimezone(LOCAL).date(),
        )
"""


# The second firm goes to another cell.
MOVE = """
import django
django.setup()
from django.utils import timezone
from tests.town import actor
from xiaoer.base.scope import acting
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party

by, now = actor("east-admin"), timezone.now()
with acting(by):
    party = Party.objects.get(name="东区02号机械有限公司")
    cell = registry.open_cell(by=by, now=now, grid=party.cell.grid, code="C2", name="二单元")
    registry.move_to_cell(by=by, now=now, party=party, cell=cell)
"""


@pytest.fixture
def server() -> Iterator[Server]:
    with served("town", "offline") as running:
        told(running, ARRANGE)
        yield running


def firm(number: int) -> str:
    return f"东区{number:02}号机械有限公司"


def photo(number: int) -> bytes:
    """A small photo like no other."""
    picture = Image.frombytes("RGB", (32, 24), Random(number).randbytes(32 * 24 * 3))
    kept = BytesIO()
    picture.resize((1024, 768)).save(kept, "JPEG")
    return kept.getvalue()


def field(
    server: Server, person: People, username: str = "east-officer", stops: int = VISITS
) -> Page:
    """The officer's phone: signed in, the app kept on it, and whole on it."""
    page = person.signed_in(server.address, username, phone=True)
    page.goto(f"{server.address}/field/")
    page.get_by_role("button", name="在这部手机上启用").click()
    expect(page.locator(".stops > li")).to_have_count(stops)
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller")
    return page


def offline(page: Page, off: bool = True) -> None:
    page.context.set_offline(off)


def begin_log(page: Page, number: int) -> None:
    """From the day to the enterprise and to its form; the day has a link of that name as well."""
    page.get_by_role("link", name=firm(number)).click()
    expect(page.locator("#page h1")).to_have_text(firm(number))
    page.get_by_role("link", name="记走访").first.click()


def log(page: Page, number: int, photos: list[FilePayload] | None = None, **typed: str) -> None:
    """Log a visit by hand, as at the gate."""
    page.goto(re.sub("#.*", "", page.url) + "#/")
    begin_log(page, number)
    for name, words in typed.items():
        page.fill(f"[name={name}]", words)
    if photos:
        page.set_input_files("[name=photos]", photos)
        expect(page.locator(".photos img")).to_have_count(len(photos))
    page.get_by_role("button", name="记下这次走访").click()
    expect(page.locator("#page h1")).to_have_text("待发送")


def as_file(number: int) -> FilePayload:
    return {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": photo(number)}


def lose_answers(page: Page, most: int) -> list[str]:
    """The first calls arrive, and their answers are lost on the way."""
    lost: list[str] = []

    def carry(route: Route) -> None:
        if route.request.method != "POST" or len(lost) >= most:
            route.continue_()
            return
        route.fetch()
        lost.append(route.request.url)
        route.abort()

    page.context.route(re.compile(r"/api/v1/(field/visits|attachments/)"), carry)
    return lost


def test_thirty_visits_with_photos_arrive_once_and_in_order(server: Server, person: People) -> None:
    page = field(server, person)
    offline(page)
    page.reload()
    expect(page.locator(".stops > li")).to_have_count(VISITS)
    for number in range(1, BY_HAND + 1):
        log(page, number, [as_file(2 * number), as_file(2 * number + 1)], said="订单比上月多。")
    for number in range(BY_HAND + 1, VISITS + 1):
        photos = [base64.b64encode(photo(2 * number + one)).decode() for one in range(PHOTOS)]
        page.evaluate(QUEUE, [firm(number), photos])
    expect(page.locator(UNSENT)).to_have_count(VISITS)
    lost = lose_answers(page, 3)
    offline(page, False)
    arrived = page.locator('li[data-state="sent"]')
    expect(arrived.nth(2)).to_be_visible(timeout=SOON)
    assert len(lost) == 3
    for _flap in range(3):
        offline(page)
        page.wait_for_timeout(150)
        offline(page, False)
        page.wait_for_timeout(400)
    server.kill()
    page.wait_for_timeout(500)
    assert arrived.count() < VISITS, "killed in the middle"
    server.start_again()
    page.get_by_role("button", name="现在发送").click()
    expect(arrived).to_have_count(VISITS, timeout=SOON)
    expect(page.locator(UNSENT)).to_have_count(0)
    found = rows(
        server,
        "select p.name, count(a.id), count(distinct a.file_id) from visit v join party p on p.id = v.party_id"
        " left join attachment a on a.subject_type = 'visit' and a.subject_id = v.id"
        " group by v.id, p.name order by v.id",
    )
    assert found == [(firm(number), PHOTOS, PHOTOS) for number in range(1, VISITS + 1)]
    assert rows(server, "select count(*), count(distinct client_key) from field_log") == [(30, 30)]
    assert rows(server, "select count(*) from stored_file") == [(VISITS * PHOTOS,)]


def test_two_officers_at_one_gate_see_both_visits_and_choose(
    server: Server, person: People
) -> None:
    first, second = field(server, person), field(server, person, "east-steward")
    for page in (first, second):
        offline(page)
    log(first, 1, met="赵一", said="新磨床已到货。")
    log(second, 1, met="赵一", said="还缺两名电工。")
    log(second, 2, met="钱二")
    offline(first, False)
    expect(first.locator('li[data-state="sent"]')).to_have_count(1, timeout=SOON)
    offline(second, False)
    expect(second.locator('li[data-state="sent"]')).to_have_count(1, timeout=SOON)
    clash = second.locator('li[data-state="clash"]')
    expect(clash.get_by_text("新磨床已到货。")).to_be_visible()
    expect(clash.get_by_text("还缺两名电工。")).to_be_visible()
    clash.get_by_role("button", name="并入，作为同访").click()
    expect(second.locator('li[data-state="sent"]')).to_have_count(2, timeout=SOON)
    assert rows(server, "select count(*) from visit") == [(2,)]
    assert rows(server, "select count(*) from companion") == [(1,)]


def test_what_is_no_photo_is_said_and_holds_nothing_up(server: Server, person: People) -> None:
    page = field(server, person)
    offline(page)
    begin_log(page, 1)
    page.fill("[name=met]", "赵一")
    wrong: list[FilePayload] = [
        {"name": "词.txt.jpg", "mimeType": "image/jpeg", "buffer": b"no photo at all"},
        {"name": "坏.heic", "mimeType": "image/heic", "buffer": b"\0\0\0\x18ftypheic" + b"\0" * 90},
        as_file(1),
    ]
    page.set_input_files("[name=photos]", wrong)
    expect(page.locator("#error-photos")).to_contain_text("词.txt.jpg 不是照片。")
    expect(page.locator(".photos > li")).to_have_count(2)
    page.get_by_role("button", name="记下这次走访").click()
    offline(page, False)
    sent = page.locator('li[data-state="sent"]')
    expect(sent).to_have_count(1, timeout=SOON)
    expect(sent).to_contain_text("坏.heic 未被接受")
    assert rows(server, "select count(*) from attachment where subject_type = 'visit'") == [(1,)]


def test_photos_as_phones_take_them_arrive_upright_and_small_or_are_refused_by_name(
    server: Server, person: People, tmp_path: Path
) -> None:
    """Too large, no photo, lying on its side, HEIC: the visit and the one after it arrive."""
    turned = Image.Exif()
    turned[0x0112] = 6
    lying, heic = BytesIO(), BytesIO()
    Image.new("RGB", (640, 480), "teal").save(lying, "JPEG", exif=turned)
    Image.new("RGB", (64, 48), "teal").save(heic, "HEIF")
    photos = {
        "大.jpg": photo(1) + b"\0" * (50 * 2**20),
        "太大.heic": heic.getvalue() + b"\0" * (50 * 2**20),
        "词.jpg": b"no photo at all",
        "横拍.jpg": lying.getvalue(),
        "大门.heic": heic.getvalue(),
    }
    for name, content in photos.items():
        (tmp_path / name).write_bytes(content)
    page = field(server, person)
    offline(page)
    begin_log(page, 1)
    page.fill("[name=met]", "赵一")
    page.set_input_files("[name=photos]", [tmp_path / name for name in photos])
    problems = page.locator("#error-photos")
    expect(problems).to_contain_text("太大.heic 超过 20 MB")
    expect(problems).to_contain_text("词.jpg 不是照片。")
    expect(page.locator(".photos > li")).to_have_count(3)
    page.get_by_role("button", name="记下这次走访").click()
    expect(page.locator("#page h1")).to_have_text("待发送")
    log(page, 2, met="钱二")
    offline(page, False)
    expect(page.locator('li[data-state="sent"]')).to_have_count(2, timeout=SOON)
    pinned = rows(
        server, "select id from attachment where subject_type = 'visit' order by subject_id, id"
    )
    sizes = page.evaluate(SIZES, [number for (number,) in pinned])
    assert sorted(sizes) == [[64, 48], [480, 640], [1024, 768]]


def test_two_tabs_at_once_send_each_visit_once(server: Server, person: People) -> None:
    first = field(server, person)
    calls: list[str] = []

    def count(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/field/visits"):
            calls.append(request.url)

    first.context.on("request", count)
    second = first.context.new_page()
    second.goto(f"{server.address}/field/")
    expect(second.locator(".stops > li")).to_have_count(VISITS)
    offline(first)
    tabs = (first, second)
    for number in range(1, TABBED + 1):
        shot = base64.b64encode(photo(number)).decode()
        tabs[number % 2].evaluate(QUEUE, [firm(number), [shot]])
    for tab in tabs:
        tab.evaluate("location.hash = '#/queue'")
        expect(tab.locator(UNSENT)).to_have_count(TABBED)
    tried = len(calls)
    offline(first, False)
    for tab in tabs:
        tab.evaluate("window.dispatchEvent(new Event('online'))")
    for tab in tabs:
        expect(tab.locator('li[data-state="sent"]')).to_have_count(TABBED, timeout=SOON)
        expect(tab.locator(UNSENT)).to_have_count(0)
    assert len(calls) - tried == TABBED, "one tab sends at a time"
    assert rows(
        server, "select p.name from visit v join party p on p.id = v.party_id order by v.id"
    ) == [(firm(number),) for number in range(1, TABBED + 1)]
    assert rows(server, "select count(*) from attachment where subject_type = 'visit'") == [
        (TABBED,)
    ]


def test_a_question_nobody_answers_and_a_promise_overtaken_are_told(
    server: Server, person: People
) -> None:
    told(server, ASK)
    page = field(server, person, stops=VISITS - 1)  # whose quota is used is not to be visited
    offline(page)
    begin_log(page, 1)
    page.fill("[name=met]", "赵一")
    page.get_by_label("明年扩产吗").fill("不知道")
    page.get_by_label("企业不便回答").check()
    expect(page.get_by_label("明年扩产吗")).to_be_disabled()
    page.get_by_role("button", name="加一个答应的下一步").click()
    page.fill("[name=s1_what]", "送政策清单")
    page.fill("[name=s1_on]", "2026-01-05")
    page.wait_for_timeout(1000)  # what is typed is kept after a pause
    page.reload()
    expect(page.get_by_label("企业不便回答")).to_be_checked()
    expect(page.get_by_label("明年扩产吗")).to_be_disabled()
    page.get_by_role("button", name="记下这次走访").click()
    offline(page, False)
    sent = page.locator('li[data-state="sent"]')
    expect(sent).to_contain_text("“送政策清单”原定2026-01-05", timeout=SOON)
    # The third contact of the month is above the quota of two.
    why = sent.get_by_role("link", name="补写理由")
    why.click()
    page.fill("[name=reason]", "企业来电请我们去")
    page.locator("#act button[type=submit]").click()
    expect(page.get_by_text("企业来电请我们去").first).to_be_visible()
    assert rows(server, "select state from question") == [("declined",)]
    assert rows(server, "select title from task where kind = 'step'") == [
        ("送政策清单（原定2026-01-05）",)
    ]
    assert rows(server, "select reason from contact where reason <> ''") == [("企业来电请我们去",)]


def test_a_clock_wrong_by_days_and_a_firm_that_moved_hold_nothing_up(
    server: Server, person: People
) -> None:
    page = field(server, person)
    offline(page)
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=3))
    log(page, 1, met="赵一")
    log(page, 2, met="钱二")
    told(server, MOVE)
    offline(page, False)
    clash = page.locator('li[data-state="clash"]')
    expect(clash).to_have_count(2, timeout=SOON)
    clash.filter(has_text=firm(2)).get_by_role("button", name="就是这一天").click()
    sent = page.locator('li[data-state="sent"]')
    expect(sent).to_have_count(1, timeout=SOON)
    expect(sent).to_contain_text("二单元")
    log(page, 3, met="孙三")
    expect(sent).to_have_count(2, timeout=SOON)
    expect(clash).to_have_count(1)
    clash.get_by_role("button", name="就是这一天").click()
    expect(sent).to_have_count(3, timeout=SOON)
    days = rows(server, "select distinct visited_on from visit")
    assert days == [(datetime.now(LOCAL).date(),)]


def test_a_phone_that_is_left_wiped_or_away_too_long_shows_nothing(
    server: Server, person: People
) -> None:
    page = field(server, person)
    offline(page)
    log(page, 1, met="赵一")
    days = 8 * 24 * 3600 * 1000
    page.evaluate(
        """async (days) => {
          const store = await import("/static/web/field/store.js");
          const phone = await store.get("meta", "phone");
          await store.put("meta", "phone", { ...phone, offset: (phone.offset || 0) + days });
        }""",
        days,
    )
    page.reload()
    expect(page.get_by_text("有 1 次走访加密存着")).to_be_visible()
    expect(page.get_by_text(firm(1))).to_have_count(0)
    offline(page, False)
    page.reload()
    page.goto(f"{server.address}/field/#/queue")
    expect(page.locator('li[data-state="sent"]')).to_have_count(1, timeout=SOON)
    # Signing out on any page: what waits is said first, then nothing is left.
    offline(page)
    log(page, 2, met="钱二")
    page.context.route(re.compile("/api/v1/field/visits"), lambda route: route.abort())
    offline(page, False)
    page.goto(f"{server.address}/me/")
    page.locator("details.me > summary").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.locator("#confirm-words")).to_contain_text("还有 1 次走访没有发送")
    page.get_by_role("button", name="删掉并退出").click()
    page.wait_for_url(lambda url: "/me/" not in url)
    page.goto(f"{server.address}/field/")
    expect(page.get_by_role("link", name="登录")).to_be_visible()
    expect(page.get_by_text("机械有限公司")).to_have_count(0)


def test_a_wiped_phone_empties_itself_at_its_next_contact(server: Server, person: People) -> None:
    page = field(server, person)
    offline(page)
    log(page, 1, met="赵一")
    admin = person.signed_in(server.address, "east-admin")
    admin.goto(f"{server.address}/field/devices/?all=yes")
    admin.get_by_role("button", name="清除").click()
    admin.locator("#confirm button[value=yes]").click()
    expect(admin.get_by_text("已清除，等它联网")).to_be_visible()
    page.context.clear_cookies()  # the session ended long ago
    offline(page, False)
    page.reload()
    expect(page.locator("#page h1")).to_have_text("这部手机已被清除")
    expect(page.get_by_text(firm(1))).to_have_count(0)
    left = page.evaluate(
        """async () => {
          const store = await import("/static/web/field/store.js");
          return Promise.all(["keys", "sealed", "queue", "photos"].map((name) => store.count(name)));
        }"""
    )
    assert left == [0, 0, 0, 0]
    admin.reload()
    expect(admin.get_by_text("已清空")).to_be_visible()
    assert rows(server, "select count(*) from visit") == [(0,)]


def test_other_pages_say_calmly_that_there_is_no_network(server: Server, person: People) -> None:
    page = field(server, person)
    offline(page)
    log(page, 1, met="赵一")
    page.goto(f"{server.address}/inbox/")
    expect(page.locator("#page h1")).to_have_text("没有网络")
    expect(page.get_by_text("有 1 次走访")).to_be_visible()
