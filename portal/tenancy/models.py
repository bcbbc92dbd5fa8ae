"""Tenant, the hard wall; Pip, the legal entity inside it on which counts, filings and permissions hang."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager, get_scope

from portal.law.identifiers import normalise_uscc, uscc_problem
from portal.tenancy.choices import province_choices
from portal.tenancy.fields import TenantKey


class Tenant(models.Model):
    """A customer's workspace: a company group, or a law firm's client."""

    slug = models.SlugField(_("address"), unique=True, max_length=40)
    name = models.CharField(_("name"), max_length=200)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        permissions = [
            ("manage_members", "Manage members, teams and guests"),
            ("manage_pips", "Manage the legal entities"),
            ("view_audit", "Read the audit trail and the delivery log"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("desk:dashboard", args=[self.slug])


def scoped(queryset: type[models.QuerySet]) -> models.Manager:
    """A manager that raises outside a tenant's scope, with the methods of ``queryset``."""
    return ScopedManager(tenant="tenant", _manager_class=models.Manager.from_queryset(queryset))


class TenantOwned(models.Model):
    """A row of one tenant: fenced by scope in Django and by row-level security in PostgreSQL."""

    # The fence gives every table the index (tenant_id, id).
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)

    objects = ScopedManager(tenant="tenant")

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        if self.tenant_id is None:
            self.tenant = get_scope()["tenant"]
        super().save(*args, **kwargs)


def validate_uscc(value: str) -> None:
    """GB 32100-2015: 18 characters, the last one a check character."""
    problem = uscc_problem(value)
    if problem is not None:
        from django.utils.translation import get_language

        raise ValidationError(problem.in_(get_language() or "en"), code="uscc")


class OrganisationType(models.TextChoices):
    ENTERPRISE = "enterprise", _("enterprise")
    INSTITUTION = "institution", _("public institution")
    AUTHORITY = "authority", _("government body")
    ASSOCIATION = "association", _("social organisation")
    OTHER = "other", _("other")


