"""The way out: a request to a robot's address, a mail to the mail server; and where none may go.

An address is typed by people, so it may lead anywhere: to this machine, to the zone's inner
network. Names are resolved here, every address found must be a public one (or one the administrator
of the installation allows), and the connection goes to exactly the address that was looked at.
Redirects are not followed, and answers are read up to a bound within a bound of time.
"""

import http.client
import ipaddress
import logging
import re
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.work.robots import Request

log = logging.getLogger(__name__)
# For each step of a connection, and for the whole of it.
STEP_S, WHOLE_S = 5.0, 15.0
MOST_ANSWER = 64 * 1024
LONGEST_URL = 800
# A name of labels, or an address of IPv6 as urlsplit gives it.
_HOST = re.compile(r"(?!.{254})[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?|[0-9a-f:.]{2,45}")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Ways by which an IPv6 address carries another network's IPv4 address inside it.
_CARRIERS = tuple(
    ipaddress.ip_network(net)
    for net in (
        "::/96",
        "::ffff:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
    )
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt. ``is_final``: sending it again would bring the same."""

    is_sent: bool
    code: int | None = None
    words: str = ""
    is_final: bool = False
    took_ms: int = 0
    body: bytes = b""


class _Barred(Exception):
    """The address leads where nothing may be sent."""


def read_url(url: str) -> SplitResult:
    """The address of a robot, or why it will not do; nothing is resolved yet.

    Raises:
        Refused: not https, no host, a name and password inside, signs that no address has.
    """
    url = url.strip()
    if (
        not url
        or len(url) > LONGEST_URL
        or not url.isascii()
        or not url.isprintable()
        or " " in url
    ):
        raise _no_address()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _no_address() from None
    if not host or not _HOST.fullmatch(host) or port == 0 or parts.fragment or "\\" in url:
        raise _no_address()
    if parts.username is not None or parts.password is not None:
        raise Refused(_("An address with a name and password in it is not kept."), field="url")
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.HOOKS_BY_HTTP):
        raise Refused(
            _("The address must begin with https://, so that nobody on the way reads it."),
            field="url",
        )
    return parts


def _no_address() -> Refused:
    return Refused(
        _("This is no web address. Copy it whole from the robot, as https://…"), field="url"
    )


def post(request: Request) -> Outcome:
    """Send a request to a robot. Never raises for what the other side or the network does."""
    began = time.monotonic()
    try:
        outcome = _post(request)
    except Refused as refusal:
        outcome = Outcome(False, words=str(refusal), is_final=True)
    except _Barred as barred:
        outcome = Outcome(False, words=str(barred), is_final=True)
    except (OSError, http.client.HTTPException) as error:
        outcome = Outcome(False, words=_said(error))
    return _timed(outcome, began)


def _post(request: Request) -> Outcome:
    parts = read_url(request.url)
    host = parts.hostname or ""
    is_secure = parts.scheme == "https"
    port = parts.port or (443 if is_secure else 80)
    address = _reachable(host, port)
    link = _Pinned(host, port, address, is_secure=is_secure)
    # A server that sends one byte now and then keeps no worker for long.
    guard = threading.Timer(WHOLE_S, link.cut)
    guard.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        link.request(
            "POST",
            path,
            body=request.body,
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "User-Agent": "Xiaoer",
                "Connection": "close",
                **request.headers,
            },
        )
        answer = link.getresponse()
        body = answer.read(MOST_ANSWER)
        return _judged(answer.status, body)
    finally:
        guard.cancel()
        link.close()


def _judged(status: int, body: bytes) -> Outcome:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Outcome(True, code=status, body=body)
    if status < HTTPStatus.BAD_REQUEST:
        words = _("The address leads elsewhere (%(code)d); redirects are not followed.")
        return Outcome(False, status, words % {"code": status}, is_final=True)
    may_pass = status in {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
    is_final = status < HTTPStatus.INTERNAL_SERVER_ERROR and not may_pass
    return Outcome(
        False,
        status,
        _("The receiver answered %(code)d.") % {"code": status},
        is_final=is_final,
        body=body,
    )


class _Pinned(http.client.HTTPConnection):
    """A connection to an address already looked at; the certificate must be the name's."""

    def __init__(self, host: str, port: int, address: str, *, is_secure: bool) -> None:
        super().__init__(host, port, timeout=STEP_S)
        self._address = address
        self._is_secure = is_secure

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), STEP_S)
        if self._is_secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)

    def cut(self) -> None:
        """End it from outside; whoever reads then reads an end."""
        sock = self.sock
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                log.debug("already closed")


