"""Somebody whose teams have some PIPs only sees nothing of the others: no row, file, message, event or vendor file."""

import re
from datetime import date
from io import BytesIO

import pytest

from portal.accounts.models import User
from portal.accounts.services import add_member, create_team, register_pip
from portal.clock.handing import hand_on
from portal.clock.reconcile import reconcile
from portal.evidence.services import keep_bytes
from portal.imports.check import check
from portal.imports.services import upload
from portal.obligations.models import Delivery, Obligation
from portal.tenancy.models import Pip
from tests import build

OTHER = "91330106MA2HTEXTX3"


@pytest.fixture
def walled(house, today, settings, tmp_path):
    """A second PIP full of canaries, and a person of each role whose team has the first PIP only."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    house.canary = build.token()
    with house.acting("owner"):
        other = register_pip(Pip(uscc=OTHER, name=f"二号{house.canary}", province="33"))
        for role in ("officer", "reviewer", "operator", "auditor", "vendor"):
            user = User.objects.create_user(f"limited-{role}@acme.example", name=f"Limited {role}", language="en")
            team = create_team(f"limited {role}", role, pips=[house.pip])
            add_member(user, team, ends_on=date(2099, 1, 1) if role == "auditor" else None)
            house.people[f"limited-{role}"] = user
    with house.acting("officer"):
        place = build.deployment(
            other,
            f"D{house.canary}",
            scenario=build.scenario(other, f"SC{house.canary}"),
            site=build.site(other, f"S{house.canary}"),
        )
        build.device(place, f"SN{house.canary}")
        build.sign(place, f"SG{house.canary}")
        build.count(place, 100_718, on=date(2026, 10, 4), source=house.canary)
        house.paper = keep_bytes(b"%PDF-1.4", name=f"{house.canary}.pdf", pip=other, by=None)
        reconcile(other, today=today)
        hand_on(house.tenant, today=today)
        for number, uscc in enumerate((OTHER, "91110000101623741X")):
            file = f"deployment_code,pip_uscc,scenario_code,site_code,status\nD{house.canary},{uscc},X,Y,planned\n"
            batch = upload(
                BytesIO(file.encode()),
                f"{number}{house.canary}.csv",
                by=house.people["officer"],
                tenant_id=house.tenant.pk,
                wakes_worker=False,
            )
            check(house.tenant, batch.pk)
        # One that waits still, of which nobody knows yet whose rows it has.
        upload(
            BytesIO(b"x"),
            f"waits{house.canary}.csv",
            by=house.people["officer"],
            tenant_id=house.tenant.pk,
            wakes_worker=False,
        )
        house.place, house.other = place, other
    return house


ROLES = ["officer", "reviewer", "operator", "auditor", "vendor"]
PAGES = [
    "",
    "inbox/",
    "duties/",
    "duties/?state=all",
    "search/?q={canary}",
    "trail/",
    "trail/export/",
    "trail/export/?format=jsonl",
    "deliveries/",
    "health/",
    "filings/",
    "imports/",
    "register/pips/",
    "register/scenarios/",
    "register/sites/",
    "register/deployments/",
    "register/deployments/?format=csv",
    "register/deployments/?pip={other}",
    "register/deployments/?q={canary}",
    "register/deployments/?scenario=SC{canary}",
    "register/pips/?format=csv",
    "register/sites/?format=csv",
    "register/scenarios/?format=csv",
    "register/deployments/new/",
    "register/deployments/add/",
]


@pytest.mark.parametrize("role", ROLES)
def test_no_page_shows_another_pip(walled, role):
    client = walled.client(f"limited-{role}")
    opened = 0
    for page in PAGES:
        path = page.format(canary=walled.canary, other=walled.other.pk)
        answer = client.get(walled.url(path))
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = body.decode("utf-8", "replace").replace(f'value="{walled.canary}"', "").replace(path, "")
        text = re.sub(r"(q|search_words|scenario)=[^\"&]*", "", text)
        hits = [text[max(0, m.start() - 80) : m.end() + 20] for m in re.finditer(walled.canary, text)]
        if "search" not in page and "q=" not in page and "scenario=" not in page:
            assert not hits, (page, hits[:2])
        else:
            assert all(f"D{walled.canary}" not in hit and "二号" not in hit for hit in hits), (page, hits)
        opened += answer.status_code == 200
    assert opened >= (2 if role == "vendor" else 12)


@pytest.mark.parametrize("role", ROLES)
def test_no_address_opens_another_pip(walled, role):
    client = walled.client(f"limited-{role}")
    with walled.acting("officer"):
        duty = Obligation.objects.filter(pip=walled.other).first()
        delivery = Delivery.objects.filter(pip=walled.other).first()
        paths = [
            f"register/pips/{OTHER}/",
            f"register/scenarios/{walled.place.scenario_id}/",
            f"register/sites/{walled.place.site_id}/",
            f"register/deployments/{walled.place.pk}/",
            f"duties/{duty.pk}/",
            f"files/{walled.paper.code}/",
            "imports/IMP-2026-0001/",
            "imports/IMP-2026-0002/",
            "imports/IMP-2026-0002/errors.csv",
            "imports/IMP-2026-0003/",
        ]
    for path in paths:
        assert client.get(walled.url(path)).status_code in (403, 404), path
        answer = client.post(walled.url(path))
        assert answer.status_code in (403, 404, 405), path
    assert client.get(walled.url("inbox/")).status_code == 200
    assert delivery is not None
