"""Why a message did not get through: kept as a code and the server's own words, told in the reader's language."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LONGEST = 300
# ``said`` is what the server said, or a number; it stays as it came.
WORDS: dict[str, str | Promise] = {
    "access-ended": _("The access of this person has ended."),
    "answer-long": _("The answer is too long to be one of such a server."),
    "answer-other": _("The answer is not one of this platform."),
    "answer-unread": _("The answer could not be read (%(said)s)."),
    "broken": _("The connection was refused or broke off."),
    "certificate": _("The certificate of the server is not trusted."),
    "host-other": _("The server is not one of this platform."),
    "https": _("The address does not begin with https."),
    "key": _("The stored secret does not open under the portal's key. Enter it again."),
    "mail-address": _("The mail server does not take this address: “%(said)s”"),
    "mail-answer": _("The mail server refused: “%(said)s”"),
    "mail-away": _("The mail server can't be reached: “%(said)s”"),
    "name": _("The name of the server was not found."),
    "off": _("The channel was switched off or changed before this was sent."),
    "platform": _("The platform refused: “%(said)s”"),
    "private": _("The address leads into a private network, where the portal does not post."),
    "redirect": _("The server redirects (HTTP %(said)s). Enter the address that it leads to."),
    "slow": _("The server did not answer in time."),
    "status": _("The server answered HTTP %(said)s."),
    "unread": _("The address can't be read."),
    "unsent": _("The portal failed while sending (%(said)s). Its log says more."),
    "unwritten": _("The message could not be written (%(said)s). The portal's log says more."),
}
SHAPE = re.compile(r"#([a-z-]+)(?: (.*))?", re.DOTALL)


class NotAccepted(Exception):
    """A server did not take a message; ``is_final`` when trying again is of no use.

    As text it is what the log keeps: a code of ``WORDS``, and what the server said.
    """

    def __init__(self, code: str, said: object = "", *, is_final: bool = False) -> None:
        super().__init__(f"#{code} {storable(said)}".strip()[:LONGEST])
        self.is_final = is_final

    @property
    def words(self) -> str:
        """Why, in the language in force."""
        return words_of(str(self))


def storable(said: object) -> str:
    """What a server said as one line that any table takes: no half letters, no control characters."""
    text = str(said).encode(errors="replace").decode()
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def words_of(error: str) -> str:
    """A kept reason in the language in force; what carries no code is shown as it came."""
    found = SHAPE.fullmatch(error)
    if found is None or found[1] not in WORDS:
        return error
    return str(WORDS[found[1]]) % {"said": found[2] or ""}
