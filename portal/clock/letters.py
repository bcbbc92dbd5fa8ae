"""What a letter says, in its reader's language: one duty, or many by their rules."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal.calendars.clock import working_days_left
from portal.clock.background import Background
from portal.clock.envelopes import COME
from portal.clock.links import answer_url, base, mend_url
from portal.clock.moves import told_by, words_of
from portal.clock.rungs import STEP, is_escalation
from portal.clock.weeks import weeks_until
from portal.law.duties import LAYERS
from portal.notifications.mail import Letter
from portal.obligations.models import Delivery, Obligation
from portal.obligations.subjects import Subject
from portal.ui.marks import clock_words

# Duties of a rule that a letter names; the others are counted.
NAMED, NAMED_OF_ADVICE = 5, 3
NEAR = 5  # working days before the date on which a letter's edge takes the colour of a warning


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
    if left is None:
        # An end that somebody wrote as 9999-12-31: no calendar goes so far.
        return _("far ahead")
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


def letter_of(deliveries: list[Delivery], background: Background, *, today: date) -> Letter:
    """The mail that carries these deliveries to their person: a digest, unless they tell of one duty only."""
    newest = newest_of_each_duty(deliveries)
    with translation.override(newest[0].user.language):
        if len(newest) == 1:
            return reminder_letter(newest[0], background, today=today)
        return digest_letter(newest, background, today=today)


def newest_of_each_duty(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Of a duty that waits to be told of twice, what came last, or what nobody answered; the earliest date first."""
    ordered = sorted(deliveries, key=lambda row: (is_escalation(row.reminder), row.pk))
    newest = {row.reminder.obligation_id: row for row in ordered}
    return sorted(newest.values(), key=lambda row: (row.reminder.obligation.safe_on or date.max, row.pk))


def named_duties(deliveries: Iterable[Delivery]) -> list[Obligation]:
    """The duties that a letter names, so that what they are about can be looked up before it is written."""
    groups = [group for _title, part in parts_of(newest_of_each_duty(deliveries)) for group in by_rule(part)]
    return [row.reminder.obligation for rows in groups for row in named(rows)]


def named(rows: list[Delivery]) -> list[Delivery]:
    """Of the duties of a rule those that a letter names: more where a law sets the date."""
    return rows[: NAMED if rows[0].reminder.obligation.law.layer == "law" else NAMED_OF_ADVICE]


def rest_path(rows: list[Delivery]) -> str:
    """Where all that a letter tells of a rule can be read, whatever became of it since."""
    first = rows[0].reminder.obligation
    query = urlencode({"rule": first.rule, "letter": rows[0].letter or "", "state": "all"})
    return f"{reverse('desk:obligations', args=[first.tenant.slug])}?{query}"


def by_rule(newest: Iterable[Delivery]) -> list[list[Delivery]]:
    """Dates set by law first, then standards, practice and what only the portal asks; in each the earliest first."""
    groups: dict[str, list[Delivery]] = defaultdict(list)
    for row in newest:
        groups[row.reminder.obligation.rule].append(row)
    layers = list(LAYERS)
    # Python's sort is stable: within a layer the order of the dates stays.
    return sorted(groups.values(), key=lambda rows: layers.index(rows[0].reminder.obligation.law.layer))


def parts_of(newest: list[Delivery]) -> list[tuple[str, list[Delivery]]]:
    """The parts of a digest: what nobody answered, the dates set by law, and all else."""
    escalated = [row for row in newest if is_escalation(row.reminder)]
    others = [row for row in newest if not is_escalation(row.reminder)]
    parts = [
        (_("Escalated: nobody has said that he is on it"), escalated),
        (_("Dates set by law"), [row for row in others if row.reminder.obligation.law.layer == "law"]),
        (
            _("Recommended: standards, filing practice and defaults of the portal, not law"),
            [row for row in others if row.reminder.obligation.law.layer != "law"],
        ),
    ]
    return [(title, rows) for title, rows in parts if rows]


