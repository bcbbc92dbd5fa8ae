"""The pages of a joint filing: who may be covered, by which dossier, and what the member's own pages say."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from filings import services
from filings.matching import FACTS
from filings.models import Filing
from portal.accounts.models import User
from portal.accounts.services import add_member, create_team
from tests import build
from tests.filings import joint, story
from tests.filings.story import TODAY


@pytest.fixture
def draft(house) -> Filing:
    return story.complete(house, before=joint.stated)


def members_url(house, filing: Filing) -> str:
    return house.url(f"filings/{filing.reference}/members/")


def posted(house, filing: Filing, *uses, **more):
    data = {"uses": [use.pk for use in uses], "agreed_on": TODAY.isoformat(), "agreed_how": joint.WORD} | more
    return house.client("officer").post(members_url(house, filing), data)


def test_only_uses_that_are_the_same_are_offered(house, draft):
    like = draft.covered.get().scenario
    use = joint.use_like(joint.affiliate(house), like)
    other = joint.use_like(joint.affiliate(house, 2, name="南部机场"), like)
    type(other).objects.filter(pk=other.pk).update(necessity="别的理由")
    page = house.client("officer").get(members_url(house, draft)).content.decode()
    assert f"{use.pip.name} · {use.name} (same as {like.name})" in page
    assert other.pip.name not in page


def test_page_says_where_differences_are_shown_when_nothing_is_the_same(house, draft):
    page = house.client("officer").get(members_url(house, draft)).content.decode()
    assert "No use of another PIP is the same" in page and house.url("filings/together/") in page


def test_members_join_with_the_authoritys_word_and_stand_on_the_dossier(house, draft):
    like = draft.covered.get().scenario
    use = joint.use_like(joint.affiliate(house), like)
    refused = posted(house, draft, use, agreed_how="")
    assert refused.status_code == 422 and not draft.joint_uses.exists()
    answer = posted(house, draft, use, proof=story.upload("letter.pdf"))
    assert answer.status_code == 302
    page = house.client("auditor").get(house.url(f"filings/{draft.reference}/")).content.decode()
    assert use.pip.name in page and joint.WORD in page and "1 member · 120,000 persons" in page
    assert "/members/" not in page  # an auditor is offered nothing to press
    assert f"members/{use.pip_id}/out/" in house.client("officer").get(draft.get_absolute_url()).content.decode()


def test_use_that_was_changed_since_the_page_was_opened_is_refused(house, draft):
    use = joint.use_like(joint.affiliate(house), draft.covered.get().scenario)
    type(use).objects.filter(pk=use.pk).update(purpose="别的目的")
    assert posted(house, draft, use).status_code == 422
    assert not draft.joint_uses.exists()


def test_member_joins_what_stands_by_a_change_that_says_so(house):
    filing, first = joint.accepted(house)
    use = joint.use_like(joint.affiliate(house, 2, name="南部机场"), filing.covered.get().scenario)
    assert posted(house, filing, use).status_code == 302
    made = Filing.objects.get(follows=filing)
    page = house.client("officer").get(made.get_absolute_url()).content.decode()
    assert "Member of the joint filing" in page and "not covered" in page
    assert {row.pip.name for row in made.joint_uses.all()} == {"南部机场", first.pip.name}
    table = house.client("officer").get(house.url(f"filings/{made.reference}/preview/change-table/"))
    assert table.status_code == 200


def test_leaving_a_member_out_takes_a_press_and_is_refused_while_its_use_goes_on(house):
    filing, use = joint.accepted(house)
    url = house.url(f"filings/{filing.reference}/members/{use.pip_id}/out/")
    assert house.client("officer").get(url).status_code == 302
    answer = house.client("officer").post(url)
    assert answer.status_code == 409 and "nothing would cover it" in answer.content.decode()
    assert house.client("officer").post(url.replace(str(use.pip_id), "999999")).status_code == 404


def test_members_own_pages_name_the_filing_and_who_leads_it(house):
    filing, use = joint.accepted(house)
    place = use.deployments.get()
    for address in (use.pip.get_absolute_url(), place.get_absolute_url()):
        page = house.client("officer").get(address).content.decode()
        assert f"Joint filing of {filing.pip.name}" in page and "京备2026-0007" in page


def test_who_sees_the_member_only_is_not_led_to_the_leaders_pages(house):
    filing, use = joint.accepted(house)
    with house.acting("owner"):
        house.people["west"] = User.objects.create_user("west@acme.example", name="West", language="en")
        add_member(house.people["west"], create_team("West", "officer", pips=[use.pip]))
    page = house.client("west").get(use.pip.get_absolute_url()).content.decode()
    assert filing.reference in page and filing.get_absolute_url() not in page


def test_change_of_a_member_is_filed_by_the_leader(house):
    filing, use = joint.accepted(house)
    answer = house.client("officer").get(house.url(f"filings/open-change/{use.pip.uscc}/"))
    assert answer.headers["Location"].endswith(f"open-change/{filing.pip.uscc}/")


def test_group_page_offers_the_filing_that_could_cover_the_others(house, draft):
    use = joint.use_like(joint.affiliate(house), draft.covered.get().scenario)
    page = house.client("officer").get(house.url("filings/together/")).content.decode()
    assert f"Cover the others by {draft.reference}" in page
    joint.take_in(draft, use, draft.covered.get().scenario, house)
    page = house.client("officer").get(house.url("filings/together/")).content.decode()
    assert f"Joint filing of {draft.pip.name}" in page


def queries(house, filing: Filing) -> int:
    client = house.client("officer")
    client.get(filing.get_absolute_url())
    with CaptureQueriesContext(connection) as seen:
        assert client.get(filing.get_absolute_url()).status_code == 200
    return len(seen)


def test_queries_of_a_dossier_do_not_grow_with_a_members_uses(house, draft):
    like = draft.covered.get().scenario
    pip = joint.affiliate(house)
    joint.take_in(draft, joint.use_like(pip, like), like, house)
    few = queries(house, draft)
    for number in range(5):
        facts = {fact: getattr(like, fact) for fact in FACTS}
        joint.take_in(draft, build.scenario(pip, f"MORE{number}", **facts), like, house)
    assert queries(house, draft) == few


def test_dossier_of_a_member_follows_the_joint_one_to_its_submission(house):
    filing, use = joint.joined(house)
    services.freeze(filing, by=house.people["officer"], today=TODAY)
    page = house.client("officer").get(use.pip.get_absolute_url()).content.decode()
    assert filing.reference in page and "frozen" in page
