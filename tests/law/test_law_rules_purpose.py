"""FRM Art 4 and PIPL 13, 24: purpose and necessity, legal basis, automated decisions."""

import pytest

from portal.law.enums import LEGAL_BASES
from tests.law.tables import ENDED, LIVE, REVIEW, asked, scenario, table, told

PURPOSE, BASIS, DECISION = "frm-04-purpose", "pipl-13-legal-basis", "pipl-24-decision"
STATED = {"purpose": "entry of residents", "necessity": "lost cards", "rejected_ways": "card: lent to others"}
OUT = {"in_scope": False, "scope": "out_rnd"}
ABROAD = {"in_scope": False, "scope": "out_not_china"}


@table(
    ("out of scope", OUT, None),
    ("nothing stated", {}, "open", {"is_critical": False, "says": "specific purpose, why FR is necessary, which"}),
    ("live, nothing stated", LIVE, "open", {"is_critical": False, "arose_on": "2026-03-01"}),
    ("no other way compared", STATED | {"rejected_ways": ""}, "open", {"says": "Not stated: which other ways"}),
    ("stated", STATED, "met", {"due": None}),
    ("stated and live", STATED | LIVE, "met", {"arose_on": "2026-03-01"}),
    ("ended, never stated", ENDED, "not_required", REVIEW),
)
def test_purpose_and_necessity(facts, expected):
    assert told(asked(scenario(**facts), PURPOSE), expected) == expected


@table(
    ("not named", {}, "open", {"says": "No legal basis is named."}),
    ("not one of the seven", {"legal_basis": "legitimate_interest"}, "open"),
    ("named without a reason", {"legal_basis": "contract"}, "open", {"says": "lawful HR management, but not why"}),
    ("named with its reason", {"legal_basis": "contract", "legal_basis_reason": "work contract"}, "met"),
    ("R&D: the PIPL stays", OUT, "open"),
    ("abroad: no PIPL", ABROAD, None),
    ("ended, never named", ENDED, "not_required", REVIEW),
)
def test_legal_basis(facts, expected):
    assert told(asked(scenario(**facts), BASIS), expected) == expected


@pytest.mark.parametrize("basis", LEGAL_BASES)
def test_each_of_the_seven_bases_meets_the_duty(basis):
    duty = asked(scenario(legal_basis=basis, legal_basis_reason="because"), BASIS)
    assert (duty.state, LEGAL_BASES[basis].zh in duty.why.zh) == ("met", True)


AUTOMATED = {"automated_decision": True}


@table(
    ("a person decides", {}, None),
    ("FR decides, nothing is ready", AUTOMATED, "open", {"is_critical": False}),
    ("FR decides, explained", AUTOMATED | {"decision_explanation": "the gate opens on a match"}, "met"),
    ("R&D: the PIPL stays", AUTOMATED | OUT, "open"),
    ("abroad: no PIPL", AUTOMATED | ABROAD, None),
    ("ended", AUTOMATED | ENDED, "not_required", REVIEW),
)
def test_automated_decisions(facts, expected):
    assert told(asked(scenario(**facts), DECISION), expected) == expected
