"""FRM Art 5: the notice, its changes, and persons who need it barrier-free."""

from portal.law.facts import NoticeFacts
from tests.law.tables import ENDED, LIVE, REVIEW, asked, day, deployment, scenario, table, told

NOTICE, CHANGE, BARRIER_FREE = "frm-05-notice", "frm-05-notice-change", "frm-05-barrier-free"
OUT = {"in_scope": False, "scope": "out_rnd"}


def notice(on="2026-02-20", **more):
    return {"notice": NoticeFacts(published_on=day(on), **more)}


@table(
    ("out of scope", OUT, None),
    ("planned, none published", {}, "open", {"is_critical": False, "says": "No notice is published."}),
    ("live, none published", LIVE, "open", {"is_critical": True, "arose_on": "2026-03-01", "due": None}),
    ("a draft", LIVE | {"notice": NoticeFacts()}, "open", {"is_critical": True}),
    (
        "published with empty items",
        LIVE | notice(missing=("rights", "retention")),
        "open",
        {"is_critical": True, "says": "lacks: How to exercise rights, and the procedure, Retention period"},
    ),
    ("published", LIVE | notice(), "met", {"met_on": "2026-02-20", "says": "No proof of showing is kept."}),
    (
        "published and shown",
        LIVE | notice(shown_on=day("2026-02-21")),
        "met",
        {"says": "It has been shown since 21 February"},
    ),
    ("published late", LIVE | notice("2026-03-13"), "met", {"says": "12 days after processing began on 1 March 2026"}),
    (
        "a new version of a notice that was in time",
        LIVE | notice("2026-05-05", first_published_on=day("2026-02-20")),
        "met",
        {"met_on": "2026-02-20", "says": "A notice has been published since 20 February 2026. No proof"},
    ),
    (
        "secrecy",
        LIVE | {"notice_exemption": "secrecy"},
        "not_required",
        {"needs_review": False, "says": "PIPL Art 18"},
    ),
    (
        "emergency",
        LIVE | {"notice_exemption": "emergency"},
        "not_required",
        {"needs_review": True, "says": "promptly"},
    ),
    ("exempt and published all the same", LIVE | notice() | {"notice_exemption": "secrecy"}, "met"),
    ("ended, never published", ENDED, "not_required", REVIEW),
)
def test_people_are_told_before(facts, expected):
    assert told(asked(scenario(**facts), NOTICE), expected) == expected


def test_in_a_residential_area_the_portal_wants_it_shown_on_the_spot():
    home = deployment(of=notice(), place_type="residential")
    assert "Portal default" in asked(home, NOTICE).why.en
    assert "Portal default" not in asked(deployment(of=notice(), place_type="internal"), NOTICE).why.en
    shown = deployment(of=notice(shown_on=day("2026-02-21")), place_type="residential")
    assert "Portal default" not in asked(shown, NOTICE).why.en


def test_a_notice_published_later_was_missing_before():
    facts = scenario(**LIVE, **notice("2026-03-13"))
    assert asked(facts, NOTICE, day("2026-03-12")).is_critical
    assert asked(facts, NOTICE, day("2026-03-13")).state == "met"


def test_before_the_new_version_the_first_one_stood():
    facts = scenario(**LIVE, **notice("2026-05-05", first_published_on=day("2026-03-10"), missing=("rights",)))
    assert asked(facts, NOTICE, day("2026-03-09")).state == "open"
    assert asked(facts, NOTICE, day("2026-04-01")).state == "met"
    assert asked(facts, NOTICE, day("2026-05-05")).state == "open"


CHANGED = notice(outdated=("purpose", "retention"), outdated_since=day("2026-06-01"))


@table(
    ("out of scope", OUT | CHANGED, None),
    ("no notice yet", LIVE, None),
    ("nothing changed", LIVE | notice(), "met", {"met_on": "2026-02-20"}),
    (
        "changed since",
        LIVE | CHANGED,
        "open",
        {"arose_on": "2026-06-01", "is_critical": False, "says": "on 1 June 2026: purpose, retention period."},
    ),
    (
        "changed, the day isn't known",
        LIVE | notice(outdated=("purpose",)),
        "open",
        {"says": "is of 20 February 2026. Changed since: purpose."},
    ),
    ("changed before it went live", CHANGED, "open"),
    ("told again", LIVE | notice("2026-06-02"), "met", {"met_on": "2026-06-02"}),
    ("exempt", LIVE | CHANGED | {"notice_exemption": "secrecy"}, "not_required"),
    ("ended", ENDED | CHANGED, "not_required", REVIEW),
)
def test_changes_are_told(facts, expected):
    assert told(asked(scenario(**facts), CHANGE), expected) == expected


def test_before_the_change_the_notice_was_right():
    facts = scenario(**LIVE, **CHANGED)
    assert asked(facts, CHANGE, day("2026-05-31")).state == "met"
    assert asked(facts, CHANGE, day("2026-06-01")).state == "open"


OLD = {"subjects": frozenset({"elderly", "residents"})}


@table(
    ("out of scope", OUT | OLD, None),
    ("no such persons", {"subjects": frozenset({"employees"})}, None),
    ("older persons, no notice", OLD, "open", {"says": "Older persons"}),
    ("persons with disabilities, a plain notice", {"subjects": frozenset({"disabled"})} | notice(), "open"),
    ("live", OLD | LIVE, "open", {"is_critical": False}),
    ("barrier-free", OLD | notice(is_accessible=True), "met", {"met_on": "2026-02-20"}),
    ("ended", OLD | ENDED, "not_required", REVIEW),
)
def test_barrier_free(facts, expected):
    assert told(asked(scenario(**facts), BARRIER_FREE), expected) == expected
