"""The page on which uses of several PIPs are held side by side: which could be filed together, and what differs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from deployments.export import export
from deployments.models import Scenario
from filings.matching import OF_WORD, Group, Near, Use, grouped, nearest, to_align
from filings.models import Kind, State
from filings.together import Standing, persons_of, standings, uses_of
from filings.views.filing import badge_of
from filings.workflow import EDITABLE
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.law import enums
from portal.law.sources import DEFAULT, FRM, PRACTICE
from portal.law.text import Text
from portal.tenancy.choices import in_language
from portal.tenancy.models import Pip

GROUPS_SHOWN, PAIRS_SHOWN, MEMBERS_SHOWN = 10, 20, 8
WORKING_SHEET = DEFAULT("sameness")
CITES = (FRM(15), PRACTICE("file-together"), WORKING_SHEET)
CODES: dict[str, dict[str, Text]] = {
    "function": enums.FUNCTIONS,
    "storage_mode": enums.STORAGE_MODES,
    "scope": enums.SCOPES,
    "subject_groups": enums.SUBJECT_GROUPS,
}
WORDS = {
    "purpose": gettext_lazy("purpose"),
    "necessity": gettext_lazy("necessity"),
    "method": gettext_lazy("method of processing"),
    "scope": gettext_lazy("scope of processing"),
}


class PipForm(forms.Form):
    """Only what concerns one PIP."""

    pip = forms.ChoiceField(label=gettext_lazy("PIP"), required=False)

    def __init__(self, *args: Any, pips: Sequence[Pip], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pip"].choices = [("", gettext_lazy("all")), *((pip.uscc, pip.name) for pip in pips)]


@dataclass(frozen=True)
class Line:
    """A use on the page: whose it is, how many persons it stores, and how far its PIP's own filing is."""

    use: Use
    pip: Pip
    url: str
    persons: int | None = None
    standing: Standing = Standing()
    may_open: bool = False

    @property
    def badge(self) -> str:
        return badge_of(self.standing.state)


@dataclass(frozen=True)
class Comparison:
    """A group beside its nearest: what each says of the facts that differ, and where the first is edited."""

    own: Line
    words: str
    labels: list[str]
    rows: list[tuple[Line, list[tuple[str, Any]]]]
    may_edit: bool
    # The scope of the Measures is decided on a page of its own.
    is_scope_only: bool


@dataclass(frozen=True)
class Card:
    """A group of several PIPs: what they share, who is in it, and what parts it from the nearest."""

    first: Use
    pips: int
    uses: int
    persons: int
    facts: list[tuple[str, Any]]
    members: list[Line]
    near: Comparison | None
    # The dossier of one of them, or what it has on file, that could cover the others.
    lead: str = ""

    @property
    def more(self) -> int:
        return self.uses - len(self.members)


class Shown:
    """What the register says of the members of the groups on the page, in a fixed number of queries."""

    def __init__(self, request: HttpRequest, groups: Iterable[Group]) -> None:
        self.request, self.today = request, civil_today()
        self.pips = {pip.pk: pip for pip in request.access.pips("view_pip")}
        for pip in self.pips.values():
            pip.tenant = request.tenant
        uses = [use for group in groups for use in group.uses]
        self.persons = persons_of(request.tenant, [use.pk for use in uses], self.today)
        self.standings = standings(request.tenant, {use.pip for use in uses})

    def line(self, use: Use) -> Line:
        url = reverse("deployments:scenario", args=[self.request.tenant.slug, use.pk])
        return Line(use, self.pips[use.pip], url)

    def member(self, use: Use) -> Line:
        standing = self.standings[use.pip]
        waits = not standing.reference and standing.duty is not None and standing.is_confirmed
        return replace(
            self.line(use),
            persons=self.persons.get(use.pk),
            standing=standing,
            may_open=waits and self.request.access.can("prepare_filing", use.pip),
        )

    def comparison(self, near: Near) -> Comparison:
        own, other = near.group.first, near.other.first
        return Comparison(
            own=self.line(own),
            words=_(", ").join(str(WORDS[word]) for word in near.words),
            labels=[label_of(fact) for fact in near.facts],
            rows=[
                (self.line(use), [(label_of(fact), value_of(use, fact)) for fact in near.facts])
                for use in (own, other)
            ],
            may_edit=not near.group.is_joint and self.request.access.can("edit_register", own.pip),
            is_scope_only=near.facts == ("scope",),
        )

    def lead(self, group: Group) -> str:
        """The first filing of a PIP of the group that the reader may have cover the others' uses."""
        for pip in dict.fromkeys(use.pip for use in group.uses):
            standing = self.standings[pip]
            is_open = standing.state in EDITABLE or standing.state == State.ACCEPTED
            if standing.reference and not standing.leader and is_open and standing.kind != Kind.TERMINATION:
                return standing.reference if self.request.access.can("prepare_filing", pip) else ""
        return ""

    def card(self, group: Group, near: Near | None) -> Card:
        return Card(
            first=group.first,
            pips=len(group.pips),
            uses=len(group.uses),
            persons=sum(self.persons.get(use.pk, 0) for use in group.uses),
            facts=[(capfirst(str(WORDS[word])), value_of_word(group.first, word)) for word in OF_WORD],
            members=[self.member(use) for use in group.uses[:MEMBERS_SHOWN]],
            near=self.comparison(near) if near else None,
            lead=self.lead(group),
        )


