"""Rows of the choice, the safeguards and the vendors of a scenario by their shortest words; small real files."""

import io
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from deployments.models import (
    Alternative,
    AlternativeCheck,
    ConductCheck,
    Engagement,
    GovernanceRecord,
    MlpsSystem,
    ProtectionControl,
    Scenario,
    Supervision,
    Vendor,
)
from portal.documents.pdf import render_pdf
from portal.documents.sheet import Section, Sheet
from portal.tenancy.models import Pip


def photo(name: str = "lane.jpg") -> SimpleUploadedFile:
    """A small real photo."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), content_type="image/jpeg")


def pdf(name: str = "proof.pdf") -> SimpleUploadedFile:
    """A small real PDF."""
    sheet = Sheet(title=name, language="en", reference="X", sections=(Section(paragraphs=(name,)),))
    return SimpleUploadedFile(name, render_pdf(sheet), content_type="application/pdf")


def alternative(of: Scenario, kind: str = "lane", **fields: Any) -> Alternative:
    fields.setdefault("description", "staffed lane beside the gates")
    return Alternative.objects.create(tenant=of.tenant, pip=of.pip, scenario=of, kind=kind, **fields)


def check(
    of: Alternative, on: date = date(2026, 10, 1), *, is_offered: bool = True, **fields: Any
) -> AlternativeCheck:
    return AlternativeCheck.objects.create(
        tenant=of.tenant, pip=of.pip, alternative=of, checked_on=on, is_offered=is_offered, **fields
    )


def conduct(of: Scenario, on: date = date(2026, 10, 1), findings: tuple[str, ...] = ()) -> ConductCheck:
    return ConductCheck.objects.create(
        tenant=of.tenant, pip=of.pip, scenario=of, checked_on=on, findings=list(findings)
    )


def control(of: Scenario, family: str = "encryption", **fields: Any) -> ProtectionControl:
    values = {"state": "in_place", "measure": "AES-256 at rest"} | fields
    return ProtectionControl.objects.create(tenant=of.tenant, pip=of.pip, scenario=of, family=family, **values)


def vendor(pip: Pip, code: str = "HIK", **fields: Any) -> Vendor:
    fields.setdefault("name", f"Vendor {code}")
    return Vendor.objects.create(tenant=pip.tenant, pip=pip, code=code, **fields)


def engagement(of: Scenario, by: Vendor, role: str = "entrusted", **fields: Any) -> Engagement:
    return Engagement.objects.create(tenant=of.tenant, pip=of.pip, scenario=of, vendor=by, role=role, **fields)


def proof(pip: Pip, kind: str = "internal_rules", on: date = date(2026, 3, 2), **fields: Any) -> GovernanceRecord:
    return GovernanceRecord.objects.create(tenant=pip.tenant, pip=pip, kind=kind, done_on=on, **fields)


def mlps(pip: Pip, name: str = "Recognition platform", **fields: Any) -> MlpsSystem:
    return MlpsSystem.objects.create(tenant=pip.tenant, pip=pip, name=name, **fields)


def supervision(of: Engagement, on: date = date(2026, 9, 1), **fields: Any) -> Supervision:
    values = {"is_in_order": True, "finding": "access list looked through"} | fields
    return Supervision.objects.create(tenant=of.tenant, pip=of.pip, engagement=of, done_on=on, **values)
