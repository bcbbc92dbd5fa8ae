"""What a dossier is checked for before it is frozen: errors stop it, warnings and hints don't."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deployments.models import Scenario
from filings import dossier, sheets
from filings.dossier import Item
from filings.models import Filing
from filings.register import ScenarioSheet, counted_scenarios, total_on
from filings.services import draft_name, language, missing_items, paper_of, title_of
from portal.law.enums import CONTROL_FAMILIES
from portal.law.identifiers import uscc_problem

# portal default, not law: in cross-border filings a report is finished within 3 months before (LAW.md 2.6).
REPORT_MONTHS = 3
Level = Literal["error", "warning", "hint"]


# Where the register's own field has another name than the field of the form.
EDITED_AS = {
    "representative_name": "legal_representative",
    "representative_title": "legal_representative_title",
    "business": "business_summary",
    "algorithm_supplier": "supplier",
    "storage": "storage_mode",
    "internet_transmission": "sends_over_internet",
}


# What stands on rows of its own is put right on the scenario's tab that has them.
EDITED_ON = {
    "alternatives": "choice",
    "consent": "consent",
    "entrusted": "partners",
    "recipients": "partners",
    "protection": "safeguards",
    "mlps_record": "safeguards",
} | dict.fromkeys(CONTROL_FAMILIES, "safeguards")


@dataclass(frozen=True)
class Finding:
    """What isn't right yet, and the page on which it is put right."""

    level: Level
    text: str
    url: str = ""
    act: str = ""


def findings(
    filing: Filing, covered: list[ScenarioSheet], items: list[Item], today: date, *, may_edit: bool = False
) -> list[Finding]:
    """Everything the checks found, the worst first; with `may_edit` gaps lead to the very field."""
    found = [
        *_missing(items),
        *_identity(filing, items, covered, today),
        *_reports(filing, covered, today),
        *_coverage(filing, covered, today),
        *_count(filing),
        *_fields(filing, covered, may_edit),
    ]
    order = {"error": 0, "warning": 1, "hint": 2}
    return sorted(found, key=lambda one: order[one.level])


def _missing(items: list[Item]) -> Iterator[Finding]:
    missing = [item for item in missing_items(items) if item.material.code != "pipia-report"]
    if missing:
        names = "; ".join(title_of(item, language()) for item in missing)
        text = ngettext(
            "%(count)d material is missing: %(names)s.", "%(count)d materials are missing: %(names)s.", len(missing)
        )
        yield Finding("error", text % {"count": len(missing), "names": names}, "#papers", _("Go to the papers"))


def _identity(filing: Filing, items: list[Item], covered: list[ScenarioSheet], today: date) -> Iterator[Finding]:
    """Name and code must be the same everywhere: what the papers say is what the register says now."""
    if uscc_problem(filing.pip.uscc):
        yield Finding("error", _("The unified social credit code isn't valid."), _pip_url(filing), _("Correct it"))
    paper = paper_of(filing, today=today, language="zh")
    stale = []
    for item in items:
        if item.document.state != "draft" or not item.document.evidence:
            continue
        sheet = dossier.sheet_of(filing, item.material.code, item.scenario, paper)
        if item.document.evidence.name != draft_name(item, sheets.digest_of_sheet(sheet)):
            stale.append(title_of(item, language()))
    if stale:
        text = _("The register changed after these papers were filled: %(names)s. Fill them again.")
        yield Finding("warning", text % {"names": "; ".join(stale)}, "#papers", _("Go to the papers"))


def _reports(filing: Filing, covered: list[ScenarioSheet], today: date) -> Iterator[Finding]:
    earliest = _months_before(today, REPORT_MONTHS)
    for one in covered:
        name = one.scenario.name
        if one.assessment is None:
            text = _("%(scenario)s has no approved impact assessment (Article 9).") % {"scenario": name}
            yield Finding("error", text, _scenario_url(filing, one.scenario), _("Go to the scenario"))
        elif one.assessment.approved_on < earliest:
            text = _("The impact assessment of %(scenario)s was approved on %(day)s, more than three months ago.")
            values = {"scenario": name, "day": one.assessment.approved_on.isoformat()}
            yield Finding("warning", text % values, _scenario_url(filing, one.scenario), _("Go to the scenario"))


