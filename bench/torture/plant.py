"""What a scenario starts from: workspaces with people, and duties of which rungs are due; noted for the oracle."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.services import add_member, create_team, create_tenant, register_pip
from portal.law.identifiers import uscc_check_character
from portal.obligations.models import Obligation, Reminder
from portal.tenancy.models import Pip, PipMark, Tenant
from portal.tenancy.session import acting

STATUTORY, OWN = "frm-15-initial", "default-sign-inspection"


@dataclass(frozen=True)
class Rung:
    """One planted rung: what it tells of, and whether the date of its duty is set by law."""

    reminder: int
    obligation: int
    is_statutory: bool


@dataclass
class Workspace:
    """A tenant with one PIP, the people who are to be told, and what was planted in it."""

    tenant: Tenant
    pip: Pip
    people: list[User] = field(default_factory=list)
    rungs: list[Rung] = field(default_factory=list)

    @contextmanager
    def acting(self) -> Iterator[None]:
        with acting(self.tenant, actor="system:test", verb="torture"):
            yield


def uscc(number: int) -> str:
    """A valid unified social credit code for each number."""
    stem = f"9111010577{number:07d}"
    return stem + uscc_check_character(stem)


def workspace(number: int, *, officers: int = 1) -> Workspace:
    """A tenant with one PIP, its owner first and officers after: all of them prepare filings, so all are told."""
    slug = f"t{number}"
    tenant = create_tenant(slug, slug, actor="system:test")
    with acting(tenant, actor="system:test"):
        made = Workspace(tenant, register_pip(Pip(uscc=uscc(number), name=f"示例{number}号", province="11")))
        teams = {role: create_team(f"{role} team", role) for role in ("owner", "officer")}
        for nth, role in enumerate(["owner"] + ["officer"] * officers):
            user = User(email=f"{role}{nth}@{slug}.example", name=f"{role} {nth}", language="en")
            user.set_unusable_password()
            user.save()
            add_member(user, teams[role])
            made.people.append(user)
    return made


def due_today(place: Workspace, *, statutory: int, own: int, today: date) -> None:
    """Duties whose last rung is due today; the PIP counts as looked at, so that the sweep takes none of them away."""
    rules = [STATUTORY] * statutory + [OWN] * own
    with place.acting():
        of = {"tenant": place.tenant, "pip": place.pip}
        now = timezone.now()
        PipMark.objects.update_or_create(**of, defaults={"reconciled_at": now, "reconciled_on": today})
        before = len(place.rungs)
        duties = Obligation.objects.bulk_create(
            Obligation(
                **of,
                rule=rule,
                subject=f"filing:{before + number}",
                arose_on=today,
                due_on=today,
                safe_on=today,
                firmness="firm",
                why_en="100,000 is reached.",
                why_zh="已达到100,000人。",
            )
            for number, rule in enumerate(rules)
        )
        rungs = Reminder.objects.bulk_create(
            Reminder(**of, obligation=duty, rung="0", aims_at=today, send_on=today) for duty in duties
        )
    place.rungs += [Rung(row.pk, duty.pk, duty.rule == STATUTORY) for row, duty in zip(rungs, duties, strict=True)]
