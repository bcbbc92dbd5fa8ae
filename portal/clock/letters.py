"""What a letter says, in its reader's language: one duty, or a digest of many by their rules."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal.calendars.clock import working_days_left
from portal.clock.moves import told_by, words_of
from portal.clock.reminders import STEP
from portal.law.duties import LAYERS
from portal.notifications.mail import Letter
from portal.obligations.models import Delivery, Obligation
from portal.obligations.subjects import Subject
from portal.ui.marks import clock_words

NAMED = 5  # duties of a rule that a digest names; the others are counted


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


def due_words(delivery: Delivery, format: str = "Y-m-d") -> str:
    """The date of a duty, its moment, or the step of an early warning."""
    obligation = delivery.reminder.obligation
    if obligation.due_at is not None:
        return f"{timezone.localtime(obligation.due_at):%Y-%m-%d %H:%M}"
    if obligation.due_on is None:
        return _("%(step)s %% of 100,000") % {"step": delivery.reminder.rung.removeprefix(STEP)}
    due = date_format(obligation.due_on, format)
    return _("%(day)s (provisional)") % {"day": due} if obligation.is_provisional else due


def letter_of(deliveries: list[Delivery], subjects: dict[int, Subject], *, today: date) -> Letter:
    """The mail that carries these deliveries to their person: a digest, unless they tell of one duty only."""
    newest = newest_of_each_duty(deliveries)
    if len(newest) == 1:
        return reminder_letter(newest[0], today=today)
    return digest_letter(newest, subjects, today=today)


def newest_of_each_duty(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Of a duty that waits to be told of twice, what came last; the earliest safe date first."""
    newest = {row.reminder.obligation_id: row for row in sorted(deliveries, key=lambda row: row.pk)}
    return sorted(newest.values(), key=lambda row: (row.reminder.obligation.safe_on or date.max, row.pk))


def named_duties(deliveries: Iterable[Delivery]) -> list[Obligation]:
    """The duties that a letter names, so that what they are about can be looked up before it is written."""
    groups = by_rule(newest_of_each_duty(deliveries))
    return [row.reminder.obligation for rows in groups for row in rows[:NAMED]]


def by_rule(newest: Iterable[Delivery]) -> list[list[Delivery]]:
    """Dates set by law first, then standards, practice and what only the portal asks; in each the earliest first."""
    groups: dict[str, list[Delivery]] = defaultdict(list)
    for row in newest:
        groups[row.reminder.obligation.rule].append(row)
    layers = list(LAYERS)
    # Python's sort is stable: within a layer the order of the dates stays.
    return sorted(groups.values(), key=lambda rows: layers.index(rows[0].reminder.obligation.law.layer))


@dataclass(frozen=True)
class Line:
    """One duty in a digest."""

    name: str
    when: str
    why: str
    url: str


@dataclass(frozen=True)
class Group:
    """The duties of one rule in a digest: the first by name, the others counted."""

    title: str
    facts: str
    lines: list[Line]
    more: int
    url: str


def digest_letter(newest: list[Delivery], subjects: dict[int, Subject], *, today: date) -> Letter:
    """One mail for many duties."""
    person, tenant = newest[0].user, newest[0].reminder.obligation.tenant
    with translation.override(person.language):
        statutory = [row for row in newest if row.reminder.obligation.law.layer == "law"]
        others = [row for row in newest if row.reminder.obligation.law.layer != "law"]
        subject = _("[%(tenant)s] %(numbers)s") % {
            "tenant": tenant.name,
            "numbers": numbers_of(len(statutory), len(others)),
        }
        is_of_many = len({row.pip_id for row in newest}) > 1
        parts = [
            (title, [group_of(rows, subjects, is_of_many, today) for rows in by_rule(part)])
            for title, part in (
                (_("Dates set by law"), statutory),
                (_("Recommended: standards, filing practice and defaults of the portal, not law"), others),
            )
            if part
        ]
        context = {"subject": one_line(subject), "parts": parts, "language": person.language}
        return Letter(
            to=person.email,
            subject=context["subject"],
            text=render_to_string("clock/digest.txt", context),
            html=render_to_string("clock/digest.html", context),
            message_id=newest[0].message_id,
        )


