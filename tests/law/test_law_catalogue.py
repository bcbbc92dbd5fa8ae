"""The nineteen uses of LAW.md 5.7, screened as they usually are: what the law asks of each. A lawyer can read this."""

import pytest

from portal.law.catalogue import CATALOGUE
from portal.law.engine import RULES
from portal.law.enums import FUNCTIONS, LEGAL_BASES, SUBJECT_GROUPS, VIDEO_CATEGORIES
from portal.law.questions import PLACES, STORAGES
from portal.law.screening import screen
from portal.law.workdays import Workdays

# What each word of the table stands for: the ids of the rules that ask it.
ASKED = {
    # FRM Arts 2, 4, 5, 8, 9, 10, 12, 14 and PIPL Art 13: of every use to which the Measures apply.
    "measures": (
        *("frm-02-scope", "frm-04-purpose", "pipl-13-legal-basis", "frm-05-notice", "frm-08-storage"),
        *("frm-08-retention", "frm-09-pipia-before-use", "frm-10-alternative", "frm-12-no-coercion"),
        "frm-14-protection",
    ),
    # The Measures don't apply: the decision, its yearly check, and what the PIPL asks all the same.
    "outside": ("frm-02-scope", "default-scope-recheck", "pipl-13-legal-basis"),
    # FRM Art 6: separate consent, and a way to take it back.
    "consent": ("frm-06-separate-consent", "frm-06-withdrawal-path"),
    # FRM Art 7: where consent is the basis, that of the guardian; on any basis rules for children.
    "guardian": ("frm-07-guardian-consent",),
    "children": ("frm-07-children-rules",),
    # Regulations on the Network Protection of Minors Art 37: under 18.
    "minors": ("minors-37-audit",),
    # FRM Art 11, a recommendation: the national population database and identity service, where FR verifies.
    "id-service": ("frm-11-id-service",),
    # FRM Art 13: necessity for public security, capture area, sign. PIPL Art 26: for public security only.
    "public": ("frm-13-necessity", "frm-13-capture-area", "frm-13-sign"),
    "purpose-lock": ("pipl-26-purpose-lock",),
    # Video Regulations Arts 10, 21 at every public place; Arts 14, 16, 17 at those of Art 7 only.
    "video": ("video-10-secret-unit", "video-21-viewing"),
    "video-7": ("video-14-police-filing", "video-16-posts", "video-17-retention"),
    # Of the PIP itself, whatever it uses FR for: internal rules, audits, network logs.
    "pip": ("pipl-51-internal-rules", "pipl-54-audit", "csl-23-logs"),
}

TABLE = {
    "residential_gate": "measures consent guardian children minors                                pip",
    "hotel_check_in": "measures consent                          id-service public purpose-lock video pip",
    "gym_entry": "measures consent                                     public purpose-lock video pip",
    "office_access": "measures consent                                                           pip",
    "attendance": "measures                                                                      pip",
    "visitor_registration": "measures consent                   id-service                       pip",
    "retail_member": "measures consent                                 public purpose-lock video video-7 pip",
    "retail_loss_prevention": "measures                                public purpose-lock video video-7 pip",
    "school_gate": "measures consent guardian children minors          public purpose-lock video video-7 pip",
    "classroom_attention": "outside                   minors                 purpose-lock video video-7 pip",
    "examination": "measures                                id-service public purpose-lock video video-7 pip",
    "bank_account": "measures                               id-service public purpose-lock video         pip",
    "payment": "measures consent                            id-service public purpose-lock video         pip",
    "app_login": "measures consent                          id-service                                   pip",
    "hospital": "measures consent guardian children minors  id-service public purpose-lock video video-7 pip",
    "boarding": "measures                                   id-service public purpose-lock video video-7 pip",
    "scenic_spot": "measures consent guardian children minors          public purpose-lock video video-7 pip",
    "construction_site": "measures                                                                       pip",
    "public_security_search": "measures                                public purpose-lock video video-7 pip",
}


def duties_of(key: str) -> set[str]:
    entry = CATALOGUE[key]
    return set(screen(entry.answers(), Workdays.official(), entry.known()).duties)


@pytest.mark.parametrize("key", TABLE)
def test_duties_of_the_use(key):
    expected = {rule for word in TABLE[key].split() for rule in ASKED[word]}
    assert duties_of(key) == expected


def test_each_of_the_nineteen_uses_has_its_row():
    assert list(TABLE) == list(CATALOGUE) and len(CATALOGUE) == 19


def test_words_of_the_table_are_rules():
    assert {rule for rules in ASKED.values() for rule in rules} <= {rule.id for rule in RULES}


@pytest.mark.parametrize("key", CATALOGUE)
def test_starting_point_speaks_the_registers_codes(key):
    entry = CATALOGUE[key]
    assert key == entry.key and len(key) <= 30
    assert entry.function in FUNCTIONS and entry.place_type in PLACES and entry.storage in STORAGES
    assert set(entry.bases) <= LEGAL_BASES.keys() and set(entry.groups) <= SUBJECT_GROUPS.keys()
    assert entry.video_category in VIDEO_CATEGORIES or not entry.video_category


@pytest.mark.parametrize("key", CATALOGUE)
def test_starting_point_names_its_traps_in_both_languages(key):
    entry = CATALOGUE[key]
    assert entry.traps
    for trap in entry.traps:
        assert trap.text.en and trap.text.zh
        assert bool(trap.cites) == (trap.layer == "law"), trap.text.en
