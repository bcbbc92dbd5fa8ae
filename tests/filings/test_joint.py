"""A joint filing: the same uses only, the member's duty met by it, both watched, and nobody left uncovered."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from deployments.models import Scenario
from filings import sentinel, services, xray
from filings.dossier import covered_sheets, items_of
from filings.facts import filing_facts
from filings.joint import covering, members_of
from filings.models import ChangeCase, JointUse
from filings.services import changes
from portal.clock.reconcile import reconcile
from portal.evidence.services import reader
from portal.law.changes import has_changed
from portal.obligations.models import Obligation
from portal.workflow import CaseError
from tests import build
from tests.filings import joint, story
from tests.filings.story import TODAY


def duty(pip, rule="frm-15-initial") -> Obligation:
    reconcile(pip, today=TODAY)
    return Obligation.objects.get(pip=pip, rule=rule, subject=f"pip:{pip.uscc}")


def test_use_that_differs_in_one_fact_is_refused(house):
    filing = story.complete(house, before=joint.stated)
    like = filing.covered.get().scenario
    use = joint.use_like(joint.affiliate(house), like)
    use.storage_mode = "cloud"
    use.save()
    with pytest.raises(CaseError, match="isn't the same"):
        joint.take_in(filing, use, like, house)


def test_member_is_taken_in_only_on_the_authoritys_word(house):
    filing = story.complete(house, before=joint.stated)
    like = filing.covered.get().scenario
    use = joint.use_like(joint.affiliate(house), like)
    with pytest.raises(ValidationError, match="who at the authority"):
        joint.take_in(filing, use, like, house, agreed_how=" ")
    with pytest.raises(ValidationError, match="future"):
        joint.take_in(filing, use, like, house, agreed_on=date(2026, 10, 13))
    row = joint.take_in(filing, use, like, house, proof=joint.letter(), name="letter.pdf")[0]
    assert row.agreed_proof.name == "letter.pdf"
    with pytest.raises(IntegrityError, match="joint_use_once"):
        joint.take_in(filing, use, like, house)


def test_members_duty_is_met_on_the_day_the_joint_filing_is_sent(house):
    filing, use = joint.joined(house)
    assert duty(use.pip).state == "open"
    services.freeze(filing, by=house.people["officer"], today=TODAY)
    filing.refresh_from_db()
    services.submit(filing, by=house.people["reviewer"], on=TODAY, today=TODAY, proof=story.upload("proof.png"))
    met = duty(use.pip)
    assert (met.state, met.met_on) == ("met", TODAY)
    assert f"{filing.reference} of {filing.pip.name} covers this PIP too" in met.why_en
    assert filing.pip.name in met.why_zh


def test_materials_of_a_joint_filing_are_asked_of_the_leader_only(house):
    filing, use = joint.joined(house)
    reconcile(use.pip, today=TODAY)
    assert not Obligation.objects.filter(pip=use.pip, subject=f"filing:{filing.reference}").exists()
    assert [one.led_by for one in filing_facts(use.pip)] == [filing.pip.name]


def test_pip_with_a_filing_of_its_own_or_in_another_joint_one_is_no_member(house):
    filing, use = joint.joined(house)
    like = filing.covered.get().scenario
    with pytest.raises(CaseError, match="no member of its own"):
        joint.take_in(filing, like, like, house)
    JointUse.objects.all().delete()
    story.crossing(use.pip)
    own = services.open_dossier(story.obligation(use.pip), by=house.people["officer"], today=TODAY)
    with pytest.raises(CaseError, match=f"filing of its own, {own.reference}"):
        joint.take_in(filing, use, like, house)


def test_dossier_holds_the_list_of_members_and_freezes_their_facts(house):
    filing, use = joint.joined(house)
    snapshot = services.freeze(filing, by=house.people["officer"], today=TODAY)
    frozen = snapshot.facts["members"][str(use.pip_id)]
    assert frozen["pip"]["uscc"] == use.pip.uscc
    assert [one["code"] for one in frozen["scenarios"]] == ["BOARDING-W"]
    assert frozen["persons"] == 120_000
    assert frozen["uses"][0]["agreed_how"] == joint.WORD
    with reader(snapshot.dossier) as packed:
        names = ZipFile(BytesIO(packed.read())).namelist()
    assert "01-附件-联合备案成员单位一览表.pdf" in names
    assert "可编辑稿/01-附件-联合备案成员单位一览表.xlsx" in names


def stops(filing) -> list[str]:
    """The errors that the X-ray finds of the members."""
    covered = covered_sheets(filing, TODAY)
    made = xray.outcomes(filing, covered, items_of(filing, covered), TODAY)
    return [one.check.code for one in made if one.check.group == "joint" and one.check.level == "error" and one.found]


def make_another_purpose(use) -> None:
    Scenario.objects.filter(pk=use.pk).update(purpose="别的目的")


def count_another_use(use) -> None:
    build.count(build.scenario(use.pip, "SHOP", scope="in"), 5_000, TODAY)


@pytest.mark.parametrize(
    ("edit", "found"),
    [
        (None, []),
        (make_another_purpose, ["joint-same"]),
        (count_another_use, ["joint-whole"]),
    ],
)
def test_xray_stops_a_joint_dossier_that_is_not_what_it_says(house, edit, found):
    filing, use = joint.joined(house)
    if edit:
        edit(use)
    assert stops(filing) == found


def test_member_whose_use_is_not_assessed_stops_the_dossier(house):
    filing, _use = joint.joined(house, is_assessed=False)
    assert stops(filing) == ["joint-assessed"]


def test_filing_of_one_pip_is_not_asked_of_members(house):
    filing = story.complete(house)
    covered = covered_sheets(filing, TODAY)
    made = xray.outcomes(filing, covered, items_of(filing, covered), TODAY)
    assert not [one for one in made if one.check.group == "joint"]


def test_changed_fact_of_a_member_opens_one_case_and_goes_into_the_leaders_change_filing(house):
    filing, use = joint.accepted(house)
    use.pip.refresh_from_db()
    assert covering(use.pip) == filing
    type(use.pip).objects.filter(pk=use.pip_id).update(legal_representative="新负责人")
    type(use).objects.filter(pk=use.pk).update(storage_mode="cloud")
    for _again in range(2):
        sentinel.notice_changes(type(use.pip).objects.get(pk=use.pip_id), today=TODAY)
    cases = list(ChangeCase.objects.filter(pip=use.pip))
    assert sorted(case.item for case in cases) == ["representative", "storage"]
    storage = next(case for case in cases if case.item == "storage")
    assert has_changed("storage", storage.old, storage.new)
    for case in cases:
        changes.decide(case, is_substantial=True, reason="r", by=house.people["officer"], today=TODAY)
    reconcile(filing.pip, today=TODAY)
    reconcile(use.pip, today=TODAY)
    made = services.open_change(filing.pip, cases, by=house.people["officer"], today=TODAY)
    assert set(made.changes.all()) == set(cases)
    assert made.joint_uses.get().scenario == use
    assert duty(use.pip, "frm-15-change").state == "open"


def test_leader_and_member_may_both_have_an_undecided_change_of_the_same_item(house):
    filing, use = joint.accepted(house)
    for pip in (filing.pip, use.pip):
        type(pip).objects.filter(pk=pip.pk).update(legal_representative="新负责人")
        sentinel.notice_changes(type(pip).objects.get(pk=pip.pk), today=TODAY)
    assert ChangeCase.objects.filter(item="representative", is_substantial=None).count() == 2


def test_member_that_still_uses_fr_is_neither_left_out_nor_cancelled_away(house):
    filing, use = joint.accepted(house)
    with pytest.raises(CaseError, match="nothing would cover it"):
        services.open_leaving(filing.pip, use.pip, by=house.people["officer"], today=TODAY)
    type(filing.pip).objects.filter(pk=filing.pip_id).update(province="31")
    filing.pip.refresh_from_db()
    with pytest.raises(CaseError, match=use.pip.name):
        services.open_move(filing.pip, moved_on=TODAY, way_reason="moved", by=house.people["officer"], today=TODAY)


def test_end_of_a_members_use_is_met_by_the_change_that_leaves_it_out(house):
    filing, use = joint.accepted(house)
    services.begin_ending(
        use.pip, extent="whole", ended_on=TODAY, reason="closed", by=house.people["officer"], today=TODAY
    )
    assert duty(use.pip, "frm-15-cancel").state == "open"
    made = services.open_leaving(filing.pip, use.pip, by=house.people["officer"], today=TODAY)
    assert (made.kind, made.arose_on, made.joint_uses.count()) == ("change", TODAY, 0)
    assert made.obligation == duty(use.pip, "frm-15-cancel")
    type(made).objects.filter(pk=made.pk).update(state="submitted", submitted_on=TODAY)
    assert duty(use.pip, "frm-15-cancel").state == "met"


def test_member_that_joins_later_is_covered_by_a_change_of_what_stands(house):
    filing, first = joint.accepted(house)
    second = joint.affiliate(house, 2, name="南部机场")
    like = filing.covered.get().scenario
    use = joint.use_like(second, like)
    due = duty(second)
    made = services.open_joining(filing.pip, [second], by=house.people["officer"], today=TODAY)
    joint.take_in(made, use, like, house)
    assert (made.obligation, made.arose_on) == (due, due.arose_on)
    assert [member.pip for member in members_of(made, TODAY)] == [second, first.pip]
    type(made).objects.filter(pk=made.pk).update(state="submitted", submitted_on=TODAY)
    assert duty(second).state == "met"


def test_member_may_be_taken_out_of_a_draft(house):
    filing, use = joint.joined(house)
    services.leave_out(filing, use.pip)
    assert not filing.joint_uses.exists()
    assert duty(use.pip).state == "open" and not filing_facts(use.pip)
