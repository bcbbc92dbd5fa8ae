"""What filings ask of people in My work."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from filings.models import ChangeCase, Filing, Receipt, Sealing, Submission
from filings.work import changes, filings_back
from portal.accounts.access import Access
from portal.accounts.models import Membership
from portal.obligations.models import Obligation
from portal.obligations.work import Hands
from tests import build
from tests.filings import story
from tests.filings.changes import freeze

TODAY = story.TODAY


def hands(house, role):
    user = house.people[role]
    return Hands(Access(user, house.tenant, Membership.objects.get(user=user)), TODAY, (user.pk,))


@pytest.fixture
def filing(house):
    pip = house.pip
    story.register_facts(pip)
    return Filing.objects.create(
        tenant=house.tenant,
        pip=pip,
        reference="FIL-2026-0001",
        obligation=story.obligation(pip),
        crossing=story.crossing(pip),
        opened_at=timezone.now(),
        submitted_on=TODAY,
    )


def test_correction_waits_with_its_own_date_for_who_prepares_filings(house, filing):
    of = {"tenant": house.tenant, "pip": house.pip, "filing": filing}
    for number, days in ((1, 3), (2, 9)):
        sent = Submission.objects.create(
            **of, snapshot=freeze(filing, number), submitted_on=TODAY, proof=build.evidence(house.pip)
        )
        Receipt.objects.create(
            **of,
            submission=sent,
            kind="correction",
            received_on=TODAY,
            reason="storage",
            answer_by=TODAY + timedelta(days=days),
        )
    Filing.objects.filter(pk=filing.pk).update(state="correcting")
    (line,) = filings_back(hands(house, "officer"))
    assert (line.kind, line.code, line.due_on, line.is_own_date) == (
        "correction",
        "FIL-2026-0001",
        TODAY + timedelta(days=9),
        True,
    )
    assert filings_back(hands(house, "reviewer")) == [] == filings_back(hands(house, "auditor"))


def test_papers_at_the_seal_wait_with_the_date_of_the_duty_until_they_are_back(house, filing):
    of = {"tenant": house.tenant, "pip": house.pip, "filing": filing}
    row = Sealing.objects.create(**of, number=1, taken_by="行政部 王", taken_on=TODAY)
    (line,) = filings_back(hands(house, "officer"))
    assert (line.kind, line.due_on) == ("seal", date(2026, 11, 17)) and "行政部 王" in line.why
    Obligation.objects.update(state="met")
    assert filings_back(hands(house, "officer"))[0].due_on is None
    Sealing.objects.filter(pk=row.pk).update(back_on=TODAY, was_sealed=True)
    assert filings_back(hands(house, "officer")) == []


def test_change_waits_for_its_decision_and_then_for_another_persons_confirmation(house, filing):
    change = ChangeCase.objects.create(
        tenant=house.tenant,
        pip=house.pip,
        reference="CHG-2026-0001",
        against=freeze(filing, 1),
        item="province",
        old={"province": "11"},
        new={"province": "31"},
        noticed_at=timezone.now(),
        weight="ask",
        effective_on=date(2026, 10, 9),
    )
    (line,) = changes(hands(house, "reviewer"))
    assert (line.kind, line.code) == ("change", "CHG-2026-0001") and line.due_on > line.safe_on > TODAY
    assert changes(hands(house, "operator")) == []
    ChangeCase.objects.filter(pk=change.pk).update(
        is_substantial=False, reason="same city", decided_at=timezone.now(), decided_by=house.people["reviewer"]
    )
    assert changes(hands(house, "reviewer")) == []
    (line,) = changes(hands(house, "officer"))
    assert line.what == "Confirm that the change is not substantial"
