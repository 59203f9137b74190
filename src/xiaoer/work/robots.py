"""What a group robot is sent: body and signature by its style. Nothing here touches a network.

The common robots each want their own body and their own way to sign; ours signs the whole body.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.utils.translation import gettext as _

from xiaoer.work.models import Hook

Style = Hook.Style
# What a text message of a robot may hold, in bytes of UTF-8; the rest is cut at the end of a line.
MOST_BYTES: Mapping[str, int] = {
    Style.GENERIC: 60_000,
    Style.WECOM: 2_000,
    Style.DINGTALK: 15_000,
    Style.FEISHU: 15_000,
}
# Robots whose secret is given by the robot; ours makes one itself, and WeCom's has none.
GIVEN_SECRET = frozenset({Style.DINGTALK, Style.FEISHU})
CUT = "…"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a message, for receivers that read more than text."""

    kind: str
    title: str
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be said. ``number`` is the same however often it is sent."""

    number: str
    zone: str
    title: str
    text: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """A request ready to be sent by POST."""

    url: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def request(style: str, *, url: str, secret: str, message: Message, now: datetime) -> Request:
    """The request a robot of this style takes."""
    return _MAKERS[style](url, secret, message, now)


def signature(secret: str, *, timestamp: str, number: str, body: bytes) -> str:
    """What a receiver of signed JSON computes and compares (docs/howto/remind-a-group.md)."""
    signed = f"{timestamp}.{number}.".encode() + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def refusal_in(style: str, body: bytes) -> str:
    """What a robot says against a message although it answered 200; nothing when it took it.

    The common robots answer with an object of JSON: a web page is some other server's, and no yes.
    """
    if style == Style.GENERIC:
        return ""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        return _("The server's answer could not be read.")
    code = next((said[name] for name in ("errcode", "code", "StatusCode") if name in said), 0)
    if code in (0, "0"):
        return ""
    words = said.get("errmsg") or said.get("msg") or said.get("StatusMessage") or ""
    return f"{code} {words}"[:200].strip()


def _generic(url: str, secret: str, message: Message, now: datetime) -> Request:
    timestamp = str(int(now.timestamp()))
    said = {
        "id": message.number,
        "sent_at": now.isoformat(timespec="seconds"),
        "zone": message.zone,
        "title": message.title,
        "text": fitted(message, Style.GENERIC),
        "items": [
            {"kind": item.kind, "title": item.title, "words": item.words, "address": item.address}
            for item in message.items
        ],
    }
    body = _json(said)
    return Request(
        url,
        body,
        {
            "X-Xiaoer-Id": message.number,
            "X-Xiaoer-Timestamp": timestamp,
            "X-Xiaoer-Signature": signature(
                secret, timestamp=timestamp, number=message.number, body=body
            ),
        },
    )


def _wecom(url: str, secret: str, message: Message, now: datetime) -> Request:
    said = {"msgtype": "text", "text": {"content": fitted(message, Style.WECOM)}}
    return Request(url, _json(said), _numbered(message))


def _dingtalk(url: str, secret: str, message: Message, now: datetime) -> Request:
    said = {"msgtype": "text", "text": {"content": fitted(message, Style.DINGTALK)}}
    if secret:
        timestamp = str(int(now.timestamp() * 1000))
        digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256)
        sign = base64.b64encode(digest.digest()).decode()
        url = _with_query(url, {"timestamp": timestamp, "sign": sign})
    return Request(url, _json(said), _numbered(message))


def _feishu(url: str, secret: str, message: Message, now: datetime) -> Request:
    said: dict[str, Any] = {
        "msg_type": "text",
        "content": {"text": fitted(message, Style.FEISHU)},
    }
    if secret:
        timestamp = str(int(now.timestamp()))
        # The text to be signed is the key here, and nothing is signed with it.
        digest = hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256)
        said |= {"timestamp": timestamp, "sign": base64.b64encode(digest.digest()).decode()}
    return Request(url, _json(said), _numbered(message))


_MAKERS: Mapping[str, Callable[[str, str, Message, datetime], Request]] = {
    Style.GENERIC: _generic,
    Style.WECOM: _wecom,
    Style.DINGTALK: _dingtalk,
    Style.FEISHU: _feishu,
}


def fitted(message: Message, style: str) -> str:
    """Title and text within what the robot takes, cut at the end of a line and marked as cut."""
    whole = f"{message.title}\n{message.text}".strip()
    most = MOST_BYTES[style]
    if len(whole.encode()) <= most:
        return whole
    room = most - len(f"\n{CUT}".encode())
    head = whole.encode()[:room].decode(errors="ignore")
    line, newline, _rest = head.rpartition("\n")
    return f"{line if newline else head}\n{CUT}"


def _numbered(message: Message) -> dict[str, str]:
    return {"X-Xiaoer-Id": message.number}


def _json(said: object) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _with_query(url: str, more: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode(more)) if part)
    return urlunsplit(parts._replace(query=query))
