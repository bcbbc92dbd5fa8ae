"""The verbs that open a change or a cancellation of what is on file, or take it back."""

from collections.abc import Sequence
from datetime import date

from django.forms import ValidationError
from django.utils.translation import gettext as _

from filings import wording_kinds
from filings.chain import chain_of, standing
from filings.joint import going_on, touch_all
from filings.models import ChangeCase, CoveredScenario, Filing, JointUse, Kind, Termination
from filings.services.dossier import MOVED_ON, begin, prepare
from filings.workflow import MOVES, OVER
from portal.accounts.models import User
from portal.calendars.clock import calendar
from portal.law.rules.wording import day_text
from portal.law.threshold import FILING_WORKING_DAYS
from portal.obligations.models import Obligation
from portal.tenancy.models import Pip, touch
from portal.tenancy.session import service
from portal.workflow import CaseError, advance, may

CHANGE, CANCEL = "frm-15-change", "frm-15-cancel"


def on_file(pip: Pip) -> Filing:
    """The filing that stands, with no other that follows it; CaseError says what is in the way."""
    chain = chain_of(pip)
    former = standing(chain)
    if former is None:
        raise CaseError(_("Nothing is on file for this PIP, so there is nothing to change or to cancel."))
    waiting = next((one for one in chain if one.state not in OVER), None)
    if waiting is not None:
        raise CaseError(
            _("%(reference)s is under way already. Finish it or withdraw it first.") % {"reference": waiting}
        )
    return former


def moved_from(filing: Filing) -> str:
    """The province in which a filing was accepted, if the PIP has moved to another one since; else empty."""
    return filing.province if filing.province != filing.pip.province else ""


def waiting_changes(pip: Pip) -> list[ChangeCase]:
    """Changes that were decided to be substantial and that no filing carries yet, the earliest first; those of the
    members of its joint filing among them."""
    stands = standing(chain_of(pip))
    members = stands.joint_uses.order_by().values_list("pip_id", flat=True) if stands else ()
    rows = ChangeCase.objects.filter(pip__in=[pip.pk, *members], is_substantial=True, filing__isnull=True)
    rows = rows.select_related("scenario", "pip")
    return list(rows.order_by("effective_on", "id"))


@service("filing.open_change")
def open_change(
    pip: Pip, cases: Sequence[ChangeCase], *, by: User | None, today: date, way_reason: str = ""
) -> Filing:
    """Open one filing for several changes: the earliest governs its date (FRM Art 15)."""
    pip = hold(pip)
    former = on_file(pip)
    known = {one.pk: one for one in waiting_changes(pip)}
    chosen = [known[case.pk] for case in cases if case.pk in known]
    if not chosen or len(chosen) < len(cases):
        raise CaseError(_("Choose changes that were decided to be substantial and that no filing carries yet."))
    if moved_from(former) and not way_reason.strip():
        raise ValidationError({"way_reason": _("Say why the change is filed with the authority of the former place.")})
    earliest = min(chosen, key=lambda case: (case.effective_on, case.pk))
    obligation = duty_of(earliest.pip, CHANGE)
    if obligation is None:
        raise CaseError(_("The law hasn't been asked since this change was noticed. Try again in a minute."))
    filing = begin(
        pip,
        obligation,
        Kind.CHANGE,
        by=by,
        today=today,
        follows=former,
        arose_on=earliest.effective_on,
        authority=former.province,
        way_reason=way_reason.strip(),
    )
    ChangeCase.objects.filter(pk__in=[case.pk for case in chosen]).update(filing=filing)
    carry_members(filing, former)
    touch_all(filing)
    return prepare(filing, by=by, today=today)


@service("filing.open_cancellation")
def open_cancellation(termination: Termination, *, by: User | None, today: date) -> Filing:
    """Open the cancellation of what is on file, for a use that ended."""
    pip = hold(termination.pip)
    termination = Termination.objects.select_for_update(of=("self",)).get(pk=termination.pk)
    if termination.state != "running" or termination.way != "cancel" or termination.answer_id:
        raise CaseError(_("This termination asks for no cancellation, or has one already. Reload the page."))
    former = on_file(pip)
    filing = begin(
        pip,
        duty_to_cancel(pip, termination.ended_on),
        Kind.TERMINATION,
        by=by,
        today=today,
        follows=former,
        arose_on=termination.ended_on,
        authority=former.province,
    )
    cover_as(filing, former)
    termination.answer = filing
    termination.save(update_fields=["answer"])
    return prepare(filing, by=by, today=today)


