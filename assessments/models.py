"""The PIPIA of scenarios (FRM Art 9): what is assessed, its answers and risks, and the steps to its approval."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments import choices
from deployments.models import Scenario
from portal.cases.models import Incident
from portal.evidence.models import Evidence
from portal.law.rules.assessment import MAJOR
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned, scoped


class AssessmentQuerySet(models.QuerySet):
    def in_force(self) -> "AssessmentQuerySet":
        """Approved ones that no newer one supersedes."""
        return self.filter(state="approved")

    def of_scenario(self, scenario: Scenario | int) -> "AssessmentQuerySet":
        """Those that assess a scenario, the newest first."""
        return self.filter(covered__scenario=scenario).order_by("-id")


class Assessment(TenantOwned):
    """An impact assessment, written here or registered; another person than its authors approves it."""

    pip = TenantKey(Pip, related_name="assessments")
    reference = models.CharField(_("reference"), max_length=20)
    title = models.CharField(_("title"), max_length=200)
    # Made elsewhere: the report was uploaded. Else it is written here, after a version of the structure.
    is_external = models.BooleanField(_("made elsewhere"), default=False)
    template = models.CharField(_("version of the structure"), max_length=20, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=choices.states, default="draft")
    supersedes = TenantKey("self", related_name="superseded_by", null=True, blank=True, verbose_name=_("renews"))
    report = TenantKey(Evidence, related_name="+", null=True, verbose_name=_("report"))
    signed_scan = TenantKey(Evidence, related_name="+", null=True, blank=True, verbose_name=_("signed scan"))
    has_lawfulness = models.BooleanField(_("purpose and method are lawful, legitimate and necessary"), default=False)
    has_rights_impact = models.BooleanField(_("impact on rights, and whether measures reduce it"), default=False)
    has_risks = models.BooleanField(
        _("risk and harm of leakage, tampering, loss, damage, illegal access, sale or use"), default=False
    )
    has_measures = models.BooleanField(
        _("protective measures are lawful, effective and in proportion to the risk"), default=False
    )
    conclusion = models.CharField(_("conclusion"), max_length=20, choices=choices.conclusions, blank=True)
    # CAC Q&A of January 2026: a third party that took part is described in the report with its part.
    third_party = models.CharField(_("third party that took part"), max_length=200, blank=True)
    third_party_part = models.TextField(_("its part in the assessment"), blank=True, max_length=2000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    approved_on = models.DateField(_("approved on"), null=True)
    # A workspace of one person: explicit, with its reason, and logged.
    is_one_person = models.BooleanField(_("approved by its author: the workspace has one person"), default=False)
    review_on = models.DateField(_("next review on"), null=True, blank=True)
    # FRM Art 9: report and record are kept at least three years.
    keep_until = models.DateField(_("keep until"), null=True)

    objects = scoped(AssessmentQuerySet)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("impact assessment")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="assessment_reference_once"),
            models.CheckConstraint(
                condition=Q(state__in=choices.OPEN)
                | Q(has_lawfulness=True, has_rights_impact=True, has_risks=True, has_measures=True),
                name="assessment_has_four_elements",
                violation_error_message=_("An assessment without all four elements of Article 9 can't be submitted."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=choices.SETTLED)
                | Q(approved_by__isnull=False, approved_on__isnull=False, keep_until__isnull=False)
                & Q(report__isnull=False),
                name="assessment_approved_by_somebody_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(is_one_person=True) | ~Q(approved_by=F("written_by")),
                name="assessment_approver_is_not_author",
                violation_error_message=_("The author can't approve the own report. Ask another person."),
            ),
            models.CheckConstraint(
                condition=Q(is_external=True) | ~Q(template=""), name="assessment_written_here_has_structure"
            ),
        ]
        indexes = [models.Index(fields=["pip", "state"], name="assessment_of_pip")]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("assessments:assessment", args=[self.tenant.slug, self.reference])

    @property
    def is_open(self) -> bool:
        """Whether its content may still be changed."""
        return self.state in choices.OPEN

    @property
    def is_being_renewed(self) -> bool:
        """Whether a newer assessment that takes its place has been begun."""
        return self.superseded_by.filter(state__in=choices.UNDER_WAY).exists()


class AssessedScenario(TenantOwned):
    """A scenario that an assessment covers, with the facts that were assessed, frozen."""

    pip = TenantKey(Pip, related_name="+")
    assessment = TenantKey(Assessment, on_delete=models.CASCADE, related_name="covered")
    scenario = TenantKey(Scenario, related_name="assessed", verbose_name=_("scenario"))
    facts = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    # The newest event of the trail when the facts were frozen: what came later is a change.
    frozen_at_event = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        verbose_name = _("assessed scenario")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["assessment", "scenario"], name="assessed_scenario_once"),
        ]
        indexes = [models.Index(fields=["scenario"], name="assessed_of_scenario")]

    def __str__(self) -> str:
        return f"{self.assessment_id} · {self.scenario_id}"


class Author(TenantOwned):
    """Somebody who wrote in an assessment; none of them approves it."""

    pip = TenantKey(Pip, related_name="+")
    assessment = TenantKey(Assessment, on_delete=models.CASCADE, related_name="authors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("author")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["assessment", "user"], name="author_once")]

    def __str__(self) -> str:
        return f"{self.user_id}"


class OwnQuestion(TenantOwned):
    """A question that a workspace adds to a section; the statutory ones can't be removed."""

    pip = TenantKey(Pip, related_name="+")
    section = models.CharField(_("section"), max_length=30)
    text_zh = models.CharField(_("question (Chinese)"), max_length=300)
    text_en = models.CharField(_("question (English)"), max_length=300, blank=True)
    is_required = models.BooleanField(_("must be answered"), default=False)
    ended_on = models.DateField(_("no longer asked since"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("own question")
        default_permissions = ()
        indexes = [models.Index(fields=["pip"], name="own_question_of_pip")]

    def __str__(self) -> str:
        return self.text_zh

    @property
    def code(self) -> str:
        return f"own-{self.pk}"


class Answer(TenantOwned):
    """The answer to one question, of the whole assessment or of one scenario; each save has the next version."""

    pip = TenantKey(Pip, related_name="+")
    assessment = TenantKey(Assessment, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=60)
    # Empty: asked once for all covered scenarios.
    scenario = TenantKey(Scenario, related_name="+", null=True, blank=True)
    text = models.TextField(_("answer"), blank=True, max_length=20_000)
    # The fact that filled it, until a person changes it.
    source = models.CharField(_("source"), max_length=60, blank=True)
    evidence = TenantKey(Evidence, related_name="+", null=True, blank=True, verbose_name=_("evidence"))
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("answer")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question", "scenario"], nulls_distinct=False, name="answer_once_per_question"
            ),
        ]

    def __str__(self) -> str:
        return self.question


