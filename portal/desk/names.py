"""The words of the trail: tables, columns and values as people know them."""

from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import User
from portal.tenancy.fields import TenantKey

TABLES: dict[str, str | Promise] = {
    "tenancy_tenant": gettext_lazy("workspace"),
    "tenancy_pip": gettext_lazy("PIP"),
    "accounts_membership": gettext_lazy("access of a person"),
    "accounts_team": gettext_lazy("team"),
    "accounts_teampip": gettext_lazy("PIP of a team"),
    "accounts_teammember": gettext_lazy("member of a team"),
    "accounts_pipgrouppermission": gettext_lazy("permission on a PIP"),
    "accounts_tenantgrouppermission": gettext_lazy("permission in the workspace"),
    "deployments_scenario": gettext_lazy("scenario"),
    "deployments_site": gettext_lazy("site"),
    "deployments_deployment": gettext_lazy("deployment"),
    "deployments_capturearea": gettext_lazy("capture area"),
    "deployments_device": gettext_lazy("device"),
    "deployments_sign": gettext_lazy("sign"),
    "deployments_scopedecision": gettext_lazy("scope decision"),
    "deployments_alternative": gettext_lazy("other way than FR"),
    "deployments_alternativecheck": gettext_lazy("check of the other way"),
    "deployments_conductcheck": gettext_lazy("self-check against coercion"),
    "deployments_signinspection": gettext_lazy("inspection of a sign"),
    "deployments_notice": gettext_lazy("notice"),
    "deployments_noticeversion": gettext_lazy("version of a notice"),
    "deployments_noticeshowing": gettext_lazy("showing of a notice"),
    "deployments_consentmechanism": gettext_lazy("consent mechanism"),
    "deployments_consentwording": gettext_lazy("wording of a consent"),
    "deployments_consentcount": gettext_lazy("count of consents"),
    "deployments_protectioncontrol": gettext_lazy("protection measure"),
    "deployments_mlpssystem": gettext_lazy("MLPS system"),
    "deployments_governancerecord": gettext_lazy("proof of governance"),
    "deployments_vendor": gettext_lazy("vendor"),
    "deployments_engagement": gettext_lazy("part of a vendor"),
    "deployments_supervision": gettext_lazy("supervision of a vendor"),
    "evidence_photo": gettext_lazy("photo"),
    "notifications_robot": gettext_lazy("channel"),
    "notifications_robotpip": gettext_lazy("PIP of a channel"),
    "notifications_mailtest": gettext_lazy("test mail"),
    "notifications_channelchoice": gettext_lazy("choice of channels"),
    "obligations_waiver": gettext_lazy("waiver"),
    "obligations_datemove": gettext_lazy("moved date"),
    "deployments_personcount": gettext_lazy("count"),
    "deployments_overlapestimate": gettext_lazy("overlap estimate"),
    "deployments_thresholdcrossing": gettext_lazy("crossing"),
    "deployments_crossingnote": gettext_lazy("note that supersedes a crossing"),
    "deployments_belowreview": gettext_lazy("review of a fall below 100,000"),
    "deployments_groupoverlap": gettext_lazy("overlap in the group"),
    "deployments_warningstep": gettext_lazy("warning step"),
    "cases_case": gettext_lazy("case"),
    "cases_casenote": gettext_lazy("note on a case"),
    "cases_incident": gettext_lazy("incident"),
    "assessments_assessment": gettext_lazy("impact assessment"),
    "assessments_assessedscenario": gettext_lazy("assessed scenario"),
    "assessments_author": gettext_lazy("author"),
    "assessments_ownquestion": gettext_lazy("own question"),
    "assessments_answer": gettext_lazy("answer"),
    "assessments_risk": gettext_lazy("risk"),
    "assessments_measure": gettext_lazy("measure"),
    "assessments_sectionreview": gettext_lazy("review of a section"),
    "assessments_remark": gettext_lazy("comment"),
    "assessments_version": gettext_lazy("version"),
    "assessments_step": gettext_lazy("step of the approval"),
    "assessments_report": gettext_lazy("report"),
    "assessments_outdating": gettext_lazy("change since the assessment"),
    "assessments_erasure": gettext_lazy("erasure"),
    "evidence_evidence": gettext_lazy("file"),
    "evidence_opening": gettext_lazy("opening of a file"),
    "obligations_obligation": gettext_lazy("duty"),
    "obligations_remark": gettext_lazy("remark"),
    "obligations_mention": gettext_lazy("person mentioned"),
    "accounts_absence": gettext_lazy("absence"),
    "accounts_feedaddress": gettext_lazy("address of a calendar"),
    "desk_handover": gettext_lazy("hand-over"),
    "desk_handedover": gettext_lazy("what was handed over"),
    "clock_acknowledgement": gettext_lazy("answer to a reminder"),
    "clock_ladder": gettext_lazy("ladder of reminders"),
    "imports_importbatch": gettext_lazy("vendor file"),
    "filings_filing": gettext_lazy("filing"),
    "filings_changecase": gettext_lazy("change of what was filed"),
    "filings_coveredscenario": gettext_lazy("covered scenario"),
    "filings_jointuse": gettext_lazy("use of a member"),
    "filings_dossierdocument": gettext_lazy("paper"),
    "filings_snapshot": gettext_lazy("frozen version"),
    "filings_submission": gettext_lazy("submission"),
    "filings_receipt": gettext_lazy("answer of the authority"),
    "filings_paperfacts": gettext_lazy("facts of a scan"),
    "filings_sealing": gettext_lazy("request for the seal"),
    "filings_sealedpaper": gettext_lazy("paper at the seal"),
    "filings_copiedfield": gettext_lazy("field copied out"),
    "filings_fieldwording": gettext_lazy("wording of a field"),
    "filings_termination": gettext_lazy("end of use"),
    "filings_endeddeployment": gettext_lazy("place that ended"),
    "filings_endingtask": gettext_lazy("task of an end of use"),
}

