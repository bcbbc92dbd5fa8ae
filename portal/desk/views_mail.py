"""The demo's mailbox: the mails that the catcher took for the signed-in person's address."""

import email
import re
from datetime import UTC
from email import policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.accounts.pages import MEMBER, page

NAME = re.compile(r"\d{10,25}-\d+-\d+\.eml")
SHOWN = 50
LOOKED_AT = 2_000
HEAD = 16_384  # bytes: the headers of a mail, with room to spare
LARGEST = 2_000_000


def folder() -> Path:
    """Where the catcher keeps mails; without a catcher there is no such page."""
    if not settings.DEMO_MAIL_ROOT:
        raise Http404
    return Path(settings.DEMO_MAIL_ROOT)


def arrival(path: Path) -> int:
    """The moment of arrival, in nanoseconds, which the catcher put into the name."""
    return int(path.name.split("-")[0])


def parse(path: Path, most: int) -> EmailMessage:
    """The first ``most`` bytes of a kept mail."""
    with path.open("rb") as mail:
        return email.message_from_bytes(mail.read(most), policy=policy.default)


def is_to(message: EmailMessage, address: str) -> bool:
    """Whether the envelope names this address, and not only the heading, which anybody may write."""
    people = [one.strip().lower() for one in str(message["X-RcptTo"] or "").split(",")]
    return address.lower() in people


def heading(path: Path, message: EmailMessage) -> dict[str, Any]:
    """A mail in the list."""
    try:
        # A heading that ends in -0000 names no zone: it is UTC.
        sent_at = parsedate_to_datetime(str(message["Date"]))
        sent_at = sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=UTC)
    except (TypeError, ValueError):
        sent_at = None
    return {"name": path.name, "subject": str(message["Subject"] or ""), "from": str(message["From"]), "at": sent_at}


@page(MEMBER)
def demo_mail(request: HttpRequest) -> HttpResponse:
    """The newest mails to the reader."""
    kept = [path for path in folder().glob("*.eml") if NAME.fullmatch(path.name)]
    rows = []
    for path in sorted(kept, key=arrival, reverse=True)[:LOOKED_AT]:
        message = parse(path, HEAD)
        if is_to(message, request.user.email):
            rows.append(heading(path, message))
        if len(rows) == SHOWN:
            break
    return render(request, "desk/demo_mail.html", {"title": _("Demo mail"), "rows": rows})


@page(MEMBER)
def demo_message(request: HttpRequest, name: str) -> HttpResponse:
    """One mail, as plain text: nothing in it is run, loaded or rendered."""
    path = folder() / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise Http404
    message = parse(path, LARGEST)
    if not is_to(message, request.user.email):
        raise Http404
    part = message.get_body(("plain",))
    context = {
        "mail": heading(path, message),
        "text": part.get_content() if part is not None else "",
        "title": str(message["Subject"] or _("Demo mail")),
    }
    return render(request, "desk/demo_message.html", context)
