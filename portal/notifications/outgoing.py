"""Posts to servers outside, on a leash: known or public addresses only, no redirects, little time, little to read."""

import ipaddress
import os
import socket
import threading
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from portal.notifications.failures import NotAccepted

NAT64 = ipaddress.ip_network("64:ff9b::/96")
RETRIED = frozenset({408, 425, 429})  # these 4xx speak of the moment, all others of the message


@dataclass(frozen=True)
class Answer:
    """What the server said: the status and the beginning of its body."""

    status: int
    body: bytes


class Leash:
    """Where a connection may go, and when it is cut: slow bytes would get round every timeout of a single read."""

    def __init__(self, address: str, seconds: float) -> None:
        self.address, self.was_cut = address, False
        self._line: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def hold(self, line: socket.socket) -> None:
        """Keep a second handle of the connection, which TLS does not take away."""
        self._line = socket.socket(fileno=os.dup(line.fileno()))

    def _cut(self) -> None:
        self.was_cut = True
        if self._line is not None:
            try:
                self._line.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # the other side was faster

    def let_go(self) -> None:
        self._timer.cancel()
        self._timer.join()
        if self._line is not None:
            self._line.close()


class _Pinned:
    """A connection to the address that was looked at, whatever the name answers when it is asked again."""

    leash: Leash

    def _new_conn(self) -> socket.socket:
        name = self._dns_host
        self._dns_host = self.leash.address
        try:
            line = super()._new_conn()
        finally:
            self._dns_host = name
        self.leash.hold(line)
        return line


class _Adapter(HTTPAdapter):
    """One connection, without a second try."""

    def __init__(self, leash: Leash) -> None:
        super().__init__(max_retries=0)
        plain = type("Plain", (_Pinned, HTTPConnection), {"leash": leash})
        secure = type("Secure", (_Pinned, HTTPSConnection), {"leash": leash})
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }


def address_of(url: str) -> str:
    """The IP address that the host of a URL answers with; NotAccepted where the portal doesn't post to it."""
    parts = urlsplit(url)
    may_be_private = settings.OUTGOING_MAY_BE_PRIVATE
    if parts.scheme != "https" and not (may_be_private and parts.scheme == "http"):
        raise NotAccepted("https", is_final=True)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = socket.getaddrinfo(parts.hostname or "", port, type=socket.SOCK_STREAM)
    except (ValueError, UnicodeError):
        raise NotAccepted("unread", is_final=True) from None
    except socket.gaierror:
        raise NotAccepted("name") from None
    addresses = [ipaddress.ip_address(row[4][0].split("%")[0]) for row in found]
    if not may_be_private and not all(is_public(one) for one in addresses):
        raise NotAccepted("private", is_final=True)
    return str(addresses[0])


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is one of the Internet, also where it is wrapped in another."""
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if address in NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.is_global and not address.is_multicast and (inner is None or inner.is_global)


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Post JSON and read the answer; NotAccepted, which holds nothing of the address, if there is none."""
    leash = Leash(address_of(url), settings.OUTGOING_TOTAL_SECONDS)
    timeout = (settings.OUTGOING_CONNECT_SECONDS, settings.OUTGOING_READ_SECONDS)
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "frportal/1"} | headers
    session = requests.Session()
    session.trust_env = False  # no proxy, no password file
    try:
        adapter = _Adapter(leash)
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        with session.post(
            url, data=body, headers=headers, timeout=timeout, allow_redirects=False, stream=True
        ) as answer:
            found = Answer(answer.status_code, read(answer))
    except (requests.RequestException, HTTPError, OSError) as error:
        raise reason_of(error, leash) from None
    finally:
        session.close()
        leash.let_go()
    if leash.was_cut:  # a head that is cut off reads like a whole one
        raise NotAccepted("slow")
    return found


def read(answer: requests.Response) -> bytes:
    """The body; NotAccepted if it is longer than anything that such servers say."""
    body = b""
    for piece in answer.iter_content(8192):
        body += piece
        if len(body) > settings.OUTGOING_MOST_BYTES:
            raise NotAccepted("answer-long")
    return body


def reason_of(error: Exception, leash: Leash) -> NotAccepted:
    """Why nothing came back: the library's own words would show the address, and the key in it."""
    if leash.was_cut or isinstance(error, requests.Timeout):
        return NotAccepted("slow")
    if isinstance(error, requests.exceptions.SSLError):
        return NotAccepted("certificate")
    if isinstance(error, requests.ConnectionError):
        return NotAccepted("broken")
    return NotAccepted("answer-unread", type(error).__name__)


def require_taken(answer: Answer) -> None:
    """NotAccepted unless the status says that the message was taken."""
    if 200 <= answer.status < 300:
        return
    if 300 <= answer.status < 400:
        raise NotAccepted("redirect", answer.status, is_final=True)
    is_final = 400 <= answer.status < 500 and answer.status not in RETRIED
    raise NotAccepted("status", answer.status, is_final=is_final)
