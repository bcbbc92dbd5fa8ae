"""The only code that sends mail."""

import smtplib
from dataclasses import dataclass

import environ
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from portal.notifications.failures import NotAccepted


@dataclass(frozen=True)
class Letter:
    """One mail to one person. The Message-ID is the sender's, so that a mail sent twice is known as one."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str


def path_of(url: str, *, timeout: int) -> BaseEmailBackend:
    """Another mail server than the portal's own, by its URL; ``timeout`` in seconds."""
    config = environ.Env.email_url_config(url)
    return get_connection(
        config["EMAIL_BACKEND"],
        host=config["EMAIL_HOST"],
        port=config["EMAIL_PORT"],
        username=config["EMAIL_HOST_USER"],
        password=config["EMAIL_HOST_PASSWORD"],
        use_tls=config.get("EMAIL_USE_TLS", False),
        use_ssl=config.get("EMAIL_USE_SSL", False),
        timeout=timeout,
    )


def is_mail_server_there(*, timeout: int) -> bool:
    """Whether the portal's own mail server answers."""
    path = get_connection(timeout=timeout)
    try:
        path.open()
    except (smtplib.SMTPException, OSError):
        return False
    path.close()
    return True


def send(letter: Letter, *, path: BaseEmailBackend | None = None) -> None:
    """Hand a letter to the mail server, or to another one; raises NotAccepted when it does not take it."""
    path = path or get_connection()
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[letter.to],
        connection=path,
        headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(letter.html, "text/html")
    try:
        message.send()
    except UnicodeError as wrong:  # a domain that no name server can hold
        raise NotAccepted("unread", is_final=True) from wrong
    except smtplib.SMTPRecipientsRefused as refused:
        # 4xx is for the moment: greylisting, a full mailbox.
        answers = list(refused.recipients.values())
        is_final = all(code >= 500 for code, _said in answers)
        raise NotAccepted(
            "mail-address", "; ".join(answer_of(*one) for one in answers), is_final=is_final
        ) from refused
    except smtplib.SMTPResponseException as refused:
        close(path)
        raise NotAccepted("mail-answer", answer_of(refused.smtp_code, refused.smtp_error)) from refused
    except (smtplib.SMTPException, OSError) as refused:
        close(path)
        raise NotAccepted("mail-away", f"{type(refused).__name__}: {refused}") from refused


def answer_of(code: int, said: bytes | str) -> str:
    """What a mail server answered, as it said it."""
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"


def close(path: BaseEmailBackend) -> None:
    """Let go of a server also where it broke off before the first letter."""
    try:
        path.close()
    except (smtplib.SMTPException, OSError):
        return  # nobody is there to say goodbye to
