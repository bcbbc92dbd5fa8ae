"""The verbs of a joint filing: take a member in, leave one out; whoever goes on using FR stays covered (practice)."""

from collections.abc import Sequence
from datetime import date
from typing import IO

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.models import Deployment, Scenario
from filings.joint import covering, differences, going_on, on_the_way
from filings.models import Filing, JointUse, Kind
from filings.services.dossier import begin, editable, prepare
from filings.services.kinds import CANCEL, CHANGE, carry_members, duty_of, duty_to_cancel, hold, on_file
from portal.accounts.models import User
from portal.evidence.services import PAPERS, keep
from portal.law.threshold import FIRST_FILING
from portal.tenancy.models import Pip, touch, touch_many
from portal.tenancy.session import service
from portal.workflow import CaseError


@service("filing.join")
def join(
    filing: Filing,
    uses: Sequence[tuple[Scenario, Scenario]],
    *,
    agreed_on: date,
    agreed_how: str,
    by: User | None,
    today: date,
    proof: IO[bytes] | None = None,
    name: str = "",
) -> list[JointUse]:
    """Cover uses of members, each with the covered one that it is the same as, on the authority's word."""
    filing = editable(filing)
    if filing.kind == Kind.TERMINATION:
        raise CaseError(_("A cancellation takes no member in."))
    _require_word(agreed_on, agreed_how, today)
    evidence = keep(proof, name=name, pip=filing.pip, by=by, allowed=PAPERS) if proof else None
    covered = set(filing.covered.values_list("scenario_id", flat=True))
    made = []
    for scenario, like in uses:
        _require_free(filing, scenario.pip)
        if like.pk not in covered or differences(scenario, like):
            raise CaseError(
                _("%(use)s isn't the same as a covered use any more. Align both or file apart.")
                % {"use": scenario.name}
            )
        made.append(
            JointUse(
                tenant_id=filing.tenant_id,
                pip_id=scenario.pip_id,
                filing=filing,
                scenario=scenario,
                like=like,
                agreed_on=agreed_on,
                agreed_how=agreed_how.strip(),
                agreed_proof=evidence,
                added_at=timezone.now(),
                added_by=by,
            )
        )
    JointUse.objects.bulk_create(made)
    touch_many([filing.pip_id, *(row.pip_id for row in made)])
    return made


@service("filing.leave_out")
def leave_out(filing: Filing, member: Pip) -> None:
    """Take a member out of a dossier that is being prepared; one that uses FR still files for itself first."""
    filing = editable(filing)
    was = filing.follows is not None and filing.follows.joint_uses.filter(pip=member).exists()
    if was and going_on([member.pk]):
        raise CaseError(still_used(member))
    filing.joint_uses.filter(pip=member).delete()
    touch_many([filing.pip_id, member.pk])


@service("filing.open_joining")
def open_joining(leader: Pip, members: Sequence[Pip], *, by: User | None, today: date) -> Filing:
    """Open the change of a filing that stands, for members that are to be covered by it; the earliest duty governs."""
    leader = hold(leader)
    former = on_file(leader)
    for member in members:
        _require_free(former, member)
    duties = [duty for member in members if (duty := duty_of(member, *FIRST_FILING)) and duty.reckoned_from]
    duty = min(duties, key=lambda one: one.reckoned_from, default=None)
    # Below 100,000 persons no member has a duty of its own: they are new to the filing from today.
    since = duty.reckoned_from if duty is not None else today
    obligation = duty or duty_of(leader, CHANGE) or former.obligation
    return _begin_change(leader, former, obligation, since, by=by, today=today)


@service("filing.open_leaving")
def open_leaving(leader: Pip, member: Pip, *, by: User | None, today: date) -> Filing:
    """Open the change of a filing that stands by which a member is covered no longer: its use ended, or it filed."""
    leader = hold(leader)
    former = on_file(leader)
    if not former.joint_uses.filter(pip=member).exists():
        raise CaseError(_("The filing doesn't cover this member. Reload the page."))
    if going_on([member.pk]):
        raise CaseError(still_used(member))
    ended = Deployment.objects.filter(scenario__pip=member, ended_on__isnull=False).order_by("-ended_on")
    since = ended.values_list("ended_on", flat=True).first() or today
    obligation = duty_of(member, CANCEL) or duty_to_cancel(member, since)
    filing = _begin_change(leader, former, obligation, since, by=by, today=today)
    filing.joint_uses.filter(pip=member).delete()
    return filing


def _begin_change(leader: Pip, former: Filing, obligation, since: date, *, by: User | None, today: date) -> Filing:
    filing = begin(
        leader,
        obligation,
        Kind.CHANGE,
        by=by,
        today=today,
        follows=former,
        arose_on=since,
        authority=former.province,
    )
    carry_members(filing, former)
    touch(leader.pk)
    return prepare(filing, by=by, today=today)


def still_used(member: Pip) -> str:
    """Why a member can't be left out."""
    return _(
        "%(pip)s uses face recognition still and has sent no filing of its own: left out, nothing would cover it."
        " End its use or file for it first."
    ) % {"pip": member.name}


def _require_word(agreed_on: date, agreed_how: str, today: date) -> None:
    if agreed_on > today:
        raise ValidationError({"agreed_on": _("The day lies in the future. Give the day on which it happened.")})
    if not agreed_how.strip():
        raise ValidationError({"agreed_how": _("Say who at the authority agreed, and how: by letter, by phone.")})


def _require_free(filing: Filing, member: Pip) -> None:
    """A PIP is covered once: by its own filing or by one other."""
    if member.pk == filing.pip_id:
        raise CaseError(_("A PIP is no member of its own filing."))
    own = Filing.objects.filter(pip=member).exclude(state="withdrawn").order_by("id").last()
    if own is not None:
        raise CaseError(
            _("%(pip)s has a filing of its own, %(filing)s, so it is no member.") % {"pip": member, "filing": own}
        )
    for other in (covering(member), on_the_way(member)):
        if other is not None and other.pip_id != filing.pip_id:
            raise CaseError(_("%(pip)s is a member of %(filing)s already.") % {"pip": member.name, "filing": other})
