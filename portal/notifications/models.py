"""Channels of a tenant: robots of chats, webhooks, the proof that mail works, and what each person chose."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.notifications.failures import words_of
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned, scoped

CODE_HOLDS = timedelta(hours=24)
MOST_WRONG_CODES = 5


class Kind(models.TextChoices):
    WECOM = "wecom", _("WeCom robot")
    DINGTALK = "dingtalk", _("DingTalk robot")
    FEISHU = "feishu", _("Feishu robot")
    WEBHOOK = "webhook", _("outgoing webhook")


class RobotState(models.TextChoices):
    UNTESTED = "untested", _("not tested yet")
    WORKING = "working", _("working")
    OFF = "off", _("switched off")


class RobotQuerySet(models.QuerySet):
    def working(self) -> "RobotQuerySet":
        """Those whose test message arrived and that nobody switched off."""
        return self.filter(state=RobotState.WORKING)


class Robot(TenantOwned):
    """A robot in a group chat, or a program of the customer's that is told by webhook.

    Address and secret are encrypted with the portal's key, bound to tenant and code; nobody is shown them again.
    """

    code = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = models.CharField(_("name"), max_length=100)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    host = models.CharField(_("server"), max_length=255)
    sealed_address = models.BinaryField()
    sealed_secret = models.BinaryField(null=True)
    has_all_pips = models.BooleanField(_("all PIPs, also those added later"), default=True)
    is_law_only = models.BooleanField(_("dates set by law only"), default=False)
    state = models.CharField(max_length=8, choices=RobotState, default=RobotState.UNTESTED)
    # Keyed hash of the code in the last test message; none once it was typed back, is too old or was guessed at.
    code_hash = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    test_error = models.CharField(max_length=300, blank=True)
    tested_on = models.DateField(_("test arrived on"), null=True)
    tested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    objects = scoped(RobotQuerySet)

    class Meta:
        default_permissions = ()
        ordering = ["name"]
        verbose_name = _("robot")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                name="robot_name_once",
                violation_error_message=_("There is a channel with this name already."),
            ),
            models.CheckConstraint(
                condition=~Q(state="working") | Q(tested_on__isnull=False, tested_by__isnull=False),
                name="robot_works_after_its_test",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("desk:robot", args=[self.tenant.slug, self.code])

    @property
    def test_failure(self) -> str:
        """Why the last test message was not taken, in the language in force."""
        return words_of(self.test_error)

    @property
    def is_webhook(self) -> bool:
        return self.kind == Kind.WEBHOOK

    @property
    def awaits_code(self) -> bool:
        """Whether a test message is out whose code still counts."""
        return awaits_code(self)


class RobotPip(TenantOwned):
    """One of the PIPs of a robot that isn't told of all."""

    robot = TenantKey(Robot, on_delete=models.CASCADE, related_name="robot_pips")
    pip = TenantKey(Pip, on_delete=models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["robot", "pip"], name="robot_pip_once")]


class MailTest(TenantOwned):
    """A test mail to one person; the code typed back proves that mail arrives."""

    sent_at = models.DateTimeField()
    sent_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    code_hash = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    tested_on = models.DateField(_("test arrived on"), null=True)

    class Meta:
        default_permissions = ()
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.sent_at:%Y-%m-%d %H:%M}"

    @property
    def awaits_code(self) -> bool:
        """Whether the code in the mail still counts."""
        return awaits_code(self)


def awaits_code(row: Robot | MailTest) -> bool:
    """Whether a code is out, not too old and not guessed at too often."""
    if not row.code_hash or row.code_sent_at is None:
        return False
    return row.wrong_codes < MOST_WRONG_CODES and timezone.now() - row.code_sent_at < CODE_HOLDS


class ChannelChoice(TenantOwned):
    """What a person chose for this workspace; without a row, mails tell of everything."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mails_recommended = models.BooleanField(_("mails about recommended matters"), default=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["tenant", "user"], name="channel_choice_once")]


class Sending(models.Model):
    """What every stored message that a worker sends carries: its state, its claim as a lease, its attempts."""

    state = models.CharField(
        max_length=8,
        default="waiting",
        choices=[("waiting", _("waiting")), ("sent", _("sent")), ("failed", _("failed"))],
    )
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def failure(self) -> str:
        """Why it did not get through, in the language in force."""
        return words_of(self.error)


class EventKind(models.TextChoices):
    OPENED = "duty.opened", _("a duty opened")
    DUE_SOON = "duty.due_soon", _("a date comes near or has passed")
    MOVED = "duty.moved", _("a date moved")
    MET = "duty.met", _("a duty was met")
    ENDED = "duty.ended", _("a duty was waived or is not required any more")
    FAILED = "delivery.failed", _("a reminder did not get through")


class OutgoingEvent(Sending, TenantOwned):
    """One event for one webhook, stored before it is sent; its code is the same however often it is sent."""

    code = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    robot = TenantKey(Robot, on_delete=models.CASCADE, related_name="events")
    pip = TenantKey(Pip, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=EventKind)
    # What happened, once: the step of the trail, the rung or the delivery that it tells of.
    cause = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    body = models.TextField()
    answer = models.CharField(max_length=100, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["robot", "cause"], name="outgoing_event_once")]
        indexes = [
            models.Index(fields=["id"], name="outgoing_event_waiting", condition=Q(state="waiting")),
            models.Index(fields=["robot", "-id"], name="outgoing_event_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class TrailMark(TenantOwned):
    """Up to where the events of a webhook were read from the trail.

    What ``snapshot`` does not see, the database's own at the last reading, was committed since; ``floor`` is an event
    older than any that may still come.
    """

    robot = TenantKey(Robot, on_delete=models.CASCADE, related_name="+")
    snapshot = models.TextField()
    floor = models.PositiveBigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["robot"], name="trail_mark_once")]


class WeeklyReceipt(Sending, TenantOwned):
    """What the reminders of a workspace did in a week, told to one person: the proof that silence is no failure."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    week_on = models.DateField(_("week of"))
    checked = models.PositiveIntegerField(_("duties checked"))
    # Of PIPs whose check failed, or was left out, since the day before.
    unchecked = models.PositiveIntegerField(_("duties not checked"), default=0)
    sent = models.PositiveIntegerField(_("messages sent"))
    failed = models.PositiveIntegerField(_("messages failed"))
    waiting = models.PositiveIntegerField(_("messages waiting"))
    provisional = models.PositiveIntegerField(_("provisional dates"))
    announced_until = models.DateField(_("calendar announced until"))
    swept_at = models.DateTimeField(_("last sweep"), null=True)
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["-week_on", "id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "user", "week_on"], name="receipt_once_a_week")]
        indexes = [models.Index(fields=["id"], name="receipt_waiting", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.week_on}"

    @property
    def message_id(self) -> str:
        """That of the mail, the same for every attempt."""
        return f"<receipt-{self.tenant_id}-{self.pk}@frportal>"
