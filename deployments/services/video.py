"""A site under the Video Regulations: its system, the filing with the county police, its neighbour, its proofs."""

from datetime import date
from typing import IO, Any

from django.forms import ValidationError
from django.utils.translation import gettext as _

from deployments.choices import OF_SITE
from deployments.models import GovernanceRecord, Site
from deployments.services.rows import add, change, require_not_after
from portal.accounts.models import User
from portal.evidence.models import Evidence
from portal.evidence.scans import keep_proof
from portal.tenancy.models import touch
from portal.tenancy.session import service


@service("site.set_video")
def set_video(site: Site, *, today: date, **changes: Any) -> list[str]:
    """Say what the place is for the Regulations, since when its system is in use, and how long video is kept."""
    require_not_after(today, video_in_use_on=changes.get("video_in_use_on"))
    return _changed(site, changes)


@service("site.file_with_police")
def file_with_police(
    site: Site, *, filed_on: date, by: User | None, today: date, number: str = "", receipt: IO[bytes] | None = None
) -> list[str]:
    """Record that the video system was filed with the county police (Art 14)."""
    require_not_after(today, police_filed_on=filed_on)
    changes: dict[str, Any] = {"police_filed_on": filed_on, "police_filing_number": number}
    if receipt is not None:
        changes["police_proof"] = _kept(site, "receipt", receipt, by)
    return _changed(site, changes)


@service("site.file_change")
def file_change(
    site: Site, *, filed_on: date, by: User | None, today: date, receipt: IO[bytes] | None = None
) -> list[str]:
    """Record that changes were filed with the county police; the day of the first filing stays."""
    require_not_after(today, police_change_filed_on=filed_on)
    if site.police_filed_on is None or filed_on < site.police_filed_on:
        sentence = _("A change is filed after the filing itself. Record that first, or correct the day.")
        raise ValidationError({"police_change_filed_on": sentence})
    changes: dict[str, Any] = {"police_change_filed_on": filed_on}
    if receipt is not None:
        changes["police_change_proof"] = _kept(site, "receipt", receipt, by)
    return _changed(site, changes)


@service("site.answer_neighbour")
def answer_neighbour(
    site: Site,
    *,
    is_near: bool | None,
    by: User | None,
    today: date,
    consent_on: date | None = None,
    letter: IO[bytes] | None = None,
) -> list[str]:
    """Say whether a military or secret-related unit is near, and record its consent (Art 10)."""
    require_not_after(today, secret_unit_consent_on=consent_on)
    if not is_near and (consent_on or letter):
        sentence = _("There is a consent only where such a unit is near. Answer yes, or leave day and letter empty.")
        raise ValidationError({"near_secret_unit": sentence})
    changes: dict[str, Any] = {"near_secret_unit": is_near, "secret_unit_consent_on": consent_on}
    if not is_near:
        changes["secret_unit_consent"] = None
    if letter is not None:
        changes["secret_unit_consent"] = _kept(site, "letter", letter, by)
    return _changed(site, changes)


@service("site.prove")
def prove_of_site(
    site: Site, *, kind: str, by: User, today: date, proof: IO[bytes] | None = None, **fields: Any
) -> GovernanceRecord:
    """Record a dated proof of the unit that manages the video system (Arts 15, 16, 21, 22); it is never changed."""
    if kind not in OF_SITE:
        raise ValidationError({"kind": _("This kind of proof belongs to the PIP, not to a site.")})
    require_not_after(today, done_on=fields.get("done_on"))
    if proof is None and not fields.get("note") and not fields.get("reference"):
        raise ValidationError({"proof": _("Add the document, or say in the note where it is kept.")})
    record = GovernanceRecord(pip_id=site.pip_id, site=site, kind=kind, recorded_by=by, **fields)
    if proof is not None:
        record.evidence = _kept(site, "proof", proof, by)
    add(record)
    touch(site.pip_id)
    return record


def _changed(site: Site, changes: dict[str, Any]) -> list[str]:
    changed = change(site, changes)
    if changed:
        touch(site.pip_id)
    return changed


def _kept(site: Site, field: str, upload: IO[bytes], by: User | None) -> Evidence:
    try:
        return keep_proof(upload, pip=site.pip, by=by)
    except ValidationError as refused:
        raise ValidationError({field: refused}) from refused
