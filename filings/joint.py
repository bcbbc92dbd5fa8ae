"""Joint filings 联合备案: whose uses a filing covers beside those of the PIP that files, and how far that reaches.

The Measures say nothing of it. Practice: a parent may file for its group, and affiliates whose purpose, necessity,
method and scope are the same may file together (filings.matching reads the four words).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils import timezone

from deployments.models import Deployment, Scenario
from filings.chain import chain_of, standing
from filings.matching import FACTS, Use, same
from filings.models import Filing, JointUse, Kind, State
from filings.register import IN_USE, ScenarioSheet, scenario_sheets
from portal.law.facts import FilingFacts
from portal.tenancy.models import Pip, touch_many


@dataclass(frozen=True)
class Member:
    """A PIP whose uses a joint filing covers."""

    pip: Pip
    uses: tuple[JointUse, ...]
    sheets: tuple[ScenarioSheet, ...]

    @property
    def persons(self) -> int:
        """Persons stored by the covered uses, overlap not deducted."""
        return sum(one.persons for one in self.sheets)

    @property
    def lines(self) -> list[tuple[JointUse, ScenarioSheet]]:
        return list(zip(self.uses, self.sheets, strict=True))


def uses_of(filing: Filing) -> list[JointUse]:
    """The uses of members, each with its PIP and both scenarios."""
    beside = ("pip__tenant", "scenario__tenant", "scenario__pip", "like__tenant", "agreed_proof__tenant")
    return list(filing.joint_uses.select_related(*beside).order_by("pip__name", "pip_id", "id"))


def members_of(filing: Filing, on: date) -> list[Member]:
    """The members by their names, with what the register says of their uses on a day."""
    members = []
    uses = uses_of(filing)
    for pip in {use.pip_id: use.pip for use in uses}.values():
        own = tuple(use for use in uses if use.pip_id == pip.pk)
        members.append(Member(pip, own, tuple(scenario_sheets(pip, [use.scenario for use in own], on))))
    return members


def as_use(scenario: Scenario) -> Use:
    """A scenario as it is compared."""
    values = {fact: getattr(scenario, fact) for fact in FACTS} | {"subject_groups": tuple(scenario.subject_groups)}
    return Use(scenario.pk, scenario.pip_id, code=scenario.code, name=scenario.name, **values)


def differences(one: Scenario, other: Scenario) -> tuple[str, ...]:
    """The facts in which two uses differ, or that one of them doesn't state; none where they may be filed together."""
    first, second = as_use(one), as_use(other)
    return tuple(fact for fact in FACTS if not same(getattr(first, fact), getattr(second, fact)))


def covering(pip: Pip | int) -> Filing | None:
    """The filing of another PIP that stands and covers this one; None where it files for itself."""
    rows = JointUse.objects.filter(pip=pip, filing__state=State.ACCEPTED)
    for leader in rows.order_by().values_list("filing__pip_id", flat=True).distinct():
        stands = standing(chain_of(leader))
        if stands is not None and stands.joint_uses.filter(pip=pip).exists():
            return stands
    return None


def on_the_way(pip: Pip | int) -> Filing | None:
    """The filing of another PIP that covers this one and isn't decided yet."""
    rows = Filing.objects.filter(joint_uses__pip=pip).exclude(state__in=(State.ACCEPTED, State.WITHDRAWN))
    return rows.select_related("tenant", "pip").order_by("id").last()


def led_facts(pip: Pip) -> Iterator[FilingFacts]:
    """The filings of other PIPs as the law sees them for a member: covered first, changed, covered no longer."""
    own = JointUse.objects.filter(pip=pip)
    leaders = own.exclude(filing__state=State.WITHDRAWN).order_by().values_list("filing__pip_id", flat=True)
    rows = (
        Filing.objects.filter(pip__in=leaders.distinct())
        .exclude(state=State.WITHDRAWN)
        .annotate(covers=Exists(own.filter(filing=OuterRef("pk"))))
        .select_related("pip")
        .order_by("pip_id", "id")
    )
    is_covered: dict[int, bool] = {}
    for row in rows:
        was = is_covered.get(row.pip_id, False)
        if not (was or row.covers):
            continue
        is_covered[row.pip_id] = row.covers and row.kind != Kind.TERMINATION
        kind = row.kind if row.covers and was else "initial" if row.covers else "termination"
        yield FilingFacts(
            row.reference,
            kind,
            row.state,
            row.submitted_on,
            row.accepted_on,
            row.number,
            opened_on=timezone.localdate(row.opened_at),
            led_by=row.pip.name,
        )


def going_on(pips: Collection[int]) -> set[int]:
    """Those of the PIPs that use FR under the Measures still and have sent no filing of their own."""
    live = Deployment.objects.filter(scenario__pip=OuterRef("pk"), status__in=IN_USE)
    sent = Filing.objects.filter(pip=OuterRef("pk"), submitted_on__isnull=False)
    rows = Pip.objects.filter(Exists(live), pk__in=pips).exclude(Exists(sent.exclude(kind=Kind.TERMINATION)))
    return set(rows.values_list("pk", flat=True))


def candidates(filing: Filing, pips: Sequence[Pip], scenarios: Sequence[Scenario]) -> list[tuple[Scenario, Scenario]]:
    """Uses of other PIPs that are the same as a covered one, each with the one that it is like."""
    covered = [row.scenario for row in filing.covered.select_related("scenario").order_by("id")]
    there = set(filing.joint_uses.values_list("scenario_id", flat=True))
    allowed = {pip.pk for pip in pips} - {filing.pip_id}
    found = []
    for one in scenarios:
        if one.pk in there or one.pip_id not in allowed:
            continue
        like = next((other for other in covered if not differences(one, other)), None)
        if like is not None:
            found.append((one, like))
    return found


def touch_all(filing: Filing) -> None:
    """Mark the PIP that files and the members: what becomes of the filing is a fact of each."""
    touch_many([filing.pip_id, *filing.joint_uses.order_by().values_list("pip_id", flat=True)])
