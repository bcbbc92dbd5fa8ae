"""Channels of a workspace: set up, tested, switched; each is red until a person typed back what it brought."""

import hmac
import json
import secrets
import uuid
from collections.abc import Sequence
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.models import AuditEvent
from portal.notifications.failures import NotAccepted
from portal.notifications.mail import Letter, send
from portal.notifications.models import (
    ChannelChoice,
    MailTest,
    OutgoingEvent,
    Robot,
    RobotPip,
    RobotState,
    TrailMark,
)
from portal.notifications.robots import Card, Line, send_card
from portal.notifications.sealing import seal
from portal.notifications.webhooks import send_body
from portal.tenancy.models import Pip, Tenant
from portal.tenancy.session import service
from portal.workflow import CaseError, Move, advance

MOVES = {
    "off": Move.of("untested working", "off"),
    "on": Move.of("off", "untested"),
    "back": Move.of("off", "working"),
    "works": Move.of("untested working", "working"),
}


@service("robot.add")
def add_robot(
    tenant: Tenant,
    *,
    kind: str,
    name: str,
    language: str,
    address: str,
    secret: str,
    pips: Sequence[Pip] | None,
    is_law_only: bool,
) -> Robot:
    """Set up a robot or a webhook, for the given PIPs or for all; it is told nothing before its test arrived."""
    robot = Robot(tenant=tenant, kind=kind, name=name, language=language, is_law_only=is_law_only)
    robot.has_all_pips = pips is None
    seal_into(robot, address=address, secret=secret)
    robot.save()
    choose_pips(robot, pips)
    return robot


@service("robot.change")
def change_robot(
    robot: Robot,
    *,
    name: str,
    language: str,
    address: str,
    secret: str,
    pips: Sequence[Pip] | None,
    is_law_only: bool,
) -> None:
    """Change what a robot is told; with another address or secret it is red again until a new test arrived."""
    robot.name, robot.language, robot.is_law_only, robot.has_all_pips = name, language, is_law_only, pips is None
    changed = ["name", "language", "is_law_only", "has_all_pips"]
    if address or secret:
        seal_into(robot, address=address, secret=secret)
        if robot.state == RobotState.WORKING:
            robot.state = RobotState.UNTESTED
        robot.tested_on = robot.tested_by = None
        robot.code_hash = robot.test_error = ""
        changed += ["host", "sealed_address", "sealed_secret", "state", "tested_on", "tested_by"]
        changed += ["code_hash", "test_error"]
    robot.save(update_fields=changed)
    choose_pips(robot, pips)


def seal_into(robot: Robot, *, address: str, secret: str) -> None:
    """Encrypt what is given; what is left empty stays as it is."""
    of = {"tenant_id": robot.tenant_id, "code": robot.code}
    if address:
        robot.sealed_address = seal(address, part="address", **of)
        robot.host = (urlsplit(address).hostname or "")[:255]
    if secret:
        robot.sealed_secret = seal(secret, part="secret", **of)


def choose_pips(robot: Robot, pips: Sequence[Pip] | None) -> None:
    """Make the rows of the chosen PIPs agree with the choice."""
    wanted = {pip.pk for pip in pips or ()}
    rows = RobotPip.objects.filter(robot=robot)
    rows.exclude(pip_id__in=wanted).delete()
    there = set(rows.values_list("pip_id", flat=True))
    for pip_id in sorted(wanted - there):
        RobotPip(tenant_id=robot.tenant_id, robot=robot, pip_id=pip_id).save()


@service("robot.test")
def send_test(robot: Robot) -> bool:
    """Send a message with a code; whether the server took it. Why it did not is kept with the robot."""
    code = new_code()
    try:
        if robot.is_webhook:
            send_body(robot, test_event(robot, code), code=str(robot.code))
        else:
            send_card(robot, test_card(robot, code))
        require_same_address(robot)
    except NotAccepted as refused:
        robot.test_error, robot.code_hash, robot.code_sent_at = str(refused), "", None
    else:
        robot.test_error, robot.code_hash, robot.code_sent_at = "", hash_of(robot.code, code), timezone.now()
    robot.wrong_codes = 0
    robot.save(update_fields=["test_error", "code_hash", "code_sent_at", "wrong_codes"])
    return not robot.test_error


def require_same_address(robot: Robot) -> None:
    """NotAccepted if somebody changed address or secret while the message was on its way: it proves nothing."""
    now = Robot.objects.select_for_update(of=("self",)).get(pk=robot.pk)
    for name in ("sealed_address", "sealed_secret"):
        if bytes(getattr(now, name) or b"") != bytes(getattr(robot, name) or b""):
            raise NotAccepted("off", is_final=True)


def test_card(robot: Robot, code: str) -> Card:
    """The test message of a chat."""
    with translation.override(robot.language):
        title = _("[%(tenant)s] Test message of the FR compliance portal") % {"tenant": robot.tenant.name}
        lines = [
            Line(_("Code: %(code)s") % {"code": code}),
            Line(_("Type this code back on the page of the channel. From then on reminders arrive here.")),
        ]
        return Card(title, [(_("It works this far"), lines)], Line(_("To the page of the channel"), page_of(robot)))


def test_event(robot: Robot, code: str) -> bytes:
    """The test message of a webhook."""
    body = {
        "version": 1,
        "id": str(uuid.uuid4()),
        "kind": "channel.test",
        "happened_at": timezone.now().isoformat(timespec="seconds"),
        "tenant": robot.tenant.slug,
        "code": code,
        "url": page_of(robot),
    }
    return json.dumps(body, ensure_ascii=False).encode()


