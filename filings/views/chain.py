"""The line of a PIP's filings on their pages, and what stood on file on a day."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filings.chain import accepted_snapshot, chain_of, standing
from filings.filed import filed_of_pip, filed_of_scenarios
from filings.forms import DayForm
from filings.models import Filing, State
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.law.change_words import in_words
from portal.law.changes import BY_CODE
from portal.law.enums import PROVINCES
from portal.law.sources import ANNOUNCEMENT, FRM

FILING_SYSTEM = "https://grxxbh.cacdtsc.cn"


@dataclass(frozen=True)
class Authority:
    """The card of the competent authority."""

    code: str
    cites = (FRM(15), ANNOUNCEMENT())
    system = FILING_SYSTEM

    @property
    def name(self) -> str:
        return PROVINCES[self.code].authority.in_(get_language() or "en")

    @property
    def province(self) -> str:
        return PROVINCES[self.code].name.in_(get_language() or "en")


@dataclass(frozen=True)
class Link:
    """A filing in the line, and whether it stands on file now."""

    filing: Filing
    badge: str
    is_here: bool
    is_standing: bool


def links_of(filing: Filing) -> list[Link]:
    """The line of the PIP's filings, the newest first."""
    chain = chain_of(filing.pip_id)
    stands = standing(chain)
    return [
        Link(
            one,
            "correction" if one.state == State.CORRECTING else one.state,
            one.pk == filing.pk,
            stands is not None and one.pk == stands.pk,
        )
        for one in reversed(chain)
    ]


@page("view_pip")
def on_file(request: HttpRequest, reference: str) -> HttpResponse:
    """What stood on file on a day: the version that was accepted last by then, in words."""
    row = request.access.get(Filing.objects.select_related("pip", "tenant"), "view_pip", reference=reference)
    form = DayForm(request.GET or None)
    day = form.cleaned_data["on"] if form.is_valid() else civil_today()
    stood = standing(chain_of(row.pip_id), day)
    snapshot = accepted_snapshot(stood) if stood else None
    context = {
        "filing": row,
        "form": form if form.is_bound else DayForm(initial={"on": day}),
        "day": day,
        "stood": stood,
        "snapshot": snapshot,
        "parts": parts_of(snapshot.facts) if snapshot else [],
    }
    return render(request, "filings/on_file.html", context)


def parts_of(facts: dict) -> list[tuple[str, list[tuple[str, str]]]]:
    """The frozen facts item by item: of the PIP, then of each scenario."""
    scenarios = filed_of_scenarios(facts)
    ids = facts.get("ids") or {}
    names = {ids.get(one["code"]): one["name"] for one in facts["scenarios"]}
    found = [(facts["pip"]["name"], rows_of(filed_of_pip(facts)))]
    found += [(names.get(pk) or _("Scenario"), rows_of(values)) for pk, values in scenarios.items()]
    return found


def rows_of(values: dict[str, dict]) -> list[tuple[str, str]]:
    """Each watched item with its filed value in words."""
    language = get_language() or "en"
    return [(BY_CODE[code].title.in_(language), in_words(code, value).in_(language)) for code, value in values.items()]
