"""Beside a dossier's papers: what a person read off each scan, their way to the seal, and what was copied out."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from filings.models.filing import DossierDocument, Filing
from portal.evidence.models import Evidence
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned


class PaperFacts(TenantOwned):
    """What a person read off a scan, to be compared with the register; never the number of an identity document."""

    pip = TenantKey(Pip, related_name="+")
    document = TenantKey(DossierDocument, on_delete=models.CASCADE, related_name="facts")
    # The very file that was read: after a new upload it is read again.
    evidence = TenantKey(Evidence, related_name="+")
    name = models.CharField(_("name on the paper"), max_length=200, blank=True)
    uscc = models.CharField(_("unified social credit code on the paper"), max_length=18, blank=True)
    agent = models.CharField(_("agent named"), max_length=100, blank=True)
    dated_on = models.DateField(_("date on the paper"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    is_long_term = models.BooleanField(_("without an end date"), default=False)
    is_copy = models.BooleanField(_("scan of a copy, not of the original"), default=False)
    has_signature = models.BooleanField(_("signature is there"), null=True, blank=True)
    has_seal = models.BooleanField(_("seal is there"), null=True, blank=True)
    pages = models.PositiveSmallIntegerField(
        _("pages in the file"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(2000)]
    )
    pages_of = models.PositiveSmallIntegerField(
        _("pages of the paper"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(2000)]
    )
    read_at = models.DateTimeField()
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        verbose_name = _("facts of a scan")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["document"], name="paper_facts_once_per_document"),
            models.CheckConstraint(
                condition=Q(is_long_term=False) | Q(valid_until__isnull=True),
                name="paper_facts_end_or_none",
                violation_error_message=_("Give the last day, or say that there is none, not both."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Sealing(TenantOwned):
    """用印: papers on their way to the seal and back. Who took them, when they came back, and whether sealed."""

    pip = TenantKey(Pip, related_name="+")
    filing = TenantKey(Filing, related_name="sealings")
    number = models.PositiveSmallIntegerField()
    taken_by = models.CharField(_("taken by"), max_length=100)
    taken_on = models.DateField(_("taken on"))
    copies = models.PositiveSmallIntegerField(
        _("copies of each paper"), default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    back_on = models.DateField(_("back on"), null=True, blank=True)
    was_sealed = models.BooleanField(_("sealed"), null=True, blank=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("request for the seal")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["filing", "number"], name="sealing_number_once"),
            models.CheckConstraint(
                condition=Q(back_on__isnull=True, was_sealed__isnull=True)
                | Q(back_on__isnull=False, was_sealed__isnull=False),
                name="sealing_back_with_result",
            ),
            models.CheckConstraint(
                condition=Q(back_on__isnull=True) | Q(back_on__gte=models.F("taken_on")),
                name="sealing_back_after_taken",
                violation_error_message=_("Papers can't be back before they were taken."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filing_id}/{self.number}"


class SealedPaper(TenantOwned):
    """A paper that went to the seal, with the very draft that was printed for it."""

    pip = TenantKey(Pip, related_name="+")
    sealing = TenantKey(Sealing, on_delete=models.CASCADE, related_name="papers")
    document = TenantKey(DossierDocument, related_name="sealings")
    evidence = TenantKey(Evidence, related_name="+")

    class Meta:
        ordering = ["id"]
        verbose_name = _("paper at the seal")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["sealing", "document"], name="paper_once_per_sealing")]

    def __str__(self) -> str:
        return f"{self.document_id}"


class CopiedField(TenantOwned):
    """A field of the forms, or a file, that was carried over into the filing system; of this very value."""

    pip = TenantKey(Pip, related_name="+")
    filing = TenantKey(Filing, on_delete=models.CASCADE, related_name="copied")
    field = models.CharField(max_length=160)
    # Of the value that was copied: another value since then is not copied yet.
    digest = models.CharField(max_length=16)
    ticked_at = models.DateTimeField()
    ticked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        verbose_name = _("field copied out")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["filing", "field"], name="copied_field_once")]

    def __str__(self) -> str:
        return self.field


class FieldWording(TenantOwned):
    """How the filing system words, orders and limits a field now, where that isn't the portal's default any more."""

    form = models.CharField(
        max_length=20, choices=[("basic-information", "basic-information"), ("application", "application")]
    )
    field = models.CharField(max_length=40)
    label_zh = models.CharField(_("label (Chinese)"), max_length=100, blank=True)
    label_en = models.CharField(_("label (English)"), max_length=100, blank=True)
    position = models.PositiveSmallIntegerField(
        _("position"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    max_length = models.PositiveIntegerField(
        _("greatest length"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(20_000)]
    )

    class Meta:
        verbose_name = _("wording of a field")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["tenant", "form", "field"], name="field_wording_once")]

    def __str__(self) -> str:
        return f"{self.form}.{self.field}"
