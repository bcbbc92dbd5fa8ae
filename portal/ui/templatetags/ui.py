"""The component tags of every page; tests/ui/catalogue.html shows each in all its states."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import parse_qsl

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from portal.law.threshold import WARNING_STEPS
from portal.ui import charts, marks
from portal.ui.panels import panels_for

register = template.Library()

register.simple_tag(marks.icon)
register.simple_tag(marks.badge)
register.simple_tag(marks.layer)
register.simple_tag(marks.day)
register.simple_tag(marks.moment)
register.simple_tag(marks.due)
register.simple_tag(marks.due_of)
register.simple_tag(marks.due_at)
register.filter("number", marks.number)
register.filter("text", marks.words)
register.filter("shown", marks.shown)

# Parameters that say where in a list the reader is; a new order or filter starts at the top.
CURSORS = ("after", "before", "page")
TIMELINE_KINDS = {
    "system": ("bot", ""),
    "person": ("user-round", ""),
    "change": ("square-pen", ""),
    "import": ("file-spreadsheet", "info"),
    "law": ("scale", "info"),
    "mail": ("mail", ""),
    "evidence": ("paperclip", ""),
    "filing": ("stamp", "info"),
    "submitted": ("send", "info"),
    "accepted": ("badge-check", "good"),
    "correction": ("undo-2", "warn"),
    "warning": ("triangle-alert", "warn"),
    "overdue": ("clock-alert", "bad"),
}
NOTICE_ICONS = {"info": "info", "good": "circle-check", "warn": "triangle-alert", "bad": "octagon-alert"}
MESSAGE_TONES = {"success": "good", "warning": "warn", "error": "warn"}


def part(name: str, **context: Any) -> SafeString:
    """One component's own template, with nothing of the page around it."""
    return render_to_string(f"ui/parts/{name}.html", context)


def value_of(entry: Any, name: str) -> Any:
    """A named value of a dictionary or of an object; None if it has none."""
    return entry.get(name) if isinstance(entry, Mapping) else getattr(entry, name, None)


@register.filter
def tone(message: Any) -> str:
    """The tone of a message of django.contrib.messages."""
    return MESSAGE_TONES.get(message.level_tag, "info")


@register.filter
def tone_icon(name: str) -> SafeString:
    """The icon of a notice's tone."""
    return marks.icon(NOTICE_ICONS[name])


@register.simple_tag
def crumb(label: Any, url: str = "") -> SafeString:
    """One step of the breadcrumbs; the last one has no address."""
    if url:
        return format_html('<li><a href="{}">{}</a></li>', url, label)
    return format_html('<li aria-current="page">{}</li>', label)


@register.simple_block_tag
def section(
    content: SafeString, title: Any = "", icon: str = "", id: str = "", note: Any = "", flush: bool = False
) -> SafeString:
    """A card with a heading; ``flush`` for one that is a table and nothing else."""
    return part("section", content=content, title=title, icon=icon, id=id, note=note, flush=flush)


@register.simple_block_tag
def page_header(content: SafeString, title: Any, state: Any = "", ref: str = "", sub: Any = "") -> SafeString:
    """The heading of a page or of a large part: title, state, reference, and its actions as the content."""
    return part("page_header", content=content, title=title, state=state, ref=ref, sub=sub)


@register.simple_block_tag
def next_step(content: SafeString, what: Any, state: Any = "", who: Any = "", on: date | None = None, **due: Any):
    """The line under the title: state, what comes next, whose it is, until when, and the link or button that does it.

    ``left``, ``safe``, ``provisional``, ``overdue``, ``done`` as of the due tag; ``at`` a moment instead of a day;
    ``tone`` colours the edge.
    """
    edge, at = due.pop("tone", ""), due.pop("at", None)
    left = due.get("left")
    if not edge and (due.get("overdue") or (isinstance(left, int) and left < 0)):
        edge = "bad"
    if at:
        shown_due = marks.due_at(at, done=bool(due.get("done")))
    else:
        shown_due = marks.due(on, due.pop("left", None), **due) if on else ""
    return part("next_step", content=content, what=marks.words(what), state=state, who=who, due=shown_due, edge=edge)


@register.simple_block_tag
def notice(content: SafeString, tone: str = "info", title: Any = "") -> SafeString:
    """A remark on the page: info, good, warn; bad only for what is unlawful or overdue."""
    return part("notice", content=content, tone=tone, title=title)