OPERATIONS: dict[str, str | Promise] = {
    "insert": gettext_lazy("added"),
    "update": gettext_lazy("changed"),
    "delete": gettext_lazy("removed"),
}

# Columns that no form shows have no words of their own.
COLUMNS: dict[str, str | Promise] = {
    "pip_id": gettext_lazy("PIP"),
    "state": gettext_lazy("state"),
    "rule": gettext_lazy("rule"),
    "subject": gettext_lazy("subject"),
    "firmness": gettext_lazy("certainty of the date"),
    "is_confirmed": gettext_lazy("count confirmed"),
    "is_critical": gettext_lazy("unlawful now"),
    "met_on": gettext_lazy("met on"),
    "why_en": gettext_lazy("why"),
    "why_zh": gettext_lazy("why"),
    "calendar_version": gettext_lazy("version of the calendar"),
    "user_id": gettext_lazy("account"),
    "size": gettext_lazy("size in bytes"),
    "media_type": gettext_lazy("kind of file"),
    "is_sensitive": gettext_lazy("sensitive"),
    "uploaded_at": gettext_lazy("uploaded at"),
    "uploaded_by_id": gettext_lazy("uploaded by"),
    "applied_at": gettext_lazy("applied at"),
    "applied_by_id": gettext_lazy("applied by"),
    "sign_id": gettext_lazy("sign"),
    "inspected_at": gettext_lazy("inspected at"),
    "inspected_by_id": gettext_lazy("inspected by"),
    "photo_id": gettext_lazy("photo"),
    "original_id": gettext_lazy("original"),
    "shown_id": gettext_lazy("what viewers see"),
    "entered_at": gettext_lazy("entered at"),
    "entered_by_id": gettext_lazy("entered by"),
    "opened_at": gettext_lazy("opened at"),
    "opened_by_id": gettext_lazy("opened by"),
    "confirmed_on": gettext_lazy("confirmed on"),
    "confirmed_at": gettext_lazy("confirmed at"),
    "confirmed_by_id": gettext_lazy("confirmed by"),
    "checked_by_id": gettext_lazy("checked by"),
    "done_by_id": gettext_lazy("done by"),
    "recorded_by_id": gettext_lazy("recorded by"),
    "alternative_id": gettext_lazy("other way than FR"),
    "engagement_id": gettext_lazy("part of a vendor"),
    "proposed_on": gettext_lazy("proposed on"),
    "noted_on": gettext_lazy("noted on"),
    "noted_at": gettext_lazy("noted at"),
    "noted_by_id": gettext_lazy("noted by"),
    "decided_on": gettext_lazy("decided on"),
    "decided_by_id": gettext_lazy("decided by"),
    "decided_at": gettext_lazy("decided at"),
    "percent": gettext_lazy("percent of 100,000"),
    "source_sha256": gettext_lazy("SHA-256 of the file"),
    "approved_by_id": gettext_lazy("approved by"),
    "against_id": gettext_lazy("frozen version"),
    "alone_because": gettext_lazy("why alone"),
    "written_by_id": gettext_lazy("written by"),
    "submitted_by_id": gettext_lazy("submitted by"),
    "frozen_at": gettext_lazy("frozen at"),
    "frozen_by_id": gettext_lazy("frozen by"),
    "keep_until": gettext_lazy("keep until"),
    "kind": gettext_lazy("kind"),
    "material": gettext_lazy("material"),
    "round": gettext_lazy("round"),
    "sha256": "SHA-256",
    "received_at": gettext_lazy("taken in at"),
    "received_by_id": gettext_lazy("taken in by"),
    "answered_by_id": gettext_lazy("answered by"),
    "case_id": gettext_lazy("case"),
    "at": gettext_lazy("at"),
    "by_id": gettext_lazy("by"),
    "step": gettext_lazy("step"),
    "created_at": gettext_lazy("opened at"),
    "team_id": gettext_lazy("team"),
    "membership_id": gettext_lazy("member"),
    "permission_id": gettext_lazy("permission"),
    "content_object_id": gettext_lazy("granted on"),
    "corrects_id": gettext_lazy("corrects"),
    "name": gettext_lazy("name"),
    "filing_id": gettext_lazy("filing"),
    "scenario_id": gettext_lazy("scenario"),
    "notice_id": gettext_lazy("notice"),
    "version_id": gettext_lazy("version of a notice"),
    "mechanism_id": gettext_lazy("consent mechanism"),
    "wording_id": gettext_lazy("wording of a consent"),
    "published_at": gettext_lazy("published at"),
    "published_by_id": gettext_lazy("published by"),
    "obligation_id": gettext_lazy("duty"),
    "remark_id": gettext_lazy("remark"),
    "task_id": gettext_lazy("task"),
    "hand_over_id": gettext_lazy("hand-over"),
    "former_id": gettext_lazy("whose it was"),
    "to_id": gettext_lazy("given to"),
    "undone_at": gettext_lazy("undone at"),
    "resolved_at": gettext_lazy("settled at"),
    "resolved_by_id": gettext_lazy("settled by"),
    "read_at": gettext_lazy("read at"),
    "made_at": gettext_lazy("made at"),
    "crossing_id": gettext_lazy("crossing"),
    "evidence_id": gettext_lazy("file"),
    "submission_id": gettext_lazy("submission"),
    "snapshot_id": gettext_lazy("frozen version"),
    "law_version": gettext_lazy("version of the law"),
    "rows": gettext_lazy("rows"),
    "new": gettext_lazy("new"),
    "changed": gettext_lazy("changed"),
    "unchanged": gettext_lazy("unchanged"),
    "errors": gettext_lazy("errors"),
    "stale": gettext_lazy("overtaken"),
    "refusal_en": gettext_lazy("reason of the refusal"),
    "refusal_zh": gettext_lazy("reason of the refusal"),
}

