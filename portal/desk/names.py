"""The words of the trail: tables, verbs, columns and values as people know them."""

from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
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
    "deployments_personcount": gettext_lazy("count"),
    "deployments_overlapestimate": gettext_lazy("overlap estimate"),
    "deployments_thresholdcrossing": gettext_lazy("crossing"),
    "assessments_assessment": gettext_lazy("impact assessment"),
    "evidence_evidence": gettext_lazy("file"),
    "evidence_opening": gettext_lazy("opening of a file"),
    "obligations_obligation": gettext_lazy("duty"),
    "imports_importbatch": gettext_lazy("vendor file"),
    "filings_filing": gettext_lazy("filing"),
    "filings_coveredscenario": gettext_lazy("covered scenario"),
    "filings_dossierdocument": gettext_lazy("dossier document"),
    "filings_snapshot": gettext_lazy("snapshot"),
    "filings_submission": gettext_lazy("submission"),
    "filings_receipt": gettext_lazy("receipt"),
}

OPERATIONS: dict[str, str | Promise] = {
    "insert": gettext_lazy("added"),
    "update": gettext_lazy("changed"),
    "delete": gettext_lazy("removed"),
}

# The first part of a verb names the thing, which the table says already; the second what was done.
DEEDS: dict[str, str | Promise] = {
    "tenant.create": gettext_lazy("open a workspace"),
    "pip.register": gettext_lazy("register a PIP"),
    "pip.edit": gettext_lazy("edit a PIP"),
    "team.create": gettext_lazy("make a team"),
    "member.add": gettext_lazy("give access"),
    "member.invite": gettext_lazy("invite a person"),
    "member.end": gettext_lazy("end access"),
    "member.change_end": gettext_lazy("change the end of access"),
    "grants.sync": gettext_lazy("bring permissions into line"),
    "scenario.register": gettext_lazy("register a scenario"),
    "scenario.edit": gettext_lazy("edit a scenario"),
    "site.register": gettext_lazy("register a site"),
    "site.edit": gettext_lazy("edit a site"),
    "deployment.register": gettext_lazy("register a deployment"),
    "deployment.edit": gettext_lazy("edit a deployment"),
    "deployment.activate": gettext_lazy("take a deployment into use"),
    "deployment.suspend": gettext_lazy("suspend a deployment"),
    "deployment.terminate": gettext_lazy("terminate a deployment"),
    "deployment.dispose": gettext_lazy("record the disposal of face information"),
    "area.add": gettext_lazy("add a capture area"),
    "device.add": gettext_lazy("add a device"),
    "device.edit": gettext_lazy("edit a device"),
    "device.remove": gettext_lazy("remove a device"),
    "sign.post": gettext_lazy("post a sign"),
    "sign.edit": gettext_lazy("edit a sign"),
    "sign.take_down": gettext_lazy("take down a sign"),
    "count.enter": gettext_lazy("enter a count"),
    "overlap.set": gettext_lazy("set the overlap estimate"),
    "crossing.confirm": gettext_lazy("confirm the crossing"),
    "reconcile": gettext_lazy("compare with the law"),
    "import.upload": gettext_lazy("upload a vendor file"),
    "import.check": gettext_lazy("check a vendor file"),
    "import.apply": gettext_lazy("apply a vendor file"),
    "import.look": gettext_lazy("recognise a vendor file"),
    "import.claim": gettext_lazy("take up a vendor file"),
    "import.recheck": gettext_lazy("check a vendor file again"),
    "import.order": gettext_lazy("order a vendor file to be applied"),
    "import.refuse": gettext_lazy("refuse a vendor file"),
    "import.give_up": gettext_lazy("give up a vendor file"),
    "import.discard": gettext_lazy("discard a vendor file"),
    "filing.open": gettext_lazy("open a dossier"),
    "filing.freeze": gettext_lazy("freeze the dossier"),
    "filing.submit": gettext_lazy("submit the filing"),
    "filing.accept": gettext_lazy("record the acceptance"),
    "filing.ask_correction": gettext_lazy("record a request for correction"),
    "filing.attach": gettext_lazy("attach a document to the dossier"),
    "filing.generate": gettext_lazy("fill in a document"),
    "filing.reopen": gettext_lazy("reopen the dossier"),
    "filing.export": gettext_lazy("export the dossier"),
    "evidence.open": gettext_lazy("open a file"),
    "assessment.register": gettext_lazy("register an impact assessment"),
    "assessment.approve": gettext_lazy("approve an impact assessment"),
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
    "entered_at": gettext_lazy("entered at"),
    "entered_by_id": gettext_lazy("entered by"),
    "opened_at": gettext_lazy("opened at"),
    "opened_by_id": gettext_lazy("opened by"),
    "confirmed_on": gettext_lazy("confirmed on"),
    "confirmed_at": gettext_lazy("confirmed at"),
    "confirmed_by_id": gettext_lazy("confirmed by"),
    "proposed_on": gettext_lazy("proposed on"),
    "approved_by_id": gettext_lazy("approved by"),
    "written_by_id": gettext_lazy("written by"),
    "submitted_by_id": gettext_lazy("submitted by"),
    "frozen_at": gettext_lazy("frozen at"),
    "frozen_by_id": gettext_lazy("frozen by"),
    "keep_until": gettext_lazy("keep until"),
    "kind": gettext_lazy("kind"),
    "material": gettext_lazy("material"),
    "round": gettext_lazy("round"),
    "sha256": "SHA-256",
}

# Bookkeeping that says nothing to a reader, and what is the row's own name in the heading already.
HIDDEN = frozenset({"id", "tenant_id", "wrapped_key", "group_id", "position"})


@cache
def model_of(table: str) -> type[models.Model] | None:
    """The model behind a table; None for one that is gone."""
    return next((model for model in apps.get_models() if model._meta.db_table == table), None)


def table_name(table: str) -> str:
    """A table as people call what is in it."""
    return str(TABLES.get(table, table))


def deed(verb: str) -> str:
    """A verb in words; one without words as it is."""
    return str(DEEDS.get(verb, verb))


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
    text = str(value)
    return text if len(text) <= 300 else f"{text[:300]}…"
