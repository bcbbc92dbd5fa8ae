"""What a reminder says, in its reader's language."""

from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.calendars.clock import working_days_left
from portal.clock.reminders import STEP
from portal.notifications.mail import Letter
from portal.obligations.models import Delivery, Obligation
from portal.ui.marks import clock_words


def time_left(obligation: Obligation, today: date) -> str:
    """How long there is: "5 working days left", "due today", "overdue", or of a duty in hours "3 hours left"."""
    if obligation.due_at is not None:
        return clock_words(obligation.due_at)
    if obligation.due_on is None:
        return _("early warning")
    if obligation.due_on < today:
        return _("overdue")
    if obligation.due_on == today:
        return _("due today")
    left = working_days_left(today, obligation.due_on)
    return ngettext("%(days)d working day left", "%(days)d working days left", left) % {"days": left}


def reminder_letter(delivery: Delivery, *, today: date) -> Letter:
    """The mail of one delivery: what is due, whose, when, why, and where to do it."""
    obligation, language = delivery.reminder.obligation, delivery.user.language
    with translation.override(language):
        if obligation.due_at is not None:
            due = f"{timezone.localtime(obligation.due_at):%Y-%m-%d %H:%M}"
        elif obligation.due_on is None:
            due = _("%(step)s %% of 100,000") % {"step": delivery.reminder.rung.removeprefix(STEP)}
        else:
            due = date_format(obligation.due_on, "DATE_FORMAT")
        subject = _("[%(left)s] %(pip)s: %(title)s · %(due)s") % {
            "left": time_left(obligation, today),
            "pip": obligation.pip.name,
            "title": obligation.title,
            "due": _("%(day)s (provisional)") % {"day": due} if obligation.is_provisional else due,
        }
        # A name may hold a line break, a heading may not.
        subject = " ".join(subject.split())
        context = {
            "delivery": delivery,
            "obligation": obligation,
            "subject": subject,
            "cites": [cite.label.in_(language) for cite in obligation.law.cites],
            "language": language,
            "address": settings.BASE_URL.rstrip("/") + obligation.get_absolute_url(),
        }
        return Letter(
            to=delivery.user.email,
            subject=subject,
            text=render_to_string("clock/reminder.txt", context),
            html=render_to_string("clock/reminder.html", context),
            message_id=delivery.message_id,
        )
