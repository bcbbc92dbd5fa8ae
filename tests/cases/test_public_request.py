"""The public pages: anybody sends a request, nothing about him is kept, and only the code opens the answer."""

import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.audit.models import AuditEvent
from portal.cases import services
from portal.cases.models import Case, CaseNote
from portal.cases.views import public
from portal.obligations.models import Obligation
from tests.deployments.test_pages import questions, text_of

WORDS = {"kind": "refusal", "asked": "I want to show my card instead", "place": "lane 3"}


@pytest.fixture
def address(gate):
    return f"/r/{gate.notices.get().code}/"


@pytest.fixture
def visitor():
    """A browser that is signed in nowhere and asks for English."""
    return Client(headers={"accept-language": "en"})


def token(page):
    """The token of a shown form."""
    return re.search(r'name="sending" value="([^"]+)"', page.content.decode()).group(1)


def send(visitor, address, **words):
    """Open the form and send it."""
    return visitor.post(address, WORDS | {"sending": token(visitor.get(address))} | words)


def ticket(page):
    """Reference and code as they are shown after sending."""
    return re.findall(r"<dd>([A-Z0-9-]+)</dd>", page.content.decode())[:2]


# Sending


def test_request_is_taken_in_as_public_and_names_its_ticket(house, gate, address, visitor):
    page = send(visitor, address)
    reference, code = ticket(page)
    case = Case.objects.get()
    assert (case.reference, case.channel, case.kind, case.scenario_id) == (reference, "public", "refusal", gate.pk)
    assert case.received_by is None
    assert re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", code)
    assert set(AuditEvent.objects.filter(verb="case.receive").values_list("actor", flat=True)) == {"public"}
    assert Obligation.objects.filter(subject=f"case:{reference}", rule="frm-10-refusal").exists()


def test_page_asks_for_no_name_no_number_and_no_picture(address, visitor):
    body = visitor.get(address).content.decode()
    assert set(re.findall(r'name="(\w+)"', body)) - {"viewport", "robots"} == {
        *("kind", "category", "asked", "place"),
        *("website", "sending"),
    }
    assert 'type="file"' not in body
    assert "<script" not in body


def test_only_cookie_is_the_form_s_own_and_limited_to_it(address, visitor):
    visitor.get(address)
    assert list(visitor.cookies) == ["request_form"]
    cookie = visitor.cookies["request_form"]
    assert (cookie["path"], cookie["samesite"], cookie["max-age"]) == (address, "Strict", "")
    assert cookie["httponly"]
    send(visitor, address)
    assert list(visitor.cookies) == ["request_form"]


def test_signed_in_reader_is_nobody_here(house, address):
    client = house.client("officer")
    page = client.get(address)
    assert "Officer" not in text_of(page)
    client.post(address, WORDS | {"sending": token(page)})
    assert Case.objects.get().received_by is None


@pytest.mark.parametrize("field", ["asked", "place"])
@pytest.mark.parametrize(
    "number", ["11010519491231002X", "１１０１０５ １９４９１２３１ ００２Ｘ", "13800138000", "+86 138-0013-8000"]
)
def test_number_of_a_person_is_refused_and_not_kept(address, visitor, field, number):
    page = send(visitor, address, **{field: f"I am {number}"})
    assert page.status_code == 422
    assert "Take it out" in text_of(page)
    assert not Case.objects.exists()
    assert not AuditEvent.objects.filter(verb="case.receive").exists()


def test_double_click_and_reload_make_one_case_with_the_same_code(address, visitor):
    data = WORDS | {"sending": token(visitor.get(address))}
    first, again = (ticket(visitor.post(address, data)) for _press in range(2))
    assert first == again
    assert Case.objects.count() == 1


def test_other_words_from_the_same_form_are_another_case(address, visitor):
    data = WORDS | {"sending": token(visitor.get(address))}
    visitor.post(address, data)
    visitor.post(address, data | {"asked": "and delete my face"})
    assert Case.objects.count() == 2


@pytest.mark.parametrize("sending", ["", "forged", "x" * 500])
def test_form_that_was_not_shown_to_this_browser_is_not_taken(address, visitor, sending):
    visitor.get(address)
    page = visitor.post(address, WORDS | {"sending": sending})
    assert page.status_code == 422
    assert "Send it once more" in text_of(page)
    assert not Case.objects.exists()
    # What was typed is still there, and the second press succeeds.
    assert WORDS["asked"] in page.content.decode()
    visitor.post(address, WORDS | {"sending": token(page)})
    assert Case.objects.count() == 1


def test_another_browser_s_form_is_not_taken(address, visitor):
    other = Client()
    page = visitor.post(address, WORDS | {"sending": token(other.get(address))})
    assert page.status_code == 422


def test_program_that_fills_every_field_is_asked_again(address, visitor):
    page = send(visitor, address, website="http://x.example")
    assert page.status_code == 422
    assert not Case.objects.exists()
    assert "x.example" not in page.content.decode()


