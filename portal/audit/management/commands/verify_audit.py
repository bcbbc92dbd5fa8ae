"""Prove that the audit trail is as it was written: exit 0, or exit 1 with the name of every row that isn't."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.accounts.management.tenants import tenants
from portal.audit.services import Findings, verify


class Command(BaseCommand):
    help = "Recompute the audit trail's chain of hashes and name every event that was altered, removed or put in."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--tenant", help="address of one tenant; all without it")
        parser.add_argument("--anchor", metavar="NUMBER:DIGEST", help="a seal noted earlier that must be in the chain")
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, **options: Any) -> None:
        anchor = read_anchor(options["anchor"])
        if anchor and not options["tenant"]:
            raise CommandError("An anchor belongs to one tenant. Name it with --tenant.")
        all_found = [verify(tenant, anchor=anchor) for tenant in tenants(options["tenant"])]
        if options["json"]:
            self.stdout.write(json.dumps([found.as_dict() for found in all_found], ensure_ascii=False, indent=2))
        else:
            for found in all_found:
                self.report(found)
        if not all(found.is_intact for found in all_found):
            sys.exit(1)

    def report(self, found: Findings) -> None:
        verdict = "intact" if found.is_intact else f"{found.count} problems"
        self.stdout.write(
            f"{found.tenant}: {verdict}; {found.sealed} events in {found.seals} seals, {found.unsealed} not yet sealed"
        )
        if found.seals:
            self.stdout.write(f"  last seal {found.head_number}:{found.head_digest} of {found.head_at}")
        for problem in found.problems:
            self.stdout.write(f"  {problem.text}")
        if found.count > len(found.problems):
            self.stdout.write(f"  and {found.count - len(found.problems)} more")


def read_anchor(text: str | None) -> tuple[int, str] | None:
    """``12:ab34…`` as a number and a digest."""
    if not text:
        return None
    number, _, digest = text.partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise CommandError("Write the anchor as NUMBER:DIGEST, as verify_audit printed it.")
    return int(number), digest