class Pip(TenantOwned):
    """Personal information processor 个人信息处理者 (PIPL Art 73): the legal entity that must file."""

    uscc = models.CharField(_("unified social credit code"), max_length=18, validators=[validate_uscc])
    name = models.CharField(_("name"), max_length=200)
    province = models.CharField(_("registered province"), max_length=2, choices=province_choices)
    organisation_type = models.CharField(
        _("type of organisation"), max_length=20, choices=OrganisationType, default=OrganisationType.ENTERPRISE
    )
    registered_address = models.CharField(_("registered address"), max_length=300, blank=True)
    office_address = models.CharField(_("office address"), max_length=300, blank=True)
    legal_representative = models.CharField(_("legal representative or person in charge"), max_length=100, blank=True)
    legal_representative_title = models.CharField(_("title of the legal representative"), max_length=100, blank=True)
    agent_name = models.CharField(_("filing agent"), max_length=100, blank=True)
    agent_department = models.CharField(_("department of the agent"), max_length=100, blank=True)
    agent_mobile = models.CharField(_("mobile of the agent"), max_length=30, blank=True)
    agent_email = models.EmailField(_("e-mail of the agent"), blank=True)
    officer_name = models.CharField(_("PI protection officer"), max_length=100, blank=True)
    officer_phone = models.CharField(_("phone of the officer"), max_length=30, blank=True)
    officer_email = models.EmailField(_("e-mail of the officer"), blank=True)
    industry = models.CharField(_("industry"), max_length=100, blank=True)
    employees = models.PositiveIntegerField(_("number of employees"), null=True, blank=True)
    business_summary = models.TextField(_("business summary"), blank=True, max_length=2000)
    is_cii = models.BooleanField(_("operates critical information infrastructure"), default=False)
    is_state_organ = models.BooleanField(_("central or state organ"), default=False)
    # All personal information, entered by hand: never derived from counts of FR (DECISIONS, Counting).
    total_pi_persons = models.PositiveBigIntegerField(
        _("persons of whom any personal information is held"), null=True, blank=True
    )
    million_reached_on = models.DateField(_("1,000,000 persons reached on"), null=True, blank=True)
    # The law says promptly 及时 and counts no days: this is the tenant's own target.
    reply_days = models.PositiveSmallIntegerField(
        _("own target for answers, working days"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("PIP")
        verbose_name_plural = _("PIPs")
        default_permissions = ()
        permissions = [
            ("view_pip", "View register and cases"),
            ("edit_register", "Edit the register"),
            ("upload_import", "Upload and check vendor files"),
            ("apply_import", "Apply vendor files"),
            ("confirm_count", "Confirm a count or a crossing"),
            ("prepare_filing", "Prepare a filing"),
            ("submit_filing", "Submit a filing"),
            ("open_sensitive", "Open sensitive scans"),
            ("write_assessment", "Write an impact assessment"),
            ("approve_assessment", "Approve an impact assessment"),
            ("waive_finding", "Waive a finding"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "uscc"],
                name="pip_uscc_once_per_tenant",
                violation_error_message=_("A PIP with this unified social credit code exists already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("deployments:pip", args=[self.tenant.slug, self.uscc])

    def clean(self) -> None:
        self.uscc = normalise_uscc(self.uscc or "")


class PipMarkQuerySet(models.QuerySet):
    def checked(self, today: date) -> "PipMarkQuerySet":
        """Those whose facts agreed with the law today or yesterday: in the first minutes of a day all wait for it."""
        return self.filter(reconciled_on__gte=today - timedelta(days=1))


class PipMark(TenantOwned):
    """What reconcile knows about a PIP: when its facts were last touched and last agreed with the law."""

    pip = TenantKey(Pip, related_name="marks")
    touched_at = models.DateTimeField(null=True)
    reconciled_at = models.DateTimeField(null=True)
    reconciled_on = models.DateField(null=True)
    # How long the last reconcile took: a PIP of many places is left to the worker, so that no page waits for it.
    cost_ms = models.PositiveIntegerField(default=0)

    objects = scoped(PipMarkQuerySet)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["pip"], name="pip_mark_once")]
        indexes = [models.Index(fields=["touched_at"], name="pip_mark_touched")]

    def __str__(self) -> str:
        return f"{self.pip_id}"


class Counter(TenantOwned):
    """The last number given to a kind of reference in a year."""

    kind = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["tenant", "kind", "year"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.kind}-{self.year}"


def next_reference(kind: str, year: int) -> str:
    """The next reference of the tenant in scope, such as ``FIL-2026-0012``: no gaps, never reused."""
    tenant = get_scope()["tenant"]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tenancy_counter (tenant_id, kind, year, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (tenant_id, kind, year) DO UPDATE SET last = tenancy_counter.last + 1 RETURNING last",
            [tenant.pk, kind, year],
        )
        number = cursor.fetchone()[0]
    return f"{kind}-{year}-{number:04d}"


def touch(pip_id: int) -> None:
    """Mark a PIP whose facts changed; the next reconcile makes its obligations agree with the law."""
    touch_many([pip_id])


def touch_many(pip_ids: list[int]) -> None:
    """Mark several PIPs, in the order of their ids so that two transactions can't lock each other out."""
    tenant = get_scope()["tenant"]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tenancy_pipmark (tenant_id, pip_id, touched_at, cost_ms)"
            " SELECT %s, x, clock_timestamp(), 0 FROM unnest(%s::bigint[]) AS x ORDER BY x"
            # Later than the last reconcile whatever the clocks say.
            " ON CONFLICT (pip_id) DO UPDATE SET touched_at ="
            " greatest(clock_timestamp(), tenancy_pipmark.reconciled_at + interval '1 microsecond')",
            [tenant.pk, sorted(set(pip_ids))],
        )