@register.simple_block_tag
def confirm(content: SafeString, label: Any, what: Any = "", icon: str = "", css: str = "") -> SafeString:
    """A button that first opens what it will do; the content is the form that does it. Works without scripts."""
    return part("confirm", content=content, label=label, what=what, icon=icon, css=css)


@register.simple_block_tag
def fold(content: SafeString, label: Any) -> SafeString:
    """Something that most readers don't need, behind a small arrow."""
    return format_html('<details class="fold"><summary>{}</summary>{}</details>', label, content)


@register.simple_block_tag
def facts(content: SafeString, rows: Iterable[tuple]) -> SafeString:
    """(label, value) or (label, value, note) rows; missing values are marked. The content may add rows of its own."""
    ready = [(row[0], marks.shown(row[1]), row[2] if len(row) > 2 else "") for row in rows]
    return part("facts", rows=ready, content=content)


@register.simple_tag
def cites(cited: Iterable[Any]) -> SafeString:
    """Citations of the law, each with its official address where one is known."""
    language = get_language() or "en"
    return part("cites", cites=[(cite.label.in_(language), cite.url) for cite in cited])


@register.simple_tag
def field(bound: Any, law: Any = "", label: Any = "") -> SafeString:
    """A form field with label, required mark, help, errors and, where given, the law that asks for it."""
    if bound.is_hidden:
        return str(bound)
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "")
    grouped = getattr(widget, "use_fieldset", False)
    described = [f"{bound.auto_id}_helptext"] if bound.help_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    attrs = {"aria-describedby": " ".join(described)} if described and not grouped else {}
    check = kind == "checkbox" and not grouped
    control = bound.as_widget(attrs=attrs)
    law = marks.words(law)
    return part("field", bound=bound, control=control, law=law, label=label, check=check, grouped=grouped)


@register.simple_tag
def form_errors(form: Any) -> SafeString:
    """What is wrong with a form, at its top, each line leading to its field."""
    lines = [(bound, error) for bound in form for error in bound.errors]
    return part("form_errors", form=form, lines=lines) if form.is_bound and form.errors else ""


@register.simple_tag
def form_fields(form: Any) -> SafeString:
    """Errors, hidden fields and all visible fields of a form, in its own order."""
    return part("form_fields", form=form)


@register.simple_tag(takes_context=True)
def post_button(context: Context, url: str, label: Any, icon: str = "", css: str = "", **values: Any) -> SafeString:
    """A button that posts to an address, with hidden values; for acts that need no further words."""
    token = context.get("csrf_token")
    return part("post_button", url=url, label=label, icon=icon, css=css, values=values, csrf_token=token)


@register.simple_tag(takes_context=True)
def filter_bar(context: Context, form: Any, keep: str = "sort") -> SafeString:
    """The filters of a register as a GET form; ``keep`` names other parameters that stay, parted by spaces."""
    query = context["request"].GET
    kept = [(name, query[name]) for name in keep.split() if name in query]
    used = [bound.html_name for bound in form if query.get(bound.html_name)]
    return part("filter_bar", form=form, kept=kept, used=used, path=context["request"].path)


def changed_query(context: Context, **changes: str) -> str:
    """The page's query string with some parameters changed, starting at the top of the list."""
    query = context["request"].GET.copy()
    for name in CURSORS:
        query.pop(name, None)
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def sort_th(context: Context, label: Any, key: str, css: str = "") -> SafeString:
    """A table heading that sorts by ``key``, or backwards by ``-key``; the page gives its own order as ``sort``."""
    current = context["request"].GET.get("sort") or context.get("sort") or ""
    direction = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    wanted = f"-{key}" if direction == "ascending" else key
    url = changed_query(context, sort=wanted)
    return part("sort_th", label=label, url=url, direction=direction, css=css)


@register.simple_tag(takes_context=True)
def pager(
    context: Context,
    newer: str = "",
    older: str = "",
    count: int | None = None,
    cap: int = 10_000,
    shown: int | None = None,
) -> SafeString:
    """Newer and older links of a keyset page (``newer="before=…"``), and a count that is exact up to ``cap``."""
    links = {
        name: changed_query(context, **dict(parse_qsl(cursor))) if cursor else ""
        for name, cursor in (("newer", newer), ("older", older))
    }
    total = None if count is None else f"{cap:,}+" if count > cap else f"{count:,}"
    return part("pager", total=total, shown=shown, **links)