def test_complaint_says_what_it_is_about(address, visitor):
    page = send(visitor, address, kind="complaint", asked="")
    assert "Choose what you complain about." in text_of(page)
    assert "Write what happened." in text_of(page)
    assert send(visitor, address, kind="complaint", category="coercion").status_code == 200


def test_authority_does_not_come_this_way(address, visitor):
    assert send(visitor, address, kind="inspection").status_code == 422


def test_one_address_sends_only_so_many_requests_in_an_hour(address, visitor):
    for number in range(public.MOST_SENT):
        assert send(visitor, address, asked=f"{number}").status_code == 200
    page = send(visitor, address, asked="once more")
    assert page.status_code == 429
    assert Case.objects.count() == public.MOST_SENT


@pytest.mark.parametrize("path", ["", "status/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_unknown_code_of_a_notice_leads_nowhere(db, visitor, path, method):
    assert getattr(visitor, method)(f"/r/{uuid.uuid4()}/{path}").status_code == 404


@pytest.mark.parametrize(("language", "word"), [("en", "Requests and complaints"), ("zh-hans", "zh-Hans")])
def test_page_speaks_the_language_that_is_asked_for(address, visitor, language, word):
    page = visitor.get(f"{address}?language={language}")
    assert word in page.content.decode()
    assert page.headers["Content-Language"] == language
    assert f'action="{address}?language={language}"' in page.content.decode()


def test_no_public_page_is_kept_by_a_proxy_or_a_browser(address, visitor):
    for page in (visitor.get(address), send(visitor, address), visitor.get(f"{address}status/")):
        assert "no-store" in page.headers["Cache-Control"]


def test_page_costs_three_questions_and_less_than_thirty_kilobytes(address, visitor):
    visitor.get(address)
    with CaptureQueriesContext(connection) as asked:
        page = visitor.get(address)
    assert len(questions(asked)) <= 3  # the door, the tenant, the notice
    assert len(page.content) < 30_000


# Reading the answer


def test_answer_is_read_with_reference_and_code(house, address, visitor, answer):
    reference, code = ticket(send(visitor, address))
    open_page = visitor.post(
        f"{address}status/", {"reference": reference.lower(), "code": code.lower().replace("-", " ")}
    )
    assert "Being worked on" in text_of(open_page)
    assert "2026-11-02" in text_of(open_page)  # fifteen working days
    case = Case.objects.get()
    by = house.people["officer"]
    services.note(case, by=by, text="for us only")
    services.note(case, by=by, text="come to counter 2", is_for_person=True)
    answer(case, other_way="card lane", answer="Show your card at lane 1.")
    page = text_of(visitor.post(f"{address}status/", {"reference": reference, "code": code}))
    for words in ("Show your card at lane 1.", "card lane", "come to counter 2", "2026-10-12"):
        assert words in page
    assert "for us only" not in page
    assert CaseNote.objects.filter(case=case).count() == 4


def test_wrong_code_wrong_reference_and_neither_are_answered_alike(address, visitor):
    reference, code = ticket(send(visitor, address))
    wrong = "2222-2222-2222"
    tries = [(reference, wrong), ("CAS-2026-9999", code), ("CAS-2026-9999", wrong), ("X" * 20, "Y")]
    pages = [visitor.post(f"{address}status/", {"reference": one, "code": other}) for one, other in tries]
    assert {page.status_code for page in pages} == {422}
    same = {re.sub(r'value="[^"]*"', "", page.content.decode()) for page in pages}
    assert len(same) == 1


def test_code_opens_nothing_at_another_tenant(house, stranger, address, visitor):
    from deployments.models import Notice
    from tests import build

    reference, code = ticket(send(visitor, address))
    with stranger.acting("officer"):
        scenario = build.scenario(stranger.pip)
        other = Notice.objects.create(tenant=stranger.tenant, pip=stranger.pip, scenario=scenario)
    page = visitor.post(f"/r/{other.code}/status/", {"reference": reference, "code": code})
    assert page.status_code == 422


def test_guessing_of_codes_is_stopped(address, visitor):
    reference, _code = ticket(send(visitor, address))
    data = {"reference": reference, "code": "2222-2222-2222"}
    for _number in range(public.MOST_ASKED):
        assert visitor.post(f"{address}status/", data).status_code == 422
    assert visitor.post(f"{address}status/", data).status_code == 429


def test_reading_an_answer_writes_nothing(address, visitor):
    reference, code = ticket(send(visitor, address))
    before = AuditEvent.objects.count()
    assert visitor.post(f"{address}status/", {"reference": reference, "code": code}).status_code == 200
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("reference", ["\x00", "CAS-2026-0001\x00", "' OR 1=1 --", "🙂" * 10])
def test_hostile_reference_is_only_a_wrong_one(address, visitor, reference):
    page = visitor.post(f"{address}status/", {"reference": reference, "code": "A"})
    assert page.status_code == 422
