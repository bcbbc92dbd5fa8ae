"""The law in this portal: every rule with its words, its grounds and its numbers, for a lawyer to read and mark."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.law.changes import ITEMS
from portal.law.duties import LAYERS, Layer
from portal.law.engine import RULES, Rule
from portal.law.not_carried import NOT_CARRIED
from portal.law.sources import INSTRUMENTS, Cite, Instrument
from portal.law.text import Text
from portal.law.threshold import IN_FORCE_ON
from portal.obligations.models import Obligation, State

# What is no instrument of its own: a rule stands under the law that it hangs on.
NOT_INSTRUMENTS = frozenset({"PRACTICE", "DEFAULT"})
PLACE = {key: number for number, key in enumerate(INSTRUMENTS)}
ORDER = {rule.id: number for number, rule in enumerate(RULES)}
LAYER_NOTES: dict[Layer, str | Promise] = {
    "law": gettext_lazy("Binding: laws, administrative regulations, the Measures, and announcements made under them."),
    "standard": gettext_lazy("Recommended by a standard or encouraged by the Measures: not doing it is no breach."),
    "practice": gettext_lazy("What authorities ask for in practice or explain in answers. No text of law says so."),
    "default": gettext_lazy(
        "Set by this portal so that what the law leaves open has a date. No authority asks for it, and counsel may"
        " choose otherwise."
    ),
}


class LawFilter(forms.Form):
    """Words, layer, and the day on which the law is read."""

    q = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=60)
    layer = forms.ChoiceField(label=gettext_lazy("Layer"), required=False)
    on = forms.DateField(
        label=gettext_lazy("As of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("This is no date. Write it as 2025-06-15; today is shown instead.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        layers = [(name, words.in_(language)) for name, words in LAYERS.items()]
        self.fields["layer"].choices = [("", _("all")), *layers]

    def narrow(self, rules: Iterable[Rule], on: date) -> list[Rule]:
        """The rules in force on the day that fit; a choice that isn't one narrows nothing."""
        words, layer = self.cleaned_data.get("q", "").casefold(), self.cleaned_data.get("layer")
        return [
            rule
            for rule in rules
            if rule.in_force_on <= on and layer in ("", None, rule.layer) and words in said_by(rule, on)
        ]


def said_by(rule: Rule, on: date) -> str:
    """Everything that a rule says, in both languages, to be searched."""
    texts = [rule.title, rule.trigger, rule.due, rule.exemption, rule.evidence]
    texts += [cite.label_on(on) for cite in rule.cites]
    texts += [words for one in rule.parameters for words in (one.name, one.value)]
    return " ".join([rule.id, *rule.obligation, *(f"{text.en} {text.zh}" for text in texts)]).casefold()


@dataclass(frozen=True)
class Line:
    """One thing that a rule says: the reader's language first, the other beside it; its label spans so many lines."""

    label: str | Promise
    mine: str
    theirs: str
    layer: str = ""
    span: int = 1


@dataclass(frozen=True)
class Use:
    """How many duties of a rule stand in the reader's PIPs, and where they are listed."""

    state: str
    number: int
    url: str


@dataclass(frozen=True)
class Entry:
    """A rule as the page shows it."""

    id: str
    title: Line
    cites: list[tuple[str, str]]
    lines: list[Line]
    obligations: tuple[str, ...]
    in_force_on: date
    uses: list[Use]


@dataclass(frozen=True)
class Chapter:
    """The rules of a layer that stand on one instrument, or beside it where the layer has no text of its own."""

    id: str
    short: str
    title: Line
    instrument: Instrument
    entries: list[Entry]
    is_beside: bool


@dataclass(frozen=True)
class Part:
    """A layer with its chapters."""

    layer: Layer
    name: str
    note: str | Promise
    chapters: list[Chapter]


@dataclass(frozen=True)
class Watched:
    """An item whose change is noticed once it is filed: what it weighs, when otherwise, and what else it brings."""

    title: Line
    weight: str
    direction: Line | None
    also: list[tuple[str, str]]


def watched() -> list[Watched]:
    """The table by which a change of what was filed is weighed: the portal's default, since no law has one."""
    language = get_language() or "en"
    return [
        Watched(
            line("", item.title),
            item.weight,
            line("", item.direction) if item.direction else None,
            [(one.text.in_(language), one.rule) for one in item.also],
        )
        for item in ITEMS
    ]


