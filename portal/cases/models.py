"""Case: what a person, a complainant or an authority came with. Incident: a leak, tampering or loss."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deployments.models import Deployment, Scenario
from portal.cases import choices
from portal.cases.choices import Channel, Outcome, State, Step
from portal.cases.impersonal import validate_impersonal
from portal.evidence.models import Evidence
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned


def free_text(label: object, length: int = 2000) -> models.TextField:
    """Words of a case, never about who the person is."""
    return models.TextField(label, blank=True, max_length=length, validators=[validate_impersonal])


def person() -> models.ForeignKey:
    """Who of the tenant's people did it; null for the public page."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )


class Case(TenantOwned):
    """A request, refusal, complaint or inspection. A reference stands for the person; nothing else is kept."""

    pip = TenantKey(Pip, related_name="cases", verbose_name=_("PIP"))
    reference = models.CharField(_("reference"), max_length=20)
    kind = models.CharField(_("kind"), max_length=11, choices=choices.kinds)
    category = models.CharField(
        _("what the complaint is about"), max_length=15, choices=choices.complaints, blank=True
    )
    scenario = TenantKey(Scenario, related_name="cases", null=True, blank=True, verbose_name=_("scenario"))
    deployment = TenantKey(Deployment, related_name="cases", null=True, blank=True, verbose_name=_("deployment"))
    channel = models.CharField(_("how it came"), max_length=9, choices=Channel)
    place = models.CharField(_("where it happened"), max_length=200, blank=True, validators=[validate_impersonal])
    asked = free_text(_("what is asked or told"))
    received_on = models.DateField(_("received on"))
    received_at = models.DateTimeField()
    received_by = person()
    due_on = models.DateField(_("date set by the authority"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome, blank=True)
    exemption = models.CharField(_("ground"), max_length=19, choices=choices.exemptions, blank=True)
    answer = free_text(_("answer, with the reasons"))
    # FRM Art 10: 其他合理、便捷的方式.
    other_way = models.CharField(
        _("other way that was offered and used"), max_length=300, blank=True, validators=[validate_impersonal]
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = person()
    deletion_proof = TenantKey(
        Evidence, related_name="+", null=True, blank=True, verbose_name=_("proof of the deletion")
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    # Of the secret code with which the person asks for the answer.
    code_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-received_on", "-id"]
        verbose_name = _("case")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="case_reference_once"),
            models.UniqueConstraint(fields=["tenant", "code_hash"], name="case_sent_once"),
            models.CheckConstraint(
                condition=Q(kind="complaint") & ~Q(category="") | ~Q(kind="complaint") & Q(category=""),
                name="case_category_of_complaints",
                violation_error_message=_("Say what the complaint is about; other cases have no such field."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(channel="authority"),
                name="case_due_set_by_authority",
                violation_error_message=_("Only an authority sets a date; the law says promptly and counts no days."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="inspection") | Q(channel="authority"), name="case_inspection_by_authority"
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_on__isnull=True, outcome="")
                | ~Q(state="open") & Q(answered_on__gte=F("received_on")) & (~Q(outcome="") | Q(kind="inspection")),
                name="case_answered_on_a_day",
                violation_error_message=_("An answer has its day, not before the case came, and its outcome."),
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "granted"]) | ~Q(answer=""),
                name="case_not_granted_has_reasons",
                violation_error_message=_("Give the reasons: whoever isn't granted in full is told why (PIPL 50)."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="refused", exemption="unfounded")
                | Q(outcome="exempt", exemption__in=["necessary", "statutory_retention", "secrecy"])
                | Q(outcome__in=["", "granted", "partly"], exemption=""),
                name="case_exemption_fits_outcome",
                violation_error_message=_("Name the exception that the law makes, or choose another outcome."),
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False) | ~Q(state="closed") & Q(closed_on__isnull=True),
                name="case_closed_on_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "received_on", "id"], name="case_list"),
            models.Index(fields=["pip", "state"], name="case_of_pip"),
            models.Index(fields=["scenario", "kind"], name="case_of_scenario"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("cases:case", args=[self.tenant.slug, self.reference])

    @property
    def is_inspection(self) -> bool:
        """An authority inspects or asks; every other case is a person's."""
        return self.kind == choices.INSPECTION

    @property
    def needs_deletion(self) -> bool:
        """The answer says that face information goes, and nothing proves yet that it is gone."""
        grants = self.outcome in (Outcome.GRANTED, Outcome.PARTLY)
        return self.kind in choices.DELETES and grants and self.deletion_proof_id is None


class CaseNote(TenantOwned):
    """A step or a note in the timeline of a case, for the tenant's own people or for the person too. Append-only."""

    pip = TenantKey(Pip, related_name="+")
    case = TenantKey(Case, related_name="notes")
    step = models.CharField(max_length=8, choices=Step, default=Step.NOTE)
    at = models.DateTimeField()
    by = person()
    text = free_text(_("note"))
    is_for_person = models.BooleanField(_("the person may read it with the code"), default=False)
    file = TenantKey(Evidence, related_name="+", null=True, blank=True, verbose_name=_("file"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("note")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(step="note") | ~Q(text="") | Q(file__isnull=False),
                name="case_note_says_something",
                violation_error_message=_("Write the note, or add a file."),
            )
        ]
        indexes = [models.Index(fields=["case", "-id"], name="note_of_case")]

    def __str__(self) -> str:
        return self.text[:60]


class Incident(TenantOwned):
    """A leak, tampering or loss that happened or may have happened (PIPL Art 57)."""

    pip = TenantKey(Pip, related_name="incidents", verbose_name=_("PIP"))
    reference = models.CharField(_("reference"), max_length=20)
    scenario = TenantKey(Scenario, related_name="incidents", null=True, blank=True, verbose_name=_("scenario"))
    kind = models.CharField(_("what happened"), max_length=9, choices=choices.incident_kinds)
    is_suspected = models.BooleanField(_("it may have happened, and isn't certain"), default=False)
    happened = free_text(_("what is known"))
    grade = models.CharField(_("grade"), max_length=16, choices=choices.grades, default="general")
    persons = models.PositiveBigIntegerField(_("persons affected"), null=True, blank=True)
    discovered_at = models.DateTimeField(_("discovered at"))
    remedied_at = models.DateTimeField(_("remedied at"), null=True, blank=True)
    authority_told_at = models.DateTimeField(_("authority told at"), null=True, blank=True)
    persons_told_at = models.DateTimeField(_("persons told at"), null=True, blank=True)
    harm_is_avoided = models.BooleanField(_("harm is effectively avoided"), default=False)
    harm_reason = free_text(_("how harm is avoided"))
    receipt = TenantKey(Evidence, related_name="+", null=True, blank=True, verbose_name=_("receipt of the report"))
    # What the notices say.
    data_kinds = free_text(_("kinds of information"), 500)
    cause = free_text(_("cause"), 1000)
    harm = free_text(_("possible harm"), 1000)
    measures = free_text(_("remedial measures taken"), 1000)
    advice = free_text(_("what the persons can do"), 1000)
    contact = models.CharField(_("contact of the PIP"), max_length=300, blank=True)
    # FRM Art 9: a serious incident makes the assessment due again.
    reassessed_on = models.DateField(_("impact assessed again on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=6, choices=choices.incident_states, default="open")
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    opened_by = person()

    class Meta:
        ordering = ["-discovered_at", "-id"]
        verbose_name = _("incident")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="incident_reference_once"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": F("discovered_at")}),
                    name=f"incident_{name}_after_discovery",
                    violation_error_message=_("This lies before the discovery. Correct one of the two moments."),
                )
                for name in ("remedied_at", "authority_told_at", "persons_told_at")
            ),
            models.CheckConstraint(
                condition=Q(harm_is_avoided=False) | ~Q(harm_reason=""),
                name="incident_harm_avoided_has_reason",
                violation_error_message=_("Say how harm is avoided: the authority may ask (PIPL 57)."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True)
                | Q(state="closed", closed_on__isnull=False, remedied_at__isnull=False)
                & Q(authority_told_at__isnull=False)
                & (Q(persons_told_at__isnull=False) | Q(harm_is_avoided=True)),
                name="incident_closed_when_told",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "discovered_at", "id"], name="incident_list")]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("cases:incident", args=[self.tenant.slug, self.reference])

    @property
    def steps(self) -> dict[str, datetime | None]:
        """The moments that PIPL 57 asks for; whom no harm threatens need not be told."""
        found = {"remedied_at": self.remedied_at, "authority_told_at": self.authority_told_at}
        return found if self.harm_is_avoided else found | {"persons_told_at": self.persons_told_at}

    @property
    def missing(self) -> list[str]:
        """Those of them that lack."""
        return [name for name, at in self.steps.items() if at is None]
