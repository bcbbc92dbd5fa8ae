"""A real SMTP server on loopback that can accept, refuse, answer late, hang up or say nothing, and remembers all."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from portal.embedded.ports import any_port


@dataclass(frozen=True)
class Mood:
    """How the server behaves: what it says to an address and to a letter, after how long, and whether it answers."""

    address: str = "250 known"
    letter: str = "250 kept"
    seconds: Callable[[], float] = lambda: 0.0
    hangs: bool = False
    hangs_up: bool = False  # takes the letter and is gone before it says so
    unknown: frozenset[str] = frozenset()  # addresses that it refuses for good


@dataclass(frozen=True)
class Accepted:
    """One mail that the server took: from then on it counts as told."""

    to: str
    message_id: str
    text: str
    day: str  # the civil day that the scenario played when it came


class PostOffice:
    """The server, in a thread of its own; ``port`` stays the same when it closes and opens again."""

    def __init__(self) -> None:
        self.port = any_port()
        self.mood = Mood()
        self.day = ""
        self.accepted: list[Accepted] = []
        self.cut = 0  # letters that were taken and not answered
        self.events = 0  # steps of the protocol, for those who wait for the work to go on
        self._changed = threading.Condition()
        self._controller: Controller | None = None

    def open(self) -> "PostOffice":
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def close(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def __enter__(self) -> "PostOffice":
        return self.open()

    def __exit__(self, *_error: object) -> None:
        self.close()

    # What aiosmtpd calls

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self._note()
        if address in self.mood.unknown:
            return "550 5.1.1 no such user"
        if self.mood.address.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.mood.address

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        mood = self.mood
        if mood.letter.startswith("2") and not mood.hangs:
            self._take(envelope)
        self._note()
        if mood.hangs_up:
            self.cut += 1
            server.transport.abort()
        if mood.hangs:
            await asyncio.sleep(3600)  # the sender gives up first
        await asyncio.sleep(mood.seconds())
        self._note()
        return mood.letter

    def _take(self, envelope: Envelope) -> None:
        message = message_from_bytes(envelope.content, policy=policy.default)
        text = message.get_body(("plain",)).get_content()
        for address in envelope.rcpt_tos:
            self.accepted.append(Accepted(address, message["Message-ID"].strip(), text, self.day))

    def _note(self) -> None:
        with self._changed:
            self.events += 1
            self._changed.notify_all()

    # What a scenario asks

    def await_events(self, more: int, *, seconds: float) -> bool:
        """Whether that many more steps came to pass within the time."""
        deadline = time.monotonic() + seconds
        with self._changed:
            wanted = self.events + more
            return self._changed.wait_for(lambda: self.events >= wanted, deadline - time.monotonic())

    def times(self) -> Counter[tuple[str, str]]:
        """How often each mail was taken, by person and Message-ID."""
        return Counter((mail.to, mail.message_id) for mail in list(self.accepted))
