"""The only code that sends mail."""

import smtplib
from dataclasses import dataclass

from django.core.mail import EmailMultiAlternatives


class NotAccepted(Exception):
    """The mail server did not take the message; ``is_final`` when trying again is of no use."""

    def __init__(self, message: str, *, is_final: bool = False) -> None:
        super().__init__(message)
        self.is_final = is_final


@dataclass(frozen=True)
class Letter:
    """One mail to one person. The Message-ID is the sender's, so that a mail sent twice is known as one."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str


def send(letter: Letter) -> None:
    """Hand a letter to the mail server; raises NotAccepted when it does not take it."""
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[letter.to],
        headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(letter.html, "text/html")
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refused:
        # 4xx is for the moment: greylisting, a full mailbox.
        codes = [code for code, _said in refused.recipients.values()]
        raise NotAccepted(str(refused), is_final=all(code >= 500 for code in codes)) from refused
    except (smtplib.SMTPException, OSError) as refused:
        raise NotAccepted(f"{type(refused).__name__}: {refused}") from refused
