"""Sealing the audit trail, and proving that nobody changed it since."""

import json
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from django.db import connection
from django_scopes import get_scope

from portal.tenancy.models import Tenant
from portal.tenancy.session import acting

# Sealed in one statement: a link of the chain stays below a few megabytes.
EVENTS_PER_SEAL = 20_000
LEAF = 40  # bytes: the event's id (8) and the SHA-256 of its text (32)
SHOWN_PROBLEMS = 1_000


def tenant_ids() -> list[int]:
    """Every tenant there is, through the door: sealing is done for all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id FROM door_tenants()")
        return [row[0] for row in cursor.fetchall()]


def seal(tenant: Tenant) -> int:
    """Seal the settled events of a tenant, link by link, each in its own transaction; how many events."""
    sealed = 0
    while True:
        with acting(tenant, actor="system:seal", verb="audit.seal"), connection.cursor() as cursor:
            cursor.execute("SELECT audit_seal(%s)", [EVENTS_PER_SEAL])
            fresh = cursor.fetchone()[0]
        sealed += fresh
        if fresh < EVENTS_PER_SEAL:
            return sealed


@dataclass(frozen=True)
class Problem:
    """One thing that isn't as it was sealed; ``at`` is the moment of the event, or of the seal that covers it."""

    kind: str
    text: str
    at: str = ""
    table: str = ""
    row: str = ""
    event: int | None = None
    seal: int | None = None


@dataclass
class Findings:
    """What a verification found. Events not yet sealed are counted, not judged: nothing vouches for them."""

    tenant: str
    sealed: int = 0
    unsealed: int = 0
    seals: int = 0
    head_number: int = 0
    head_digest: str = ""
    head_at: str = ""
    count: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_intact(self) -> bool:
        """Whether everything is as it was sealed."""
        return self.count == 0

    def add(self, problem: Problem) -> None:
        """Note a problem; of a trail that is wrong everywhere the first thousand are named."""
        self.count += 1
        if len(self.problems) < SHOWN_PROBLEMS:
            self.problems.append(problem)

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return asdict(self) | {"intact": self.is_intact}


@dataclass(frozen=True)
class Link:
    """A seal as the verification needs it: its number, its moment, its leaves."""

    number: int
    sealed_at: str
    leaves: bytes


def verify(tenant: Tenant, *, anchor: tuple[int, str] | None = None) -> Findings:
    """Recompute the chain and every event's hash, and compare the columns people filter by with the sealed text.

    ``anchor`` is a seal's number and digest noted earlier, outside the database: with it, a chain whose end was cut
    off or that was written anew is found too.
    """
    found = Findings(tenant.slug)
    with acting(tenant, actor="system:verify"):
        links = check_chain(found, anchor)
        check_events(found, links)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM audit_auditevent WHERE tenant_id = %s AND seal_id IS NULL", [tenant.pk]
            )
            found.unsealed = cursor.fetchone()[0]
    return found


def moment(text: str) -> str:
    """SQL for a moment as the sealed text writes it: UTC with microseconds."""
    return f"""to_char({text} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def check_chain(found: Findings, anchor: tuple[int, str] | None) -> dict[int, Link]:
    """Each seal's digest covers its leaves and the seal before; the seals by their id."""
    links: dict[int, Link] = {}
    previous, number = "", 0
    anchored = anchor is None
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, number, {moment('sealed_at')}, events, leaves, previous, digest FROM audit_auditseal"
            " WHERE tenant_id = %s ORDER BY number, id",
            [get_scope()["tenant"].pk],
        )
        for pk, own_number, sealed_at, events, leaves, claimed_previous, digest in cursor:
            leaves = bytes(leaves)
            number += 1
            if own_number != number:
                text = f"Seals {number} to {own_number - 1} are missing before the seal of {sealed_at}."
                found.add(Problem("seal_missing", text, at=sealed_at, seal=number))
                number, previous = own_number, claimed_previous
            expected = sha256(f"{previous}:{number}:".encode() + leaves).hexdigest()
            if claimed_previous != previous or digest != expected or events * LEAF != len(leaves):
                text = f"Seal {number} of {sealed_at} isn't as it was made: its digest doesn't cover what it holds."
                found.add(Problem("seal_altered", text, at=sealed_at, seal=number))
            anchored = anchored or (number, digest) == anchor
            links[pk] = Link(number, sealed_at, leaves)
            previous = digest
            found.seals, found.head_number, found.head_digest, found.head_at = len(links), number, digest, sealed_at
    if not anchored and anchor is not None:
        text = f"Seal {anchor[0]} with the digest noted earlier isn't in the chain: its end was cut or written anew."
        found.add(Problem("anchor_missing", text, seal=anchor[0]))
    return links


