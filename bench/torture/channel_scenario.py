"""Chats and webhooks whose servers fail in every way, and a portal that dies between two statements meanwhile."""

import hashlib
import hmac
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta

from django.test import override_settings

from bench.torture.oracle import Verdict, judge_identity, judge_told
from bench.torture.plant import Rung, Workspace, due_today, workspace
from bench.torture.post_office import PostOffice
from bench.torture.stage import SENDINGS, TODAY, Stage
from portal.notifications import services
from portal.notifications.models import OutgoingEvent, Robot
from portal.notifications.webhooks import EVENT_ID, SIGNATURE
from portal.obligations.models import Delivery, Reminder
from tests.notifications.platforms import SECRET, Platform, running

KINDS = ("wecom", "dingtalk", "feishu", "webhook")
READ_SECONDS = 0.3  # a server that hangs is given up after these
# How a server behaves in a round; the last two only a chat's: they are final, and people are mailed instead.
PASSING = (
    {},
    {"status": 500},
    {"status": 429},
    {"mode": "hangs"},
    {"mode": "drips"},
    {"mode": "floods"},
    {"mode": "breaks"},
)
FINAL = ({"status": 302}, {"answer": b"<html>Sign in to the guest network</html>"})
WELL = {"mode": "taken", "status": 200, "answer": None}
REFUSED = WELL | {"answer": b'{"errcode": 310000, "errmsg": "keywords not in content"}'}
TRIES = 16  # so often a webhook is tried before its event stands there as failed, to be sent again by hand
AGAIN = timedelta(hours=7)  # longer than any wait between two attempts


@dataclass
class Connected:
    """A workspace with three chats and a webhook; ``is_quiet``: its people want no mails about what is recommended."""

    place: Workspace
    is_quiet: bool
    lines: list[tuple[Robot, Platform]] = field(default_factory=list)

    @property
    def chats(self) -> list[tuple[Robot, Platform]]:
        return [(robot, platform) for robot, platform in self.lines if not robot.is_webhook]

    @property
    def webhooks(self) -> list[tuple[Robot, Platform]]:
        return [(robot, platform) for robot, platform in self.lines if robot.is_webhook]


def channels(stage: Stage) -> Verdict:
    """Each round every server behaves as chance has it, and the portal dies at a statement or doesn't; mails go out
    meanwhile. In the end all are well but one chat, which refuses for good."""
    seconds = {"OUTGOING_READ_SECONDS": READ_SECONDS, "OUTGOING_TOTAL_SECONDS": 2 * READ_SECONDS}
    hosts = {kind: ["127.0.0.1"] for kind in KINDS}
    with ExitStack() as stack:
        stack.enter_context(override_settings(OUTGOING_MAY_BE_PRIVATE=True, ROBOT_HOSTS=hosts, **seconds))
        every = [connected(stage, stack, number) for number in range(1, stage.size(2, 6) + 1)]
        outside = {f"{kind.upper()}_HOSTS": "127.0.0.1" for kind in KINDS}
        about = outside | {
            "OUTGOING_MAY_BE_PRIVATE": "1",
            "OUTGOING_READ_SECONDS": str(READ_SECONDS),
            "MOST_LETTERS_A_DAY": "100000",  # all the rounds are of one day
        }
        clockwork = stack.enter_context(stage.clockwork(**about))
        people = {person.email for one in every for person in one.place.people}
        statements, untold = 0, set()
        for turn in range(stage.size(12, 80)):
            for one in every:
                plant_if_quiet(one)
                for robot, platform in one.lines:
                    behave(platform, WELL | stage.chance.choice(PASSING if robot.is_webhook else PASSING + FINAL))
            is_to_die = statements and stage.chance.random() < 0.6
            dies_at = stage.chance.randint(1, 2 * statements) if is_to_die else None
            played = clockwork.play(dies_at=dies_at)
            stage.kills += played.died
            statements = statements if played.died else max(played.statements, 50)
            if turn == 0:
                untold = people - {mail.to for mail in stage.office.accepted}
            stage.let_leases_run_out()
            stage.pass_time(AGAIN)
        for one in every:
            for _robot, platform in one.lines:
                behave(platform, WELL)
        behave(every[0].chats[1][1], REFUSED)
        for _turn in range(40):
            clockwork.play()
            stage.pass_time(AGAIN)
            if not any(waits(one) for one in every):
                break
        found = judged(stage, every)
        for email in sorted(untold):
            found.lose(f"{email} had no mail in the round in which chats and webhooks failed")
        return found


def connected(stage: Stage, stack: ExitStack, number: int) -> Connected:
    """A new workspace; each of its channels was tested as an owner does it."""
    made = Connected(workspace(number), is_quiet=number == 1)
    stage.places.append(made.place)
    for kind in KINDS:
        platform = stack.enter_context(running(kind))
        with made.place.acting():
            robot = services.add_robot(
                made.place.tenant,
                kind=kind,
                name=kind,
                language="en",
                address=platform.address,
                secret=SECRET,
                pips=None,
                is_law_only=False,
            )
            services.send_test(robot)
            code = re.search(rb"\b\d{6}\b", platform.raw[-1])[0].decode()
            services.confirm_test(robot, code, by=made.place.people[0], on=TODAY)
            robot.refresh_from_db()
        made.lines.append((robot, platform))
        for kept in (platform.raw, platform.bodies, platform.headers, platform.took):
            kept.clear()
    if made.is_quiet:
        with made.place.acting():
            for person in made.place.people:
                services.choose_channels(made.place.tenant, person, mails_recommended=False)
    return made


def behave(platform: Platform, how: dict) -> None:
    for name, value in how.items():
        setattr(platform, name, value)


