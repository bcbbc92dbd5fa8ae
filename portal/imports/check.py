"""The check: read a waiting file, set its rows beside the register, and write down what each would do."""

import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from portal.imports.batches import LEASE, MOST_ATTEMPTS, claim, held, in_name_of, pips_of, refuse
from portal.imports.faults import problems_of
from portal.imports.judging import copy_rows, drop_stage, judge, make_stage, run
from portal.imports.models import BatchState, ImportBatch, ImportRow
from portal.imports.reading.phrases import Judged, Phrase, Refused, shortened
from portal.imports.reading.sheet import Reading, read
from portal.imports.register import Plan, plan_for
from portal.imports.waiting import Gone, read_bytes
from portal.tenancy.held import is_usable
from portal.tenancy.models import Tenant

CHUNK = 10_000
ERROR_CHUNK = 2_000
STEP_SECONDS = 1.5
# The comparison is one statement and can't renew the lease on its way.
LONG_LEASE = timedelta(minutes=10)
GONE = _("The file is not kept any more. Upload it again.")
GIVEN_UP = _("The file could not be checked, also not when tried again. Nothing was imported. Tell the operator.")


def check(tenant: Tenant, batch_id: int) -> bool:
    """Check a batch that waits, or whose check was broken off; nothing in the register changes.

    Says whether there was something to do.
    """
    with held(batch_id) as mine:
        batch = mine and claim(tenant, batch_id, [BatchState.UPLOADED, BatchState.CHECKING], BatchState.CHECKING)
        if not batch:
            return False
        try:
            if batch.attempts > MOST_ATTEMPTS:
                raise Refused("given_up", Phrase(GIVEN_UP))
            reading = open_batch(batch)
            compare(tenant, batch, reading)
        except Refused as refusal:
            with in_name_of(tenant, batch.uploaded_by_id, verb="import.refuse"):
                refuse(batch, refusal.message)
        finally:
            if is_usable():
                drop_stage()
    return True


def open_batch(batch: ImportBatch) -> Reading:
    """Read the waiting bytes with the reader's overrides, else with the headings that this person once explained."""
    try:
        data = read_bytes(batch.tenant_id, batch.upload)
    except Gone:
        raise Refused("gone", Phrase(GONE)) from None
    chosen = {
        name: batch.choices[name] for name in ("kind", "encoding", "sheet", "mapping") if batch.choices.get(name)
    }
    if "mapping" in chosen:
        return read(data, batch.name, **chosen)
    try:
        found, refused = read(data, batch.name, **chosen), None
    except Refused as refusal:
        found, refused = None, refusal
    if found is None and refused.reason not in ("no_known_header", "missing_column", "duplicate_column"):
        raise refused
    for mapping in remembered(batch):
        if found is not None and not set(mapping) <= set(found.headers):
            continue
        try:
            again = read(data, batch.name, **chosen, mapping=mapping)
        except Refused:
            continue
        if set(mapping) <= set(again.headers):
            batch.choices = {**batch.choices, "remembered": mapping}
            return again
    if refused is not None:
        raise refused
    return found


def remembered(batch: ImportBatch) -> list[dict[str, str]]:
    """The headings that the uploader explained in earlier files, newest first."""
    with in_name_of(batch.tenant, batch.uploaded_by_id, verb="import.check"):
        rows = ImportBatch.objects.filter(
            tenant=batch.tenant, uploaded_by=batch.uploaded_by_id, choices__has_key="mapping"
        ).exclude(pk=batch.pk)
        found = list(rows.order_by("-id").values_list("choices", flat=True)[:5])
    return [choices["mapping"] for choices in found if choices["mapping"]]


def compare(tenant: Tenant, batch: ImportBatch, reading: Reading) -> None:
    """Stage the rows in steps that can be watched, then judge them in one transaction."""
    plan = plan_for(reading.kind, reading.mapping.values())
    columns = plan.columns(reading.mapping.values())
    notes = Notes(reading)
    with in_name_of(tenant, batch.uploaded_by_id, verb="import.check"):
        note(batch, sha256=reading.sha256, rows=reading.row_count, rows_done=0)
        make_stage(plan, columns)
    told = time.monotonic()
    done = 0
    for rows in chunks(reading.rows()):
        with in_name_of(tenant, batch.uploaded_by_id, verb="import.check"):
            copy_rows(plan, columns, notes.taking(rows))
            done += len(rows)
            if time.monotonic() - told > STEP_SECONDS:
                note(batch, rows_done=done, lease_until=timezone.now() + LEASE)
                told = time.monotonic()
    with in_name_of(tenant, batch.uploaded_by_id, verb="import.check"):
        note(batch, rows_done=done, lease_until=timezone.now() + LONG_LEASE)
    with in_name_of(tenant, batch.uploaded_by_id, verb="import.check"):
        pips = pips_of(tenant, batch.uploaded_by, "upload_import")
        judge(plan, columns, tenant_id=tenant.pk, pips=pips)
        batch.import_rows.all()._raw_delete(using="default")
        write_rows(batch, plan, columns)
        write_errors(batch, plan, reading)
        finish(batch, reading, notes)