def label_of(fact: str) -> str:
    return capfirst(str(Scenario._meta.get_field(fact).verbose_name))


def value_of(use: Use, fact: str) -> Any:
    """What a use says of a fact, in the words of the law; nothing where it isn't stated."""
    value = getattr(use, fact)
    codes = CODES.get(fact)
    if not value or codes is None:
        return value or None
    if isinstance(value, tuple):
        return [in_language(codes[code]) if code in codes else code for code in value]
    return in_language(codes[value])


def value_of_word(use: Use, word: str) -> str:
    """What the group shares of one of the four; there is no group of several where it isn't stated."""
    parts = []
    for fact in OF_WORD[word]:
        value = value_of(use, fact)
        parts.append(_(", ").join(map(str, value)) if isinstance(value, list) else str(value))
    return " · ".join(parts)


@page("view_pip")
def together(request: HttpRequest) -> HttpResponse:
    """Which uses of the PIPs that the reader sees could be filed together, and what to align for the others."""
    pips = request.access.pips("view_pip")
    form = PipForm(request.GET, pips=pips)
    chosen = form.cleaned_data["pip"] if form.is_valid() else ""
    only = {pip.pk for pip in pips if not chosen or pip.uscc == chosen}
    groups = grouped(uses_of(request.tenant, pips))
    nears = nearest(groups)
    joint = [(group, near) for group, near in zip(groups, nears, strict=True) if group.is_joint and only & group.pips]
    pairs = [near for near in to_align(nears) if only & (near.group.pips | near.other.pips)]
    shown_groups, shown_pairs = joint[:GROUPS_SHOWN], pairs[:PAIRS_SHOWN]
    shown = Shown(request, [group for group, _near in shown_groups])
    context = {
        "form": form,
        "is_filtered": bool(chosen),
        "cards": [shown.card(group, near) for group, near in shown_groups],
        "pairs": [shown.comparison(near) for near in shown_pairs],
        "more_groups": len(joint) - len(shown_groups),
        "more_pairs": len(pairs) - len(shown_pairs),
        "uses": sum(len(group.uses) for group in groups),
        "sees_all": request.access.sees_all_pips,
        "cites": CITES,
    }
    return render(request, "filings/together.html", context)


@page("view_pip")
def coverage(request: HttpRequest, scenario: int) -> HttpResponse:
    """The table of the members of a group, found by one of its uses, as a sheet to work with."""
    row = request.access.get(Scenario, "view_pip", pk=scenario)
    groups = grouped(uses_of(request.tenant, request.access.pips("view_pip")))
    group = next((one for one in groups if any(use.pk == row.pk for use in one.uses)), None)
    if group is None:
        raise Http404
    shown = Shown(request, [group])
    header = [
        _("PIP"),
        _("Unified social credit code"),
        _("Province"),
        _("Scenario"),
        *(capfirst(str(WORDS[word])) for word in OF_WORD),
        _("Persons stored"),
        _("Filing"),
        _("Joint filing of"),
        _("Filing number"),
    ]
    lines = [line_of(shown.member(use)) for use in group.uses]
    working_sheet = WORKING_SHEET.label.in_(get_language() or "en")
    return export(_("Coverage of members"), "xlsx", header, [*lines, [], [working_sheet]], on=shown.today)


def line_of(member: Line) -> list[Any]:
    """A member as a row of the table, each with its own words: they are the same but for spaces and signs."""
    use = member.use
    province = enums.PROVINCES.get(member.pip.province)
    return [
        member.pip.name,
        member.pip.uscc,
        str(in_language(province.name)) if province else "",
        f"{use.code} {use.name}",
        *(value_of_word(use, word) for word in OF_WORD),
        member.persons,
        member.standing.reference,
        member.standing.leader,
        member.standing.number,
    ]
