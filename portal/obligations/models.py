"""Obligation: a duty as a stored row. Reminder: a rung of its ladder. Delivery: one message to one person."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.calendars.clock import civil_now
from portal.law.engine import Rule, rule_by_id
from portal.law.text import Text
from portal.notifications.failures import words_of
from portal.notifications.models import Robot
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned, scoped


class State(models.TextChoices):
    OPEN = "open", _("open")
    MET = "met", _("met")
    WAIVED = "waived", _("waived")
    NOT_REQUIRED = "not_required", _("not required")


class Firmness(models.TextChoices):
    FIRM = "firm", _("firm")
    PROVISIONAL = "provisional", _("provisional")


class Unit(models.TextChoices):
    WORKING = "working", _("working days")
    NATURAL = "natural", _("natural days")
    FIXED = "fixed", _("fixed day")


class ObligationQuerySet(models.QuerySet):
    def open(self) -> "ObligationQuerySet":
        """Duties not yet met."""
        return self.filter(state=State.OPEN)

    def overdue(self, today: date, *, now: datetime | None = None) -> "ObligationQuerySet":
        """Open duties whose last day or moment has passed; overdue is derived, never stored."""
        return self.open().filter(Q(due_on__lt=today) | Q(due_at__lt=now or civil_now()))

    def worst_first(self) -> "ObligationQuerySet":
        """Unlawful things first, then by the earliest safe date; duties without a date last."""
        return self.order_by("-is_critical", F("safe_on").asc(nulls_last=True), "id")


class Obligation(TenantOwned):
    """What the law asks of a PIP for one subject, as reconcile last found it."""

    pip = TenantKey(Pip, related_name="obligations")
    rule = models.CharField(max_length=60)
    # pip:USCC, or a kind of subject with its code (portal.obligations.subjects); codes are unique within the PIP.
    subject = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    arose_on = models.DateField(_("arose on"), null=True)
    due_on = models.DateField(_("due on"), null=True)
    # Duties in hours have a moment instead of a day; their safe date is the civil day on which it falls.
    due_at = models.DateTimeField(_("due at"), null=True)
    safe_on = models.DateField(_("safe date"), null=True)
    # How the due date was reckoned, so that its days can be shown again.
    reckoned_from = models.DateField(null=True)
    reckoned_days = models.PositiveSmallIntegerField(null=True)
    reckoned_unit = models.CharField(max_length=7, choices=Unit, blank=True)
    firmness = models.CharField(max_length=11, choices=Firmness, blank=True)
    is_confirmed = models.BooleanField(default=True)
    is_critical = models.BooleanField(default=False)
    met_on = models.DateField(null=True)
    why_en = models.TextField()
    why_zh = models.TextField()
    calendar_version = models.CharField(max_length=40, blank=True)
    # Who took it or was given it; reconcile leaves this alone. Null: whoever may act for the PIP.
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("assigned to"),
    )

    objects = scoped(ObligationQuerySet)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["pip", "rule", "subject"], name="obligation_once_per_subject"),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(safe_on__isnull=False), name="obligation_due_has_safe_date"
            ),
            models.CheckConstraint(condition=Q(safe_on__lte=F("due_on")), name="obligation_safe_not_after_due"),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_at__isnull=True), name="obligation_due_on_or_at"
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(safe_on__isnull=False), name="obligation_moment_has_safe_date"
            ),
        ]
        indexes = [
            models.Index(fields=["pip", "state", "safe_on"], name="obligation_list"),
            models.Index(fields=["safe_on"], name="obligation_open_by_date", condition=Q(state="open")),
            models.Index(fields=["due_on"], name="obligation_open_by_due", condition=Q(state="open")),
            models.Index(
                fields=["tenant", "-is_critical", "safe_on", "id"],
                name="obligation_worst_first",
                condition=Q(state="open"),
            ),
            models.Index(
                fields=["assignee", "tenant", "-is_critical", "safe_on", "id"],
                name="obligation_of_person",
                condition=Q(state="open", assignee__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("desk:obligation", args=[self.tenant.slug, self.pk])

    @property
    def law(self) -> Rule:
        """The rule behind the row, with its citations and its layer."""
        return rule_by_id(self.rule)

    @property
    def title(self) -> str:
        return self.law.title.in_(get_language() or "en")

    @property
    def why(self) -> str:
        return Text(en=self.why_en, zh=self.why_zh).in_(get_language() or "en")

    @property
    def is_provisional(self) -> bool:
        return self.firmness == Firmness.PROVISIONAL

    def is_overdue(self, today: date, *, now: datetime | None = None) -> bool:
        """Whether the last day or moment has passed while the duty is open."""
        if self.state != State.OPEN:
            return False
        if self.due_at is not None:
            return self.due_at < (now or civil_now())
        return self.due_on is not None and self.due_on < today


class WaiverQuerySet(models.QuerySet):
    def in_force(self, on: date) -> "WaiverQuerySet":
        """Waivers that hold on a day: neither withdrawn nor run out."""
        return self.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=on),
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
            waived_on__lte=on,
        )

    def keys(self) -> set[tuple[str, str]]:
        """Rule and subject of each, as duties are named."""
        return set(self.values_list("rule", "subject"))


class Waiver(TenantOwned):
    """A named reviewer's reason why a duty need not be met for now; the finding stays visible (LAW 7.2)."""

    pip = TenantKey(Pip, related_name="+")
    rule = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    reason = models.TextField(_("reason"), max_length=2000)
    waived_on = models.DateField(_("waived on"))
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ends_on = models.DateField(_("holds until"), null=True, blank=True)
    ended_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    objects = scoped(WaiverQuerySet)

    class Meta:
        default_permissions = ()
        verbose_name = _("waiver")
        constraints = [
            models.UniqueConstraint(
                fields=["pip", "rule", "subject"],
                condition=Q(ended_on__isnull=True),
                name="waiver_one_in_force",
                violation_error_message=_("This duty is waived already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} · {self.subject}"

    @property
    def title(self) -> str:
        """What was waived, in words."""
        return rule_by_id(self.rule).title.in_(get_language() or "en")


class DateMove(TenantOwned):
    """A date of an open duty that moved or became firm because a holiday notice was loaded, from what to what."""

    pip = TenantKey(Pip, related_name="+")
    obligation = TenantKey(Obligation, on_delete=models.CASCADE, related_name="moves")
    old_due_on = models.DateField(_("due on"))
    new_due_on = models.DateField(_("due on"))
    old_safe_on = models.DateField(_("safe date"))
    new_safe_on = models.DateField(_("safe date"))
    old_firmness = models.CharField(max_length=11, choices=Firmness)
    new_firmness = models.CharField(max_length=11, choices=Firmness)
    old_calendar = models.CharField(max_length=40)
    new_calendar = models.CharField(max_length=40)
    # The notice that moved it, as it was called then.
    notice_year = models.PositiveSmallIntegerField()
    notice_title = models.CharField(max_length=200)
    moved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        indexes = [models.Index(fields=["obligation", "id"], name="date_move_of_duty")]

    def __str__(self) -> str:
        return f"{self.old_due_on} → {self.new_due_on}"


class Remark(TenantOwned):
    """What somebody says about a duty; a settled one is folded away, never lost."""

    pip = TenantKey(Pip, related_name="+")
    obligation = TenantKey(Obligation, on_delete=models.CASCADE, related_name="remarks")
    text = models.TextField(_("remark"), max_length=2000)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        verbose_name = _("remark")
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="remark_resolved_by_somebody",
            )
        ]
        indexes = [models.Index(fields=["obligation", "id"], name="remark_of_duty")]

    def __str__(self) -> str:
        return self.text[:60]


class Mention(TenantOwned):
    """A member whom a remark names: it waits in his work until he has read it."""

    pip = TenantKey(Pip, related_name="+")
    remark = TenantKey(Remark, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    read_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["remark", "user"], name="mention_once")]
        indexes = [models.Index(fields=["user", "tenant", "-id"], name="mention_unread", condition=Q(read_at=None))]

    def __str__(self) -> str:
        return f"{self.user_id}"


