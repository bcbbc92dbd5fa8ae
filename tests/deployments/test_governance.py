"""What a PIP proves of itself, its systems under MLPS, and the facts that decide which duties it has."""

from datetime import date

import pytest
from django.forms import ValidationError

from deployments import services, standing
from deployments.models import GovernanceRecord, MlpsSystem
from deployments.versions import version_of
from deployments.views.governance import kinds_of_pip
from portal.law.enums import GOVERNANCE_KINDS, OF_SITE
from portal.tenancy.models import Pip
from tests import build
from tests.deployments import registers
from tests.deployments.test_pages import text_of, url

TODAY = date(2026, 10, 12)


@pytest.fixture(autouse=True)
def own_vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


def record(house, role="officer"):
    return house.client(role).get(url(house, f"pips/{house.pip.uscc}/governance/"))


def line(page, kind):
    return next(one for one in page.context["lines"] if one.kind == kind)


def test_page_has_every_kind_of_the_pip_and_none_of_a_site(house):
    page = record(house)
    assert [one.kind for one in page.context["lines"]] == [kind for kind in GOVERNANCE_KINDS if kind not in OF_SITE]
    assert not OF_SITE & set(kinds_of_pip())
    assert "PIPL Art 51" in text_of(page) and "PIPL Art 54" in text_of(page)


def test_kinds_are_asked_where_the_law_asks(house):
    page = record(house)
    states = {one.kind: one.state for one in page.context["lines"]}
    assert states["internal_rules"] == "missing" and states["log_retention"] == "missing"
    for kind in ("officer_appointment", "officer_report", "minors_audit", "cii_protection"):
        assert states[kind] == "not_required", kind
    Pip.objects.update(is_cii=True, total_pi_persons=1_000_000)
    build.scenario(house.pip, subject_groups=["students", "aged_14_17"])
    assert {one.state for one in record(house).context["lines"]} == {"missing"}


def test_newest_proof_of_each_kind_counts_and_the_former_stay_readable(house):
    registers.proof(house.pip, "audit", date(2024, 5, 1), reference="OLD-1")
    registers.proof(house.pip, "audit", date(2026, 5, 1), valid_until=date(2028, 4, 30))
    page = record(house)
    found = line(page, "audit")
    assert (found.newest.done_on, found.until, found.state) == (date(2026, 5, 1), date(2028, 4, 30), "proved")
    assert "OLD-1" in text_of(page)


@pytest.mark.parametrize(
    ("kind", "done_on", "valid_until", "state"),
    [
        ("audit", date(2020, 1, 1), None, "proved"),  # the law fixes no interval below ten million persons
        ("audit", date(2025, 1, 1), date(2026, 10, 11), "expired"),
        ("internal_rules", date(2025, 10, 12), None, "proved"),  # a year ago today (portal default)
        ("internal_rules", date(2025, 10, 11), None, "expired"),
        ("internal_rules", date(2025, 1, 1), date(2027, 1, 1), "proved"),
    ],
)
def test_proof_holds_as_long_as_it_says_and_rules_for_a_year_by_default(kind, done_on, valid_until, state):
    proof = GovernanceRecord(kind=kind, done_on=done_on, valid_until=valid_until)
    assert standing.of_proof(proof, standing.holds_until(proof), TODAY, is_asked=True) == state


def test_minors_report_holds_until_the_next_years_is_due():
    proof = GovernanceRecord(kind="minors_audit", done_on=date(2026, 1, 20), year=2025)
    assert standing.holds_until(proof) == date(2027, 1, 31)


def test_audit_holds_two_years_above_ten_million_persons():
    proof = GovernanceRecord(kind="audit", done_on=date(2024, 10, 1))
    assert standing.holds_until(proof, 10_000_000) is None
    assert standing.holds_until(proof, 10_000_001) == date(2026, 10, 1)