@register.simple_tag(takes_context=True)
def tabs(context: Context, items: Iterable[Any], label: Any = "") -> SafeString:
    """Tabs as links: items with label, url and, where there is one, count; ``current`` marks the open one."""
    path = context["request"].get_full_path()
    ready = [
        {
            "label": value_of(item, "label"),
            "url": value_of(item, "url"),
            "count": value_of(item, "count"),
            "current": value_of(item, "current") or value_of(item, "url") == path,
        }
        for item in items
    ]
    return part("tabs", items=ready, label=label)


@register.simple_block_tag
def empty(content: SafeString, title: Any, why: Any = "", icon: str = "inbox", example: Any = "") -> SafeString:
    """An empty place: why it matters by law, an example, and as content the one action that fills it."""
    return part("empty", content=content, title=title, why=marks.words(why), icon=icon, example=example)


@register.simple_tag
def timeline(entries: Iterable[Any]) -> SafeString:
    """Entries with moment, what, and where known who, detail, kind, url and changes as (name, old, new)."""
    ready = []
    for entry in entries:
        name, css = TIMELINE_KINDS.get(value_of(entry, "kind") or "", ("circle", ""))
        names = ("moment", "who", "what", "detail", "url", "changes", "badge")
        ready.append({"icon": marks.icon(name), "css": css} | {key: value_of(entry, key) for key in names})
    return part("timeline", entries=ready)


@register.simple_tag
def strip(reckoned: Any, today: date | None = None) -> SafeString:
    """The days behind a due date, week by week: a Reckoning of the law package, or its list of days."""
    days = list(getattr(reckoned, "strip", reckoned))
    language = get_language() or "en"
    ready = [
        {
            "css": " ".join(day_classes(one, today)),
            "on": one.date,
            "weekday": marks.WEEKDAYS[one.date.weekday()],
            "why": one.why.in_(language),
            "number": one.number,
            "start": one.is_trigger,
            "due": one.is_due,
            "safe": one.is_safe and not one.is_due,
            "kind": one.kind,
        }
        for one in days
    ]
    weeks = [list(group) for _, group in groupby(ready, key=lambda one: one["on"].isocalendar()[:2])]
    shapes = {name for one in ready for name in one["css"].split()}
    return part("strip", weeks=weeks, shapes=shapes, first=ready[0], last=ready[-1])


def day_classes(one: Any, today: date | None) -> list[str]:
    """The classes of a day's box; the due day's own colour wins over what kind of day it is."""
    if one.is_due:
        kind = "due-day"
    elif one.is_trigger:
        kind = "start"
    elif one.number is None:
        kind = "rest"
    else:
        kind = "makeup" if one.kind == "makeup" else "counted"
    return [kind, *(["safe"] if one.is_safe and not one.is_due else []), *(["today"] if one.date == today else [])]


@register.simple_tag
def gauge(
    best: int,
    low: int | None = None,
    high: int | None = None,
    label: Any = "",
    beside: int = 0,
    steps: Sequence[int] = WARNING_STEPS,
) -> SafeString:
    """Persons stored against the 100,000 of article 15, with the warning steps; low and high show the range."""
    drawn = charts.gauge(best, low, high, beside=beside, steps=steps)
    passed_words = gettext("past %(step)s %%") % {"step": drawn["passed"]}
    return part("gauge", label=label, passed_words=passed_words, **drawn)


@register.simple_tag
def curve(points: Iterable[Any], label: Any = "") -> SafeString:
    """Persons stored over time: points with on, low, best, high, and ahead for a forecast; with a table twin."""
    ready = [
        charts.Point(
            value_of(point, "on"),
            value_of(point, "low"),
            value_of(point, "best"),
            value_of(point, "high"),
            bool(value_of(point, "ahead")),
        )
        for point in points
    ]
    return part("curve", label=label, **charts.curve(ready)) if ready else ""


@register.simple_tag
def progress(done: int, total: int, label: Any = "") -> SafeString:
    """How much of something is done, as a bar and in words."""
    return part("progress", done=done, total=total, label=label)


@register.simple_tag
def copy(value: Any) -> SafeString:
    """A code that people carry elsewhere, with a button that copies it where scripts run."""
    return part("copy", value=value)


@register.simple_tag(takes_context=True)
def panels(context: Context, place: str, subject: Any = None) -> SafeString:
    """What higher storeys show at this place of the page."""
    request = context["request"]
    html = []
    for panel in panels_for(place, request, subject):
        with context.push(panel=panel, subject=subject, **panel.context):
            html.append(context.template.engine.get_template(panel.template).render(context))
    return SafeString("".join(html))
