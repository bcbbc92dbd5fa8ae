"""The funnel of the filings and the medians over rounds, against a count by hand."""

from datetime import date, timedelta
from statistics import median

import pytest
from django.utils import timezone

from filings.funnel import answer_times, funnel
from filings.models import Filing, Receipt, Snapshot, Submission
from portal.tenancy.models import Pip
from tests import build
from tests.architecture.rows import Filler
from tests.filings import story

pytestmark = pytest.mark.django_db

# State, then each round as (kind of answer, days waited).
CASES = (
    ("draft", ()),
    ("frozen", ()),
    ("submitted", (("correction", 3),)),
    ("correcting", (("correction", 12),)),
    ("accepted", (("correction", 5), ("accepted", 9))),
    ("accepted", (("accepted", 20),)),
    ("rejected", (("rejected", 31),)),
)
SENT_ON = date(2026, 9, 1)


def made(house: build.House) -> None:
    """The cases, each with its own PIP."""
    filler = Filler(house, 20_000_000, "own")
    evidence = filler.row(build.evidence(house.pip).__class__)
    for number, (state, rounds) in enumerate(CASES):
        pip = Pip.objects.create(tenant=house.tenant, uscc=f"9111000010000000{number:02d}", name="P", province="11")
        crossing = story.crossing(pip)
        filing = Filing.objects.create(
            tenant=house.tenant,
            pip=pip,
            reference=f"F-{number}",
            state=state,
            obligation=story.obligation(pip),
            crossing=crossing,
            opened_at=timezone.now(),
            submitted_on=SENT_ON if state not in ("draft", "frozen") else None,
            accepted_on=SENT_ON if state == "accepted" else None,
            number="N" if state == "accepted" else "",
        )
        of = {"tenant": house.tenant, "pip": pip, "filing": filing}
        for round, (kind, waited) in enumerate(rounds, 1):
            snapshot = Snapshot.objects.create(
                **of, round=round, facts={}, law_version="", dossier=evidence, pack=evidence, frozen_at=timezone.now()
            )
            submission = Submission.objects.create(**of, snapshot=snapshot, submitted_on=SENT_ON, proof=evidence)
            Receipt.objects.create(
                **of,
                submission=submission,
                kind=kind,
                received_on=SENT_ON + timedelta(days=waited),
                number="N" if kind == "accepted" else "",
                reason="" if kind == "accepted" else "why",
            )


def test_funnel_and_medians_equal_a_count_by_hand(house):
    made(house)
    states = [state for state, _rounds in CASES]
    assert {state.value: number for state, number in funnel(Filing.objects.all())} == {
        state: states.count(state) for state in ("draft", "freezing", "frozen", "submitted", "correcting", "accepted")
    }
    rounds = [one for _state, rounds in CASES for one in rounds]
    found = answer_times(Receipt.objects.all())
    for kind in ("correction", "accepted", "rejected"):
        waited = [days for of, days in rounds if of == kind]
        assert (found[kind].answers, found[kind].days) == (len(waited), median(waited)), kind
    assert (found["all"].answers, found["all"].days) == (6, median(days for _of, days in rounds))


def test_without_an_answer_there_is_no_median(house):
    found = answer_times(Receipt.objects.all())
    assert {(one.answers, one.days) for one in found.values()} == {(0, None)}


def test_list_goes_on_behind_the_fiftieth_filing_in_every_order(house):
    first = story.accepted(house)
    Filing.objects.bulk_create(
        Filing(
            tenant=house.tenant,
            pip=house.pip,
            reference=f"FIL-2025-{number:04d}",
            kind="change",
            state="withdrawn",
            follows=first,
            arose_on=story.TODAY,
            obligation=first.obligation,
            opened_at=first.opened_at,
        )
        for number in range(1, 56)
    )
    client = house.client("officer")
    for sort in ("-reference", "due", "state"):
        page = client.get(house.url(f"filings/?sort={sort}"))
        seen = [line["filing"].reference for line in page.context["lines"]]
        older = page.context["list"].older
        rest = client.get(house.url(f"filings/?sort={sort}&{older}")).context["lines"]
        seen += [line["filing"].reference for line in rest]
        assert len(seen) == len(set(seen)) == 56