def numbers_of(statutory: int, others: int) -> str:
    """How many dates of law and how many other matters, as the heading says it."""
    law = ngettext("%(count)d date set by law", "%(count)d dates set by law", statutory) % {"count": statutory}
    advice = ngettext("%(count)d recommended matter", "%(count)d recommended matters", others) % {"count": others}
    if statutory and others:
        return _("%(law)s, %(advice)s") % {"law": law, "advice": advice}
    return law if statutory else advice


def group_of(rows: list[Delivery], subjects: dict[int, Subject], is_of_many: bool, today: date) -> Group:
    """The duties of one rule, as a digest tells them."""
    first, language = rows[0].reminder.obligation, get_language() or "en"
    facts = [
        LAYERS[first.law.layer].in_(language),
        *(cite.label.in_(language) for cite in first.law.cites),
        ngettext("%(count)d duty", "%(count)d duties", len(rows)) % {"count": len(rows)},
    ]
    if len(rows) > 1 and first.safe_on:
        facts.append(_("the earliest on %(day)s") % {"day": due_words(rows[0])})
    lines = [line_of(row, subjects[row.reminder.obligation_id], is_of_many, today) for row in rows[:NAMED]]
    path = reverse("desk:obligations", args=[first.tenant.slug])
    return Group(
        title=first.title,
        facts=" · ".join(facts),
        lines=lines,
        more=len(rows) - len(lines),
        url=f"{base()}{path}?rule={first.rule}",
    )


def line_of(row: Delivery, subject: Subject, is_of_many: bool, today: date) -> Line:
    """One duty: whose, by when, where; and why, where the law asks."""
    duty = row.reminder.obligation
    is_of_pip = subject.name == duty.pip.name
    names = [subject.name, subject.code, duty.pip.name if is_of_many and not is_of_pip else ""]
    when = [_("due on %(day)s") % {"day": due_words(row)} if duty.safe_on else due_words(row), time_left(duty, today)]
    if duty.due_on and today <= duty.safe_on != duty.due_on:
        when.append(_("aim at %(safe)s") % {"safe": duty.safe_on.isoformat()})
    if not duty.is_confirmed:
        when.append(_("count unconfirmed"))
    if move := told_by(row):
        when.append(words_of(move))
    return Line(
        name=one_line(" · ".join(name for name in names if name)),
        when=" · ".join(when),
        why=duty.why if duty.law.layer == "law" else "",
        url=base() + duty.get_absolute_url(),
    )


def base() -> str:
    """The address that people use."""
    return settings.BASE_URL.rstrip("/")


def one_line(text: str) -> str:
    """A name may hold a line break, a heading may not."""
    return " ".join(text.split())


def reminder_letter(delivery: Delivery, *, today: date) -> Letter:
    """The mail of one duty: what is due, whose, when, why, and where to do it."""
    obligation, language = delivery.reminder.obligation, delivery.user.language
    with translation.override(language):
        subject = _("[%(left)s] %(pip)s: %(title)s · %(due)s") % {
            "left": time_left(obligation, today),
            "pip": obligation.pip.name,
            "title": obligation.title,
            "due": due_words(delivery, "DATE_FORMAT"),
        }
        subject = one_line(subject)
        context = {
            "delivery": delivery,
            "obligation": obligation,
            "subject": subject,
            "cites": [cite.label.in_(language) for cite in obligation.law.cites],
            "moved": words_of(move) if (move := told_by(delivery)) else "",
            "language": language,
            "address": base() + obligation.get_absolute_url(),
        }
        return Letter(
            to=delivery.user.email,
            subject=subject,
            text=render_to_string("clock/reminder.txt", context),
            html=render_to_string("clock/reminder.html", context),
            message_id=delivery.message_id,
        )
