"""W4: what the clock does each minute on a portal of many tenants, against one SQL statement for all of them.

Selection is what DECISIONS.md names as the benchmark. Handing on, planning what is overdue and the whole round are
measured too, since they visit every tenant in a transaction of its own.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import psycopg
from django.utils import timezone

from bench import ground
from bench.data import TODAY, Size
from bench.harness import ROOT, Comparison, Target, Way, ab, same
from portal.clock.doors import portions_through_door, tenants_through_door, through_door
from portal.clock.handing import hand_on
from portal.clock.reconcile import reconcile
from portal.clock.sweep import overdue_tenants, plan_late, sweep
from portal.embedded.servers import Servers
from portal.tenancy.models import Pip, Tenant
from portal.tenancy.session import acting

SELECT = "SELECT tenant_id, id FROM obligations_reminder WHERE state = 'planned' AND send_on <= %s"
WAITING = (
    "SELECT tenant_id, id FROM obligations_delivery WHERE state = 'waiting' AND channel = 'mail'"
    " AND (lease_until IS NULL OR lease_until < %s) AND (next_attempt_at IS NULL OR next_attempt_at <= %s)"
)
# The latest due rung of each open duty becomes one message a person and channel; the others are skipped.
HAND_ON = """
WITH due AS (
    SELECT r.id, r.tenant_id, r.pip_id, r.send_on, o.state = 'open' AND r.id = first_value(r.id) OVER (
        PARTITION BY r.obligation_id ORDER BY r.send_on DESC, r.id DESC) AS is_told
    FROM obligations_reminder r JOIN obligations_obligation o ON o.id = r.obligation_id
    WHERE r.state = 'planned' AND r.send_on <= %(today)s
), settled AS (
    UPDATE obligations_reminder r SET state = CASE WHEN is_told THEN 'sent' ELSE 'skipped' END, settled_at = now(),
        is_late = is_told AND due.send_on < %(today)s
    FROM due WHERE due.id = r.id
), people AS (
    SELECT DISTINCT g.content_object_id AS pip_id, u.id AS user_id
    FROM accounts_pipgrouppermission g
    JOIN auth_permission p ON p.id = g.permission_id AND p.codename = 'prepare_filing'
    JOIN accounts_user_groups m ON m.group_id = g.group_id
    JOIN accounts_user u ON u.id = m.user_id AND u.is_active
)
INSERT INTO obligations_delivery (tenant_id, pip_id, reminder_id, user_id, channel, created_at, state, sent_at,
    attempts, error)
SELECT due.tenant_id, due.pip_id, due.id, people.user_id, channel, now(),
       CASE channel WHEN 'inbox' THEN 'sent' ELSE 'waiting' END, CASE channel WHEN 'inbox' THEN now() END, 0, ''
FROM due JOIN people ON people.pip_id = due.pip_id CROSS JOIN (VALUES ('inbox'), ('mail')) c (channel)
WHERE is_told ON CONFLICT DO NOTHING
"""
OVERDUE = """
INSERT INTO obligations_reminder (tenant_id, pip_id, obligation_id, rung, aims_at, send_on, state, is_late)
SELECT tenant_id, pip_id, id, 'late-' || %(today)s::date, safe_on, %(today)s, 'planned', false
FROM obligations_obligation duty WHERE state = 'open' AND safe_on < %(today)s AND NOT EXISTS (
    SELECT 1 FROM obligations_reminder told WHERE told.obligation_id = duty.id AND told.aims_at = duty.safe_on
    AND told.rung NOT LIKE 'up-%%' AND told.state <> 'cancelled' AND greatest(told.send_on, told.told_on) >= %(today)s)