def step_of_four(label: object) -> models.PositiveSmallIntegerField:
    """Likelihood or severity: 1 to 4 (LAW.md 2.6)."""
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )


class Risk(TenantOwned):
    """A risk of FRM Art 9(3) or an own one, before and after the measures."""

    pip = TenantKey(Pip, related_name="+")
    assessment = TenantKey(Assessment, on_delete=models.CASCADE, related_name="risks")
    # One of the seven threats; empty for an own one.
    threat = models.CharField(_("threat"), max_length=14, choices=choices.threats, blank=True)
    title = models.CharField(_("risk"), max_length=200)
    harm = models.TextField(_("how it could happen, and the harm to persons"), blank=True, max_length=2000)
    likelihood = step_of_four(_("likelihood before measures"))
    severity = step_of_four(_("severity before measures"))
    likelihood_after = step_of_four(_("likelihood after measures"))
    severity_after = step_of_four(_("severity after measures"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        verbose_name = _("risk")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "threat"], condition=~Q(threat=""), name="risk_once_per_threat"
            ),
            models.CheckConstraint(
                condition=Q(likelihood__isnull=True) | Q(likelihood__range=(1, 4)), name="risk_likelihood_1_to_4"
            ),
            models.CheckConstraint(
                condition=Q(severity__isnull=True) | Q(severity__range=(1, 4)), name="risk_severity_1_to_4"
            ),
            models.CheckConstraint(
                condition=Q(likelihood_after__isnull=True) | Q(likelihood_after__range=(1, 4)),
                name="risk_likelihood_after_1_to_4",
            ),
            models.CheckConstraint(
                condition=Q(severity_after__isnull=True) | Q(severity_after__range=(1, 4)),
                name="risk_severity_after_1_to_4",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Measure(TenantOwned):
    """What is done against a risk: a task with its owner, its day and its evidence. It goes on after approval."""

    pip = TenantKey(Pip, related_name="+")
    assessment = TenantKey(Assessment, on_delete=models.CASCADE, related_name="measures")
    risk = TenantKey(Risk, on_delete=models.CASCADE, related_name="measures", verbose_name=_("risk"))
    title = models.CharField(_("measure"), max_length=300)
    owner = models.CharField(_("responsible"), max_length=100, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    evidence = TenantKey(Evidence, related_name="+", null=True, blank=True, verbose_name=_("evidence"))

    class Meta:
        ordering = ["id"]
        verbose_name = _("measure")
        default_permissions = ()
        indexes = [models.Index(fields=["risk"], name="measure_of_risk")]

    def __str__(self) -> str:
        return self.title


class SectionReview(TenantOwned):
    """What a reviewer said of a section: accepted, or to be corrected."""

    pip = TenantKey(Pip, related_name="+")
    assessment = TenantKey(Assessment, on_delete=models.CASCADE, related_name="reviews")
    section = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=choices.review_states, default="pending")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("review of a section")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["assessment", "section"], name="section_review_once")]

    def __str__(self) -> str:
        return self.section


