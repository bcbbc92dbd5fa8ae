"""Every page that the resolver knows: it has a rule, it is walled, and a reader can't write through it."""

import re
import uuid
from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from portal.accounts.models import User
from portal.accounts.pages import ANYONE, MEMBER, PLATFORM, SIGNED_IN, Rule
from portal.accounts.roles import ROLES
from portal.calendars.models import HolidayNotice
from tests.architecture.rows import Filler, owned_models
from tests.calendars.notices import platform, waiting_2027

CANARY = "canary-of-the-stranger"
# Pages that are no view of ours.
NOT_OURS = {"favicon"}


def patterns(resolver: URLResolver, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    """(name, route, pattern) of every page."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, route, inner)
        else:
            yield f"{namespace}{entry.name}", route, entry


PAGES = {name: (route, pattern) for name, route, pattern in patterns(get_resolver())}
PLATFORM_PAGES = {name: page for name, page in PAGES.items() if page[0].startswith("platform/")}
TENANT_PAGES = {name: page for name, page in PAGES.items() if page[0].startswith("t/<slug:tenant>/")}
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")


def rule_of(name: str) -> Rule | None:
    return getattr(PAGES[name][1].callback, "rule", None)


# Parameters that name a part of a row, not a row.
PARTS = {"family": "encryption", "material": "basic-information", "form": "csv", "kind": "training"}
SECTION = re.compile(r"section/<slug:code>")


def candidates(rows: dict, kind: str) -> list[str]:
    """Every value of a tenant's rows that a parameter of this kind could name."""
    if kind == "int":
        found = [row.pk for row in rows.values() if row.pk > 1_000_000]  # the key that only the filler gives
    elif kind == "uuid":
        found = [value for row in rows.values() for value in vars(row).values() if isinstance(value, uuid.UUID)]
    else:
        named = ("reference", "uscc", "code", "slug", "serial")
        values = [getattr(row, name, None) for row in rows.values() for name in named]
        found = [value for value in values if isinstance(value, str)]
    return list(dict.fromkeys(map(str, found)))


def addresses(name: str, tenant: str, rows: dict) -> Iterator[str]:
    """The page's addresses with each parameter named by each of the rows."""
    route = SECTION.sub("section/work", TENANT_PAGES[name][0].replace("<slug:tenant>", tenant))
    parameters = [match for match in PARAMETER.finditer(route)]
    if not parameters:
        yield "/" + route
        return
    values = [
        [PARTS[match.group(2)]] if match.group(2) in PARTS else candidates(rows, match.group(1) or "str")
        for match in parameters
    ]
    for position in range(max(len(column) for column in values)):
        address = route
        for match, column in zip(parameters, values, strict=True):
            address = address.replace(match.group(0), column[position % len(column)], 1)
        yield "/" + address


def is_absent(answer: HttpResponseBase) -> bool:
    """Whether nothing is found; a file is read to its end, so that it is let go."""
    if answer.streaming:
        for _piece in answer.streaming_content:
            pass
    return answer.status_code == 404


@pytest.fixture
def own(house):
    """A row of every model in the house."""
    with house.acting("owner"):
        return Filler(house, 10_000_000, "own").all()


@pytest.fixture
def foreign(stranger):
    """A row of every model in the stranger's tenant, with keys that nobody else has."""
    with stranger.acting("owner"):
        return Filler(stranger, 20_000_000, CANARY).all()


# Pages that show no row of the filler: what they are about isn't so far yet, or is no row.
SHOW_NO_ROW = {
    "desk:demo_message",
    "imports:template",
    "imports:errors",
    "cases:incident_stamp",
    "assessments:question_add",
    "assessments:preview",
    "deployments:scenario_waive",
    "deployments:deployment_waive",
    "deployments:deployment_move",
    "deployments:waiver_withdraw",
    "deployments:area_plan",
    "deployments:sign_sheet",
    "filings:form_field",
    "filings:read",
    "filings:seal_back",
    "filings:seal_slip",
    "filings:member_out",
}


def test_walk_finds_the_houses_own_row_on_every_page_that_names_one(house, own):
    client = house.client("owner")
    missed = [
        name
        for name, (route, _pattern) in TENANT_PAGES.items()
        if len(PARAMETER.findall(route)) > 1
        and all(is_absent(client.get(one)) for one in addresses(name, house.tenant.slug, own))
    ]
    assert set(missed) == SHOW_NO_ROW & TENANT_PAGES.keys()


def test_every_page_states_its_rule():
    missing = [
        name for name in PAGES if rule_of(name) is None and name not in NOT_OURS and not name.startswith("None")
    ]
    assert missing == []


def test_every_page_of_a_tenant_asks_for_membership():
    assert [name for name in TENANT_PAGES if rule_of(name).permission in (ANYONE, SIGNED_IN)] == []


@pytest.mark.parametrize("role", list(ROLES))
def test_another_tenants_address_is_404_on_every_page(role, house, stranger, foreign):
    client = house.client(role)
    wrong = []
    for name in TENANT_PAGES:
        for method in ("get", "post"):
            address = next(addresses(name, stranger.tenant.slug, foreign))
            answer = getattr(client, method)(address)
            if answer.status_code != 404 or CANARY.encode() in answer.content:
                wrong.append((name, method, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_tenants_ids_are_absent_on_every_page(method, house, stranger, foreign):
    client = house.client("owner")
    wrong = []
    for name, (route, _pattern) in TENANT_PAGES.items():
        if len(PARAMETER.findall(route)) < 2:
            continue
        for address in addresses(name, house.tenant.slug, foreign):
            answer = getattr(client, method)(address)
            if answer.status_code not in (404, 405) or CANARY.encode() in answer.content:
                wrong.append((address, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", list(ROLES))
def test_no_page_of_the_house_shows_the_strangers_rows(role, house, stranger, foreign, own):
    client = house.client(role)
    for name in TENANT_PAGES:
        for address in addresses(name, house.tenant.slug, own):
            answer = client.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert CANARY.encode() not in body, address


def row_counts() -> dict[str, int]:
    """The number of rows of every table that the serving role sees for the tenant in scope."""
    counts = {}
    with connection.cursor() as cursor:
        for model in owned_models():
            cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
            counts[model._meta.label] = cursor.fetchone()[0]
    return counts


def test_every_unsafe_method_of_the_auditor_is_refused_and_changes_no_row(house, own):
    client = house.client("auditor")
    before, wrong = row_counts(), []
    for name in TENANT_PAGES:
        allowed = (200, 302, 404, 405, 409, 422) if rule_of(name).open_to_readers else (403,)
        for number, address in enumerate(addresses(name, house.tenant.slug, own)):
            # The method is refused before the row is looked for: other methods than POST need one address only.
            for method in ("post",) if number else ("post", "put", "patch", "delete"):
                answer = getattr(client, method)(address)
                if answer.status_code not in allowed:
                    wrong.append((method, address, answer.status_code))
        if not rule_of(name).open_to_readers and row_counts() != before:
            wrong.append(("wrote", name, 0))
    assert wrong == []


def test_pages_open_to_readers_are_few_and_named():
    opened = {name for name in TENANT_PAGES if rule_of(name).open_to_readers}
    assert opened <= OPEN_TO_READERS, opened - OPEN_TO_READERS


# What an auditor may POST all the same: the log of a download, and what is his own.
OPEN_TO_READERS = {"filings:dossier", "filings:version", "desk:inbox", "desk:inbox_read", "desk:inbox_read_all"}


# What a code opens for anybody: the notice, what people ask and complain of, and a subscribed calendar.
OPENED_BY_A_CODE = {"notice_public", "request_public", "request_status", "feed_public"}


def test_pages_that_a_code_opens_are_few_and_named_and_go_through_their_door(db):
    opened = {name: rule_of(name).door for name in PAGES if rule_of(name) and rule_of(name).door}
    assert opened.keys() <= OPENED_BY_A_CODE, opened
    assert all("<uuid:code>" in PAGES[name][0] for name in opened)
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname FROM pg_proc WHERE proname = ANY(%s)", [list(opened.values())])
        assert {row[0] for row in cursor.fetchall()} == set(opened.values())


def test_page_that_a_code_opens_shows_no_row_that_it_does_not_name(house, stranger, foreign):
    for name in PAGES:
        if rule_of(name) is None or not rule_of(name).door:
            continue
        for code in candidates(foreign, "uuid"):
            answer = Client().get("/" + PAGES[name][0].replace("<uuid:code>", code))
            assert not answer.cookies.get("sessionid"), name
            # The row of a notice that the filler makes is a draft: nothing of it is public.
            if name == "notice_public":
                assert answer.status_code == 404 and CANARY.encode() not in answer.content


def test_every_page_of_the_platform_asks_for_a_platform_account():
    assert len(PLATFORM_PAGES) >= 7
    assert {rule_of(name).permission for name in PLATFORM_PAGES} == {PLATFORM}


@pytest.fixture
def notice(db) -> HolidayNotice:
    return waiting_2027(platform("loader"))


def platform_addresses(notice: HolidayNotice) -> list[str]:
    values = {"pk": str(notice.pk), "year": "2026", "province": "11"}
    return ["/" + PARAMETER.sub(lambda found: values[found.group(2)], route) for route, _ in PLATFORM_PAGES.values()]


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("role", list(ROLES))
def test_member_of_a_tenant_finds_no_page_of_the_platform(role, house, notice):
    client = house.client(role)
    for address in platform_addresses(notice):
        assert [client.get(address).status_code, client.post(address).status_code] == [404, 404], address
    # Nor if somebody marked the account of a member.
    User.objects.filter(pk=house.people[role].pk).update(is_staff=True)
    assert {client.get(address).status_code for address in platform_addresses(notice)} == {404}


def test_platform_account_finds_the_platform_and_no_tenant(house, own, notice):
    client = signed_in(platform("second"))
    answers = {address: client.get(address).status_code for address in platform_addresses(notice)}
    of_calendars = {code for address, code in answers.items() if "/authorities/" not in address}
    assert of_calendars <= {200, 302} and set(answers.values()) <= {200, 302, 404, 405}
    for name in TENANT_PAGES:
        assert client.get(next(addresses(name, house.tenant.slug, own))).status_code == 404, name


def test_visitor_is_sent_to_the_sign_in_from_the_platform(notice):
    for address in platform_addresses(notice):
        assert Client().get(address).headers["Location"].startswith("/accounts/login/"), address


def test_reader_whose_access_has_ended_finds_nothing(house, settings):
    client = house.client("auditor")
    settings.PORTAL_TODAY = "2100-01-01"
    assert client.get(house.url("")).status_code == 404


def test_visitor_is_sent_to_the_sign_in_from_every_page(house, own):
    for name in TENANT_PAGES:
        answer = Client().get(next(addresses(name, house.tenant.slug, own)))
        assert answer.status_code == 302, name
        assert answer.headers["Location"].startswith("/accounts/login/"), name


def test_rules_name_permissions_that_some_role_has():
    held = {name for role in ROLES.values() for name in role.pip | role.tenant}
    held |= {MEMBER, SIGNED_IN, ANYONE, PLATFORM}
    assert {rule_of(name).permission for name in PAGES if rule_of(name)} <= held