@dataclass(frozen=True)
class Line:
    """One duty in a digest."""

    name: str
    due: str
    left: str
    is_late: bool
    notes: list[str]
    why: str
    remarks: list[str]
    url: str
    answer: str


@dataclass(frozen=True)
class Group:
    """The duties of one rule in a digest: the first by name, the others counted."""

    title: str
    facts: str
    lines: list[Line]
    more: int
    url: str


def digest_letter(newest: list[Delivery], background: Background, *, today: date) -> Letter:
    """One mail for many duties: all of a day, or all dates set by law that have come."""
    person, tenant = newest[0].user, newest[0].reminder.obligation.tenant
    statutory = sum(row.reminder.obligation.law.layer == "law" for row in newest)
    has_come = newest[0].letter_kind == COME
    numbers = come_words(newest, today) if has_come else numbers_of(statutory, len(newest) - statutory)
    is_of_many = len({row.pip_id for row in newest}) > 1
    parts = [
        (title, [group_of(rows, background, is_of_many, today) for rows in by_rule(part)])
        for title, part in parts_of(newest)
    ]
    lead = _("What has come or passed. All else that the portal reminds you of is in the day's digest.")
    if not has_come:
        lead = _("All that the portal reminds you of today, by rule. Dates set by law that have come stand apart.")
    context = {"parts": parts, "lead": lead, "tone": "bad" if has_come else ""}
    return written(
        "digest",
        newest[0],
        _("[%(tenant)s] %(numbers)s") % {"tenant": tenant.name, "numbers": numbers},
        person.email,
        context,
    )


def written(template: str, delivery: Delivery, subject: str, to: str, context: dict[str, Any]) -> Letter:
    """The letter in both forms."""
    duty = delivery.reminder.obligation
    context = context | {
        "subject": one_line(subject),
        "tenant": duty.tenant.name,
        "language": get_language() or "en",
        "duties_url": base() + reverse("desk:obligations", args=[duty.tenant.slug]),
    }
    return Letter(
        to=to,
        subject=context["subject"],
        text=render_to_string(f"clock/{template}.txt", context),
        html=render_to_string(f"clock/{template}.html", context),
        message_id=delivery.message_id,
    )


def numbers_of(statutory: int, others: int) -> str:
    """How many dates of law and how many other matters, as the heading says it."""
    law = ngettext("%(count)d date set by law", "%(count)d dates set by law", statutory) % {"count": statutory}
    advice = ngettext("%(count)d recommended matter", "%(count)d recommended matters", others) % {"count": others}
    if statutory and others:
        return _("%(law)s, %(advice)s") % {"law": law, "advice": advice}
    return law if statutory else advice


def come_words(newest: list[Delivery], today: date) -> str:
    """How many dates set by law have come, and how many of them have passed."""
    late = sum(row.reminder.obligation.due_on is not None and row.reminder.obligation.due_on < today for row in newest)
    words = ngettext("%(count)d date set by law has come", "%(count)d dates set by law have come", len(newest)) % {
        "count": len(newest)
    }
    return _("%(come)s, %(late)d overdue") % {"come": words, "late": late} if late else words


def group_of(rows: list[Delivery], background: Background, is_of_many: bool, today: date) -> Group:
    """The duties of one rule, as a digest tells them."""
    first, language = rows[0].reminder.obligation, get_language() or "en"
    facts = [
        LAYERS[first.law.layer].in_(language),
        *(cite.label.in_(language) for cite in first.law.cites),
    ]
    if len(rows) > 1:
        facts.append(ngettext("%(count)d duty", "%(count)d duties", len(rows)) % {"count": len(rows)})
    if len(rows) > 1 and first.safe_on:
        facts.append(_("the earliest on %(day)s") % {"day": due_words(rows[0])})
    lines = [line_of(row, background, is_of_many, today) for row in named(rows)]
    return Group(
        title=first.title,
        facts=" · ".join(facts),
        lines=lines,
        more=len(rows) - len(lines),
        url=base() + rest_path(rows),
    )


