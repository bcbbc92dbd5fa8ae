"""Scenario: one use of FR. Decided on once: its scope, its other ways than FR, and the check against coercion."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deployments import choices
from deployments.models.fields import groups_field
from portal.evidence.models import Photo
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned, scoped


class ScenarioQuerySet(models.QuerySet):
    def in_scope(self) -> "ScenarioQuerySet":
        """Scenarios to which the Measures are applied, undecided ones among them (FRM Art 2)."""
        return self.filter(scope__in=choices.APPLIES)


class Scenario(TenantOwned):
    """应用场景: one use of FR with one purpose, necessity, method, legal basis, storage and retention."""

    pip = TenantKey(Pip, related_name="scenarios", verbose_name=_("PIP"))
    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    # Decided by ScopeDecision; empty until then, and asked of everything meanwhile (FRM Art 2).
    scope = models.CharField(_("scope"), max_length=13, choices=choices.scopes, blank=True)
    scope_reason = models.TextField(_("why the Measures do not apply"), blank=True, max_length=2000)
    scope_decided_on = models.DateField(_("scope decided on"), null=True, blank=True)
    scope_recheck_on = models.DateField(_("check the scope again on"), null=True, blank=True)
    function = models.CharField(_("function"), max_length=10, choices=choices.functions, default="verify")
    purpose = models.TextField(_("purpose"), blank=True, max_length=2000)
    necessity = models.TextField(_("necessity"), blank=True, max_length=4000)
    rejected_ways = models.TextField(_("ways without FR, and why they do not do"), blank=True, max_length=4000)
    legal_basis = models.CharField(_("legal basis"), max_length=20, choices=choices.legal_bases, blank=True)
    legal_basis_reason = models.TextField(_("why this basis"), blank=True, max_length=2000)
    subject_groups = groups_field(_("groups of persons"), choices.subject_groups, 12)
    subjects = models.CharField(_("persons concerned"), max_length=300, blank=True)
    alternative = models.TextField(_("other way than FR"), blank=True, max_length=2000)
    # FRM Art 10: 国家另有规定的，从其规定.
    state_rule = models.CharField(_("State rule that prescribes FR"), max_length=500, blank=True)
    id_service_considered_on = models.DateField(_("national identity service considered on"), null=True, blank=True)
    id_service_note = models.CharField(_("what was found"), max_length=500, blank=True)
    storage_mode = models.CharField(
        _("where faces are stored"), max_length=20, choices=choices.storage_modes, blank=True
    )
    sends_over_internet = models.BooleanField(_("sends faces out over the internet"), null=True, blank=True)
    storage_exception = models.CharField(
        _("exception that allows it"), max_length=7, choices=choices.storage_exceptions, blank=True
    )
    storage_exception_basis = models.CharField(_("provision, or version of the consent"), max_length=500, blank=True)
    retention = models.CharField(_("retention period"), max_length=300, blank=True)
    retention_law = models.CharField(_("law that sets another period"), max_length=300, blank=True)
    retention_ends_on = models.DateField(_("retention ends on"), null=True, blank=True)
    deleted_on = models.DateField(_("deleted on"), null=True, blank=True)
    deletion_method = models.CharField(_("deletion method"), max_length=300, blank=True)
    protection = models.TextField(_("protection measures"), blank=True, max_length=4000)
    supplier = models.CharField(_("supplier of the FR system"), max_length=200, blank=True)
    mlps = TenantKey(
        "deployments.MlpsSystem", related_name="scenarios", null=True, blank=True, verbose_name=_("MLPS system")
    )
    # PIPL Art 26: what is captured in public places serves public security only, unless the person consents.
    other_use = models.CharField(_("other use of what is captured in public places"), max_length=500, blank=True)
    other_use_consent = models.BooleanField(_("separate consent for that use"), default=False)
    cross_border = models.BooleanField(_("stored or accessible outside mainland China"), default=False)
    cross_border_recipient = models.CharField(_("recipient abroad"), max_length=200, blank=True)
    cross_border_mechanism = models.CharField(
        _("mechanism of the transfer"), max_length=13, choices=choices.cross_border_mechanisms, blank=True
    )
    cross_border_number = models.CharField(_("number of the mechanism"), max_length=100, blank=True)
    automated_decision = models.BooleanField(_("decides on rights by itself"), default=False)
    decision_explanation = models.TextField(
        _("how the decision is explained and refused"), blank=True, max_length=2000
    )
    notice_exemption = models.CharField(
        _("ground for no notice"), max_length=9, choices=choices.notice_exemptions, blank=True
    )
    notice_exemption_reason = models.CharField(_("provision or facts behind it"), max_length=500, blank=True)
    # The entry of the scenario catalogue that it was started from.
    catalogue = models.CharField(max_length=30, blank=True)

    objects = scoped(ScenarioQuerySet)

    class Meta:
        ordering = ["code"]
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["pip", "code"],
                name="scenario_code_once_per_pip",
                violation_error_message=_("This PIP has a scenario with this code already."),
            ),
            models.CheckConstraint(
                condition=Q(scope__in=choices.APPLIES) | ~Q(scope_reason=""),
                name="scenario_out_of_scope_needs_reason",
                violation_error_message=_("Say why the Measures do not apply to this scenario."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def is_in_scope(self) -> bool:
        """Whether the Measures are applied: also while nobody decided."""
        return self.scope in choices.APPLIES

    def get_absolute_url(self) -> str:
        return reverse("deployments:scenario", args=[self.tenant.slug, self.pk])


class ScopeDecision(TenantOwned):
    """Whether the Measures apply to a scenario, with the answers it was decided on (FRM Art 2).

    That they apply holds at once; that they don't holds when another person has approved it.
    """

    pip = TenantKey(Pip, related_name="+")
    scenario = TenantKey(Scenario, related_name="scope_decisions", verbose_name=_("scenario"))
    scope = models.CharField(_("scope"), max_length=13, choices=choices.scopes)
    reason = models.TextField(_("reason"), blank=True, max_length=2000)
    # Frozen: the eight answers of the screening.
    answers = models.JSONField(default=dict)
    decided_on = models.DateField(_("decided on"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=9, choices=choices.decision_states, default="decided")
    settled_on = models.DateField(_("approved or refused on"), null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("scope decision")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="in") | ~Q(reason=""),
                name="scope_decision_out_needs_reason",
                violation_error_message=_("Say why the Measures do not apply to this scenario."),
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True) | ~Q(settled_by=F("decided_by")),
                name="scope_decision_approver_is_another",
                violation_error_message=_("The one who decided can't approve it. Ask another person."),
            ),
            models.UniqueConstraint(
                fields=["scenario"],
                condition=Q(state="proposed"),
                name="scope_decision_one_proposed",
                violation_error_message=_("A decision on this scenario waits for approval already."),
            ),
        ]
        indexes = [models.Index(fields=["scenario", "-id"], name="scope_decision_of_scenario")]

    def __str__(self) -> str:
        return f"{self.scenario_id} · {self.get_scope_display()}"


class Alternative(TenantOwned):
    """Another way than FR that serves the same purpose, everywhere or at one deployment (FRM Art 10)."""

    pip = TenantKey(Pip, related_name="+")
    scenario = TenantKey(Scenario, related_name="alternatives", verbose_name=_("scenario"))
    # Empty: wherever the scenario is used.
    deployment = TenantKey(
        "deployments.Deployment", related_name="alternatives", null=True, blank=True, verbose_name=_("deployment")
    )
    kind = models.CharField(_("kind"), max_length=11, choices=choices.alternative_kinds)
    description = models.CharField(_("how it works"), max_length=500)
    place = models.CharField(_("where it is"), max_length=300, blank=True)
    photo = TenantKey(Photo, related_name="+", null=True, blank=True, verbose_name=_("photo"))
    ended_on = models.DateField(_("no longer offered since"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("other way than FR")
        default_permissions = ()
        indexes = [models.Index(fields=["scenario"], name="alternative_of_scenario")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.description}"[:80]


class AlternativeCheck(TenantOwned):
    """Somebody looked whether the other way is really offered. Append-only."""

    pip = TenantKey(Pip, related_name="+")
    alternative = TenantKey(Alternative, related_name="checks")
    checked_on = models.DateField(_("checked on"))
    is_offered = models.BooleanField(_("really offered"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    photo = TenantKey(Photo, related_name="+", null=True, blank=True, verbose_name=_("photo"))
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-checked_on", "-id"]
        verbose_name = _("check of the other way")
        default_permissions = ()
        indexes = [models.Index(fields=["alternative", "-checked_on"], name="check_of_alternative")]

    def __str__(self) -> str:
        return f"{self.checked_on}"


class ConductCheck(TenantOwned):
    """The self-check that nobody is misled, deceived or forced into FR (FRM Art 12). Append-only."""

    pip = TenantKey(Pip, related_name="+")
    scenario = TenantKey(Scenario, related_name="conduct_checks")
    checked_on = models.DateField(_("checked on"))
    # The questions whose answer is a finding.
    findings = groups_field(_("findings"), choices.conduct_questions, 20)
    note = models.TextField(_("note"), blank=True, max_length=2000)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-checked_on", "-id"]
        verbose_name = _("self-check against coercion")
        default_permissions = ()
        indexes = [models.Index(fields=["scenario", "-checked_on"], name="conduct_check_of_scenario")]

    def __str__(self) -> str:
        return f"{self.checked_on}"
