"""A dossier of many papers is frozen by a worker: the order, the printing step by step, the packing in one moment.

Only the packing writes, in one transaction with the very checks of a small dossier: a worker that dies leaves nothing.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from kombu.exceptions import OperationalError as BrokerDown

from filings import dossier, xray
from filings.joint import touch_all
from filings.models import Filing, Freezing, Snapshot
from filings.press import Press
from filings.services.dossier import (
    MOVED_ON,
    editable,
    follow_register,
    freeze_held,
    locked,
    paper_as_filed,
    require_complete,
    require_disposed,
)
from filings.workflow import MOVES
from portal.accounts.models import User
from portal.calendars.clock import civil_today
from portal.tenancy.held import held
from portal.tenancy.models import Tenant
from portal.tenancy.session import acting, service
from portal.workflow import CaseError, StateConflict, advance

log = logging.getLogger(__name__)
# Portal default: so many printings a person may wait for; six scenarios have more.
MOST_AT_ONCE = 12
STEP_SECONDS = 1.5
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5
LOCK_CLASS = 7_332 << 40  # apart from other advisory locks of the database
LANGUAGES = ("en", "zh-hans")
GIVEN_UP = gettext_noop(
    "The papers could not be printed, also not when tried again. Nothing was frozen. Tell the operator."
)


def is_large(filing: Filing) -> bool:
    """Whether its papers are too many to be waited for."""
    return dossier.number_of_papers(filing) > MOST_AT_ONCE


@service("filing.order_freeze")
def order_freeze(filing: Filing, *, by: User, today: date, wakes_worker: bool = True) -> Freezing:
    """Have the dossier frozen by a worker; from now on its papers stay as they are."""
    filing = editable(filing)
    require_disposed(filing)
    covered = follow_register(filing, today)
    items = dossier.items_of(filing, covered)
    require_complete(items)
    xray.require_no_error(filing, covered, items, today)
    advance(filing, MOVES, "order_freeze", conflict=str(MOVED_ON))
    freezing = Freezing.objects.create(
        tenant_id=filing.tenant_id,
        pip_id=filing.pip_id,
        filing=filing,
        ordered_at=timezone.now(),
        ordered_by=by,
        papers=dossier.number_of_papers(filing),
    )
    touch_all(filing)
    if wakes_worker:
        enqueue(freezing)
    return freezing


@service("filing.stop_freeze")
def stop_freeze(filing: Filing) -> Filing:
    """Take the order back: nothing is frozen, and the papers can be changed again."""
    filing = locked(filing)
    freezing = filing.freezings.filter(ended_at__isnull=True).first()
    if freezing is None:
        raise StateConflict(str(MOVED_ON))
    return break_off(filing, freezing)


def break_off(filing: Filing, freezing: Freezing, **refusal: str) -> Filing:
    """End the order without a frozen version, and put the filing back where it was."""
    # Back as after a reopening: a dossier that was sent once goes on being corrected.
    move = "stop_freezing_correction" if filing.submitted_on else "stop_freezing"
    advance(filing, MOVES, move, conflict=str(MOVED_ON))
    end(freezing, **refusal)
    touch_all(filing)
    return filing


def freeze_ordered(tenant: Tenant, freezing_id: int) -> Snapshot | None:
    """Carry out an order that waits, or whose worker died. Killed at any moment: all of it or nothing."""
    with held(LOCK_CLASS + freezing_id) as mine:
        freezing = mine and claim(tenant, freezing_id)
        if not freezing:
            return None
        if freezing.attempts > MOST_ATTEMPTS:
            refuse(tenant, freezing, {code: translated(GIVEN_UP, code) for code in LANGUAGES})
            return None
        today, press = civil_today(), Press()
        print_ahead(tenant, freezing, press, today)
        return finish(tenant, freezing, press, today)


def claim(tenant: Tenant, freezing_id: int) -> Freezing | None:
    """Take an order over, also from a worker that died; nothing if it ended."""
    with acting(tenant, actor="system:filings", verb="filing.claim_freeze"):
        rows = Freezing.objects.filter(tenant=tenant, pk=freezing_id, ended_at__isnull=True)
        if not rows.update(lease_until=timezone.now() + LEASE, attempts=F("attempts") + 1, papers_done=0):
            return None
        return Freezing.objects.select_related("filing").get(pk=freezing_id)


def print_ahead(tenant: Tenant, freezing: Freezing, press: Press, today: date) -> None:
    """Print every paper in a transaction of its own, and say now and then how far it is."""
    with in_name_of(tenant, freezing, verb="filing.print"):
        filing = Filing.objects.select_related("pip", "tenant", "crossing", "follows").get(pk=freezing.filing_id)
        covered = dossier.covered_sheets(filing, today)
        facts = dossier.frozen_facts(filing, covered, [], today)
        paper = paper_as_filed(filing, today, dossier.digest_of_facts(facts))
        steps = dossier.printings(filing, dossier.items_of(filing, covered), covered, paper)
        note(freezing, papers=len(steps))
    told = time.monotonic()
    for done, prints in enumerate(steps, start=1):
        with in_name_of(tenant, freezing, verb="filing.print"):
            prints(press)
            if time.monotonic() - told > STEP_SECONDS or done == len(steps):
                if not note(freezing, papers_done=done, lease_until=timezone.now() + LEASE):
                    return  # it was stopped meanwhile
                told = time.monotonic()


def finish(tenant: Tenant, freezing: Freezing, press: Press, today: date) -> Snapshot | None:
    """Check, fill and pack by the register of this moment; a refusal is kept in both languages, and nothing else."""
    said = {}
    for code in LANGUAGES:
        try:
            with translation.override(code), in_name_of(tenant, freezing, verb="filing.freeze"):
                filing = locked(freezing.filing)
                if not running(freezing).exists():
                    return None
                snapshot = freeze_held(filing, "finish_freezing", by=freezing.ordered_by, today=today, press=press)
                end(freezing)
            return snapshot
        except CaseError as refused:
            said[code] = str(refused)
    refuse(tenant, freezing, said)
    return None


def refuse(tenant: Tenant, freezing: Freezing, said: dict[str, str]) -> None:
    """Say why nothing was frozen, and give the papers back to those who prepare them."""
    with in_name_of(tenant, freezing, verb="filing.stop_freeze"):
        filing = locked(freezing.filing)
        if running(freezing).exists():
            break_off(filing, freezing, refusal_en=said["en"], refusal_zh=said["zh-hans"])


@contextmanager
def in_name_of(tenant: Tenant, freezing: Freezing, *, verb: str) -> Iterator[None]:
    """One transaction as the person who ordered it."""
    user = freezing.ordered_by_id
    with acting(tenant, actor=f"user:{user}", user_id=user, verb=verb):
        yield


def running(freezing: Freezing) -> Any:
    return Freezing.objects.filter(pk=freezing.pk, ended_at__isnull=True)


def note(freezing: Freezing, **fields: Any) -> bool:
    """Write down how far it is; whether it is still wanted."""
    return bool(running(freezing).update(**fields))


def end(freezing: Freezing, **refusal: str) -> None:
    note(freezing, ended_at=timezone.now(), lease_until=None, **refusal)


def translated(text: str, code: str) -> str:
    with translation.override(code):
        return _(text)


def enqueue(freezing: Freezing) -> None:
    """Wake a worker once the order is committed. Without a broker it waits, and beat's round takes it."""
    ids = freezing.tenant_id, freezing.pk
    transaction.on_commit(lambda: wake("filings.tasks.freeze_dossier", *ids))


def wake(task: str, *ids: int) -> None:
    """Send ids to a worker, or leave it to the next round."""
    try:
        current_app.send_task(task, args=ids)
    except BrokerDown:
        log.warning("the broker is down; %s %s waits for the next round", task, ids)