def line_of(row: Delivery, background: Background, is_of_many: bool, today: date) -> Line:
    """One duty: whose, by when, where; and why, where the law asks."""
    duty = row.reminder.obligation
    subject = background.subjects[duty.pk]
    names = [subject.name, subject.code, duty.pip.name if is_of_many and subject.name != duty.pip.name else ""]
    notes = []
    if duty.due_on and today <= duty.safe_on != duty.due_on:
        notes.append(_("aim at %(safe)s") % {"safe": duty.safe_on.isoformat()})
    if not duty.is_confirmed:
        notes.append(_("count unconfirmed"))
    return Line(
        name=one_line(" · ".join(name for name in names if name)),
        due=_("due on %(day)s") % {"day": due_words(row)} if duty.safe_on else due_words(row),
        left=time_left(duty, today),
        is_late=duty.is_overdue(today),
        notes=notes,
        why=duty.why if duty.law.layer == "law" else "",
        remarks=remarks_on(row, background),
        url=base() + duty.get_absolute_url(),
        answer=answer_url(row) if duty.law.layer == "law" and duty.safe_on else "",
    )


def remarks_on(row: Delivery, background: Background) -> list[str]:
    """What is unusual about this reminder: nobody answered, the date moved, or it comes late."""
    duty, remarks = row.reminder.obligation, []
    if is_escalation(row.reminder):
        asked = background.asked.get(duty.pk, [])
        people = _(", ").join(
            _("%(person)s (since %(day)s)") % {"person": name, "day": day.isoformat()} for name, day in asked
        )
        remarks.append(
            _("Escalated: %(people)s has been told; nobody has said that he is on it.") % {"people": people}
        )
    if move := told_by(row):
        remarks.append(_("What changed: %(what)s") % {"what": words_of(move)})
    elif duty.pk in background.moved_from:
        remarks.append(
            _("The date moved: the day to aim at was %(old)s and is now %(new)s.")
            % {"old": background.moved_from[duty.pk].isoformat(), "new": duty.safe_on.isoformat()}
        )
    if row.reminder.is_late:
        remarks.append(_("Late: this should have gone out on %(day)s.") % {"day": row.reminder.send_on.isoformat()})
    return [one_line(remark) for remark in remarks]


def one_line(text: str) -> str:
    """A name may hold a line break, a heading may not."""
    return " ".join(text.split())


def reminder_letter(delivery: Delivery, background: Background, *, today: date) -> Letter:
    """The mail of one duty: what is due, whose, when, why, what is missing, and where to do it."""
    duty, language = delivery.reminder.obligation, get_language() or "en"
    subject = _("[%(left)s] %(pip)s: %(title)s · %(due)s") % {
        "left": time_left(duty, today),
        "pip": duty.pip.name,
        "title": duty.title,
        "due": due_words(delivery, "DATE_FORMAT"),
    }
    context = {
        "duty": duty,
        "left": time_left(duty, today),
        "whose": whose_words(duty, background.subjects[duty.pk]),
        "layer": LAYERS[duty.law.layer].in_(language),
        "is_law": duty.law.layer == "law",
        "cites": [cite.label.in_(language) for cite in duty.law.cites],
        "remarks": remarks_on(delivery, background),
        "missing": background.missing.get(duty.pk, []),
        "weeks": weeks_until(duty, today),
        "tone": tone_of(duty, today),
        "address": base() + duty.get_absolute_url(),
        "mend": mend_url(duty),
        "answer": answer_url(delivery) if duty.safe_on else "",
    }
    return written("reminder", delivery, subject, delivery.user.email, context)


def whose_words(duty: Obligation, subject: Subject) -> str:
    """The PIP, and what of it the duty is about."""
    names = [duty.pip.name, subject.name if subject.name != duty.pip.name else "", subject.code]
    return one_line(" · ".join(name for name in names if name))


def tone_of(duty: Obligation, today: date) -> str:
    """The colour of the letter's edge: bad once the date has passed, warn in its last days."""
    if duty.is_overdue(today):
        return "bad"
    if duty.due_at is not None:
        return "warn"
    left = working_days_left(today, duty.due_on) if duty.due_on else None
    return "warn" if left is not None and left <= NEAR else ""
