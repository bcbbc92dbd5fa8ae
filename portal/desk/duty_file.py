"""Duties as a file: exactly those of the filter, worst first, with firmness and safe date."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from deployments.export import export
from portal.calendars.clock import working_days_left
from portal.law.duties import LAYERS
from portal.law.engine import RULES
from portal.obligations.models import Firmness, Obligation, State
from portal.obligations.subjects import Subject, subjects_of

AT_ONCE = 1_000


def header() -> list[str]:
    """The columns, in the reader's language."""
    return [
        _("Duty"),
        _("Layer"),
        _("Ground"),
        _("PIP"),
        _("unified social credit code"),
        _("Subject"),
        _("Code"),
        _("State"),
        _("Unlawful"),
        _("Arose on"),
        _("Due on"),
        _("Due at (mainland China)"),
        _("Safe date"),
        _("Firmness"),
        _("Working days left"),
        _("Count confirmed"),
        _("Assigned to"),
        _("Why"),
        _("Rule"),
    ]


@dataclass(frozen=True)
class Words:
    """What the lines say again and again, looked up once."""

    yes: str
    no: str
    states: dict[str, str]
    firmness: dict[str, str]
    # Of each rule: its title, its layer, its articles.
    rules: dict[str, tuple[str, str, str]]

    @classmethod
    def spoken(cls) -> "Words":
        language = get_language() or "en"
        rules = {
            rule.id: (
                rule.title.in_(language),
                LAYERS[rule.layer].in_(language),
                "; ".join(cite.label.in_(language) for cite in rule.cites),
            )
            for rule in RULES
        }
        return cls(
            _("yes"),
            _("no"),
            {code: str(label) for code, label in State.choices},
            {code: str(label) for code, label in Firmness.choices},
            rules,
        )


def lines(rows: QuerySet[Obligation], today: date) -> Iterator[list[Any]]:
    """A line for each duty; the names of subjects are looked up a thousand at a time."""
    words = Words.spoken()
    found = rows.select_related("pip", "pip__tenant", "assignee").worst_first().iterator(chunk_size=AT_ONCE)
    while some := list(islice(found, AT_ONCE)):
        subjects = subjects_of(some)
        for duty in some:
            yield line_of(duty, subjects[duty.pk], words, today)


def line_of(duty: Obligation, about: Subject, words: Words, today: date) -> list[Any]:
    """One duty under the columns of ``header``."""
    is_running = duty.state == State.OPEN and duty.due_on is not None
    return [
        *words.rules[duty.rule],
        duty.pip.name,
        duty.pip.uscc,
        about.name,
        about.code,
        words.states[duty.state],
        words.yes if duty.is_critical else words.no,
        duty.arose_on,
        duty.due_on,
        f"{timezone.localtime(duty.due_at):%Y-%m-%d %H:%M}" if duty.due_at else "",
        duty.safe_on,
        words.firmness.get(duty.firmness, ""),
        working_days_left(today, duty.due_on) if is_running else None,
        words.yes if duty.is_confirmed else words.no,
        str(duty.assignee or ""),
        duty.why,
        duty.rule,
    ]


def as_file(rows: QuerySet[Obligation], form: str, today: date) -> HttpResponse:
    """The duties as CSV or XLSX."""
    return export("duties", form, header(), lines(rows, today), on=today)


def links(request: HttpRequest) -> dict[str, str]:
    """The query of the list, asking for a file."""
    query = request.GET.copy()
    for name in ("after", "before", "handed", "view"):
        query.pop(name, None)
    return {form: f"?{query.urlencode()}&format={form}" for form in ("csv", "xlsx")}
