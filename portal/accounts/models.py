"""People and what they may do: users, memberships in tenants, teams, and the grants that guardian reads."""

from datetime import date

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager
from guardian.managers import GroupObjectPermissionManager, UserObjectPermissionManager
from guardian.models.models import GroupObjectPermissionBase, UserObjectPermissionBase

from portal.accounts.roles import ROLE_CHOICES
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, Tenant, TenantOwned, scoped


class UserManager(BaseUserManager):
    """People sign in with their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """Make a person's account; without a password, nobody can sign in with it."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What he may do hangs on memberships, never on the account."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    theme = models.CharField(
        _("appearance"),
        max_length=5,
        default="auto",
        choices=[("auto", _("as the device")), ("light", _("light")), ("dark", _("dark"))],
    )
    density = models.CharField(
        _("density"),
        max_length=11,
        default="comfortable",
        choices=[("comfortable", _("comfortable")), ("compact", _("compact"))],
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name or self.email


class MembershipQuerySet(models.QuerySet):
    def current(self, today: date) -> "MembershipQuerySet":
        """Memberships that let somebody in today; the last day counts until 24:00 in Shanghai."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), user__is_active=True)


class Membership(TenantOwned):
    """A person in a tenant. An auditor's ends by date."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    ends_on = models.DateField(_("access until"), null=True, blank=True)

    objects = scoped(MembershipQuerySet)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["tenant", "user"], name="membership_once")]

    def __str__(self) -> str:
        return str(self.user)


class Team(TenantOwned):
    """A role for some or all PIPs, with its members; its group carries the grants."""

    name = models.CharField(_("name"), max_length=100)
    role = models.CharField(_("role"), max_length=20, choices=ROLE_CHOICES)
    has_all_pips = models.BooleanField(_("all PIPs, also those added later"), default=True)
    # Groups are a shared table and hold nothing of a tenant: their names are random.
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta:
        default_permissions = ()
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="team_name_once")]

    def __str__(self) -> str:
        return self.name


class TeamPip(TenantOwned):
    """One of the PIPs of a team that doesn't have them all."""

    team = TenantKey(Team, on_delete=models.CASCADE, related_name="team_pips")
    pip = TenantKey(Pip, on_delete=models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["team", "pip"], name="team_pip_once")]


class TeamMember(TenantOwned):
    """A member of a team."""

    team = TenantKey(Team, on_delete=models.CASCADE, related_name="team_members")
    membership = TenantKey(Membership, on_delete=models.CASCADE, related_name="team_members", db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["team", "membership"], name="team_member_once")]


class AbsenceQuerySet(models.QuerySet):
    def on(self, day: date) -> "AbsenceQuerySet":
        """Absences that the day lies in, its first and last day included."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class Absence(TenantOwned):
    """Days on which somebody else stands in for a member; both the first and the last day count."""

    membership = TenantKey(Membership, on_delete=models.CASCADE, related_name="absences")
    stand_in = TenantKey(Membership, on_delete=models.CASCADE, related_name="standing_in", verbose_name=_("stand-in"))
    starts_on = models.DateField(_("away from"))
    ends_on = models.DateField(_("away until"))

    objects = scoped(AbsenceQuerySet)

    class Meta:
        default_permissions = ()
        ordering = ["starts_on", "id"]
        verbose_name = _("absence")
        constraints = [
            ExclusionConstraint(
                name="absence_one_at_a_time",
                expressions=[
                    (Func("membership", "membership", Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (
                        Func("starts_on", Greatest("starts_on", "ends_on"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("There is an absence on some of these days already. End that one first."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="absence_ends_after_start",
                violation_error_message=_("The last day lies before the first. Correct one of the two."),
            ),
            models.CheckConstraint(
                condition=~Q(stand_in=F("membership")),
                name="absence_stand_in_is_another",
                violation_error_message=_("Nobody stands in for himself. Choose another person."),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "ends_on"], name="absence_by_end")]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"


class FeedAddress(TenantOwned):
    """The secret address of a person's calendar in this workspace; only its hash is kept."""

    membership = TenantKey(Membership, on_delete=models.CASCADE, related_name="feeds")
    secret_hash = models.CharField(max_length=64, unique=True)
    covers_all = models.BooleanField(_("all duties that I may see, not only my own"), default=False)
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["membership", "covers_all"], name="feed_once_per_coverage")]

    def __str__(self) -> str:
        return f"{self.membership_id}"


class PipGroupPermission(GroupObjectPermissionBase):
    """What a team may do for a PIP: guardian's direct table, so that grants go when the PIP goes."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", editable=False)
    content_object = TenantKey(Pip, on_delete=models.CASCADE)
    objects = ScopedManager(tenant="tenant", _manager_class=GroupObjectPermissionManager)

    class Meta(GroupObjectPermissionBase.Meta):
        default_permissions = ()


class PipUserPermission(UserObjectPermissionBase):
    """Never written: people get their rights from teams. guardian wants both tables declared."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", editable=False)
    content_object = TenantKey(Pip, on_delete=models.CASCADE)
    objects = ScopedManager(tenant="tenant", _manager_class=UserObjectPermissionManager)

    class Meta(UserObjectPermissionBase.Meta):
        default_permissions = ()


class TenantGroupPermission(GroupObjectPermissionBase):
    """What a team may do for the tenant as a whole."""

    content_object = models.ForeignKey(Tenant, on_delete=models.CASCADE)
    objects = ScopedManager(tenant="content_object", _manager_class=GroupObjectPermissionManager)

    class Meta(GroupObjectPermissionBase.Meta):
        default_permissions = ()


class TenantUserPermission(UserObjectPermissionBase):
    """Never written, like PipUserPermission."""

    content_object = models.ForeignKey(Tenant, on_delete=models.CASCADE)
    objects = ScopedManager(tenant="content_object", _manager_class=UserObjectPermissionManager)

    class Meta(UserObjectPermissionBase.Meta):
        default_permissions = ()