class Reminder(TenantOwned):
    """A rung of the ladder: on ``send_on`` the people behind the duty are told, if it is still open."""

    pip = TenantKey(Pip, related_name="+")
    obligation = TenantKey(Obligation, on_delete=models.CASCADE, related_name="reminders")
    # "opened", "again-2026-11-02" when it opens again or its date comes back, working days before the safe date
    # ("20", …, "0"), or "late-2026-11-20" for each day after it; "step-90" of an early warning, which has no date and
    # aims at the day on which its step was reached; "up-2026-11-20" tells the owners that nobody has answered.
    rung = models.CharField(max_length=16)
    aims_at = models.DateField()
    send_on = models.DateField()
    state = models.CharField(
        max_length=9,
        default="planned",
        choices=[
            ("planned", _("planned")),
            ("sent", _("sent")),
            ("skipped", _("skipped")),
            ("silenced", _("silenced")),
            ("cancelled", _("cancelled")),
        ],
    )
    is_late = models.BooleanField(default=False)
    # The civil day on which it was told.
    told_on = models.DateField(null=True)
    settled_at = models.DateTimeField(null=True)
    # Why it was not told: what answers "why did nobody tell me?".
    settled_why = models.CharField(
        max_length=12,
        blank=True,
        default="",
        db_default="",
        choices=[
            ("ended", _("the duty had ended")),
            ("moved", _("the date moved")),
            ("overtaken", _("a later one went instead")),
            ("acknowledged", _("somebody said that he is on it")),
            ("snoozed", _("somebody put it off")),
            ("ladder", _("the ladder was changed")),
        ],
    )

    class Meta:
        default_permissions = ()
        ordering = ["send_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["obligation", "rung", "aims_at"], name="reminder_once_per_rung"),
        ]
        indexes = [
            models.Index(fields=["send_on", "tenant"], name="reminder_planned", condition=Q(state="planned")),
        ]


