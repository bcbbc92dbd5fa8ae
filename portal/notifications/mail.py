"""The only code that sends mail: one delivery, in its reader's language."""

import smtplib
from datetime import date

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.calendars.clock import civil_today, working_days_left
from portal.obligations.models import Delivery


class NotAccepted(Exception):
    """The mail server did not take the message; ``is_final`` when trying again is of no use."""

    def __init__(self, message: str, *, is_final: bool = False) -> None:
        super().__init__(message)
        self.is_final = is_final


def subject_line(delivery: Delivery, today: date) -> str:
    """What is due, whose, when: 〔剩5个工作日〕… · 11月30日."""
    obligation = delivery.reminder.obligation
    left = working_days_left(today, obligation.due_on)
    if left < 0:
        mark = _("overdue")
    elif left == 0:
        mark = _("due today")
    else:
        mark = ngettext("%(days)d working day left", "%(days)d working days left", left) % {"days": left}
    return _("[%(mark)s] %(pip)s: %(title)s · %(due)s") % {
        "mark": mark,
        "pip": obligation.pip.name,
        "title": obligation.title,
        "due": date_format(obligation.due_on, _("M j, Y")),
    }


def send(delivery: Delivery) -> None:
    """Send one mail with the Message-ID of its delivery; raises NotAccepted when the server does not take it."""
    obligation = delivery.reminder.obligation
    with translation.override(delivery.user.language):
        context = {
            "delivery": delivery,
            "obligation": obligation,
            "subject": subject_line(delivery, civil_today()),
            "cites": [cite.label.in_(delivery.user.language) for cite in obligation.law.cites],
            "language": delivery.user.language,
            "address": settings.BASE_URL.rstrip("/") + obligation.get_absolute_url(),
        }
        message = EmailMultiAlternatives(
            subject=context["subject"],
            body=render_to_string("notifications/reminder.txt", context),
            to=[delivery.user.email],
            headers={"Message-ID": delivery.message_id, "Auto-Submitted": "auto-generated"},
        )
        message.attach_alternative(render_to_string("notifications/reminder.html", context), "text/html")
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as refused:
            raise NotAccepted(str(refused), is_final=True) from refused
        except (smtplib.SMTPException, OSError) as refused:
            raise NotAccepted(f"{type(refused).__name__}: {refused}") from refused
