"""What the robots of WeCom, DingTalk and Feishu are sent: each platform's own message, signature and limits.

WeCom 企业微信: the key stands in the address; Markdown of at most 4,096 bytes; 20 messages a minute.
DingTalk 钉钉: HMAC-SHA256 of ``milliseconds\\nsecret`` keyed with the secret, Base64, in the query; 20 a minute.
Feishu 飞书: HMAC-SHA256 of nothing keyed with ``seconds\\nsecret``, Base64, in the body; a body of at most 20 KB.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus, urlsplit

from django.conf import settings
from django.utils import timezone

from portal.notifications.failures import NotAccepted
from portal.notifications.models import Kind, Robot
from portal.notifications.outgoing import Answer, post, require_taken
from portal.notifications.sealing import Unreadable, unseal

# Bytes of the text; Feishu counts the whole body, whose JSON takes its part.
LONGEST = {Kind.WECOM: 4_000, Kind.DINGTALK: 15_000, Kind.FEISHU: 12_000}
# What the platforms answer when they are asked too often or are busy: trying again helps. All else is final.
BUSY = {
    Kind.WECOM: {-1, 45009, 45033},
    Kind.DINGTALK: {-1, 130101, 410100, 430101},
    Kind.FEISHU: {9499, 11232, 11233, 2200},
}
MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]()#>!~|"} | {"<": "＜", "@": "＠"})


@dataclass(frozen=True)
class Line:
    """One line of a card; with an address it is a link."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Card:
    """A message to a chat: a heading, parts of lines, and a last line that always has its place."""

    title: str
    parts: list[tuple[str, list[Line]]] = field(default_factory=list)
    foot: Line | None = None


def markdown(line: Line, *, escapes: bool) -> str:
    """A line as Markdown; what people wrote never becomes a mark, a link or a call to somebody."""
    text = line.text.translate(MARKS) if escapes else re.sub(r"[`*_\[\]<>@#]", "", line.text)
    return f"[{text}]({line.url})" if line.url else text


def fitting(card: Card, longest: int, size_of: Any) -> Iterator[tuple[str, list[Line]]]:
    """The parts as far as they fit beside the heading and the last line."""
    left = longest - len(card.title.encode()) - (size_of(card.foot) if card.foot else 0) - 40
    for heading, lines in card.parts:
        left -= len(heading.encode()) + 10
        taken = []
        for line in lines:
            left -= size_of(line) + 6
            if left < 0:
                break
            taken.append(line)
        if taken:
            yield heading, taken
        if left < 0:
            return


def as_markdown(card: Card, longest: int, *, escapes: bool) -> str:
    """The card for WeCom and DingTalk."""

    def size_of(line: Line) -> int:
        return len(markdown(line, escapes=escapes).encode())

    pieces = [f"### {markdown(Line(card.title), escapes=escapes)}"]
    for heading, lines in fitting(card, longest, size_of):
        pieces.append("\n".join([f"**{heading}**\n", *(f"- {markdown(line, escapes=escapes)}" for line in lines)]))
    if card.foot:
        pieces.append(markdown(card.foot, escapes=escapes))
    return "\n\n".join(pieces)


def as_post(card: Card, longest: int) -> dict[str, Any]:
    """The card as Feishu's rich text, where nothing needs to be escaped."""

    def size_of(line: Line) -> int:
        return len(json.dumps(pieces_of(line), ensure_ascii=False).encode()) + 4

    rows = []
    for heading, lines in fitting(card, longest, size_of):
        rows += [[{"tag": "text", "text": heading}], *(pieces_of(line) for line in lines)]
    if card.foot:
        rows.append(pieces_of(card.foot))
    return {"title": card.title, "content": rows}


def pieces_of(line: Line) -> list[dict[str, str]]:
    """A line in Feishu's tags."""
    return [{"tag": "a", "text": line.text, "href": line.url} if line.url else {"tag": "text", "text": line.text}]


def message_of(kind: str, card: Card) -> dict[str, Any]:
    """The message that the platform takes."""
    if kind == Kind.WECOM:
        content = as_markdown(card, LONGEST[Kind.WECOM], escapes=False)
        return {"msgtype": "markdown", "markdown": {"content": content}}
    if kind == Kind.DINGTALK:
        text = as_markdown(card, LONGEST[Kind.DINGTALK], escapes=True)
        return {"msgtype": "markdown", "markdown": {"title": card.title, "text": text}}
    return {"msg_type": "post", "content": {"post": {"zh_cn": as_post(card, LONGEST[Kind.FEISHU])}}}


def mac(key: str, text: str) -> str:
    """HMAC-SHA256 in Base64."""
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def signed(kind: str, address: str, secret: str, message: dict, *, at: datetime) -> tuple[str, dict[str, Any]]:
    """Address and body as the platform wants them signed; WeCom's key is in the address already."""
    if not secret or kind == Kind.WECOM:
        return address, message
    if kind == Kind.DINGTALK:
        stamp = str(int(at.timestamp() * 1000))
        sign = quote_plus(mac(secret, f"{stamp}\n{secret}"))
        return f"{address}{'&' if urlsplit(address).query else '?'}timestamp={stamp}&sign={sign}", message
    stamp = str(int(at.timestamp()))
    return address, {"timestamp": stamp, "sign": mac(f"{stamp}\n{secret}", "")} | message


def secrets_of(robot: Robot) -> tuple[str, str]:
    """Address and signing secret; NotAccepted, for good, if the portal's key doesn't open them."""
    of = {"tenant_id": robot.tenant_id, "code": robot.code}
    try:
        address = unseal(robot.sealed_address, part="address", **of)
        return address, unseal(robot.sealed_secret, part="secret", **of) if robot.sealed_secret else ""
    except Unreadable:
        raise NotAccepted("key", is_final=True) from None


def is_known_host(kind: str, host: str) -> bool:
    """Whether robots of this kind live there; webhooks may live anywhere public."""
    return kind == Kind.WEBHOOK or host in settings.ROBOT_HOSTS[kind]


def send_card(robot: Robot, card: Card) -> None:
    """Post a card into the chat; NotAccepted with the platform's own words when it doesn't take it."""
    address, secret = secrets_of(robot)
    if not is_known_host(robot.kind, urlsplit(address).hostname or ""):
        raise NotAccepted("host-other", is_final=True)
    url, message = signed(robot.kind, address, secret, message_of(robot.kind, card), at=timezone.now())
    answer = post(url, json.dumps(message, ensure_ascii=False).encode(), {})
    require_success(robot.kind, answer, hidden=[address, secret])


def require_success(kind: str, answer: Answer, *, hidden: Iterable[str]) -> None:
    """NotAccepted unless the platform says that the message is in the chat: status 200 alone says nothing."""
    require_taken(answer)
    try:
        said = json.loads(answer.body)
        code = next(said[name] for name in ("errcode", "code", "StatusCode") if name in said)
    except (ValueError, TypeError, StopIteration, RecursionError):
        raise NotAccepted("answer-other", is_final=True) from None
    if type(code) is not int:
        raise NotAccepted("answer-other", is_final=True)
    if code == 0:
        return
    words = str(said.get("errmsg") or said.get("msg") or said.get("StatusMessage") or "")
    for secret in filter(None, hidden):
        words = words.replace(secret, "…")
    raise NotAccepted("platform", f"{code}: {words}"[:250], is_final=code not in BUSY[Kind(kind)])
