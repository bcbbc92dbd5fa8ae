"""What a watcher outside the scheduler asks: which part is silent since when, and a mail about it by a second path.

It stands on nothing that it watches: what it remembers is in a file, and its mail takes another server.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.clock.doors import through_door
from portal.desk.health import answers_database, beats, is_silent, last_round, queue_length
from portal.notifications.failures import NotAccepted
from portal.notifications.mail import Letter, is_mail_server_there, path_of, send

AN_HOUR = timedelta(hours=1)
PATIENCE = 5  # seconds for a server that may hang
LONG_QUEUE = 100


@dataclass(frozen=True)
class Silence:
    """A part that says nothing, or an alarm that nobody may overlook; ``since`` a moment if it is known."""

    part: str
    since: datetime | None = None

    @property
    def words(self) -> str:
        """What is so and what to do, in the language in force."""
        sentence = {
            "database": _("The database does not answer. Start it; until then nothing works."),
            "valkey": _("The queue (Valkey) does not answer. Start it; nothing is lost meanwhile."),
            "beat": _("The scheduler sends no tasks. Start it again; missed reminders go out once, marked late."),
            "worker": _("No worker takes the tasks. Start it again; missed reminders go out once, marked late."),
            "smtp": _("The mail server does not answer. Mails wait and are tried again."),
            "storm": _("A cap holds letters back. Look at the delivery log: why are there so many?"),
        }[self.part]
        if self.since is None:
            return sentence
        since = timezone.localtime(self.since).strftime("%Y-%m-%d %H:%M")
        return _("%(sentence)s Since %(moment)s (Asia/Shanghai).") % {"sentence": sentence, "moment": since}


def silences() -> Iterator[Silence]:
    """Every part that is silent now."""
    waiting = queue_length()
    if waiting is None:
        yield Silence("valkey")
    if answers_database():
        try:
            yield from of_scheduler(waiting)
            if through_door("door_held"):
                yield Silence("storm")
        except DatabaseError:
            yield Silence("database")
    else:
        yield Silence("database")
    if not is_mail_server_there(timeout=PATIENCE):
        yield Silence("smtp")


def of_scheduler(waiting: int | None) -> Iterator[Silence]:
    """The scheduler puts tasks into the queue, the worker takes them out: what lies there tells which is silent."""
    found = beats()
    last = last_round(found)
    if waiting is not None and waiting > LONG_QUEUE:
        yield Silence("worker", last)
    elif is_silent(last) and waiting is not None:
        yield Silence("worker" if waiting else "beat", last)
    elif is_silent(last):
        yield Silence("beat", last)


def look(now: datetime) -> tuple[list[Silence], str]:
    """What is silent, since when, and what was done about the mail; remembers both."""
    memory = recall()
    known = {part: datetime.fromisoformat(moment) for part, moment in memory.get("since", {}).items()}
    found = [replace(one, since=one.since or known.get(one.part, now)) for one in silences()]
    mailed_at = memory.get("mailed_at")
    done = ""
    if found and (mailed_at is None or now - datetime.fromisoformat(mailed_at) >= AN_HOUR):
        done = tell(found)
        mailed_at = now.isoformat() if done == "mailed" else mailed_at
    elif not found and mailed_at is not None:
        done = tell([])
        mailed_at = None if done == "mailed" else mailed_at
    remember({"since": {one.part: one.since.isoformat() for one in found}, "mailed_at": mailed_at})
    return found, done


def recall() -> dict[str, Any]:
    """What the last look remembered; nothing if there was none or its file is damaged."""
    try:
        memory = json.loads(settings.ALARM_STATE.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return memory if isinstance(memory, dict) else {}


def remember(memory: dict[str, Any]) -> None:
    """Keep it, whole or not at all."""
    file = settings.ALARM_STATE
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}")
    part.write_text(json.dumps(memory))
    part.replace(file)


def tell(found: list[Silence]) -> str:
    """Mail the people behind the portal by the second path: ``mailed``, or why not."""
    if not settings.ALARM_EMAIL_URL or not settings.ALARM_TO:
        return "no second path: set ALARM_EMAIL_URL and ALARM_TO"
    subject, text, html = "", [], []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            heading, lines = heading_of(found), [one.words for one in found] or [_("All parts answer again.")]
        subject = f"{subject} / {heading}" if subject else heading
        text += [heading, *(f"- {line}" for line in lines), ""]
        html.append(f"<p><strong>{heading}</strong></p><ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>")
    for person in settings.ALARM_TO:
        letter = Letter(
            to=person,
            subject=subject,
            text="\n".join([*text, settings.BASE_URL]),
            html=f"<html><body>{''.join(html)}<p>{settings.BASE_URL}</p></body></html>",
            message_id=f"<alarm-{timezone.now():%Y%m%d%H%M%S}-{os.getpid()}@frportal>",
        )
        try:
            send(letter, path=path_of(settings.ALARM_EMAIL_URL, timeout=PATIENCE))
        except NotAccepted as refused:
            return f"the second path did not take the mail: {refused.words}"
    return "mailed"


def heading_of(found: list[Silence]) -> str:
    """The alarm in one line."""
    if not found:
        return _("FR portal: the alarm is over")
    return _("FR portal: look at %(parts)s") % {"parts": ", ".join(one.part for one in found)}