def test_proof_is_recorded_with_its_file_and_a_second_click_records_nothing(house):
    client, address = house.client("officer"), url(house, f"pips/{house.pip.uscc}/governance/internal_rules/new/")
    assert "portal default, not law" in text_of(client.get(address))
    values = {"done_on": "2026-10-01", "reference": "R-1", "version": "none"}
    bare = client.post(address, values)
    assert bare.status_code == 422 and not GovernanceRecord.objects.exists()
    assert client.post(address, values | {"proof": registers.pdf("rules.pdf")}).status_code == 302
    again = client.post(address, values | {"proof": registers.pdf("rules.pdf")})
    assert again.status_code == 409
    made = GovernanceRecord.objects.get()
    assert (made.evidence.name, made.recorded_by) == ("rules.pdf", house.people["officer"])
    assert "rules.pdf" in text_of(record(house))


def test_minors_audit_says_for_which_year(house):
    page = house.client("officer").get(url(house, f"pips/{house.pip.uscc}/governance/minors_audit/new/"))
    assert 'name="year" value="2025"' in page.content.decode()
    with pytest.raises(ValidationError, match="for which year"):
        services.record_proof(house.pip, kind="minors_audit", by=None, today=TODAY, done_on=TODAY)


def test_proof_that_ends_before_it_was_done_is_refused(house):
    answer = house.client("officer").post(
        url(house, f"pips/{house.pip.uscc}/governance/audit/new/"),
        {"done_on": "2026-10-01", "valid_until": "2026-09-30", "version": "none", "proof": registers.pdf()},
    )
    assert answer.status_code == 422 and "before it was done" in text_of(answer)
    assert "Choose this file again" in text_of(answer)


@pytest.mark.parametrize("kind", ["video_post", "video_viewing", "magic"])
def test_kind_of_a_site_or_of_nothing_is_not_found_here(house, kind):
    client = house.client("officer")
    assert client.get(url(house, f"pips/{house.pip.uscc}/governance/{kind}/new/")).status_code == 404


def test_mlps_system_is_listed_edited_and_not_overwritten_by_a_stale_tab(house):
    system = registers.mlps(house.pip, level=3, record_number="123")
    page = record(house)
    assert "Recognition platform" in text_of(page) and "Compare it with the certificate" in text_of(page)
    client, version = house.client("officer"), version_of(system)
    values = {"name": "Recognition platform", "level": "2", "version": version}
    assert client.post(url(house, f"mlps/{system.pk}/edit/"), values).status_code == 302
    stale = client.post(url(house, f"mlps/{system.pk}/edit/"), values | {"level": "4"})
    assert stale.status_code == 409 and MlpsSystem.objects.get().level == 2


def test_second_click_adds_no_second_system(house):
    client, address = house.client("officer"), url(house, f"pips/{house.pip.uscc}/mlps/new/")
    answers = [client.post(address, {"name": "Platform", "level": "3"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 422]
    assert "a system with this name already" in text_of(answers[1])


def test_facts_that_decide_the_duties_are_given_on_the_pip_with_their_articles(house):
    client, address = house.client("officer"), url(house, f"pips/{house.pip.uscc}/edit/")
    page = text_of(client.get(address))
    assert "this is your own target" in page and "CII Regulations" in page and "PIPL Art 52" in page
    stored = Pip.objects.get()
    values = {
        "province": stored.province,
        "organisation_type": stored.organisation_type,
        "total_pi_persons": "1200000",
        "million_reached_on": "2026-09-01",
        "is_cii": "on",
        "reply_days": "",
        "version": version_of(stored),
    }
    assert client.post(address, values).status_code == 302
    stored.refresh_from_db()
    assert (stored.total_pi_persons, stored.is_cii, stored.reply_days) == (1_200_000, True, 15)
    assert "1,200,000" in text_of(record(house))


@pytest.mark.parametrize("role", ["auditor", "reviewer"])
def test_reader_sees_the_proofs_without_controls(house, role):
    registers.proof(house.pip)
    registers.mlps(house.pip)
    page = record(house, role)
    assert page.status_code == 200
    for control in ("/new/", "/edit/"):
        assert control not in page.content.decode()
    denied = house.client(role).post(url(house, f"pips/{house.pip.uscc}/governance/audit/new/"), {})
    assert denied.status_code == 403
    assert url(house, f"pips/{house.pip.uscc}/governance/") in (
        house.client(role).get(url(house, f"pips/{house.pip.uscc}/")).content.decode()
    )
