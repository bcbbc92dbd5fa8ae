"""PIPL 20, 21, 23, 38, 39: contracts, return at the end, transfer abroad."""

from portal.law.facts import ConsentFacts, EngagementFacts
from tests.law.tables import ENDED, LIVE, REVIEW, asked, day, scenario, table, told

CONTRACTS, RETURN, ABROAD = "pipl-21-contracts", "pipl-21-return", "pipl-38-cross-border"
RND = {"in_scope": False, "scope": "out_rnd"}
OUTSIDE = {"in_scope": False, "scope": "out_not_china"}
SIGNED = {"contract_on": day("2026-02-01")}
WATCHED = SIGNED | {"supervised_on": day("2026-06-01")}


def party(vendor="Cloudy", role="entrusted", **more):
    return {"engagements": (EngagementFacts(vendor, role, **more),)}


def both(one, other):
    return {"engagements": one["engagements"] + other["engagements"]}


@table(
    ("nobody else takes part", LIVE, None),
    ("a supplier without access", party(role="supplier"), None),
    ("entrusted, no contract", party(), "open", {"is_critical": False, "says": "Cloudy (entrusted processor)."}),
    ("entrusted, no contract, live", LIVE | party(), "open", {"is_critical": False, "arose_on": "2026-03-01"}),
    (
        "one of two",
        both(party(**SIGNED), party("Shady", "recipient")),
        "open",
        {"says": "contract: Shady (recipient)."},
    ),
    ("signed, planned", party(**SIGNED), "met", {"met_on": "2026-02-01"}),
    ("signed, live, never supervised", LIVE | party(**SIGNED), "open", {"says": "Never supervised: Cloudy"}),
    ("signed and supervised", LIVE | party(**WATCHED), "met"),
    ("a joint processor is no servant", LIVE | party(role="joint", **SIGNED), "met"),
    ("the contract runs on", LIVE | party(**WATCHED, contract_ends_on=day("2026-10-12")), "met"),
    (
        "the contract has run out",
        LIVE | party(**WATCHED, contract_ends_on=day("2026-10-11")),
        "open",
        {"says": "run out"},
    ),
    ("their part has ended", LIVE | party(ended_on=day("2026-05-01")), None),
    ("R&D: the PIPL stays", RND | party(), "open"),
    ("abroad: no PIPL", OUTSIDE | party(), None),
    ("the scenario ended", ENDED | party(), "not_required", REVIEW),
)
def test_contracts(facts, expected):
    assert told(asked(scenario(**facts), CONTRACTS, day("2026-10-12")), expected) == expected


def test_a_contract_of_tomorrow_is_none_today():
    facts = scenario(**party(**SIGNED))
    assert asked(facts, CONTRACTS, day("2026-01-31")).state == "open"


OVER = {"ended_on": day("2026-05-01")}


@table(
    ("still entrusted", party(**SIGNED), None),
    ("a recipient", party(role="recipient", **OVER), None),
    (
        "ended, nothing proved",
        LIVE | party(**OVER),
        "open",
        {"arose_on": "2026-05-01", "due": None, "is_critical": False},
    ),
    ("ended, returned", LIVE | party(**OVER, returned_on=day("2026-05-20")), "met", {"met_on": "2026-05-20"}),
    (
        "one of two",
        both(party(**OVER, returned_on=day("2026-05-20")), party("Shady", **OVER)),
        "open",
        {"says": "Ended: Shady (entrusted processor). Since 1 May 2026"},
    ),
    ("the scenario ended too", ENDED | party(**OVER), "open"),
    ("R&D: the PIPL stays", RND | party(**OVER), "open"),
    ("abroad: no PIPL", OUTSIDE | party(**OVER), None),
)
def test_return_at_the_end(facts, expected):
    assert told(asked(scenario(**facts), RETURN), expected) == expected


SENT = {"cross_border": True, "legal_basis": "contract"}
FILED = {"cross_border_mechanism": "contract", "cross_border_number": "SCC-2026-7"}
EXEMPT = {"cross_border_mechanism": "exempt"}
ON_CONSENT = {"cross_border": True, "legal_basis": "consent"}
AGREED = {"consent": ConsentFacts(covers_cross_border=True)}


@table(
    ("nothing goes abroad", LIVE, None),
    ("no mechanism", SENT, "open", {"is_critical": False, "says": "without: a mechanism."}),
    ("no mechanism, live", SENT | LIVE, "open", {"arose_on": "2026-03-01"}),
    (
        "a mechanism without its number",
        SENT | FILED | {"cross_border_number": ""},
        "open",
        {"says": "without: the number of the mechanism."},
    ),
    ("filed", SENT | FILED, "met", {"says": "Standard contract, filed: SCC-2026-7."}),
    ("on consent, without separate consent", ON_CONSENT | FILED, "open", {"says": "without: separate consent."}),
    ("on consent, with separate consent", ON_CONSENT | FILED | AGREED, "met"),
    ("exempt", SENT | EXEMPT, "not_required", {"says": "NDR Art 35"}),
    (
        "exempt, on consent without separate consent",
        ON_CONSENT | EXEMPT,
        "open",
        {"says": "without: separate consent."},
    ),
    ("a vendor abroad", party(is_overseas=True, **SIGNED), "open", {"says": "Abroad: Cloudy"}),
    ("a vendor abroad without access", party(role="supplier", is_overseas=True), None),
    ("R&D: the PIPL stays", RND | SENT, "open"),
    ("abroad altogether: no PIPL", OUTSIDE | SENT, None),
    ("ended", SENT | ENDED, "not_required", REVIEW),
)
def test_transfer_abroad(facts, expected):
    assert told(asked(scenario(**facts), ABROAD), expected) == expected
