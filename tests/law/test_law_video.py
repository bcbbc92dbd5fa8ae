"""Public-security video systems of sites. A case a line."""

from datetime import date

from portal.law.facts import CaseFacts, DeploymentFacts, GovernanceFacts, PipFacts, SiteFacts
from tests.law.tables import asked, day, table, told

DAYS = ("video_in_use_on", "police_filed_on", "police_change_on", "secret_unit_consent_on")


def site(category="P7-2", *proofs, pip=None, **facts):
    """A PIP with the site S1."""
    facts = {key: day(value) if key in DAYS else value for key, value in facts.items()}
    return PipFacts("U", sites=(SiteFacts("S1", video_category=category, **facts),), governance=proofs, **(pip or {}))


def proof(kind, done_on, of="S1", **more):
    return GovernanceFacts(kind, day(done_on), site=of, **more)


USED = {"video_in_use_on": "2026-08-31"}


@table(
    ("not near such a unit", site(near_secret_unit=False), None),
    ("no video system, nobody answered", site("none"), None),
    ("a video system, nobody answered", site("P9"), "open", {"needs_review": True, "remedy_says": "Answer"}),
    ("near, nothing in use yet", site("none", near_secret_unit=True), "open", {"is_critical": False, "due": None}),
    ("near and in use without consent", site(near_secret_unit=True, **USED), "open", {"is_critical": True}),
    (
        "near, the unit consented",
        site(near_secret_unit=True, secret_unit_consent_on="2026-08-03", **USED),
        "met",
        {"met_on": "2026-08-03"},
    ),
)
def test_consent_of_a_secret_unit(facts, expected):
    assert told(asked(facts, "video-10-secret-unit"), expected) == expected


AT_S1 = {"deployments": (DeploymentFacts("D1", "GATE", status="active", site="S1"),)}


@table(
    ("no public-security video system", site("none", **USED), None),
    ("nobody chose a category", site("", **USED), None),
    ("exempt: another public place of Art 9", site("P9", **USED), "not_required", {"says": "Art 9"}),
    ("planned", site(), None),
    ("devices in use, the day isn't known", site(pip=AT_S1), "open", {"due": None, "remedy_says": "Record the day"}),
    ("30 natural days", site(**USED), "open", {"due": "2026-09-30", "subject": "site:S1"}),
    (
        "the last day is a day of rest",
        site(video_in_use_on="2025-09-05"),
        "open",
        {"due": "2025-10-09", "safe": "2025-10-05"},
    ),
    (
        "a last day in a year without a notice",
        site(video_in_use_on="2026-12-02"),
        "open",
        {"due": "2027-01-04", "provisional": True},
    ),
    ("on the day the Regulations came into force", site(video_in_use_on="2025-04-01"), "open", {"due": "2025-05-06"}),
    (
        "overdue since 30 June 2025: in use before",
        site(video_in_use_on="2018-05-01"),
        "open",
        {"due": "2025-06-30", "arose_on": "2025-04-01"},
    ),
    ("filed", site(police_filed_on="2026-09-14", **USED), "met", {"met_on": "2026-09-14", "due": "2026-09-30"}),
    (
        "changed after it was filed",
        site(police_filed_on="2026-09-14", police_change_on="2026-09-20", **USED),
        "open",
        {"due": None, "arose_on": "2026-09-20", "says": "file the change promptly"},
    ),
    ("the change is filed", site(police_filed_on="2026-09-21", police_change_on="2026-09-20", **USED), "met", {}),
)
def test_filing_with_the_police(facts, expected):
    assert told(asked(facts, "video-14-police-filing"), expected) == expected


@table(
    ("no public-security video system", site("none"), None),
    ("exempt: another public place of Art 9", site("P9"), "not_required", {}),
    ("nothing on record", site(**USED), "open", {"arose_on": "2026-08-31", "due": None}),
    ("a proof of another site", site("P7A", proof("video_post", "2026-09-01", of="S2")), "open", {}),
    ("proved", site("P7A", proof("video_post", "2026-09-01")), "met", {"met_on": "2026-09-01"}),
    (
        "overdue: the proof ended",
        site("P7A", proof("video_post", "2025-08-01", valid_until=date(2026, 7, 31))),
        "open",
        {"due": "2026-07-31"},
    ),
)
def test_posts_of_the_video_system(facts, expected):
    assert told(asked(facts, "video-16-posts"), expected) == expected


@table(
    ("no public-security video system", site("none", video_retention_days=3), None),
    ("exempt: another public place of Art 9", site("P9", video_retention_days=3), "not_required", {}),
    ("not recorded", site(**USED), "open", {"is_critical": False}),
    ("29 days, planned", site(video_retention_days=29), "open", {"is_critical": False}),
    ("29 days, in use", site(video_retention_days=29, **USED), "open", {"is_critical": True, "says": "29 days"}),
    ("30 days", site(video_retention_days=30, **USED), "met", {}),
)
def test_how_long_video_is_kept(facts, expected):
    assert told(asked(facts, "video-17-retention"), expected) == expected


def request(**facts):
    return PipFacts("U", cases=(CaseFacts("CASE-1", "viewing", date(2026, 9, 4), **facts),))


@table(
    ("no public-security video system", site("none"), None),
    ("Art 9 isn't exempt here", site("P9"), "open", {"subject": "site:S1"}),
    ("rules on record", site("P9", proof("video_viewing", "2026-09-01")), "met", {"met_on": "2026-09-01"}),
    ("somebody asks to view", request(), "open", {"subject": "case:CASE-1", "due": None}),
    ("the request is answered", request(answered_on=date(2026, 9, 7)), "met", {"met_on": "2026-09-07"}),
)
def test_viewing_of_the_video(facts, expected):
    assert told(asked(facts, "video-21-viewing"), expected) == expected


def test_the_newest_proof_of_each_site_counts():
    facts = site(
        "P7A", proof("video_post", "2026-09-01"), proof("video_post", "2025-09-01", valid_until=date(2026, 8, 1))
    )
    assert asked(facts, "video-16-posts").state == "met"
