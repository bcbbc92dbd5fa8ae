"""Scenarios as the law looks at them: one query, whatever hangs on them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from deployments.choices import Status
from deployments.facts.days import day
from deployments.models import (
    Alternative,
    AlternativeCheck,
    ConductCheck,
    ConsentMechanism,
    ConsentWording,
    Engagement,
    NoticeShowing,
    NoticeVersion,
    ProtectionControl,
    Scenario,
    Supervision,
)
from deployments.notified import changed_facts, consented_facts, notified_facts
from portal.law.enums import REQUIRED_NOTICE_ITEMS
from portal.law.facts import (
    AlternativeFacts,
    AssessmentFacts,
    ConsentFacts,
    ControlFacts,
    DeploymentFacts,
    EngagementFacts,
    NoticeFacts,
    ScenarioFacts,
)
from portal.tenancy.models import Pip

ITEMS = tuple(f"{name}_zh" for name in REQUIRED_NOTICE_ITEMS)


def scenario_facts(
    pip: Pip,
    deployments: Iterable[DeploymentFacts],
    assessed: Mapping[str, AssessmentFacts],
    only: QuerySet | None = None,
) -> tuple[ScenarioFacts, ...]:
    """Each scenario of a PIP, or those of ``only``, with its life, which is that of its deployments."""
    of: dict[str, list[DeploymentFacts]] = defaultdict(list)
    for deployment in deployments:
        of[deployment.scenario].append(deployment)
    rows = with_parts(Scenario.objects.filter(pip=pip) if only is None else only)
    return tuple(
        facts_from(scenario, assessed.get(scenario.code), **life(of[scenario.code]))
        for scenario in rows.order_by("code")
    )


def life(places: list[DeploymentFacts]) -> dict[str, Any]:
    """From when until when faces are processed at these places, and whether they are now."""
    starts = [place.started_on for place in places if place.started_on]
    over = bool(places) and all(place.status in (Status.TERMINATED, Status.DISPOSED) for place in places)
    return {
        "started_on": min(starts, default=None),
        "ended_on": max((place.ended_on for place in places if place.ended_on), default=None) if over else None,
        "is_live": any(place.status == Status.ACTIVE for place in places),
    }


def with_parts(scenarios: QuerySet) -> QuerySet:
    """Scenarios with everything that the law asks of them, as plain values beside each row."""
    last_check = AlternativeCheck.objects.filter(alternative=OuterRef("pk")).order_by("-checked_on", "-id")
    last_supervision = Supervision.objects.filter(engagement=OuterRef("pk")).order_by("-done_on", "-id")
    first_version = NoticeVersion.objects.filter(notice=OuterRef("notice"), published_at__isnull=False).order_by(
        "number"
    )
    first_showing = NoticeShowing.objects.filter(version__notice=OuterRef("notice")).order_by("shown_on", "id")
    told = NoticeVersion.objects.filter(notice__scenario=OuterRef("pk"), state="published")
    wording = ConsentWording.objects.filter(mechanism=OuterRef("pk"), ended_on__isnull=True).order_by("-number")
    return scenarios.select_related("pip").annotate(
        ways=_list(
            Alternative.objects.filter(ended_on__isnull=True).annotate(
                last_on=Subquery(last_check.values("checked_on")[:1]),
                was_offered=Subquery(last_check.values("is_offered")[:1]),
            ),
            *("kind", "deployment_id", "last_on", "was_offered"),
        ),
        measures=_list(ProtectionControl.objects, "family", "state", "evidence_id", "reviewed_on", "review_on"),
        partners=_list(
            Engagement.objects.annotate(supervised_on=Subquery(last_supervision.values("done_on")[:1])),
            *("vendor__name", "vendor__is_overseas", "role", "contract_on", "contract_ends_on", "ended_on"),
            *("returned_on", "supervised_on"),
        ),
        told=_one(
            told.annotate(
                shown_on=Subquery(first_showing.values("shown_on")[:1]),
                first_at=Subquery(first_version.values("published_at")[:1]),
            ),
            *(
                "first_at",
                "published_at",
                "effective_on",
                "notified",
                "shown_on",
                "manual_channel",
                "plain_zh",
                *ITEMS,
            ),
        ),
        asked=_one(
            ConsentMechanism.objects.filter(scenario=OuterRef("pk")).annotate(
                wording_on=Subquery(wording.values("effective_on")[:1]),
                consented=Subquery(wording.values("consented")[:1]),
            ),
            *("kinds", "is_separate", "covers_storage", "covers_cross_border", "needs_written", "written_form_id"),
            *("withdrawal_path", "guardian_how", "children_rules_on", "children_rules_id", "wording_on", "consented"),
        ),
        conduct=_one(
            ConductCheck.objects.filter(scenario=OuterRef("pk")).order_by("-checked_on", "-id"),
            *("checked_on", "findings"),
        ),
    )


def facts_from(
    row: Any, assessment: AssessmentFacts | None, *, started_on: date | None, ended_on: date | None, is_live: bool
) -> ScenarioFacts:
    """The facts of a scenario that was read ``with_parts``."""
    asked, conduct = row.asked or {}, row.conduct or {}
    return ScenarioFacts(
        code=row.code,
        name=row.name,
        in_scope=row.is_in_scope,
        function=row.function,
        legal_basis=row.legal_basis,
        storage_mode=row.storage_mode,
        started_on=started_on,
        ended_on=ended_on,
        is_live=is_live,
        assessment_approved_on=(assessment.first_approved_on or assessment.approved_on) if assessment else None,
        assessment=assessment,
        scope=row.scope,
        scope_decided_on=row.scope_decided_on,
        scope_recheck_on=row.scope_recheck_on,
        purpose=row.purpose,
        necessity=row.necessity,
        rejected_ways=row.rejected_ways,
        legal_basis_reason=row.legal_basis_reason,
        subjects=frozenset(row.subject_groups),
        notice_exemption=row.notice_exemption,
        notice=_notice(row, row.told) if row.told else None,
        consent=_consent(row, asked) if asked else None,
        children_rules_on=day(asked.get("children_rules_on")) if asked.get("children_rules_id") else None,
        alternatives=tuple(AlternativeFacts(way["kind"], day(way["last_on"]), way["was_offered"]) for way in row.ways),
        state_rule=row.state_rule,
        id_service_considered_on=row.id_service_considered_on,
        coercion_checked_on=day(conduct.get("checked_on")),
        coercion_findings=tuple(conduct.get("findings", ())),
        sends_over_internet=row.sends_over_internet,
        storage_exception=row.storage_exception,
        storage_exception_basis=row.storage_exception_basis,
        retention=row.retention,
        retention_law=row.retention_law,
        retention_ends_on=row.retention_ends_on,
        deletion_method=row.deletion_method,
        deleted_on=row.deleted_on,
        other_use=row.other_use,
        other_use_consent=row.other_use_consent,
        controls=tuple(_control(one) for one in row.measures),
        engagements=tuple(_engagement(one) for one in row.partners),
        cross_border=row.cross_border,
        cross_border_mechanism=row.cross_border_mechanism,
        cross_border_number=row.cross_border_number,
        automated_decision=row.automated_decision,
        decision_explanation=row.decision_explanation,
    )


def _notice(row: Scenario, told: Mapping[str, Any]) -> NoticeFacts:
    return NoticeFacts(
        first_published_on=day(told["first_at"]),
        published_on=day(told["published_at"]),
        effective_on=day(told["effective_on"]),
        missing=tuple(name for name in REQUIRED_NOTICE_ITEMS if not told[f"{name}_zh"]),
        outdated=changed_facts(told["notified"], notified_facts(row)),
        shown_on=day(told["shown_on"]),
        is_accessible=bool(told["plain_zh"] and told["manual_channel"]),
    )


def _consent(row: Scenario, asked: Mapping[str, Any]) -> ConsentFacts:
    return ConsentFacts(
        kinds=frozenset(asked["kinds"]),
        is_separate=asked["is_separate"],
        has_withdrawal=bool(asked["withdrawal_path"]),
        wording_on=day(asked["wording_on"]),
        invalidated_by=changed_facts(asked["consented"] or {}, consented_facts(row)),
        needs_written=asked["needs_written"],
        has_written_form=asked["written_form_id"] is not None,
        has_guardian=bool(asked["guardian_how"]),
        covers_storage=asked["covers_storage"],
        covers_cross_border=asked["covers_cross_border"],
    )


def _control(one: Mapping[str, Any]) -> ControlFacts:
    return ControlFacts(
        family=one["family"],
        state=one["state"],
        has_evidence=one["evidence_id"] is not None,
        reviewed_on=day(one["reviewed_on"]),
        review_on=day(one["review_on"]),
    )


def _engagement(one: Mapping[str, Any]) -> EngagementFacts:
    days = ("contract_on", "contract_ends_on", "ended_on", "returned_on", "supervised_on")
    return EngagementFacts(
        vendor=one["vendor__name"],
        role=one["role"],
        is_overseas=one["vendor__is_overseas"],
        **{name: day(one[name]) for name in days},
    )


def _list(rows: Any, *columns: str) -> ArraySubquery:
    """The rows of a scenario as one list of objects."""
    found = rows.filter(scenario=OuterRef("pk")).order_by("id")
    return ArraySubquery(found.values(one=JSONObject(**{name: F(name) for name in columns})))


def _one(rows: QuerySet[Model], *columns: str) -> Subquery:
    """The first of the rows as one object, None without any."""
    return Subquery(rows.values(one=JSONObject(**{name: F(name) for name in columns}))[:1])
