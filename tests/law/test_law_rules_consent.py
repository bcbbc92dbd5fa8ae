"""FRM Arts 6 and 7, PIPL 14: separate and written consent, its withdrawal, its renewal, and children under 14."""

from dataclasses import replace

from portal.law.facts import ConsentFacts
from tests.law.tables import ENDED, LIVE, REVIEW, asked, day, scenario, table, told

SEPARATE, WRITTEN, WITHDRAWAL = "frm-06-separate-consent", "frm-06-written-consent", "frm-06-withdrawal-path"
NEW, GUARDIAN, CHILDREN = "pipl-14-new-consent", "frm-07-guardian-consent", "frm-07-children-rules"
ASKED = {"legal_basis": "consent"}
GOOD = ConsentFacts(kinds=frozenset({"gesture", "look"}), is_separate=True, wording_on=day("2026-02-10"))
OUT = {"in_scope": False, "scope": "out_rnd"}
ABROAD = {"in_scope": False, "scope": "out_not_china"}


def consent(**change):
    return ASKED | {"consent": replace(GOOD, **change)}


@table(
    ("out of scope", OUT | ASKED, None),
    ("no basis named yet", LIVE, None),
    ("another basis", LIVE | {"legal_basis": "contract"}, None),
    ("planned, nothing set up", ASKED, "open", {"is_critical": False, "due": None}),
    ("live, nothing set up", ASKED | LIVE, "open", {"is_critical": True, "arose_on": "2026-03-01"}),
    (
        "bundled with other terms",
        consent(is_separate=False) | LIVE,
        "open",
        {"is_critical": True, "says": "apart from"},
    ),
    ("no wording", consent(wording_on=None) | LIVE, "open", {"is_critical": True, "says": "a wording in effect"}),
    ("merely entering the area", consent(kinds=frozenset()) | LIVE, "open", {"says": "an act by which people agree"}),
    (
        "set up",
        consent() | LIVE,
        "met",
        {"met_on": "2026-02-10", "says": "Makes a gesture or movement on being asked"},
    ),
    ("ended, never set up", ASKED | ENDED, "not_required", REVIEW),
)
def test_separate_consent(facts, expected):
    assert told(asked(scenario(**facts), SEPARATE), expected) == expected


def test_a_wording_of_tomorrow_is_no_consent_today():
    facts = scenario(**LIVE, **consent(wording_on=day("2026-04-01")))
    assert asked(facts, SEPARATE, day("2026-03-31")).is_critical
    assert asked(facts, SEPARATE, day("2026-04-01")).state == "met"


@table(
    ("no law asks for writing", consent(), None),
    ("another basis", {"legal_basis": "contract", "consent": replace(GOOD, needs_written=True)}, None),
    ("asked for, no form", consent(needs_written=True), "open", {"is_critical": False}),
    ("asked for, live", consent(needs_written=True) | LIVE, "open", {"arose_on": "2026-03-01"}),
    ("asked for, with its form", consent(needs_written=True, has_written_form=True), "met"),
    ("out of scope", OUT | consent(needs_written=True), None),
    ("ended", consent(needs_written=True) | ENDED, "not_required", REVIEW),
)
def test_written_consent(facts, expected):
    assert told(asked(scenario(**facts), WRITTEN), expected) == expected


@table(
    ("another basis", {"legal_basis": "contract"}, None),
    ("out of scope", OUT | ASKED, None),
    ("no way to withdraw", consent(), "open", {"is_critical": False}),
    ("no way to withdraw, live", consent() | LIVE, "open", {"arose_on": "2026-03-01"}),
    ("a way is set up", consent(has_withdrawal=True), "met"),
    ("ended", consent() | ENDED, "not_required", REVIEW),
)
def test_withdrawal_path(facts, expected):
    assert told(asked(scenario(**facts), WITHDRAWAL), expected) == expected


CHANGED = {"invalidated_by": ("purpose",), "invalidated_on": day("2026-07-01")}


@table(
    ("another basis", {"legal_basis": "contract", "consent": replace(GOOD, **CHANGED)}, None),
    ("no wording yet", ASKED, None),
    ("nothing changed", consent(), "met", {"met_on": "2026-02-10"}),
    (
        "the purpose changed",
        consent(**CHANGED) | LIVE,
        "open",
        {"arose_on": "2026-07-01", "says": "1 July 2026: purpose"},
    ),
    ("R&D: the PIPL stays", consent(**CHANGED) | OUT, "open"),
    ("abroad: no PIPL", consent(**CHANGED) | ABROAD, None),
    ("asked anew", consent(wording_on=day("2026-07-02")) | LIVE, "met", {"met_on": "2026-07-02"}),
    ("ended", consent(**CHANGED) | ENDED, "not_required", REVIEW),
)
def test_consent_is_asked_anew_after_a_change(facts, expected):
    assert told(asked(scenario(**facts), NEW), expected) == expected


def test_before_the_change_the_consent_held():
    facts = scenario(**LIVE, **consent(**CHANGED))
    assert asked(facts, NEW, day("2026-06-30")).state == "met"


YOUNG = {"subjects": frozenset({"students", "under_14"})}
FIRM = {"is_critical": True, "is_waivable": False}


@table(
    ("14 to 17 only", consent() | {"subjects": frozenset({"aged_14_17"})}, None),
    ("under 14, another basis", YOUNG | {"legal_basis": "statutory_duty"}, None),
    ("under 14, out of scope", OUT | consent() | YOUNG, None),
    ("under 14, planned", consent() | YOUNG, "open", {"is_critical": False, "is_waivable": False}),
    ("under 14, live", consent() | YOUNG | LIVE, "open", FIRM),
    ("under 14, nothing set up", ASKED | YOUNG | LIVE, "open", FIRM),
    ("guardians are asked", consent(has_guardian=True) | YOUNG | LIVE, "met", {"is_waivable": False}),
    ("ended", consent() | YOUNG | ENDED, "not_required", REVIEW),
)
def test_guardians_consent(facts, expected):
    assert told(asked(scenario(**facts), GUARDIAN), expected) == expected


@table(
    ("no child under 14", LIVE, None),
    ("out of scope", OUT | YOUNG, None),
    ("under 14, planned", YOUNG, "open", {"is_critical": False, "is_waivable": False}),
    ("under 14, live, whatever the basis", YOUNG | LIVE | {"legal_basis": "statutory_duty"}, "open", FIRM),
    ("rules are there", YOUNG | LIVE | {"children_rules_on": day("2026-02-01")}, "met", {"met_on": "2026-02-01"}),
    ("ended", YOUNG | ENDED, "not_required", REVIEW),
)
def test_childrens_rules(facts, expected):
    assert told(asked(scenario(**facts), CHILDREN), expected) == expected


def test_rules_of_tomorrow_are_no_rules_today():
    facts = scenario(**YOUNG, **LIVE, children_rules_on=day("2026-04-01"))
    assert asked(facts, CHILDREN, day("2026-03-31")).is_critical
