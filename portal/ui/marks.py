"""Small marks as ready HTML: icons, state badges, dates. Cached, because a table shows them by the hundred."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

import lucide
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from portal.calendars.clock import civil_now, civil_today
from portal.law.duties import LAYERS
from portal.law.text import Text
from portal.ui.states import STATES, TONE_ICONS

WEEKDAYS = (
    _("Mon"),
    _("Tue"),
    _("Wed"),
    _("Thu"),
    _("Fri"),
    _("Sat"),
    _("Sun"),
)
LAYER_ICONS = {"law": "scale", "standard": "book-open", "practice": "landmark", "default": "sliders-horizontal"}
# The last working days before a due date in which it is shown as near.
NEAR_WORKING_DAYS = 5


@lru_cache(maxsize=256)
def icon(name: str, css: str = "") -> SafeString:
    """A lucide icon, one em high, hidden from screen readers: the word beside it says the same."""
    classes = f"icon {css}".strip()
    drawn = lucide._render_icon(
        name + "", None, **{"width": "1em", "height": "1em", "class": classes, "aria-hidden": "true"}
    )
    return mark_safe("".join(line.strip() + " " for line in drawn.splitlines()).strip())


def words(text: Any) -> str:
    """A text of the law package in the reader's language; anything else as it is."""
    return text.in_(get_language() or "en") if isinstance(text, Text) else str(text)


@lru_cache(maxsize=2048)
def _badge(state: str, label: str, tone: str, language: str) -> SafeString:
    word, own_tone, name = STATES.get(state, (state.replace("_", " "), "quiet", "circle"))
    if tone and tone != own_tone:
        own_tone, name = tone, TONE_ICONS[tone] if state not in STATES else name
    return format_html('<span class="badge {}">{}{}</span>', own_tone, icon(name), label or word)


def badge(state: Any, label: Any = "", tone: str = "") -> SafeString:
    """A state as word, icon and colour. An unknown state is shown quietly under its own name."""
    # Plain strings: a cache that took "safe" text for equal would later hand it out for a user's own.
    plain = ["" + str(state), "" + words(label) if label else ""]
    return _badge(*plain, tone, get_language() or "en")


@lru_cache(maxsize=16)
def _layer(name: str, language: str) -> SafeString:
    css = format_html("badge layer {}", name)
    return format_html('<span class="{}">{}{}</span>', css, icon(LAYER_ICONS[name]), LAYERS[name].in_(language))


def layer(name: str) -> SafeString:
    """Whether a duty is law, a recommended standard, filing practice or the portal's default."""
    return _layer(str(name), get_language() or "en")


@lru_cache(maxsize=4096)
def _day(on: date, language: str) -> SafeString:
    return format_html(
        '<span class="day"><time datetime="{0}">{0}</time> <span class="weekday">{1}</span></span>',
        on.isoformat(),
        WEEKDAYS[on.weekday()],
    )


def day(on: date | None) -> SafeString:
    """A date of law with its weekday; nothing for no date."""
    if on is None:
        return mark_safe('<span class="muted">–</span>')
    return _day(on, get_language() or "en")


def moment(at: datetime | None) -> SafeString:
    """A moment in Shanghai time, to the minute."""
    if at is None:
        return mark_safe('<span class="muted">–</span>')
    local = timezone.localtime(at)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), f"{local:%Y-%m-%d %H:%M}")


def number(value: Any) -> str:
    """A whole number with its thousands apart; nothing for None."""
    return "" if value is None or value == "" else f"{int(value):,}"


def left_words(left: int) -> str:
    """The distance to a due date in words, from a number of working days; negative is past."""
    if left == 0:
        return gettext("due today")
    if left < 0:
        return ngettext("%(n)d working day overdue", "%(n)d working days overdue", -left) % {"n": -left}
    return ngettext("%(n)d working day left", "%(n)d working days left", left) % {"n": left}