# Bookkeeping that says nothing to a reader, and what is the row's own name in the heading already.
HIDDEN = frozenset({"id", "tenant_id", "wrapped_key", "group_id", "position"})
HIDDEN_IN = {
    "cases_case": frozenset({"code_hash"}),
    "obligations_obligation": frozenset({"reckoned_from", "reckoned_days", "reckoned_unit"}),
    "evidence_evidence": frozenset({"code"}),
    "deployments_thresholdcrossing": frozenset({"snapshot"}),
    "deployments_crossingnote": frozenset({"snapshot"}),
    "deployments_signinspection": frozenset({"ticket"}),
    "deployments_noticeversion": frozenset({"notified"}),
    "deployments_consentwording": frozenset({"consented"}),
    "filings_snapshot": frozenset({"facts"}),
    # The change's own page says them in words.
    "filings_changecase": frozenset({"item", "old", "new", "event", "judged", "judged_event"}),
    "assessments_assessedscenario": frozenset({"facts", "frozen_at_event"}),
    "assessments_version": frozenset({"content"}),
    "imports_importbatch": frozenset(
        {
            *("upload", "header_row", "mapping", "ignored", "recognised", "choices", "pips"),
            *("attempts", "rows_done", "lease_until"),
        }
    ),
}


@cache
def model_of(table: str) -> type[models.Model] | None:
    """The model behind a table; None for one that is gone."""
    return next((model for model in apps.get_models() if model._meta.db_table == table), None)


def table_name(table: str) -> str:
    """A table as people call what is in it."""
    return str(TABLES.get(table, table))


def field_of(table: str, column: str) -> models.Field | None:
    """The field behind a column."""
    model = model_of(table)
    if model is None:
        return None
    for name in (column, column.removesuffix("_id")):
        try:
            return model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
    return None


def column_name(table: str, column: str) -> str:
    """A column as forms call it."""
    field = field_of(table, column)
    if column in COLUMNS and (field is None or not isinstance(field.verbose_name, Promise)):
        return str(COLUMNS[column])
    return str(field.verbose_name) if field is not None else column


def points_at(table: str, column: str) -> type[models.Model] | None:
    """The model whose ids stand in this column, if it is one of the same tenant's, or the person."""
    field = field_of(table, column)
    is_named = isinstance(field, TenantKey) or getattr(field, "related_model", None) is User
    return field.related_model if is_named else None


def value_name(table: str, column: str, value: Any) -> Any:
    """A value as forms show it: the label of a choice, words for yes and no."""
    field = field_of(table, column)
    if value is None or value == "":
        return None
    if field is not None and field.choices and isinstance(value, str | int):
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, models.DateTimeField) and isinstance(value, str):
        # The trail keeps moments in UTC; people read mainland China's clock.
        return f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    text = str(value)
    return text if len(text) <= 300 else f"{text[:300]}…"
