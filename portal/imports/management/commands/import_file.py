"""Check a vendor's file, and apply it if asked for: the same path as in the browser, without a worker."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.forms import ValidationError
from django.utils import translation

from portal.accounts.access import Access
from portal.accounts.management.tenants import tenant_by_slug
from portal.accounts.models import User
from portal.imports.batches import in_name_of
from portal.imports.direct import access_of, import_now
from portal.imports.models import BatchState, ImportBatch
from portal.imports.reading.columns import KINDS
from portal.imports.reading.phrases import Problem
from portal.tenancy.models import Tenant

REFUSED = 2
NOTHING = {"kind": "", "encoding": "", "rows": 0, "new": 0, "changed": 0, "unchanged": 0, "errors": 0}


class Command(BaseCommand):
    help = "Check a vendor's file of deployments, devices, signs or counts; with --apply, put its good rows in."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--tenant", required=True, help="address of the tenant, such as demo")
        parser.add_argument("--user", required=True, help="e-mail of the person in whose name the file is imported")
        parser.add_argument("--apply", action="store_true", help="apply the rows without errors")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--kind", choices=list(KINDS), help="instead of the kind recognised from the headers")
        parser.add_argument("--encoding", help="instead of the encoding recognised, such as gb18030")
        parser.add_argument("--sheet", help="name of the sheet to read, instead of the first that is not empty")

    def handle(self, **options: Any) -> None:
        try:
            tenant = tenant_by_slug(options["tenant"])
            user = User.objects.filter(email__iexact=options["user"], is_active=True).first()
            access = user and access_of(tenant, user)
            if not access:
                raise CommandError(f"There is no user {options['user']} in {options['tenant']}. Check --user.")
            if not options["file"].is_file():
                raise CommandError(f"There is no file {options['file']}.")
        except CommandError as error:
            self.stderr.write(str(error))
            sys.exit(REFUSED)
        with translation.override(user.language):
            self.run_as(tenant, user, access, options)

    def run_as(self, tenant: Tenant, user: User, access: Access, options: dict[str, Any]) -> None:
        with in_name_of(tenant, user.pk, verb="import.look"):
            may_upload, may_apply = access.can("upload_import"), access.can("apply_import")
        if not may_upload:
            self.refuse(options, f"{user.email} may not upload vendor files.")
        if options["apply"] and not may_apply:
            self.refuse(
                options,
                f"{user.email} may upload and check vendor files, not apply them. Leave --apply out; an officer or"
                " operator applies.",
            )
        choices = {name: options[name] for name in ("kind", "encoding", "sheet")}
        try:
            with options["file"].open("rb") as file:
                batch = import_now(
                    tenant,
                    user,
                    file,
                    options["file"].name,
                    access=access,
                    choices=choices,
                    applies=options["apply"],
                )
        except ValidationError as error:
            self.refuse(options, " ".join(error.messages))
        if batch.state == BatchState.APPLIED and "sweep" in get_commands():
            call_command("sweep", stdout=self.stderr)
        with in_name_of(tenant, user.pk, verb="import.look"):
            self.report(batch, options)
        if batch.state == BatchState.REFUSED:
            sys.exit(REFUSED)

    def refuse(self, options: dict[str, Any], why: str) -> None:
        if options["json"]:
            self.print_json({**NOTHING, "applied": False, "batch": None, "problems": [], "refused": why})
        else:
            self.stderr.write(why)
        sys.exit(REFUSED)

    def report(self, batch: ImportBatch, options: dict[str, Any]) -> None:
        result = as_json(batch)
        if options["json"]:
            self.print_json(result)
            return
        if result["refused"]:
            self.stderr.write(f"{batch.reference}: {result['refused']}")
            return
        self.stdout.write(
            f"{batch.reference}: {batch.kind}, {batch.encoding}, {batch.rows} rows: {batch.new} new,"
            f" {batch.changed} changed, {batch.unchanged} unchanged, {batch.errors} errors"
            + (f"; applied, {batch.stale} left because they changed meanwhile" if result["applied"] else "")
        )
        for problem in result["problems"]:
            self.stdout.write("  {row} {column} {value!r}: {message}".format(**problem))

    def print_json(self, result: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2))


def as_json(batch: ImportBatch) -> dict[str, Any]:
    """The batch as IMPORT.md promises it."""
    problems = []
    for row, found in batch.import_rows.filter(result="error").values_list("row", "problems").iterator():
        for stored in found:
            problem = Problem.from_json(stored)
            problems.append({"row": row, "column": problem.column, "value": problem.value, "message": str(problem)})
    refusal = batch.refusal_zh if translation.get_language().startswith("zh") else batch.refusal_en
    # A file of which every row stands in the register already is applied as it is.
    return {
        "kind": batch.kind,
        "encoding": batch.encoding,
        "rows": batch.rows,
        "new": batch.new,
        "changed": batch.changed,
        "unchanged": batch.unchanged,
        "errors": batch.errors,
        "applied": batch.state == BatchState.APPLIED,
        "batch": batch.reference,
        "problems": problems,
        "refused": refusal or None,
    }
