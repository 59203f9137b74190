"""How long does a phone send thirty visits with sixty photos that were kept without network?

A real Chromium against a real server on loopback, from the moment the network is back until the last
photo has arrived. The bare limit, in the same run on the same server: the same ninety calls by a
plain HTTP client, which seals, unseals and notes nothing.
"""

import base64
import shutil
import time
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from random import Random
from uuid import uuid4

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.measure import report
from tests.browser import QUIET
from tests.journeys.conftest import People
from tests.journeys.test_killed import signed_in
from tests.journeys.test_loop import told
from tests.journeys.test_offline import ARRANGE, QUEUE, field, firm, offline
from tests.server import Server, served

VISITS, PHOTOS = 30, 2
SECONDS = 15.0
# A phone's picture as the app makes it: 2,048 points long, some 700 KB.
SIZE, GRAIN = (2048, 1536), (420, 315)


def photos() -> list[bytes]:
    """Pictures with as much in them as a photo, no two alike."""
    grain = Image.frombytes("RGB", GRAIN, Random(1).randbytes(GRAIN[0] * GRAIN[1] * 3))
    ground = grain.resize(SIZE, Image.Resampling.BICUBIC)
    made = []
    for number in range(VISITS * PHOTOS):
        picture = ground.copy()
        ImageDraw.Draw(picture).text((40, 40), str(number), fill="#ffffff", font_size=200)
        kept = BytesIO()
        picture.save(kept, "JPEG", quality=85)
        made.append(kept.getvalue())
    return made


def by_phone(server: Server, page: Page, pictures: Sequence[bytes]) -> float:
    """Seconds from the network's return to the last photo."""
    offline(page)
    for number in range(1, VISITS + 1):
        mine = pictures[PHOTOS * (number - 1) : PHOTOS * number]
        page.evaluate(QUEUE, [firm(number), [base64.b64encode(one).decode() for one in mine]])
    page.goto(f"{server.address}/field/#/queue")
    expect(page.locator('li[data-state="waiting"]')).to_have_count(VISITS)
    began = time.perf_counter()
    offline(page, False)
    expect(page.locator('li[data-state="sent"]')).to_have_count(VISITS, timeout=300_000)
    return time.perf_counter() - began


def by_client(server: Server, pictures: Sequence[bytes]) -> float:
    """The same calls one after the other, as the steward who stands in for all these firms."""
    session = signed_in(server, "east-steward")
    api = f"{server.address}/api/v1"
    session.headers["X-CSRFToken"] = str(session.cookies["csrftoken"])
    kept = session.post(f"{api}/field/devices", json={"name": "bench"}, timeout=60).json()
    session.headers["X-Field-Device"] = kept["token"]
    package = session.get(f"{api}/field/package", timeout=60).json()
    began = time.perf_counter()
    for number, each in enumerate(sorted(package["firms"], key=lambda one: one["name"])):
        now = datetime.now().astimezone().isoformat()
        what = {
            "client_key": str(uuid4()), "claimed_at": now, "party_id": each["id"],
            "programme": package["programme"], "visited_on": package["day"], "met": "x",
            "choice": "separate",
        }  # fmt: skip
        headers = {"X-Field-Clock": now, "Idempotency-Key": str(uuid4())}
        visit = session.post(f"{api}/field/visits", json=what, headers=headers, timeout=60).json()
        for picture in pictures[PHOTOS * number : PHOTOS * (number + 1)]:
            session.post(
                f"{api}/attachments/visit/{visit['visit_id']}",
                files={"paper": ("a.jpg", picture, "image/jpeg")},
                headers={"Idempotency-Key": str(uuid4())},
                timeout=60,
            ).raise_for_status()
    return time.perf_counter() - began


def main() -> None:
    pictures = photos()
    with served("town", "bench_offline") as server, sync_playwright() as playwright:
        told(server, ARRANGE)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        people = People(browser)
        page = field(server, people)
        ours = by_phone(server, page, pictures)
        bare = by_client(server, pictures)
        people.leave()
        browser.close()
    name = f"sync of {VISITS} offline visits with {VISITS * PHOTOS} photos"
    report(f"{name}, against the time allowed", "s", ours, SECONDS, "15 s on loopback", 1)
    report(name, "s", ours, bare, "the same calls by a plain HTTP client, one after the other", 2)


if __name__ == "__main__":
    main()
