"""The rows behind a dossier as the frozen inputs of the X-ray, in a fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q, prefetch_related_objects

from assessments.choices import SETTLED
from assessments.models import AssessedScenario, Measure, Outdating
from deployments.models import ConsentWording, NoticeVersion
from filings import dossier as papers_of
from filings import sheets
from filings.dossier import FILLED, Item
from filings.joint import differences, members_of
from filings.layout import Layout, layout_in_force
from filings.models import Filing, Kind, PaperFacts, SealedPaper
from filings.register import ScenarioSheet, counted_scenarios, facts_on, newest_counts
from filings.sheets_kinds import ending_of
from filings.xray.inputs import Dossier, Joined, Paper, Seen
from portal.calendars.clock import working_days_left
from portal.law.facts import PipFacts
from portal.law.meter import Total, latest
from portal.law.threshold import FIRST_FILING
from portal.obligations.models import Obligation
from portal.tenancy.models import Pip


def gather(filing: Filing, covered: list[ScenarioSheet], items: list[Item], today: date) -> Dossier:
    """Everything that is compared; the days for filing count until the first submission only."""
    layout, duty = layout_in_force(), filing.obligation
    crossing = filing.crossing.standing if filing.crossing else None
    due = None if filing.submitted_on else duty.due_on
    facts = facts_on(filing.pip, today)
    # Several papers say which systems stand under MLPS.
    prefetch_related_objects([filing.pip], "mlps_systems")
    known = {one.scenario.pk for one in covered}
    return Dossier(
        kind=filing.kind,
        today=today,
        due=due,
        safe=duty.safe_on,
        is_provisional=duty.is_provisional,
        left=working_days_left(today, due) if due else None,
        pip=filing.pip,
        province=filing.province,
        fields=tuple(sheets.basic_fields(filing.pip, layout)),
        papers=tuple(_papers(filing, items, today, layout)),
        scenarios=tuple(_scenarios(covered, today, layout)),
        uncovered=tuple(one for one in counted_scenarios(filing.pip, today) if one.pk not in known),
        now=latest(facts, today),
        crossing=crossing,
        crossed=_total_then(filing.pip, facts, crossing.crossed_on) if crossing else None,
        joined=tuple(_joined(filing, today)),
        undisposed=_undisposed(filing),
    )


def _joined(filing: Filing, today: date) -> Iterable[Joined]:
    members = members_of(filing, today)
    duties = Obligation.objects.filter(pip__in=[one.pip.pk for one in members], rule__in=FIRST_FILING, state="open")
    due = dict(duties.values_list("pip_id", "due_on")) if members else {}
    for member in members:
        covered = {use.scenario_id for use in member.uses}
        yield Joined(
            pip=member.pip,
            apart=tuple(use.scenario for use in member.uses if differences(use.scenario, use.like)),
            uncovered=tuple(one for one in counted_scenarios(member.pip, today) if one.pk not in covered),
            unassessed=tuple(one.scenario for one in member.sheets if one.assessment is None),
            due=due.get(member.pip.pk),
        )


def _undisposed(filing: Filing) -> str:
    ending = ending_of(filing) if filing.kind == Kind.TERMINATION else None
    is_open = ending is not None and ending.tasks.filter(code="deletion", evidence__isnull=True).exists()
    return ending.reference if is_open else ""


def _total_then(pip: Pip, facts: PipFacts, on: date) -> Total:
    """What the counts that the register has now add up to on an earlier day."""
    gone = tuple(one for one in facts.deployments if one.disposed_on and one.disposed_on <= on)
    return latest(replace(facts, counts=newest_counts(pip, on), deployments=gone), on)


def _papers(filing: Filing, items: list[Item], today: date, layout: Layout) -> Iterable[Paper]:
    facts = {row.document_id: row for row in PaperFacts.objects.filter(document__filing=filing)}
    sent: dict[int, SealedPaper] = {}
    rows = SealedPaper.objects.filter(sealing__filing=filing).select_related("sealing", "evidence").order_by("id")
    for row in rows:
        sent[row.document_id] = row
    shared = sheets.Paper(filing.pip, filing.reference, today, "zh", layout=layout, province=filing.province)
    for item in items:
        document, evidence = item.document, item.document.evidence
        read = facts.get(document.pk)
        at_seal = sent.get(document.pk)
        draft = evidence if document.state in ("draft", "to_seal") else None
        is_sealed = document.state in ("to_seal", "sealed", "scanned") and at_seal is not None
        if is_sealed and at_seal.sealing.was_sealed is False:
            is_sealed = False
        ending = ""
        is_stray = item.material.code == "application" and item.scenario is None
        if item.material.code in FILLED and (draft or is_sealed) and not is_stray:
            sheet = papers_of.sheet_of(filing, item.material.code, item.scenario, shared)
            ending = f"-{sheets.digest_of_sheet(sheet)}.pdf"
        yield Paper(
            item=item,
            # What was read off a former file says nothing of this one.
            facts=read if read and read.evidence_id == document.evidence_id else None,
            is_stale=bool(ending) and document.state == "draft" and not evidence.name.endswith(ending),
            is_sealed_stale=bool(ending) and is_sealed and not at_seal.evidence.name.endswith(ending),
            at_seal_since=at_seal.sealing.taken_on if document.state == "to_seal" and at_seal else None,
        )


def _scenarios(covered: list[ScenarioSheet], today: date, layout: Layout) -> Iterable[Seen]:
    ids = [one.scenario.pk for one in covered]
    assessed: dict[tuple[int, int], dict[str, Any]] = {}
    first: dict[int, date] = {}
    rows = AssessedScenario.objects.filter(scenario__in=ids, assessment__state__in=SETTLED)
    for scenario, assessment, facts, on in rows.values_list(
        "scenario_id", "assessment_id", "facts", "assessment__approved_on"
    ):
        assessed[assessment, scenario] = facts
        first[scenario] = min(on, first.get(scenario, on))
    reports = [one.assessment.pk for one in covered if one.assessment]
    outdated: dict[tuple[int, int | None], set[str]] = defaultdict(set)
    for assessment, scenario, fact in Outdating.objects.filter(assessment__in=reports).values_list(
        "assessment_id", "scenario_id", "fact"
    ):
        outdated[assessment, scenario].add(fact)
    unfinished = [
        one.assessment.pk for one in covered if one.assessment and one.assessment.conclusion == "proceed_after_fixes"
    ]
    rows = Measure.objects.filter(assessment__in=unfinished, done_on__isnull=True)
    undone = Counter(rows.values_list("assessment_id", flat=True) if unfinished else ())
    notified, consented = _notified(ids), _consented(ids, today)
    for one in covered:
        pk, report = one.scenario.pk, one.assessment.pk if one.assessment else 0
        yield Seen(
            sheet=one,
            fields=tuple(sheets.application_fields(one, layout)),
            assessed=assessed.get((report, pk)),
            outdated_by=tuple(sorted(outdated[report, pk])),
            first_approved_on=first.get(pk),
            open_measures=undone[report],
            notified=notified.get(pk),
            consented=consented.get(pk),
        )


def _notified(scenarios: list[int]) -> dict[int, dict[str, Any]]:
    """What the published notice of each scenario tells."""
    rows = NoticeVersion.objects.filter(notice__scenario__in=scenarios, state="published").order_by("number")
    return dict(rows.values_list("notice__scenario_id", "notified"))


def _consented(scenarios: list[int], today: date) -> dict[int, dict[str, Any]]:
    """What the wording in force of each scenario asks consent to."""
    in_force = Q(ended_on__isnull=True) | Q(ended_on__gte=today)
    rows = ConsentWording.objects.filter(in_force, mechanism__scenario__in=scenarios, effective_on__lte=today)
    return dict(rows.order_by("number").values_list("mechanism__scenario_id", "consented"))