class Remark(TenantOwned):
    """A comment on a section or a question, until it is settled."""

    pip = TenantKey(Pip, related_name="+")
    assessment = TenantKey(Assessment, on_delete=models.CASCADE, related_name="remarks")
    section = models.CharField(max_length=30)
    question = models.CharField(max_length=60, blank=True)
    text = models.TextField(_("comment"), max_length=2000)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("comment")
        default_permissions = ()
        indexes = [models.Index(fields=["assessment", "section"], name="remark_of_section")]

    def __str__(self) -> str:
        return self.text[:60]


class Version(TenantOwned):
    """The whole content as it was submitted, frozen with its hash. Append-only."""

    pip = TenantKey(Pip, related_name="+")
    assessment = TenantKey(Assessment, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        verbose_name = _("version")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["assessment", "number"], name="assessment_version_once")]

    def __str__(self) -> str:
        return f"v{self.number}"


class Step(TenantOwned):
    """A step on the way to approval: submitted, returned, approved, superseded. Append-only."""

    pip = TenantKey(Pip, related_name="+")
    assessment = TenantKey(Assessment, on_delete=models.CASCADE, related_name="steps")
    version = TenantKey(Version, related_name="steps", null=True)
    what = models.CharField(max_length=10, choices=choices.steps)
    comment = models.TextField(_("comment"), blank=True, max_length=4000)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("step of the approval")
        default_permissions = ()
        indexes = [models.Index(fields=["assessment", "-id"], name="step_of_assessment")]

    def __str__(self) -> str:
        return self.get_what_display()


class Report(TenantOwned):
    """The report of an approved assessment in one language and format, made once and kept. Append-only."""

    pip = TenantKey(Pip, related_name="+")
    assessment = TenantKey(Assessment, on_delete=models.CASCADE, related_name="reports")
    language = models.CharField(max_length=2, choices=[("zh", "中文"), ("en", "English")])
    format = models.CharField(max_length=4, choices=[("pdf", "PDF"), ("docx", "DOCX")])
    evidence = TenantKey(Evidence, related_name="+")

    class Meta:
        ordering = ["id"]
        verbose_name = _("report")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["assessment", "language", "format"], name="report_once_per_format")
        ]

    def __str__(self) -> str:
        return f"{self.language}.{self.format}"


INCIDENT = "incident"


class OutdatingQuerySet(models.QuerySet):
    def standing(self) -> "OutdatingQuerySet":
        """Those that still count: not of an incident that was graded lower since, or answered elsewhere."""
        incidents = Incident.objects.filter(tenant=OuterRef("tenant"), reference=OuterRef("new"))
        counts = Exists(incidents.filter(grade__in=MAJOR, reassessed_on__isnull=True))
        return self.filter(~Q(fact=INCIDENT) | counts)


class Outdating(TenantOwned):
    """A watched fact of an approved assessment changed: what, when, and by which step of the trail. Append-only.

    Of a major incident ``new`` is the reference.
    """

    pip = TenantKey(Pip, related_name="+")
    assessment = TenantKey(Assessment, on_delete=models.CASCADE, related_name="outdatings")
    scenario = TenantKey(Scenario, related_name="+", null=True)
    fact = models.CharField(_("fact"), max_length=30)
    old = models.TextField(_("before"), blank=True)
    new = models.TextField(_("after"), blank=True)
    changed_on = models.DateField(_("changed on"))
    # The event of the audit trail: one change is noticed once, however often reconcile runs.
    event = models.PositiveBigIntegerField()

    objects = scoped(OutdatingQuerySet)

    class Meta:
        ordering = ["id"]
        verbose_name = _("change since the assessment")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "scenario", "fact", "event"], name="outdating_once_per_event"
            )
        ]

    def __str__(self) -> str:
        return self.fact


class Erasure(TenantOwned):
    """Somebody asks that the content of an assessment be erased, and another person confirms it or it is withdrawn."""

    pip = TenantKey(Pip, related_name="+")
    assessment = TenantKey(Assessment, related_name="erasures")
    reason = models.TextField(_("reason"), max_length=1000)
    kept_until = models.DateField(_("kept until"))
    asked_on = models.DateField(_("asked on"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_on = models.DateField(_("confirmed on"), null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    # The names and SHA-256 of the versions and files that were erased; frozen at the confirmation.
    erased = models.JSONField(default=list)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("erasure")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"], condition=Q(withdrawn_on__isnull=True), name="erasure_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by")),
                name="erasure_is_confirmed_by_another",
                violation_error_message=_("Who asked for the erasure can't confirm it. Ask another person."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_on__gt=F("kept_until"), confirmed_by__isnull=False, withdrawn_on__isnull=True),
                name="erasure_after_the_last_day",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_on__isnull=False, withdrawn_by__isnull=False),
                name="erasure_withdrawn_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_on}"