# The sealed text is jsonb, whose keys stand by length, then alphabet: these follow one another. In an update
# they come right after the moment; in the other kinds after the row's values, with only flat text behind them. What
# looks different here, by a brace in somebody's reason for instance, is read properly in Python.
NAMES = """'"pip": ' || coalesce(pip_id::text, 'null') || ', "row": "' || row_id || '", "verb": "' || verb
           || '", "actor": "' || actor || '", "table": "' || table_name || '", "reason": "'"""
BEGINNING = f"""'{{"at": "' || {moment("at")} || '", '"""
AGREES = f"""
    right(body, 24) = ', "operation": "' || operation || '"}}'
    AND CASE operation
        WHEN 'update' THEN starts_with(body, {BEGINNING} || {NAMES})
        ELSE starts_with(body, {BEGINNING}) AND split_part(body, {NAMES}, -1) ~ '^[^{{}}]*\\}}$'
    END
"""
SEALS = f"""
    SELECT made.seal_id, made.events, made.agree AND made.leaves = seal.leaves
    FROM (
        SELECT seal_id, count(*) AS events, string_agg(leaf, ''::bytea) AS leaves, bool_and(agree) AS agree
        FROM (
            SELECT seal_id, int8send(id) || sha256(convert_to(body, 'UTF8')) AS leaf, {AGREES} AS agree
            FROM audit_auditevent WHERE tenant_id = %s AND seal_id IS NOT NULL ORDER BY seal_id, id
        ) event
        GROUP BY seal_id
    ) made
    LEFT JOIN audit_auditseal seal ON seal.id = made.seal_id AND seal.tenant_id = %s
"""
EVENTS = f"""
    SELECT id, body, {moment("at")}, table_name, row_id, operation, actor, verb, pip_id
    FROM audit_auditevent WHERE tenant_id = %s AND seal_id = %s ORDER BY id
"""


def check_events(found: Findings, links: dict[int, Link]) -> None:
    """Hash every event again, seal by seal; only of a seal that differs each event is looked at by itself."""
    tenant = get_scope()["tenant"].pk
    with connection.cursor() as cursor:
        cursor.execute(SEALS, [tenant, tenant])
        judged = cursor.fetchall()
    for seal_id, events, is_intact in sorted(judged):
        found.sealed += events
        link = links.pop(seal_id, Link(0, "", b""))
        if not is_intact:
            check_seal(found, link, seal_id)
    for link in links.values():
        report_missing(found, link, 0)


def check_seal(found: Findings, link: Link, seal_id: int) -> None:
    """Walk the events and the leaves of one seal side by side, and name what differs."""
    leaves, at = link.leaves, 0
    tenant = get_scope()["tenant"].pk
    with connection.cursor() as cursor:
        cursor.execute(EVENTS, [tenant, seal_id])
        for row in cursor:
            key = row[0].to_bytes(8, "big", signed=True)
            while at < len(leaves) and leaves[at : at + 8] < key:
                report_missing(found, link, at, at + LEAF)
                at += LEAF
            if leaves[at : at + 8] != key:
                found.add(event_problem("inserted", row, link, "is in no seal: it was put in afterwards"))
                continue
            if leaves[at + 8 : at + LEAF] != sha256(row[1].encode()).digest():
                found.add(event_problem("altered", row, link, "isn't the text that was sealed"))
            elif not columns_agree(row, tenant):
                found.add(event_problem("columns", row, link, "has columns that contradict its sealed text"))
            at += LEAF
    report_missing(found, link, at)


def columns_agree(row: tuple, tenant: int) -> bool:
    """Whether actor, verb, table, row, PIP, operation, moment and tenant are those of the sealed text."""
    _, body, at, table, row_id, operation, actor, verb, pip = row
    expected = {
        "at": at,
        "table": table,
        "row": row_id,
        "pip": pip,
        "operation": operation,
        "actor": actor,
        "verb": verb,
        "tenant": str(tenant),
    }
    try:
        content = json.loads(body)
    except ValueError:
        return False
    return all(content.get(key) == value for key, value in expected.items())


def event_problem(kind: str, row: tuple, link: Link, what: str) -> Problem:
    """Name the event, the row it is about and its moment."""
    pk, _, at, table, row_id, *_ = row
    text = f"Event {pk} of {at} about row {row_id} of {table} {what}."
    return Problem(kind, text, at=at, table=table, row=row_id, event=pk, seal=link.number or None)


def report_missing(found: Findings, link: Link, start: int, stop: int | None = None) -> None:
    """Name each leaf of a seal without an event."""
    leaves = link.leaves
    for place in range(start, len(leaves) if stop is None else stop, LEAF):
        pk = int.from_bytes(leaves[place : place + 8], "big", signed=True)
        text = f"Event {pk}, sealed on {link.sealed_at} in seal {link.number}, is missing."
        found.add(Problem("missing", text, at=link.sealed_at, event=pk, seal=link.number))