class Delivery(TenantOwned):
    """One duty told to one person, or to a chat by its robot. A claim is a lease: a killed worker's is taken again."""

    pip = TenantKey(Pip, related_name="+")
    reminder = TenantKey(Reminder, on_delete=models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deliveries", null=True)
    robot = TenantKey(Robot, related_name="deliveries", null=True)
    channel = models.CharField(
        max_length=8, choices=[("inbox", _("inbox")), ("mail", _("mail")), ("robot", _("robot"))]
    )
    # The delivery to a robot that failed, in whose place this mail was sent.
    instead_of = TenantKey("self", null=True, related_name="replaced_by")
    state = models.CharField(
        max_length=8,
        default="waiting",
        choices=[
            ("waiting", _("waiting")),
            ("sent", _("sent")),
            ("failed", _("failed")),
            ("dropped", _("no longer needed")),
        ],
    )
    created_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    # The first delivery of the mail that carries this one; a mail that is tried again carries the same ones.
    letter = models.BigIntegerField(null=True)
    # What kind of letter that is, and the civil day on which it was first claimed: a person gets one of a kind a day.
    letter_kind = models.CharField(max_length=6, blank=True, default="", db_default="")
    letter_on = models.DateField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    # The civil day of the letter: a person's cap counts by it.
    sent_on = models.DateField(null=True)
    # The civil day on which a cap held it back; none once it is sent.
    held_on = models.DateField(null=True)
    read_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reminder", "user", "channel"], name="delivery_once_per_person_and_channel"
            ),
            models.UniqueConstraint(fields=["reminder", "robot"], name="delivery_once_per_robot"),
            models.CheckConstraint(
                condition=Q(channel="robot", robot__isnull=False, user__isnull=True)
                | Q(channel__in=["inbox", "mail"], robot__isnull=True, user__isnull=False),
                name="delivery_to_a_person_or_a_robot",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="delivery_waiting", condition=Q(state="waiting")),
            models.Index(fields=["user", "channel", "-id"], name="delivery_inbox"),
            models.Index(fields=["user", "id"], name="delivery_waiting_of_person", condition=Q(state="waiting")),
            models.Index(fields=["letter"], name="delivery_letter", condition=Q(letter__isnull=False)),
            models.Index(fields=["user", "letter_on"], name="delivery_letter_of_day", condition=~Q(letter_kind="")),
            models.Index(fields=["user"], name="delivery_unread", condition=Q(channel="inbox", read_at__isnull=True)),
            models.Index(fields=["robot", "-id"], name="delivery_newest_of_robot", condition=Q(robot__isnull=False)),
            models.Index(fields=["user", "sent_on"], name="delivery_letters_of_day", condition=Q(channel="mail")),
            models.Index(fields=["tenant", "held_on"], name="delivery_held", condition=Q(held_on__isnull=False)),
        ]

    @property
    def recipient(self) -> models.Model:
        """Whom it tells: a person, or the chat of a robot."""
        return self.user or self.robot

    @property
    def failure(self) -> str:
        """Why it did not get through, in the language in force."""
        return words_of(self.error)

    @property
    def message_id(self) -> str:
        """That of the mail, the same for every attempt, so that one sent twice is known as one."""
        return f"<delivery-{self.tenant_id}-{self.letter or self.pk}@frportal>"