def _reachable(host: str, port: int) -> str:
    """One address of a host that may be sent to.

    Raises:
        _Barred: one of its addresses lies within, or this is the demo.
        OSError: the name is not known.
    """
    allowed_host = _is_allowed_name(host)
    if settings.DEMO and not allowed_host:
        raise _Barred(_("The demo sends nothing out of this machine."))
    found = [
        ipaddress.ip_address(str(entry[4][0]).partition("%")[0])
        for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    ]
    for address in found:
        if not allowed_host and not _is_allowed_address(address) and not _is_public(address):
            raise _Barred(
                _(
                    "%(host)s lies inside a network (%(address)s); nothing is sent there unless the"
                    " administrator of the installation allows it."
                )
                % {"host": host, "address": address}
            )
    return str(found[0])


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and any(address in net for net in _CARRIERS):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _is_allowed_name(host: str) -> bool:
    return host.lower() in {one.lower() for one in settings.HOOKS_ALLOWED}


def _is_allowed_address(address: Address) -> bool:
    for one in settings.HOOKS_ALLOWED:
        try:
            network = ipaddress.ip_network(one, strict=False)
        except ValueError:
            continue
        if address in network:
            return True
    return False


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it is sent; ``number`` becomes its Message-ID, the same however often it is sent."""

    number: str
    to: str
    title: str
    text: str


def mail(letter: Mail) -> Outcome:
    """Hand a mail to the mail server. Never raises for what the server does."""
    if not settings.EMAIL_HOST:
        words = _("E-mail is not set up here; the administrator names a mail server.")
        return Outcome(False, words=words)
    began = time.monotonic()
    try:
        _mail(letter)
    except smtplib.SMTPResponseException as error:
        outcome = _answered(error.smtp_code)
    except smtplib.SMTPRecipientsRefused as error:
        outcome = _answered(min(code for code, _words in error.recipients.values()))
    except (OSError, smtplib.SMTPException, ValueError) as error:
        outcome = Outcome(False, words=_said(error))
    else:
        outcome = Outcome(True, code=250)
    return _timed(outcome, began)


def _mail(letter: Mail) -> None:
    domain = urlsplit(settings.PUBLIC_ADDRESS).hostname or "xiaoer"
    connection: Any = get_connection(settings.MAIL_BACKEND, timeout=STEP_S)
    message = EmailMessage(
        subject=" ".join(letter.title.split()),
        body=letter.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[letter.to],
        headers={
            "Message-ID": f"<{letter.number}@{domain}>",
            "X-Xiaoer-Id": letter.number,
            "Auto-Submitted": "auto-generated",
        },
        connection=connection,
    )
    message.send()


def _answered(code: int) -> Outcome:
    """A mail server's 5xx is for good, its 4xx may pass."""
    words = _("The mail server answered %(code)d.") % {"code": code}
    return Outcome(False, code, words, is_final=code >= HTTPStatus.INTERNAL_SERVER_ERROR)


_SAID: tuple[tuple[type[BaseException], Callable[[], str]], ...] = (
    (socket.gaierror, lambda: _("The name of the server is not known.")),
    (TimeoutError, lambda: _("The server did not answer in time.")),
    (ssl.SSLError, lambda: _("The certificate of the server is not right.")),
    (ConnectionRefusedError, lambda: _("Nobody answers at this address.")),
    (ConnectionError, lambda: _("The connection broke.")),
    (smtplib.SMTPServerDisconnected, lambda: _("The connection broke.")),
    (http.client.HTTPException, lambda: _("The server's answer could not be read.")),
    (OSError, lambda: _("The server cannot be reached.")),
)


def _said(error: BaseException) -> str:
    """What went wrong, without what was sent: an address or a password may stand in the error."""
    for kind, said in _SAID:
        if isinstance(error, kind):
            return said()
    return _("The server's answer could not be read.")


def _timed(outcome: Outcome, began: float) -> Outcome:
    took = int((time.monotonic() - began) * 1000)
    return Outcome(
        outcome.is_sent, outcome.code, outcome.words, outcome.is_final, took, outcome.body
    )