ON CONFLICT (obligation_id, rung, aims_at) DO NOTHING
"""


def run(servers: Servers, database: str, size: Size) -> Iterator[Comparison]:
    """Selection, handing on, overdue rungs, the round with nothing to do, and one reconcile."""
    with psycopg.connect(servers.dsn("postgres", database), autocommit=True) as raw:
        clock = Clock(servers, database, raw)
        yield clock.selection(size)
        yield clock.handing_on(size)
        yield clock.waiting(size)
        yield clock.planning_overdue(size)
        yield clock.quiet_round(size)
        yield clock.one_reconcile(size)
        yield clock.memory(size)


class Clock:
    """The work of the clock on one loaded database. The floor runs as a superuser, whom no wall binds."""

    def __init__(self, servers: Servers, database: str, raw: psycopg.Connection) -> None:
        self.servers, self.database, self.raw = servers, database, raw

    def selection(self, size: Size) -> Comparison:
        """Which rungs are due, over all tenants."""

        def floor() -> list[tuple]:
            return self.raw.execute(SELECT, [TODAY]).fetchall()

        def ours() -> dict[int, list[int]]:
            return through_door("door_due_reminders", TODAY)

        found = floor()
        same({"floor": sorted(found), "ours": sorted((tenant, key) for tenant, ids in ours().items() for key in ids)})
        title = f"W4: {len(found):,} due rungs of {size.obligations:,} obligations, selected"
        names = ("floor: the same SQL", "ours: through the door, by tenant", "ours: the tenants, as dispatch asks")
        ways = {names[0]: floor, names[1]: ours, names[2]: lambda: tenants_through_door("door_due_reminders", TODAY)}
        targets = [Target(name, names[0], most=2) for name in names[1:]]
        return ab(title, ways, rounds=size.rounds * 3, targets=targets)

    def waiting(self, size: Size) -> Comparison:
        """Which mails wait, over all tenants, once the rungs are handed on."""
        self.untell()
        self.raw.execute(HAND_ON, {"today": TODAY})
        now = timezone.now()

        def floor() -> list[tuple]:
            return self.raw.execute(WAITING, [now, now]).fetchall()

        def ours() -> list[tuple[int, list[int]]]:
            return list(portions_through_door("door_waiting_deliveries", "delivery_id", now))

        found = floor()
        same({"floor": sorted(found), "ours": sorted((tenant, key) for tenant, ids in ours() for key in ids)})
        names = ("floor: the same SQL", "ours: through the door, in portions")
        title = f"W4: {len(found):,} waiting mails selected"
        ways = {names[0]: floor, names[1]: ours}
        return ab(title, ways, rounds=size.rounds, targets=[Target(names[1], names[0], most=2)])

    def handing_on(self, size: Size) -> Comparison:
        """Due rungs become deliveries."""

        def floor() -> None:
            self.raw.execute(HAND_ON, {"today": TODAY})

        def ours() -> None:
            for tenant in tenants_through_door("door_due_reminders", TODAY):
                hand_on(Tenant(pk=tenant), today=TODAY)

        def handed_on() -> None:
            self.untell()
            floor()

        self.equal(floor, ours, self.told)
        names = ("floor: one statement for all tenants", "ours: one transaction a tenant", "ours, nothing new")
        ways = {
            names[0]: Way(floor, self.untell),
            names[1]: Way(ours, self.untell),
            names[2]: Way(ours, handed_on),
        }
        title = f"W4: due rungs handed on, {size.tenants:,} tenants"
        targets = [Target(names[1], names[0], most=2), Target(names[2], names[1], most=0.5)]
        found = ab(title, ways, rounds=3, warm=0, targets=targets)
        found.figures["deliveries"] = f"{self.count('obligations_delivery'):,}"
        return found

    def planning_overdue(self, size: Size) -> Comparison:
        """One rung a day for each overdue duty, and the same again with nothing new."""

        def floor() -> None:
            self.raw.execute(OVERDUE, {"today": TODAY})

        def ours() -> None:
            for tenant in overdue_tenants(TODAY):
                plan_late(Tenant(pk=tenant), TODAY)

        def planned() -> None:
            self.unplan()
            floor()

        self.equal(floor, ours, self.late, undo=self.unplan)
        names = ("floor: one statement for all tenants", "floor, nothing new", "ours", "ours, nothing new")
        ways = {
            names[0]: Way(floor, self.unplan),
            names[1]: Way(floor, planned),
            names[2]: Way(ours, self.unplan),
            names[3]: Way(ours, planned),
        }
        targets = [Target(names[2], names[0], most=2), Target(names[3], names[2], most=0.5)]
        return ab(f"W4: overdue rungs planned, {size.tenants:,} tenants", ways, rounds=3, warm=0, targets=targets)

    def quiet_round(self, size: Size) -> Comparison:
        """The round that beat starts each minute, when nobody did anything."""
        self.unplan()
        self.raw.execute(OVERDUE, {"today": TODAY})

        def floor() -> int:
            query = (
                "SELECT count(*) FROM tenancy_pip p WHERE NOT EXISTS"
                " (SELECT FROM tenancy_pipmark m WHERE m.pip_id = p.id AND m.reconciled_on = %s)"
            )
            waiting = self.raw.execute(query, [TODAY]).fetchone()[0]
            self.raw.execute(OVERDUE, {"today": TODAY})
            return waiting

        same({"floor": floor(), "ours": sweep(today=TODAY)})
        ways = {"floor: the two questions, once for all": floor, "ours: sweep()": lambda: sweep(today=TODAY)}
        return ab(f"W4: a round with nothing to do, {size.tenants:,} tenants", ways, rounds=3, warm=0)

    def one_reconcile(self, size: Size) -> Comparison:
        """One PIP of an ordinary tenant, its obligations already right; the floor reads its register once."""
        pip_id = size.giant_pips + 1
        tenant = Tenant(pk=self.raw.execute("SELECT tenant_id FROM tenancy_pip WHERE id = %s", [pip_id]).fetchone()[0])

        def floor() -> None:
            for table in ("scenario", "site", "deployment", "device", "sign", "personcount"):
                self.raw.execute(f"SELECT * FROM deployments_{table} WHERE pip_id = %s", [pip_id]).fetchall()
            self.raw.execute("SELECT * FROM obligations_obligation WHERE pip_id = %s", [pip_id]).fetchall()

        def ours() -> None:
            with acting(tenant, actor="system:sweep", verb="reconcile"):
                reconcile(Pip.objects.select_related("tenant").get(pk=pip_id), today=TODAY)

        ours()
        before = self.count("audit_auditevent")
        ways = {"floor: reading its rows": floor, "ours: reconcile()": ours}
        places = self.raw.execute("SELECT count(*) FROM deployments_deployment WHERE pip_id = %s", [pip_id])
        title = f"W4: one reconcile that changes nothing, {places.fetchone()[0]:,} deployments"
        found = ab(title, ways, rounds=size.rounds)
        found.figures["audit events of all rounds"] = self.count("audit_auditevent") - before
        return found

    def memory(self, size: Size) -> Comparison:
        """A day's round and dispatch in a process of its own, with all obligations and with a hundredth of them."""
        few = size.obligations // 100
        self.unplan()
        self.untell()
        # What is overdue goes in letters of its own: tens of thousands of them would tell nothing more of memory.
        self.raw.execute("SET session_replication_role = replica")
        self.raw.execute("UPDATE obligations_obligation SET state = 'met' WHERE safe_on <= %s", [TODAY])
        many = self.day()
        self.thin_out(few)
        little = self.day()
        names = (f"{few:,} obligations", f"{size.obligations:,} obligations")
        found = Comparison(
            "W4: one day's sweep and dispatch, letters written and thrown away",
            {names[0]: [little["seconds"]], names[1]: [many["seconds"]]},
        )
        for name, day in zip(names, (little, many), strict=True):
            found.figures[name] = (
                f"{day['rungs']:,} rungs, {day['letters']:,} letters, peak memory {day['peak']} MB"
                f" ({day['idle']} MB before the work)"
            )
        ratio = many["peak"] / little["peak"]
        found.figures["ratio of the peaks"] = f"{ratio:.2f} (target: near 1)"
        return found

    def day(self) -> dict:
        """What `bench.day` says of this database as it stands."""
        environment = os.environ | {
            "DATABASE_URL": self.servers.database_url("app", self.database),
            "EMAIL_URL": "dummymail://",
        }
        done = subprocess.run(
            [sys.executable, "-m", "bench.day"], env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE
        )
        return json.loads(done.stdout)

    def thin_out(self, obligations: int) -> None:
        """Leave that many obligations with their rungs, nothing of them told."""
        self.untell()
        self.raw.execute("DELETE FROM obligations_reminder WHERE obligation_id > %s", [obligations])
        self.raw.execute("DELETE FROM obligations_obligation WHERE id > %s", [obligations])
        self.tidy()

    # What both must have done, and how it is undone between two rounds

    def equal(self, floor: Callable, ours: Callable, answer: Callable, undo: Callable | None = None) -> None:
        """Floor and ours leave the same rows behind."""
        answers = {}
        for name, way in (("floor", floor), ("ours", ours)):
            (undo or self.untell)()
            way()
            answers[name] = answer()
        same(answers)

    def told(self) -> tuple:
        deliveries = self.raw.execute(
            "SELECT count(*), sum(hashtext(concat_ws('/', reminder_id, user_id, channel, state, pip_id, tenant_id)))"
            " FROM obligations_delivery"
        )
        rungs = self.raw.execute(
            "SELECT state, is_late, count(*), sum(hashtext(id::text)) FROM obligations_reminder"
            " WHERE settled_at IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
        )
        return deliveries.fetchone(), rungs.fetchall()

    def late(self) -> tuple:
        rungs = self.raw.execute(
            "SELECT count(*), sum(hashtext(concat_ws('/', obligation_id, rung, aims_at, send_on, pip_id, tenant_id)))"
            " FROM obligations_reminder WHERE rung LIKE 'late-%%'"
        )
        return rungs.fetchone()

    def untell(self) -> None:
        self.raw.execute("TRUNCATE obligations_delivery CASCADE")
        self.raw.execute(
            "UPDATE obligations_reminder SET state = 'planned', settled_at = NULL, is_late = false"
            " WHERE settled_at IS NOT NULL"
        )
        # What is planned for the owners when nobody answers comes with the handing on; the floor plans nothing.
        self.raw.execute("DELETE FROM obligations_reminder WHERE rung LIKE 'up-%'")
        self.tidy()

    def unplan(self) -> None:
        self.raw.execute("TRUNCATE obligations_delivery CASCADE")
        self.raw.execute("DELETE FROM obligations_reminder WHERE rung LIKE 'late-%'")
        self.tidy()

    def tidy(self) -> None:
        """Dead rows of one round must not slow the next one, whichever way comes next."""
        self.raw.execute("VACUUM (ANALYZE) obligations_reminder, obligations_delivery")

    def count(self, table: str) -> int:
        with ground.admin(self.servers, self.database) as connection:
            return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