def clock_words(until: datetime) -> str:
    """The distance to a moment by the clock, for duties in hours."""
    minutes = int((until - civil_now()).total_seconds() // 60)
    if minutes < 0:
        return gettext("overdue")
    if minutes < 60:
        return ngettext("%(n)d minute left", "%(n)d minutes left", minutes) % {"n": minutes}
    return ngettext("%(n)d hour left", "%(n)d hours left", minutes // 60) % {"n": minutes // 60}


def due_at(until: datetime, *, done: bool = False) -> SafeString:
    """A moment by which something is due, in Shanghai time; a passed one is red, one ahead is always near."""
    if done:
        return format_html('<span class="due">{}</span>', moment(until))
    is_late = until < civil_now()
    mark, tone = (icon("clock-alert"), "bad") if is_late else (icon("hourglass"), "warn")
    left = format_html('<span class="left {}">{}{}</span>', tone, mark, clock_words(until))
    return format_html('<span class="due">{} {}</span>', moment(until), left)


def due_of(duty: Any) -> SafeString:
    """When a stored duty is due: its moment, or its day with the working days that the page gave it as ``left``."""
    done = duty.state != "open"
    if duty.due_at:
        return due_at(duty.due_at, done=done)
    left = getattr(duty, "left", None)
    is_late = duty.due_on is not None and duty.due_on < civil_today()
    return due(
        duty.due_on, left, safe=duty.safe_on, provisional=duty.is_provisional, overdue=is_late and not done, done=done
    )


def with_date(sentence: str, safe: date) -> SafeString:
    """A sentence with a date in it that no line break may divide."""
    return mark_safe(conditional_escape(sentence) % {"safe": format_html("<time>{}</time>", safe.isoformat())})


def due(
    on: date | None,
    left: int | str | None = None,
    *,
    safe: date | None = None,
    provisional: bool = False,
    overdue: bool = False,
    done: bool = False,
) -> SafeString:
    """A due date of law: weekday, how far it is, and the provisional mark with the safe date to aim at.

    ``left`` is a number of working days, or a wording of the page's own. Only an overdue date is red.
    """
    # A page's own wording isn't cached: it may be anything, and its kind of string matters.
    draw = _due.__wrapped__ if isinstance(left, str) else _due
    return draw(on, left, safe, provisional, overdue, done, get_language() or "en")


@lru_cache(maxsize=4096)
def _due(
    on: date | None,
    left: int | str | None,
    safe: date | None,
    provisional: bool,
    overdue: bool,
    done: bool,
    language: str,
) -> SafeString:
    if on is None:
        return format_html('<span class="due muted">{}</span>', gettext("no fixed date"))
    parts = [day(on)]
    is_late = not done and (overdue or (isinstance(left, int) and left < 0))
    if left is not None and not done:
        near = isinstance(left, int) and left <= NEAR_WORKING_DAYS
        tone = "bad" if is_late else "warn" if near else "quiet"
        mark = icon("clock-alert") if is_late else icon("hourglass") if near else ""
        wording = left_words(left) if isinstance(left, int) else left
        parts.append(format_html('<span class="left {}">{}{}</span>', tone, mark, wording))
    elif is_late:
        parts.append(format_html('<span class="left bad">{}{}</span>', icon("clock-alert"), gettext("overdue")))
    if provisional and not done:
        sentence = gettext("Provisional: the holiday notice for %(year)s is not published.") % {"year": on.year}
        if safe:
            sentence = with_date(gettext("Provisional, aim at %(safe)s"), safe)
        parts.append(format_html('<span class="provisional">{} {}</span>', icon("hourglass"), sentence))
    elif safe and safe != on and not done and not is_late:
        sentence = with_date(gettext("aim at %(safe)s"), safe)
        parts.append(format_html('<span class="muted small">{}</span>', sentence))
    return format_html('<span class="due">{}</span>', format_html_join(" ", "{}", ((part,) for part in parts)))


MISSING: str | Promise = _("not given")


def shown(value: Any) -> SafeString | str:
    """A value as a reader expects it; what is missing is marked as missing, never left blank."""
    if value is None or value == "" or value == []:
        return format_html('<span class="missing">{}{}</span>', icon("circle-dashed"), MISSING)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int):
        return number(value)
    if isinstance(value, list | tuple):
        return format_html_join(gettext(", "), "{}", ((shown(one),) for one in value))
    return conditional_escape(words(value) if isinstance(value, Text) else value)