def page_of(robot: Robot) -> str:
    """The address of the robot's page."""
    return settings.BASE_URL.rstrip("/") + robot.get_absolute_url()


def new_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def hash_of(key: object, code: str) -> str:
    """A keyed hash: who reads the row can't tell the code."""
    return salted_hmac(f"portal.notifications/{key}", code, algorithm="sha256").hexdigest()


def is_the_code(row: Robot | MailTest, key: object, code: str) -> bool:
    """Whether this is the code that was sent and still counts; a wrong one is counted, five void it."""
    if not row.awaits_code:
        return False
    digits = "".join(filter(str.isdecimal, code))
    if hmac.compare_digest(row.code_hash, hash_of(key, digits)):
        return True
    row.wrong_codes += 1
    row.save(update_fields=["wrong_codes"])
    return False


@service("robot.confirm")
def confirm_test(robot: Robot, code: str, *, by: User, on: date) -> bool:
    """Take the code that somebody read in the chat; the robot works from now on if it is the right one."""
    robot = Robot.objects.select_for_update(of=("self",)).get(pk=robot.pk)
    if not is_the_code(robot, robot.code, code):
        return False
    sentence = _("This channel is switched off. Switch it on, then send the test again.")
    advance(robot, MOVES, "works", conflict=sentence, tested_on=on, tested_by=by, code_hash="")
    if robot.is_webhook and not TrailMark.objects.filter(robot=robot).exists():
        read_from_here(robot)
    return True


def read_from_here(robot: Robot) -> None:
    """A webhook is told of what happens from now on, not of what the trail holds already."""
    newest = AuditEvent.objects.filter(tenant_id=robot.tenant_id).aggregate(newest=Max("id"))["newest"] or 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        values = {"snapshot": cursor.fetchone()[0], "floor": newest}
    TrailMark.objects.create(tenant_id=robot.tenant_id, robot=robot, **values)


@service("robot.switch_off")
def switch_off(robot: Robot) -> None:
    """Tell a robot nothing more; what waits for it goes to people by mail."""
    sentence = _("This channel is switched off already.")
    advance(robot, MOVES, "off", conflict=sentence, code_hash="")
    TrailMark.objects.filter(robot=robot).delete()


@service("robot.switch_on")
def switch_on(robot: Robot) -> None:
    """Tell a robot again; without a test of its present address it stays red until one arrives."""
    sentence = _("This channel is switched on already.")
    advance(robot, MOVES, "back" if robot.tested_on else "on", conflict=sentence)
    if robot.state == RobotState.WORKING and robot.is_webhook:
        read_from_here(robot)


@service("event.replay")
def replay(event: OutgoingEvent) -> None:
    """Send an event once more, with the same id: the receiver knows it if it has it already."""
    rows = OutgoingEvent.objects.filter(pk=event.pk).exclude(state="waiting")
    if not rows.update(state="waiting", attempts=0, next_attempt_at=None, lease_until=None, error=""):
        raise CaseError(_("This event waits to be sent already."))


@service("mail.test")
def send_mail_test(tenant: Tenant, *, by: User) -> str:
    """Send a mail with a code to the one who asks; what the mail server said if it did not take it."""
    code, row = new_code(), MailTest(tenant=tenant, sent_at=timezone.now(), sent_to=by)
    row.save()
    try:
        send(test_letter(tenant, row, code))
    except NotAccepted as refused:
        return refused.words
    row.code_hash, row.code_sent_at = hash_of(f"mail/{row.pk}", code), timezone.now()
    row.save(update_fields=["code_hash", "code_sent_at"])
    return ""


def test_letter(tenant: Tenant, row: MailTest, code: str) -> Letter:
    """The test mail, in its reader's language."""
    person = row.sent_to
    with translation.override(person.language):
        context = {
            "subject": _("[%(tenant)s] Test mail, code %(code)s") % {"tenant": tenant.name, "code": code},
            "code": code,
            "language": person.language,
            "address": settings.BASE_URL.rstrip("/") + reverse("desk:channels", args=[tenant.slug]),
        }
        return Letter(
            to=person.email,
            subject=context["subject"],
            text=render_to_string("notifications/test.txt", context),
            html=render_to_string("notifications/test.html", context),
            message_id=f"<mail-test-{tenant.pk}-{row.pk}@frportal>",
        )


@service("mail.confirm")
def confirm_mail(code: str, *, by: User, on: date) -> bool:
    """Take the code of the newest test mail to this person; mail is proved to arrive if it is the right one."""
    row = MailTest.objects.filter(sent_to=by).select_for_update(of=("self",)).order_by("-id").first()
    if row is None or not is_the_code(row, f"mail/{row.pk}", code):
        return False
    row.tested_on, row.code_hash = on, ""
    row.save(update_fields=["tested_on", "code_hash"])
    return True


def mail_proof() -> MailTest | None:
    """The newest test mail of the tenant in scope that arrived."""
    return MailTest.objects.filter(tested_on__isnull=False).select_related("sent_to").order_by("-id").first()


@service("channels.choose")
def choose_channels(tenant: Tenant, user: User, *, mails_recommended: bool) -> None:
    """Keep what a person chose for recommended matters; dates set by law come by mail whatever is chosen."""
    values = {"mails_recommended": mails_recommended}
    ChannelChoice.objects.update_or_create(tenant=tenant, user=user, defaults=values)
