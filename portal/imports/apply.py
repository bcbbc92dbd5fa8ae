"""The apply: the good rows into the register, in one transaction; what moved since the check is left and reported."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from portal.imports.batches import MOST_ATTEMPTS, claim, held, in_name_of, pips_of
from portal.imports.judging import drop_stage, judge, make_stage, run
from portal.imports.models import BatchState, ImportBatch
from portal.imports.register import Plan, plan_for
from portal.imports.waiting import drop
from portal.imports.writing import WRITERS, Moved
from portal.tenancy.models import Tenant, touch_many

MOST_TRIES = 3


@dataclass(frozen=True)
class Outcome:
    """What an apply did: rows written, rows left because the register moved, and the PIPs whose facts changed."""

    written: int
    stale: int
    pips: list[int]
    is_applied: bool = True


def apply_batch(tenant: Tenant, batch_id: int) -> Outcome | None:
    """Apply a batch whose apply was asked for, or broken off. Killed at any moment: all of it or nothing."""
    with held(batch_id) as mine:
        batch = mine and claim(tenant, batch_id, [BatchState.APPLYING], BatchState.APPLYING)
        if not batch:
            return None
        if batch.attempts > MOST_ATTEMPTS:
            with in_name_of(tenant, batch.applied_by_id, verb="import.give_up"):
                save(batch, state=BatchState.CHECKED, recognised={**batch.recognised, "gave_up": True})
            return None
        for left in range(MOST_TRIES - 1, -1, -1):
            try:
                with in_name_of(tenant, batch.applied_by_id, verb="import.apply", reason=batch.reference):
                    outcome = write(tenant, batch)
                break
            except Moved:
                # Somebody edited one of the rows just now: look again, then the row is reported.
                if not left:
                    raise
        if outcome.is_applied:
            drop(tenant.pk, batch.upload)
        return outcome


def write(tenant: Tenant, batch: ImportBatch) -> Outcome:
    """Judge again by the register of this moment, set aside what is not as it was, write the rest."""
    run("SELECT pg_advisory_xact_lock(hashtext('portal.imports'), %(tenant)s::integer)", {"tenant": tenant.pk})
    found = batch.mapping.values()
    plan = plan_for(batch.kind, found)
    columns = plan.columns(found)
    stage_checked(batch, plan, columns)
    judge(plan, columns, tenant_id=tenant.pk, pips=pips_of(tenant, batch.applied_by, "apply_import"))
    stale = set_stale_aside(batch)
    if stale and batch.all_or_nothing:
        drop_stage()
        save(batch, state=BatchState.CHECKED, stale=stale)
        return Outcome(0, stale, [], is_applied=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(array_agg(DISTINCT pip_id), '{}') FROM pg_temp.import_judged")
        written, pips = cursor.fetchone()
    for statement in WRITERS[batch.kind](columns):
        statement.run(tenant_id=tenant.pk, batch=batch)
    if pips:
        touch_many(pips)
    drop_stage()
    save(batch, state=BatchState.APPLIED, stale=stale, applied_at=timezone.now(), upload=None)
    return Outcome(written, stale, pips)


def stage_checked(batch: ImportBatch, plan: Plan, columns: Sequence[str]) -> None:
    """The rows that would write something, typed as they were when they were checked."""
    make_stage(plan, columns)
    names = ", ".join(f'typed."{name}"' for name in columns)
    run(
        f"""INSERT INTO pg_temp.import_staged
        SELECT checked.row, false, {names}
        FROM imports_importrow checked,
             jsonb_populate_record(NULL::pg_temp.import_staged, checked.values) typed
        WHERE checked.tenant_id = %(tenant)s AND checked.batch_id = %(batch)s
          AND checked.result IN ('new', 'changed')""",
        {"tenant": batch.tenant_id, "batch": batch.pk},
    )


def set_stale_aside(batch: ImportBatch) -> int:
    """Report the rows that the register would now judge otherwise than the check did; how many."""
    stale = run(
        """UPDATE imports_importrow checked SET result = 'stale'
        FROM pg_temp.import_judged judged
        WHERE checked.batch_id = %(batch)s AND checked.row = judged.row AND checked.result IN ('new', 'changed')
          AND (judged.result <> checked.result OR judged.differences <> checked.differences)""",
        {"batch": batch.pk},
    )
    if stale:
        run(
            """DELETE FROM pg_temp.import_judged judged USING imports_importrow checked
            WHERE checked.batch_id = %(batch)s AND checked.row = judged.row AND checked.result = 'stale'""",
            {"batch": batch.pk},
        )
    return stale


def save(batch: ImportBatch, **fields: object) -> None:
    """Write the end of the apply; the claim makes sure that nobody else did."""
    ImportBatch.objects.filter(pk=batch.pk, state=BatchState.APPLYING).update(lease_until=None, attempts=0, **fields)