def _coverage(filing: Filing, covered: list[ScenarioSheet], today: date) -> Iterator[Finding]:
    known = {one.scenario.pk for one in covered}
    for scenario in counted_scenarios(filing.pip, today):
        if scenario.pk not in known:
            text = _("%(scenario)s is counted now; it joins the dossier when it is filled or frozen.")
            url = _scenario_url(filing, scenario)
            yield Finding("warning", text % {"scenario": scenario.name}, url, _("Go to the scenario"))
    if not covered:
        yield Finding("error", _("No scenario with a count is covered."), _pip_url(filing), _("Go to the PIP"))
    for one in covered:
        if not one.scenario.is_in_scope:
            text = _("%(scenario)s is covered, but the Measures do not apply to it.") % {"scenario": one.scenario.name}
            yield Finding("warning", text, _scenario_url(filing, one.scenario), _("Go to the scenario"))


def _count(filing: Filing) -> Iterator[Finding]:
    """The confirmed number must lie in the range that the register's counts give for that day."""
    crossing = filing.crossing.standing
    total = total_on(filing.pip, crossing.crossed_on)
    if not total.low <= crossing.persons <= total.high:
        text = _(
            "The crossing was confirmed with %(confirmed)s persons on %(day)s; the register's counts of that day now"
            " add up to %(total)s."
        )
        values = {"confirmed": f"{crossing.persons:,}", "day": crossing.crossed_on, "total": f"{total.high:,}"}
        yield Finding("warning", text % values, _pip_url(filing), _("Check the counts"))


def _fields(filing: Filing, covered: list[ScenarioSheet], may_edit: bool) -> Iterator[Finding]:
    parts = [(filing.pip.name, sheets.basic_fields(filing.pip), _pip_url(filing), None)]
    for one in covered:
        shown = _scenario_url(filing, one.scenario)
        parts.append((one.scenario.name, sheets.application_fields(one), shown, one.scenario))
    by_hand = 0
    for name, fields, shown, scenario in parts:
        empty = [filled.field for filled in fields if filled.is_kept and filled.is_missing]
        by_hand += sum(not filled.is_kept for filled in fields)
        if empty:
            text = _("%(name)s: not filled in: %(fields)s.")
            values = {"name": name, "fields": "; ".join(field.label.in_(language()) for field in empty)}
            place = _field_url(filing, scenario, empty[0].code)
            yield Finding("warning", text % values, place if may_edit else shown, _("Fill them in"))
    if by_hand:
        text = ngettext(
            "%(count)d field isn't kept in the register and is marked on the form: complete it in the DOCX.",
            "%(count)d fields aren't kept in the register and are marked on the forms: complete them in the DOCX.",
            by_hand,
        )
        yield Finding("hint", text % {"count": by_hand}, "#papers", _("Go to the papers"))


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in range(day.day, 0, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def _pip_url(filing: Filing) -> str:
    return reverse("deployments:pip", args=[filing.tenant.slug, filing.pip.uscc])


def _scenario_url(filing: Filing, scenario: Scenario) -> str:
    return reverse("deployments:scenario", args=[filing.tenant.slug, scenario.pk])


def _field_url(filing: Filing, scenario: Scenario | None, code: str) -> str:
    """The page, and on a form the very field, where a gap is filled."""
    slug, place = filing.tenant.slug, f"#id_{EDITED_AS.get(code, code)}"
    if scenario is None:
        return reverse("deployments:pip_edit", args=[slug, filing.pip.uscc]) + place
    if code in EDITED_ON:
        return reverse(f"deployments:{EDITED_ON[code]}", args=[slug, scenario.pk])
    return reverse("deployments:scenario_edit", args=[slug, scenario.pk]) + place
