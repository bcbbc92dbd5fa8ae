"""The duties as the law sees them on a day: computed from the facts, written nowhere."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.accounts.management.tenants import commanding, tenant_by_slug
from portal.calendars.clock import calendar, civil_today
from portal.clock.facts import facts_of
from portal.clock.reconcile import is_waived
from portal.law.duties import Duty
from portal.law.engine import duties
from portal.law.identifiers import normalise_uscc
from portal.obligations.models import State, Waiver
from portal.tenancy.models import Pip
from portal.tenancy.session import make_read_only


class Command(BaseCommand):
    help = "List the duties of a tenant's PIPs as the law sees them on a day; writes nothing."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--tenant", required=True, help="address of the tenant")
        parser.add_argument("--pip", metavar="USCC", help="one PIP, by its unified social credit code")
        parser.add_argument("--on", metavar="DATE", type=date.fromisoformat, help="the day of law, today without it")
        parser.add_argument("--language", choices=["en", "zh-hans"], default="en", help="of the reasons")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, **options: Any) -> None:
        tenant = tenant_by_slug(options["tenant"])
        with commanding(tenant):
            make_read_only()
            pips = Pip.objects.filter(tenant=tenant).order_by("uscc")
            if options["pip"]:
                pips = pips.filter(uscc=normalise_uscc(options["pip"]))
                if not pips:
                    raise CommandError(f"{tenant.slug} has no PIP with the code {options['pip']}. Check --pip.")
            rows = [row for pip in pips for row in self.of_pip(pip, options)]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in rows:
            due = f"due {row['due_on']} ({row['status']})" if row["due_on"] else "no date"
            if row["status"] == "provisional":
                due = f"due {row['due_on']} (provisional, aim at {row['safe_on']})"
            due = f"due {row['due_at']}" if row["due_at"] else due
            self.stdout.write(f"{row['state']:<12} {due:<28} {row['rule']} {row['subject']}: {row['why']}")

    def of_pip(self, pip: Pip, options: dict[str, Any]) -> list[dict[str, Any]]:
        """The duties of one PIP, with the waivers of people that held on the day."""
        on = options["on"] or civil_today()
        waived = Waiver.objects.filter(pip=pip).in_force(on).keys()
        found = duties(facts_of(pip), calendar(), on=on)
        return [as_row(duty, pip, waived, options["language"]) for duty in found]


def as_row(duty: Duty, pip: Pip, waived: set[tuple[str, str]], language: str) -> dict[str, Any]:
    """A duty with the names that others rely on."""
    return {
        "rule": duty.rule,
        "pip": pip.uscc,
        "subject": duty.subject,
        "arose_on": duty.arose_on.isoformat() if duty.arose_on else None,
        "due_on": duty.due.isoformat() if duty.due else None,
        "safe_on": duty.safe.isoformat() if duty.safe else None,
        "due_at": duty.due_at.isoformat() if duty.due_at else None,
        "status": duty.reckoning.status if duty.reckoning else None,
        "state": State.WAIVED.value if is_waived(duty, waived) else duty.state,
        "why": duty.why.in_(language),
        "cites": [cite.key for cite in duty.cites],
    }
