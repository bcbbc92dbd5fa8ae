"""Filing: a case with the provincial CAC. Dossier: its documents. Submission: one sending of it, frozen."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deployments.models import Scenario, ThresholdCrossing
from deployments.models.fields import groups_field
from filings.choices import affected_fields, correction_reasons
from portal.evidence.models import Evidence
from portal.obligations.models import Obligation
from portal.tenancy.choices import province_choices
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    FREEZING = "freezing", _("being frozen")
    FROZEN = "frozen", _("frozen")
    SUBMITTED = "submitted", _("submitted")
    CORRECTING = "correcting", _("correction asked")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Kind(models.TextChoices):
    INITIAL = "initial", _("initial filing")
    CHANGE = "change", _("change filing")
    TERMINATION = "termination", _("cancellation filing")


class Filing(TenantOwned):
    """备案: the filing of FR use with the provincial CAC, its change, or its cancellation (FRM Art 15).

    The accepted filings of a PIP are a line: each change and the cancellation follows the one that stood before it.
    """

    pip = TenantKey(Pip, related_name="filings", verbose_name=_("PIP"))
    reference = models.CharField(_("reference"), max_length=20)
    kind = models.CharField(_("kind"), max_length=11, choices=Kind, default=Kind.INITIAL)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    obligation = TenantKey(Obligation, related_name="filings")
    crossing = TenantKey(ThresholdCrossing, null=True, related_name="filings")
    # The accepted filing that this one changes or cancels; a new initial filing follows a cancellation.
    follows = TenantKey("self", null=True, related_name="followers", verbose_name=_("follows"))
    # The day from which the 30 working days run: of a first filing it is that of the crossing.
    arose_on = models.DateField(_("period runs from"), null=True)
    # The province of the authority it is filed with; a PIP may move afterwards.
    authority = models.CharField(_("authority"), max_length=2, choices=province_choices, blank=True)
    # Why this way was taken where the law leaves two: after a move, or when part of the use ends.
    way_reason = models.TextField(_("why this way"), blank=True, max_length=4000)
    number = models.CharField(_("filing number"), max_length=64, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    submitted_on = models.DateField(_("submitted on"), null=True)
    accepted_on = models.DateField(_("accepted on"), null=True)

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="filing_reference_once"),
            models.UniqueConstraint(
                fields=["pip", "kind"],
                condition=Q(kind="initial", follows__isnull=True),
                name="filing_one_initial_per_pip",
                violation_error_message=_("This PIP has an initial filing already."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "accepted", "rejected"]) | Q(submitted_on__isnull=False),
                name="filing_submitted_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | (Q(accepted_on__isnull=False) & ~Q(number="")),
                name="filing_accepted_has_day_and_number",
            ),
            models.CheckConstraint(
                condition=(Q(kind="initial") & Q(crossing__isnull=False))
                | (Q(kind__in=["change", "termination"]) & Q(follows__isnull=False, arose_on__isnull=False)),
                name="filing_kind_has_its_ground",
            ),
            models.UniqueConstraint(
                fields=["follows"],
                condition=~Q(state="withdrawn"),
                name="filing_followed_once",
                violation_error_message=_("A filing that follows this one is open already."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("filings:filing", args=[self.tenant.slug, self.reference])

    @property
    def province(self) -> str:
        """The province of the competent authority: a first filing follows the PIP until it is sent."""
        is_settled = self.kind != Kind.INITIAL or self.submitted_on is not None
        return self.authority if self.authority and is_settled else self.pip.province


class CoveredScenario(TenantOwned):
    """A scenario that the filing covers: one application sheet each."""

    pip = TenantKey(Pip, related_name="+")
    filing = TenantKey(Filing, on_delete=models.CASCADE, related_name="covered")
    scenario = TenantKey(Scenario, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["filing", "scenario"], name="scenario_covered_once")]


class DossierDocument(TenantOwned):
    """One of the materials of the dossier (portal.law.checklists) and the file that fulfils it."""

    pip = TenantKey(Pip, related_name="+")
    filing = TenantKey(Filing, on_delete=models.CASCADE, related_name="documents")
    material = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=8,
        default="missing",
        choices=[
            ("missing", _("missing")),
            ("draft", _("draft")),
            ("to_seal", _("at the seal")),
            ("sealed", _("sealed")),
            ("scanned", _("scanned")),
            ("accepted", _("accepted")),
        ],
    )
    evidence = TenantKey(Evidence, null=True, related_name="+")

    class Meta:
        ordering = ["position", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["filing", "material", "position"], name="dossier_document_once"),
            models.CheckConstraint(
                condition=Q(state__in=["missing", "draft"]) | Q(evidence__isnull=False),
                name="dossier_document_state_needs_file",
            ),
        ]


class Snapshot(TenantOwned):
    """The facts and the packed dossier as frozen: what was filed can be shown to the byte."""

    pip = TenantKey(Pip, related_name="+")
    filing = TenantKey(Filing, related_name="snapshots")
    round = models.PositiveSmallIntegerField()
    facts = models.JSONField()
    law_version = models.CharField(max_length=80)
    # The ZIP that is filed, and the auditor's pack in which ID scans are replaced by their hashes.
    dossier = TenantKey(Evidence, related_name="+")
    pack = TenantKey(Evidence, related_name="+")
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["round"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["filing", "round"], name="snapshot_once_per_round")]


class Submission(TenantOwned):
    """One sending of the dossier: who, when, and the proof of it."""

    pip = TenantKey(Pip, related_name="+")
    filing = TenantKey(Filing, related_name="submissions")
    snapshot = TenantKey(Snapshot, related_name="submissions")
    submitted_on = models.DateField(_("submitted on"))
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    proof = TenantKey(Evidence, related_name="+", verbose_name=_("proof of submission"))
    receipt_number = models.CharField(_("receipt number"), max_length=64, blank=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["snapshot"], name="snapshot_submitted_once")]


class Receipt(TenantOwned):
    """The authority's answer to a submission."""

    pip = TenantKey(Pip, related_name="+")
    filing = TenantKey(Filing, related_name="receipts")
    submission = TenantKey(Submission, related_name="receipts")
    kind = models.CharField(
        max_length=10,
        choices=[("correction", _("correction asked")), ("accepted", _("accepted")), ("rejected", _("rejected"))],
    )
    received_on = models.DateField(_("received on"))
    number = models.CharField(_("filing number"), max_length=64, blank=True)
    reason = models.TextField(_("what is to be corrected"), blank=True, max_length=4000)
    # Codes of portal.law.checklists: why, and which fields and papers the authority named.
    reasons = groups_field(_("reasons"), correction_reasons, 20)
    fields = groups_field(_("fields and papers named"), affected_fields, 40)
    # The day that the tenant chose for the correction; without one the portal's default is reckoned (filings.dates).
    answer_by = models.DateField(_("correct by (own date)"), null=True)
    evidence = TenantKey(Evidence, null=True, related_name="+")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["submission"], name="submission_answered_once"),
            models.CheckConstraint(condition=~Q(kind="accepted") | ~Q(number=""), name="acceptance_has_number"),
            models.CheckConstraint(condition=Q(kind="accepted") | ~Q(reason=""), name="correction_has_reason"),
        ]