@page("view_pip")
def law(request: HttpRequest) -> HttpResponse:
    """All rules by layer and in the order of the articles, as of a day."""
    form, today = LawFilter(request.GET), civil_today()
    form.is_valid()
    on = form.cleaned_data.get("on") or today
    rules = form.narrow(RULES, on)
    context = {
        "title": _("The law in this portal"),
        "form": form,
        "on": on,
        "is_ahead": on > today,
        "is_before": on < IN_FORCE_ON,
        "in_force_on": IN_FORCE_ON,
        "parts": parts_of(rules, on, uses(request)),
        "count": len(rules),
        "total": len(RULES),
        "watched": watched(),
        "not_carried": [line(one.obligation, one.reason) for one in NOT_CARRIED],
        "other": other_language(),
    }
    return render(request, "desk/law.html", context)


def uses(request: HttpRequest) -> dict[str, list[Use]]:
    """Open and met duties of the reader's PIPs by rule; one statement, however many there are."""
    rows = request.access.rows(Obligation).filter(state__in=[State.OPEN, State.MET])
    found: dict[str, list[Use]] = defaultdict(list)
    worklist = reverse("desk:obligations", args=[request.tenant.slug])
    for rule, state, number in rows.values_list("rule", "state").annotate(Count("pk")).order_by("rule", "-state"):
        state_of_list = f"&state={state}" if state != State.OPEN else ""
        found[rule].append(Use(state, number, f"{worklist}?rule={rule}{state_of_list}"))
    return found


def parts_of(rules: Iterable[Rule], on: date, used: dict[str, list[Use]]) -> list[Part]:
    """Layers in their own order, instruments in theirs, articles by number."""
    language = get_language() or "en"
    by_layer: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        by_layer[rule.layer].append(rule)
    return [
        Part(name, words.in_(language), LAYER_NOTES[name], chapters_of(name, by_layer[name], on, used))
        for name, words in LAYERS.items()
        if name in by_layer
    ]


def chapters_of(layer: Layer, rules: list[Rule], on: date, used: dict[str, list[Use]]) -> list[Chapter]:
    """The instruments that the rules of a layer stand on, each with its rules by article."""
    chapters = []
    for key, group in groupby(sorted(rules, key=place_of), key=lambda rule: ground_of(rule).instrument):
        instrument = INSTRUMENTS[key]
        entries = [entry(rule, on, used.get(rule.id, [])) for rule in group]
        short = Cite(key).label if key not in NOT_INSTRUMENTS else instrument.title
        chapters.append(
            Chapter(
                id=f"{layer}-{key}",
                short=short.in_(get_language() or "en"),
                title=line("", instrument.title),
                instrument=instrument,
                entries=entries,
                is_beside=layer in ("practice", "default"),
            )
        )
    return chapters


def ground_of(rule: Rule) -> Cite:
    """The citation under which a rule stands: its first in an instrument."""
    return next((cite for cite in rule.cites if cite.instrument not in NOT_INSTRUMENTS), rule.cites[0])


def place_of(rule: Rule) -> tuple[int, int, int]:
    """Instrument, article, and the order of the rules."""
    ground = ground_of(rule)
    article = int(ground.article) if ground.article.isdecimal() else 0
    return PLACE[ground.instrument], article, ORDER[rule.id]


def entry(rule: Rule, on: date, used: list[Use]) -> Entry:
    """A rule in both languages, its citations with the numbers that they had on the day."""
    language = get_language() or "en"
    said = [
        line(_("When it applies"), rule.trigger),
        line(_("By when"), rule.due),
        line(_("Exemption"), rule.exemption),
        line(_("Proof"), rule.evidence),
    ]
    for number, one in enumerate(rule.parameters):
        words = Text("{name}: {value}", "{name}：{value}").fmt(name=one.name, value=one.value)
        span = 0 if number else len(rule.parameters)
        said.append(replace(line(_("Numbers and lists"), words), layer=one.layer, span=span))
    return Entry(
        id=rule.id,
        title=line("", rule.title),
        cites=[(cite.label_on(on).in_(language), cite.url) for cite in rule.cites],
        lines=[one for one in said if one.mine],
        obligations=rule.obligation,
        in_force_on=rule.in_force_on,
        uses=used,
    )


def line(label: str, text: Text) -> Line:
    """A text with the reader's language first."""
    mine, theirs = (text.zh, text.en) if reads_chinese() else (text.en, text.zh)
    return Line(label, mine, theirs)


def reads_chinese() -> bool:
    return (get_language() or "en").startswith("zh")


def other_language() -> str:
    """The language code of what stands beside the reader's own."""
    return "en" if reads_chinese() else "zh-Hans"