def waits(one: Connected) -> bool:
    """Whether anything of the workspace is still to be sent."""
    with one.place.acting():
        return any(sending.objects.filter(state="waiting").exists() for sending in SENDINGS)


def plant_if_quiet(one: Connected) -> None:
    """Four more rungs once the last ones are settled: a card names so many, so that all it tells can be read in it."""
    with one.place.acting():
        is_handed_on = not Reminder.objects.filter(state="planned", send_on__lte=TODAY).exists()
        is_told = not Delivery.objects.filter(state="waiting", channel="robot").exists()
    if is_handed_on and is_told:
        due_today(one.place, statutory=2, own=2, today=TODAY)


def judged(stage: Stage, every: list[Connected]) -> Verdict:
    """What the servers have taken, beside what was planted and what the rows say."""
    found = judge_told([one.place for one in every if not one.is_quiet], stage.office)
    for one in every:
        with one.place.acting():
            if one.is_quiet:
                judge_choice(found, one.place)
            judge_chats(found, one, stage.office)
            judge_webhooks(found, one)
    judge_identity(found, stage.places, stage.office)
    return found


def judge_choice(found: Verdict, place: Workspace) -> None:
    """Who wants no mails about what is recommended gets them for dates set by law, and where a chat has failed."""
    found.reminders += len(place.rungs)
    for rung in place.rungs:
        rows = Delivery.objects.filter(reminder=rung.reminder)
        has_failed = rows.filter(channel="robot", state="failed").exists()
        wanted = {"inbox": 1, "mail": int(rung.is_statutory or has_failed)}
        for person in place.people:
            for channel, number in wanted.items():
                there = rows.filter(user=person, channel=channel, state="sent").count()
                words = f"rung {rung.reminder} to {person.email}: {there} by {channel}, not {number}"
                if there < number:
                    found.lose(words)
                elif there > number:
                    found.double(words)


def judge_chats(found: Verdict, one: Connected, office: PostOffice) -> None:
    """A rung is in each chat, or its people were mailed instead and the log says why."""
    taken = office.times()
    for robot, platform in one.chats:
        told = Counter(duty for body in platform.took for duty in duties_in(body, one.place))
        for rung in one.place.rungs:
            rows = list(Delivery.objects.filter(reminder=rung.reminder, robot=robot))
            words = f"rung {rung.reminder} to {robot.kind} of {one.place.tenant.slug}"
            if len(rows) > 1:
                found.double(f"{words}: {len(rows)} deliveries")
            state = rows[0].state if rows else "not there"
            found.doubled_mails += max(told[rung.obligation] - 1, 0)
            if state == "sent":
                if not told[rung.obligation]:
                    found.lose(f"{words}: marked as sent, but no card told of it")
            elif state != "failed" or not rows[0].error:
                found.lose(f"{words}: {state}")
            else:
                judge_fallback(found, one.place, rung, words, taken)


def judge_fallback(found: Verdict, place: Workspace, rung: Rung, words: str, taken: Counter) -> None:
    """What failed in a chat is in a mail to each of the people."""
    for person in place.people:
        row = Delivery.objects.filter(reminder=rung.reminder, user=person, channel="mail").first()
        if row is None or row.state != "sent" or not taken[person.email, row.message_id]:
            found.lose(f"{words} failed, and {person.email} was not mailed instead")


def duties_in(body: dict, place: Workspace) -> Iterator[int]:
    """The duties that a card names."""
    yield from map(int, set(re.findall(rf"/t/{place.tenant.slug}/duties/(\d+)/", json.dumps(body))))


def judge_webhooks(found: Verdict, one: Connected) -> None:
    """Of each duty one opening and one rung, taken under one id or given up in sight; every request is signed."""
    for robot, platform in one.webhooks:
        events = list(OutgoingEvent.objects.filter(robot=robot))
        took = Counter(body["id"] for body in platform.took)
        kinds = Counter((json.loads(row.body)["duty"]["subject"], row.kind) for row in events)
        for number, _rung in enumerate(one.place.rungs):
            for kind in ("duty.opened", "duty.due_soon"):
                times = kinds.pop((f"filing:{number}", kind), 0)
                words = f"{kind} of duty {number} of {one.place.tenant.slug}"
                if not times:
                    found.lose(f"{words}: no event")
                elif times > 1:
                    found.double(f"{words}: {times} events")
        for row in events:
            times = took[str(row.code)]
            has_given_up = row.state == "failed" and row.attempts >= TRIES and row.error
            if not has_given_up and (row.state != "sent" or not times):
                came_to = (
                    f"{row.state} after {row.attempts} attempts ({row.error or 'no reason'}), taken {times} times"
                )
                found.lose(f"event {row.code} of {one.place.tenant.slug}: {came_to}")
        for code in took.keys() - {str(row.code) for row in events}:
            found.double(f"event {code} was told, but nobody stored it")
        found.doubled_mails += sum(times - 1 for times in took.values())
        for head, raw in zip(platform.headers, platform.raw, strict=True):
            if not is_signed(head, raw):
                found.lose(f"a request to the webhook of {one.place.tenant.slug} is not signed as it should be")


def is_signed(head: dict[str, str], raw: bytes) -> bool:
    """Whether the receiver can tell that a request is the portal's: by its signature, and by the id of its event."""
    said = re.fullmatch(r"t=(\d+),v1=(\w+)", head.get(SIGNATURE, ""))
    if said is None or head.get(EVENT_ID) != json.loads(raw)["id"]:
        return False
    return said[2] == hmac.new(SECRET.encode(), said[1].encode() + b"." + raw, hashlib.sha256).hexdigest()
