"""What a chat is told: one card for all that waits, dates set by law first, the rest counted."""

from datetime import date

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.clock.events import url_of
from portal.clock.letters import by_rule, due_words, named, newest_of_each_duty, numbers_of, rest_path, time_left
from portal.notifications.models import Robot
from portal.notifications.robots import Card, Line
from portal.obligations.models import Delivery
from portal.obligations.subjects import Subject


def card_of(robot: Robot, deliveries: list[Delivery], subjects: dict[int, Subject], *, today: date) -> Card:
    """The card of these deliveries, in the language of the chat."""
    newest = newest_of_each_duty(deliveries)
    tenant = newest[0].reminder.obligation.tenant
    with translation.override(robot.language):
        statutory = [row for row in newest if row.reminder.obligation.law.layer == "law"]
        others = [row for row in newest if row.reminder.obligation.law.layer != "law"]
        title = _("[%(tenant)s] %(numbers)s") % {
            "tenant": tenant.name,
            "numbers": numbers_of(len(statutory), len(others)),
        }
        headings = (
            (_("Dates set by law"), statutory),
            (_("Recommended: standards, filing practice and defaults of the portal, not law"), others),
        )
        parts = [
            (heading, [line for rows in by_rule(part) for line in lines_of(rows, subjects, today)])
            for heading, part in headings
            if part
        ]
        foot = Line(_("All open duties"), url_of(reverse("desk:obligations", args=[tenant.slug])))
        return Card(" ".join(title.split()), parts, foot)


def lines_of(rows: list[Delivery], subjects: dict[int, Subject], today: date) -> list[Line]:
    """The duties of one rule: the first by name, the others counted."""
    lines = [line_of(row, subjects[row.reminder.obligation_id], today) for row in named(rows)]
    more = len(rows) - len(lines)
    if more:
        words = ngettext("and %(more)s more: %(title)s", "and %(more)s more: %(title)s", more)
        title = rows[0].reminder.obligation.title
        lines.append(Line(words % {"more": more, "title": title}, url_of(rest_path(rows))))
    return lines


def line_of(row: Delivery, subject: Subject, today: date) -> Line:
    """One duty: what, whose, by when."""
    duty = row.reminder.obligation
    whose = " · ".join(dict.fromkeys(name for name in (subject.name, duty.pip.name) if name))
    when = " · ".join([due_words(row), time_left(duty, today)]) if duty.safe_on else due_words(row)
    return Line(" ".join(f"{duty.title} · {whose} · {when}".split()), url_of(duty.get_absolute_url()))
