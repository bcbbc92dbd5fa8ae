"""The notice of a scenario (FRM Art 5) in versions, where it was shown, and how consent is asked (FRM Arts 6, 7)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deployments import choices
from deployments.models.fields import groups_field
from deployments.models.scenarios import Scenario
from portal.evidence.models import Evidence, Photo
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned


def item(label: object) -> models.TextField:
    """One of the six items of a notice, in one language."""
    return models.TextField(label, blank=True, max_length=2000)


class Notice(TenantOwned):
    """The notice of a scenario; its public page is found by an unguessable code."""

    pip = TenantKey(Pip, related_name="+")
    scenario = TenantKey(Scenario, related_name="notices", verbose_name=_("scenario"))
    code = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)

    class Meta:
        verbose_name = _("notice")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["scenario"], name="notice_once_per_scenario")]

    def __str__(self) -> str:
        return f"{self.code}"

    def get_absolute_url(self) -> str:
        return reverse("deployments:notice", args=[self.tenant.slug, self.scenario_id])


class NoticeVersion(TenantOwned):
    """A wording of a notice: six items in Chinese and English, plain variants, and the days on which it stood."""

    pip = TenantKey(Pip, related_name="+")
    notice = TenantKey(Notice, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(max_length=10, choices=choices.notice_states, default="draft")
    identity_zh = item(_("name and contact of the PIP (Chinese)"))
    purpose_zh = item(_("purposes and methods (Chinese)"))
    retention_zh = item(_("retention period (Chinese)"))
    necessity_zh = item(_("necessity and impact on rights (Chinese)"))
    rights_zh = item(_("exercise of rights (Chinese)"))
    other_zh = item(_("other items required by law (Chinese)"))
    identity_en = item(_("name and contact of the PIP (English)"))
    purpose_en = item(_("purposes and methods (English)"))
    retention_en = item(_("retention period (English)"))
    necessity_en = item(_("necessity and impact on rights (English)"))
    rights_en = item(_("exercise of rights (English)"))
    other_en = item(_("other items required by law (English)"))
    plain_zh = item(_("in plain words (Chinese)"))
    plain_en = item(_("in plain words (English)"))
    manual_channel = models.CharField(_("who helps persons who can't read or use it"), max_length=300, blank=True)
    has_voice = models.BooleanField(_("is read out on request"), default=False)
    effective_on = models.DateField(_("in force from"), null=True, blank=True)
    ended_on = models.DateField(_("in force until"), null=True, blank=True)
    # Frozen when it is published: the facts that people were told.
    notified = models.JSONField(default=dict)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("version of a notice")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["notice", "number"], name="notice_version_number_once"),
            models.UniqueConstraint(
                fields=["notice"],
                condition=Q(state="draft"),
                name="notice_one_draft",
                violation_error_message=_("This notice has a draft already. Go on with it."),
            ),
            models.UniqueConstraint(fields=["notice"], condition=Q(state="published"), name="notice_one_published"),
            models.CheckConstraint(
                condition=Q(state="draft")
                | (
                    ~Q(identity_zh="")
                    & ~Q(purpose_zh="")
                    & ~Q(retention_zh="")
                    & ~Q(necessity_zh="")
                    & ~Q(rights_zh="")
                    & Q(effective_on__isnull=False, published_at__isnull=False)
                ),
                name="notice_published_with_items",
                violation_error_message=_("A notice needs its items 1 to 5 and its day before it is published."),
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class NoticeShowing(TenantOwned):
    """Where a version of a notice was shown, since when, with the proof. Append-only."""

    pip = TenantKey(Pip, related_name="+")
    version = TenantKey(NoticeVersion, related_name="showings")
    channel = models.CharField(_("channel"), max_length=8, choices=choices.notice_channels)
    place = models.CharField(_("place or address"), max_length=300)
    shown_on = models.DateField(_("shown since"))
    photo = TenantKey(Photo, related_name="+", null=True, blank=True, verbose_name=_("photo"))
    proof = TenantKey(Evidence, related_name="+", null=True, blank=True, verbose_name=_("proof"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-shown_on", "-id"]
        verbose_name = _("showing of a notice")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(photo__isnull=False) | Q(proof__isnull=False),
                name="notice_showing_has_proof",
                violation_error_message=_("Add a photo or a screenshot: the showing must be proved."),
            )
        ]
        indexes = [models.Index(fields=["version"], name="showing_of_version")]

    def __str__(self) -> str:
        return self.place


class ConsentMechanism(TenantOwned):
    """How consent is asked and withdrawn in a scenario that stands on consent (FRM Arts 6, 7; GB/T 41819)."""

    pip = TenantKey(Pip, related_name="+")
    scenario = TenantKey(Scenario, related_name="consent_mechanisms", verbose_name=_("scenario"))
    kinds = groups_field(_("how consent is shown"), choices.consent_kinds, 9)
    how = models.TextField(_("what the person does, step by step"), blank=True, max_length=2000)
    is_separate = models.BooleanField(_("asked separately from other terms, nothing ticked beforehand"), default=False)
    covers_storage = models.BooleanField(_("covers storage outside the device or transmission"), default=False)
    covers_cross_border = models.BooleanField(_("covers the transfer abroad"), default=False)
    needs_written = models.BooleanField(_("a law asks for written consent"), default=False)
    written_law = models.CharField(_("law that asks for it"), max_length=300, blank=True)
    written_form = TenantKey(Evidence, related_name="+", null=True, blank=True, verbose_name=_("written form"))
    withdrawal_path = models.CharField(_("how a person withdraws"), max_length=500, blank=True)
    guardian_how = models.CharField(
        _("how a guardian consents and the relation is checked"), max_length=500, blank=True
    )
    children_rules = TenantKey(Evidence, related_name="+", null=True, blank=True, verbose_name=_("children's rules"))
    children_rules_on = models.DateField(_("children's rules published on"), null=True, blank=True)
    proof = TenantKey(Evidence, related_name="+", null=True, blank=True, verbose_name=_("screenshot or form"))

    class Meta:
        verbose_name = _("consent mechanism")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["scenario"], name="consent_mechanism_once_per_scenario"),
            models.CheckConstraint(
                condition=Q(needs_written=False) | ~Q(written_law=""),
                name="consent_written_names_law",
                violation_error_message=_("Name the law that asks for written consent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario_id}"


class ConsentWording(TenantOwned):
    """The words to which people consented; another purpose, method or kind of information makes them void."""

    pip = TenantKey(Pip, related_name="+")
    mechanism = TenantKey(ConsentMechanism, related_name="wordings")
    number = models.PositiveSmallIntegerField(_("version"))
    text_zh = models.TextField(_("wording (Chinese)"), max_length=4000)
    text_en = models.TextField(_("wording (English)"), blank=True, max_length=4000)
    effective_on = models.DateField(_("in force from"))
    ended_on = models.DateField(_("in force until"), null=True, blank=True)
    # Frozen: the facts that were consented to.
    consented = models.JSONField(default=dict)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("wording of a consent")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["mechanism", "number"], name="consent_wording_number_once"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("effective_on")),
                name="consent_wording_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class ConsentCount(TenantOwned):
    """How many consented, refused and withdrew up to a day, by wording: numbers only, never persons. Append-only."""

    pip = TenantKey(Pip, related_name="+")
    wording = TenantKey(ConsentWording, related_name="counts")
    counted_on = models.DateField(_("counted on"))
    given = models.PositiveIntegerField(_("consents"))
    by_guardian = models.PositiveIntegerField(_("of these by a guardian"), default=0)
    refused = models.PositiveIntegerField(_("refusals"), default=0)
    withdrawn = models.PositiveIntegerField(_("withdrawals"), default=0)
    source = models.CharField(_("source"), max_length=100, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-counted_on", "-id"]
        verbose_name = _("count of consents")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(by_guardian__lte=F("given")),
                name="consent_guardian_not_above_given",
                violation_error_message=_("More consents by guardians than consents. Correct one of the numbers."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn__lte=F("given")),
                name="consent_withdrawn_not_above_given",
                violation_error_message=_("More withdrawals than consents. Correct one of the numbers."),
            ),
        ]
        indexes = [models.Index(fields=["wording", "-counted_on", "-id"], name="consent_count_of_wording")]

    def __str__(self) -> str:
        return f"{self.given:,} · {self.counted_on}"
