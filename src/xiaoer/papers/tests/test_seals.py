"""The contract with the province's platform, over a real HTTP server: signed, retried, never twice."""

import base64
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import translation

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting
from xiaoer.papers import actions as papers
from xiaoer.papers import seals
from xiaoer.papers.jobs import hand_over
from xiaoer.papers.models import Licence
from xiaoer.papers.tests.held import Town

SECRET = "两边都知道"


def ofd() -> bytes:
    """A file of the kind OFD is: a zip with its root inside."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("OFD.xml", "<ofd:OFD/>")
    return stream.getvalue()


@dataclass
class There:
    """The other side: licences by key, what it was told, and what it answers next."""

    url: str = ""
    sealed: dict[str, str] = field(default_factory=dict)
    told: list[dict[str, Any]] = field(default_factory=list)
    asked: int = 0
    answers: list[tuple[int, bytes]] = field(default_factory=list)

    def answer(self, path: str, said: dict[str, Any]) -> tuple[int, bytes]:
        self.asked += 1
        if self.answers:
            return self.answers.pop(0)
        if path == "/licences":
            number = self.sealed.setdefault(said["key"], f"1.2.156.{len(self.sealed) + 1}")
            body = {"identifier": number, "ofd": base64.b64encode(ofd()).decode()}
        elif path == "/licences/status":
            body = {"state": "valid"}
        else:
            self.told.append(said)
            body = {}
        return 200, json.dumps(body).encode()


@pytest.fixture
def there(settings: Any) -> Iterator[There]:
    """A platform that looks at every signature, as a real one does."""
    other = There()

    class Platform(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            path = self.path.removeprefix("/api")
            wanted = seals.signature(
                SECRET, "POST", path, self.headers["X-Time"], self.headers["X-Once"], body
            )
            if self.headers["X-Signature"] != wanted or self.headers["X-App"] != "east":
                status, answer = 401, "签名不符".encode()
            else:
                status, answer = other.answer(path, json.loads(body))
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_words: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Platform)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    other.url = f"http://127.0.0.1:{server.server_port}/api"
    settings.SEALS_URL, settings.SEALS_APP = other.url, "east"
    settings.SEALS_SECRET = SECRET
    translation.activate("en")
    yield other
    server.shutdown()
    server.server_close()
    thread.join()


def asked(there: There, secret: str = SECRET) -> seals.SealPlatform:
    return seals.HttpPlatform(there.url, "east", secret)


def turn(town: Town, there: There, *, minutes: int = 0) -> int:
    return hand_over(
        zone_id=town.party.zone_id, now=NOW + timedelta(minutes=minutes), asked=asked(there)
    )


def as_it_stands(town: Town, licence: Licence) -> Licence:
    with acting(town.boss):
        return Licence.objects.select_related("sealed_file").get(pk=licence.pk)


def test_a_licence_is_sealed_once_and_its_file_kept(town: Town, there: There) -> None:
    with acting(town.land):
        licence = town.issue()
        assert licence.handover == "waiting"
    assert turn(town, there) == 1
    assert turn(town, there) == 0
    kept = as_it_stands(town, licence)
    assert (kept.handover, kept.identifier) == ("done", "1.2.156.1")
    assert kept.sealed_file is not None
    assert kept.sealed_file.media_type == "application/ofd"
    assert there.asked == 1
    assert asked(there).status(identifier="1.2.156.1") == "valid"


def test_a_lost_answer_makes_no_second_licence_there(town: Town, there: There) -> None:
    with acting(town.land):
        licence = town.issue()
    there.sealed[f"{licence.zone_id}-{licence.pk}"] = "1.2.156.77"  # it was made, the answer lost
    there.answers = [(503, b"later")]
    assert turn(town, there) == 0
    failed = as_it_stands(town, licence)
    assert (failed.handover, failed.handover_tries) == ("failed", 1)
    assert "503" in failed.handover_why
    assert turn(town, there) == 0, "asked again not before its time"
    assert there.asked == 1
    assert turn(town, there, minutes=2) == 1
    assert as_it_stands(town, licence).identifier == "1.2.156.77"
    assert len(there.sealed) == 1


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((200, b"<html>"), "no JSON"),
        ((200, b"[]"), "no JSON"),
        ((200, b'{"identifier": "1"}'), "no identifier or no file"),
        ((200, b'{"identifier": "1", "ofd": "###"}'), "damaged"),
        ((200, b'{"identifier": "1", "ofd": "aGVsbG8="}'), "no OFD"),
    ],
)
def test_an_answer_that_is_none_is_asked_again(
    town: Town, there: There, answer: tuple[int, bytes], why: str
) -> None:
    with acting(town.land):
        licence = town.issue()
    there.answers = [answer]
    with translation.override("en"), pytest.raises(seals.NotTaken, match=why):
        asked(there).hand_over(key="1", data={})
    there.answers = [answer]
    assert turn(town, there) == 0
    assert as_it_stands(town, licence).handover == "failed"
    assert turn(town, there, minutes=2) == 1


def test_what_no_second_asking_mends_waits_for_a_person(town: Town, there: There) -> None:
    with acting(town.land):
        licence = town.issue()
    there.answers = [(422, "持证主体代码有误".encode())]
    assert turn(town, there) == 0
    assert turn(town, there, minutes=10_000) == 0
    failed = as_it_stands(town, licence)
    assert "持证主体代码有误" in failed.handover_why
    with acting(town.land), pytest.raises(Refused):
        papers.ask_again(by=town.land, now=NOW, licence=failed)
    with acting(town.boss):
        papers.ask_again(by=town.boss, now=NOW, licence=failed)
    assert turn(town, there) == 1


def test_a_wrong_secret_is_refused_there_and_nobody_answering_is_said(
    town: Town, there: There
) -> None:
    with pytest.raises(seals.NotTaken, match="401") as refused:
        asked(there, "wrong").hand_over(key="1", data={})
    assert refused.value.is_final
    with pytest.raises(seals.NotTaken, match="no answer") as silent:
        seals.HttpPlatform("http://127.0.0.1:9", "east", SECRET).hand_over(key="1", data={})
    assert not silent.value.is_final
    with pytest.raises(seals.NotTaken, match="no web address"):
        seals.HttpPlatform("ftp://platform.example", "east", SECRET).hand_over(key="1", data={})


def test_what_becomes_of_a_licence_is_told_and_what_ended_before_is_not_sealed(
    town: Town, there: There
) -> None:
    with acting(town.land):
        licence, early = town.issue(), town.issue()
        papers.deregister_licence(by=town.land, now=NOW, licence=early, why="申请人撤回")
    assert turn(town, there) == 1
    with acting(town.land):
        papers.suspend_licence(by=town.land, now=NOW, licence=licence, why="整改")
    assert turn(town, there) == 1
    assert [(one["identifier"], one["state"], one["why"]) for one in there.told] == [
        ("1.2.156.1", "suspended", "整改")
    ]
    assert as_it_stands(town, licence).handover == "done"
    assert not as_it_stands(town, early).identifier


def test_a_worker_killed_in_the_middle_leaves_it_to_the_next(town: Town, there: There) -> None:
    with acting(town.land):
        town.issue()
    with acting(town.boss):
        assert papers.take_to_hand_over(by=town.boss, now=NOW) is not None
        assert papers.take_to_hand_over(by=town.boss, now=NOW) is None
    assert turn(town, there, minutes=5) == 0
    assert turn(town, there, minutes=11) == 1


def test_without_a_platform_nothing_waits(town: Town, settings: Any) -> None:
    settings.SEALS_URL = ""
    assert seals.platform() is None
    with acting(town.land):
        assert town.issue().handover == "off"