def chunks(rows: Iterator[Judged]) -> Iterator[list[Judged]]:
    """The rows by the thousands, so that memory does not grow with the file."""
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def note(batch: ImportBatch, **fields: Any) -> None:
    """Write down how far the check is."""
    ImportBatch.objects.filter(pk=batch.pk, state=BatchState.CHECKING).update(**fields)


class Notes:
    """What is worth showing of the cells: a sample under each header, and codes read in another spelling."""

    def __init__(self, reading: Reading) -> None:
        self.samples: dict[str, str] = {}
        self.respelled: dict[str, dict[str, Any]] = {}
        self.headers = reading.judge.header_of
        self.wanted = set(reading.headers)

    def taking(self, rows: Sequence[Judged]) -> Sequence[Judged]:
        """Take notes of some rows and hand them on."""
        if self.wanted:
            for judged in rows[:100]:
                self.samples |= {
                    header: shortened(cell)
                    for header, cell in judged.raw.items()
                    if header in self.wanted and cell.strip()
                }
                self.wanted -= self.samples.keys()
        for judged in rows:
            for column in judged.respelled:
                raw = judged.raw[self.headers[column]]
                example = {"count": 0, "row": judged.row_number, "from": shortened(raw)}
                example["to"] = str(judged.values[column])
                self.respelled.setdefault(self.headers[column], example)["count"] += 1
        return rows


def write_rows(batch: ImportBatch, plan: Plan, columns: Sequence[str]) -> None:
    """The rows without errors: typed values of what would be written, and old → new of what differs."""
    key = ", ".join(f"'{name}', staged.\"{name}\"" for name in plan.key if name in columns)
    run(
        f"""INSERT INTO imports_importrow
            (tenant_id, batch_id, row, result, cells, values, differences, problems, target_id)
        SELECT %(tenant)s, %(batch)s, judged.row, judged.result, '{{}}',
               CASE WHEN judged.result = 'unchanged' THEN jsonb_build_object({key})
                    ELSE to_jsonb(staged) - '{{row,bad}}'::text[] END,
               judged.differences, '[]', judged.target_id
        FROM pg_temp.import_judged judged JOIN pg_temp.import_staged staged USING (row)
        WHERE judged.result <> 'error' ORDER BY judged.row""",
        {"tenant": batch.tenant_id, "batch": batch.pk},
    )


def write_errors(batch: ImportBatch, plan: Plan, reading: Reading) -> None:
    """The rows with errors: read again for their cells, with all that cells and register say against them."""
    rows = reading.rows()
    with connection.chunked_cursor() as cursor:
        cursor.execute("SELECT row, faults FROM pg_temp.import_judged WHERE result = 'error' ORDER BY row")
        while found := dict(cursor.fetchmany(ERROR_CHUNK)):
            last = max(found)
            written = []
            for judged in rows:
                if judged.row_number in found:
                    faults = [tuple(fault.split(":")) for fault in found[judged.row_number]]
                    written.append(error_row(batch, judged, faults, plan, reading))
                if judged.row_number == last:
                    break
            ImportRow.objects.bulk_create(written)


def error_row(
    batch: ImportBatch, judged: Judged, faults: list[tuple[str, str]], plan: Plan, reading: Reading
) -> ImportRow:
    problems = problems_of(judged, faults, plan.kind, reading.judge.header_of)
    return ImportRow(
        tenant_id=batch.tenant_id,
        batch=batch,
        row=judged.row_number,
        result="error",
        cells=judged.raw,
        problems=[problem.as_json() for problem in problems],
    )


def finish(batch: ImportBatch, reading: Reading, notes: Notes) -> None:
    """The batch is checked: what was recognised, and how many rows of each result."""
    tally = dict(batch.import_rows.order_by().values_list("result").annotate(Count("pk")))
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT pip_id FROM pg_temp.import_judged WHERE pip_id IS NOT NULL ORDER BY 1")
        pips = [row[0] for row in cursor.fetchall()]
    note(
        batch,
        state=BatchState.CHECKED,
        lease_until=None,
        attempts=0,
        kind=reading.kind,
        encoding=reading.encoding,
        sheet=reading.sheet[:100],
        header_row=reading.header_row,
        mapping=reading.mapping,
        ignored=list(reading.unknown_columns),
        recognised={
            "headers": list(reading.headers),
            "sheets": list(reading.sheets),
            "remarks": list(reading.remarks[:20]),
            "samples": notes.samples,
            "respelled": notes.respelled,
        },
        choices=batch.choices,
        pips=pips,
        rows_done=sum(tally.values()),
        new=tally.get("new", 0),
        changed=tally.get("changed", 0),
        unchanged=tally.get("unchanged", 0),
        errors=tally.get("error", 0),
        stale=0,
    )
