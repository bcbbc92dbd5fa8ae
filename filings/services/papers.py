"""The verbs of papers: read a scan, take papers to the seal and back, tick what was copied out, word the forms."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from filings.joint import touch_all
from filings.layout import FIELDS
from filings.models import (
    CopiedField,
    DossierDocument,
    FieldWording,
    Filing,
    PaperFacts,
    SealedPaper,
    Sealing,
)
from filings.papers import READ_FROM
from filings.workflow import EDITABLE
from portal.accounts.models import User
from portal.cases.impersonal import validate_impersonal
from portal.tenancy.models import Tenant
from portal.tenancy.session import service
from portal.workflow import CaseError, StateConflict


def _editable(filing: Filing) -> Filing:
    locked = Filing.objects.select_related("pip").select_for_update(of=("self",)).get(pk=filing.pk)
    if locked.state not in EDITABLE:
        raise StateConflict(_("The dossier is frozen or sent, so its papers can't be changed. Reopen it first."))
    return locked


@service("filing.read_paper")
def read_paper(document: DossierDocument, *, by: User | None, **facts: Any) -> PaperFacts:
    """Keep what a person read off a scan; an identity number is refused, whatever field it was typed into."""
    filing = _editable(document.filing)
    document = DossierDocument.objects.get(pk=document.pk)
    asked = READ_FROM.get(document.material, ())
    if not asked or document.evidence_id is None:
        raise CaseError(_("There is no scan to read. Upload it on the dossier page."))
    for name in ("name", "agent"):
        validate_impersonal(facts.get(name) or "")
    values = {name: value for name, value in facts.items() if name in asked}
    kept, _is_new = PaperFacts.objects.update_or_create(
        document=document,
        defaults=values | {"evidence_id": document.evidence_id, "read_at": timezone.now(), "read_by": by},
        create_defaults=values
        | {
            "tenant_id": filing.tenant_id,
            "pip_id": filing.pip_id,
            "evidence_id": document.evidence_id,
            "read_at": timezone.now(),
            "read_by": by,
        },
    )
    return kept


@service("filing.take_to_seal")
def take_to_seal(
    filing: Filing,
    documents: Iterable[DossierDocument],
    *,
    by: User | None,
    taken_by: str,
    on: date,
    today: date,
    copies: int = 1,
) -> Sealing:
    """Note who took which drafts to the seal; while they are away they aren't filled again by themselves."""
    filing = _editable(filing)
    if on > today:
        raise ValidationError(_("The day lies in the future. Give the day on which it happened."))
    rows = list(filing.documents.filter(pk__in=[one.pk for one in documents], state="draft", evidence__isnull=False))
    if not rows:
        raise CaseError(_("No paper is waiting for the seal. Fill the letters on the dossier page first."))
    number = (filing.sealings.aggregate(last=Max("number"))["last"] or 0) + 1
    owned = {"tenant_id": filing.tenant_id, "pip_id": filing.pip_id}
    sealing = Sealing.objects.create(
        **owned, filing=filing, number=number, taken_by=taken_by, taken_on=on, copies=copies, asked_by=by
    )
    SealedPaper.objects.bulk_create(
        SealedPaper(**owned, sealing=sealing, document=row, evidence_id=row.evidence_id) for row in rows
    )
    filing.documents.filter(pk__in=[row.pk for row in rows]).update(state="to_seal")
    touch_all(filing)
    return sealing


@service("filing.bring_back")
def bring_back(sealing: Sealing, *, by: User | None, on: date, today: date, was_sealed: bool) -> Sealing:
    """Note that papers came back: sealed ones wait to be scanned, others are drafts again."""
    filing = _editable(sealing.filing)
    if on > today:
        raise ValidationError(_("The day lies in the future. Give the day on which it happened."))
    if on < sealing.taken_on:
        raise ValidationError(_("Papers can't be back before they were taken."))
    changed = Sealing.objects.filter(pk=sealing.pk, back_on__isnull=True).update(
        back_on=on, was_sealed=was_sealed, received_by=by
    )
    if not changed:
        raise StateConflict(_("These papers are back already. Reload the page."))
    away = filing.documents.filter(sealings__sealing=sealing, state="to_seal")
    filing.documents.filter(pk__in=list(away.values_list("pk", flat=True))).update(
        state="sealed" if was_sealed else "draft"
    )
    touch_all(filing)
    sealing.refresh_from_db()
    return sealing


@service("filing.copy_out")
def tick(filing: Filing, field: str, *, digest: str, by: User | None) -> CopiedField:
    """Note that a field was carried over into the filing system, with the value that it had."""
    row, _is_new = CopiedField.objects.update_or_create(
        filing=filing,
        field=field,
        defaults={"digest": digest, "ticked_at": timezone.now(), "ticked_by": by},
        create_defaults={
            "tenant_id": filing.tenant_id,
            "pip_id": filing.pip_id,
            "digest": digest,
            "ticked_at": timezone.now(),
            "ticked_by": by,
        },
    )
    return row


@service("filing.copy_out")
def untick(filing: Filing, field: str) -> None:
    """Take a tick back; one that isn't there needs none."""
    CopiedField.objects.filter(filing=filing, field=field).delete()


@service("form.word_field")
def word_field(tenant: Tenant, form: str, field: str, **wording: Any) -> FieldWording | None:
    """Word, order or limit a field as the filing system does; without any wording it is the portal's own again."""
    if field not in FIELDS.get(form, {}):
        raise CaseError(_("There is no such field on this form."))
    given = {name: value for name, value in wording.items() if value not in ("", None)}
    if not given:
        FieldWording.objects.filter(tenant=tenant, form=form, field=field).delete()
        return None
    values = dict.fromkeys(("label_zh", "label_en"), "") | dict.fromkeys(("position", "max_length")) | given
    row, _is_new = FieldWording.objects.update_or_create(tenant=tenant, form=form, field=field, defaults=values)
    return row