@service("filing.open_move")
def open_move(pip: Pip, *, moved_on: date, way_reason: str, by: User | None, today: date) -> Filing:
    """After a move to another province: cancel with the former authority, to file anew with the new one."""
    pip = hold(pip)
    former = on_file(pip)
    if not moved_from(former):
        raise CaseError(_("The PIP is still registered where its filing was accepted."))
    if not way_reason.strip():
        raise ValidationError({"way_reason": _("Say why it is cancelled there and filed anew.")})
    if moved_on > today:
        raise ValidationError({"moved_on": _("The day lies in the future. Give the day on which it happened.")})
    filing = begin(
        pip,
        duty_to_cancel(pip, moved_on),
        Kind.TERMINATION,
        by=by,
        today=today,
        follows=former,
        arose_on=moved_on,
        authority=former.province,
        way_reason=way_reason.strip(),
    )
    cover_as(filing, former)
    moves = ChangeCase.objects.filter(pip=pip, item="province", is_substantial=True, filing__isnull=True)
    moves.update(filing=filing)
    touch(pip.pk)
    return prepare(filing, by=by, today=today)


@service("filing.open_anew")
def open_anew(former: Filing, *, by: User | None, today: date) -> Filing:
    """File anew with the authority of the new place, once the cancellation with the former one is accepted."""
    pip = hold(former.pip)
    if former.kind != Kind.TERMINATION or former.state != "accepted" or former.province == pip.province:
        raise CaseError(_("Only a cancellation that was accepted because of a move is followed by a new filing."))
    first = Filing.objects.select_related("obligation", "crossing").filter(pip=pip, kind=Kind.INITIAL).earliest("id")
    if Filing.objects.filter(follows=former).exists():
        raise CaseError(_("The new filing is open already. Reload the page."))
    filing = begin(
        pip,
        first.obligation,
        Kind.INITIAL,
        by=by,
        today=today,
        crossing=first.crossing,
        follows=former,
        arose_on=former.arose_on,
    )
    return prepare(filing, by=by, today=today)


@service("filing.withdraw")
def withdraw(filing: Filing, *, by: User | None) -> Filing:
    """Take back a change or a cancellation that is not before the authority; its changes wait for another."""
    if filing.kind == Kind.INITIAL or not may(filing, MOVES, "withdraw"):
        raise CaseError(_("Only a change or a cancellation that is not with the authority can be taken back."))
    advance(filing, MOVES, "withdraw", conflict=str(MOVED_ON), submitted_on=None)
    ChangeCase.objects.filter(filing=filing).update(filing=None)
    Termination.objects.filter(answer=filing).update(answer=None)
    touch_all(filing)
    return filing


def hold(pip: Pip) -> Pip:
    return Pip.objects.select_related("tenant").select_for_update(of=("self",)).get(pk=pip.pk)


def duty_of(pip: Pip, *rules: str) -> Obligation | None:
    """The duty that the filing answers, the first of these rules that the law has found, an open one before others."""
    rows = Obligation.objects.filter(pip=pip, rule__in=rules, subject=f"pip:{pip.uscc}")
    return min(rows, key=lambda row: (row.state != "open", rules.index(row.rule)), default=None)


def duty_to_cancel(pip: Pip, arose_on: date) -> Obligation:
    """The duty to cancel; where the law hasn't been asked since the end, the row that reconcile then agrees with."""
    found = duty_of(pip, CANCEL, CHANGE)
    if found is not None:
        return found
    reckoning = calendar().add(arose_on, FILING_WORKING_DAYS)
    why = wording_kinds.END_OF_USE.fmt(day=day_text(arose_on))
    return Obligation.objects.create(
        tenant_id=pip.tenant_id,
        pip=pip,
        rule=CANCEL,
        subject=f"pip:{pip.uscc}",
        arose_on=arose_on,
        due_on=reckoning.due,
        safe_on=reckoning.safe,
        reckoned_from=reckoning.trigger,
        reckoned_days=reckoning.days,
        reckoned_unit=reckoning.unit,
        firmness=reckoning.status,
        why_en=why.en,
        why_zh=why.zh,
        calendar_version=reckoning.calendar_version,
    )


def carry_members(filing: Filing, former: Filing) -> None:
    """The members that the former filing covers are covered by this one too."""
    JointUse.objects.bulk_create(
        JointUse(
            **{field.name: getattr(row, field.name) for field in row._meta.concrete_fields if not field.primary_key}
            | {"filing": filing}
        )
        for row in former.joint_uses.select_related("tenant", "pip", "scenario", "like", "agreed_proof", "added_by")
    )


def require_no_member_in_use(former: Filing) -> None:
    """A cancellation ends what covers the members: those that go on file for themselves first."""
    members = {row.pip_id: row.pip for row in former.joint_uses.select_related("pip")}
    left = going_on(members)
    if left:
        names = _(", ").join(members[pk].name for pk in sorted(left))
        raise CaseError(
            _(
                "These members use face recognition still and have sent no filing of their own: %(names)s. End their"
                " use or file for them first; then cancel."
            )
            % {"names": names}
        )


def cover_as(filing: Filing, former: Filing) -> None:
    """The scenarios and members that the former filing covers, for its cancellation."""
    require_no_member_in_use(former)
    carry_members(filing, former)
    CoveredScenario.objects.bulk_create(
        CoveredScenario(tenant_id=filing.tenant_id, pip_id=filing.pip_id, filing=filing, scenario_id=scenario)
        for scenario in former.covered.order_by("id").values_list("scenario_id", flat=True)
    )
