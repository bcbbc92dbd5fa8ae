"""Inspections of signs: what somebody saw, once for each ticket, and what follows for the sign."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction
from django.forms import ValidationError
from django.utils import timezone

from deployments import services
from deployments.models import Deployment, Sign, SignInspection
from deployments.sign_wording import CURRENT
from portal.accounts.models import User
from portal.audit.models import AuditEvent
from portal.evidence.models import Evidence, Photo
from portal.evidence.services import reader
from portal.tenancy.models import PipMark
from tests import build
from tests.deployments.photos import shot


@pytest.fixture(autouse=True)
def own_vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


def look(sign: Sign, result: str = "conspicuous", *, ticket=None, photo=True, by=None, today=date(2026, 10, 12)):
    return services.inspect_sign(
        sign,
        ticket=ticket or uuid.uuid4(),
        result=result,
        photo=shot() if photo else None,
        by=by or User.objects.get(email__startswith="operator@"),
        today=today,
        now=timezone.now(),
    )


def test_inspection_keeps_the_photo_to_the_byte_and_the_day_of_its_capture(house, today):
    sign = build.sign(build.deployment(house.pip))
    row = look(sign, by=house.people["operator"])
    assert (row.inspected_on, row.result, row.inspected_by) == (today, "conspicuous", house.people["operator"])
    assert row.photo.taken_at == datetime(2026, 10, 11, 1, 30, tzinfo=UTC)
    assert row.photo.has_position and row.photo.original.is_sensitive and not row.photo.shown.is_sensitive
    with reader(row.photo.original) as file:
        assert file.read() == shot().getvalue()
    assert AuditEvent.objects.filter(table_name="deployments_signinspection").get().verb == "sign.inspect"
    assert PipMark.objects.filter(pip=house.pip, touched_at__isnull=False).exists()


def test_second_tap_with_the_same_ticket_is_the_same_inspection(house):
    sign, ticket = build.sign(build.deployment(house.pip)), uuid.uuid4()
    first = look(sign, ticket=ticket)
    assert look(sign, ticket=ticket) == first
    assert (SignInspection.objects.count(), Photo.objects.count(), Evidence.objects.count()) == (1, 1, 2)


def test_page_out_of_the_history_is_no_second_inspection(house):
    sign, ticket = build.sign(build.deployment(house.pip)), uuid.uuid4()
    look(sign, ticket=ticket)
    with pytest.raises(ValidationError, match="sent already"):
        look(sign, "damaged", ticket=ticket)
    with pytest.raises(ValidationError, match="sent already"):
        look(build.sign(sign.deployment, "SG2"), ticket=ticket)


def test_good_result_needs_a_photo_and_a_finding_does_not(house):
    sign = build.sign(build.deployment(house.pip))
    with pytest.raises(ValidationError, match="Take a photo first"):
        look(sign, photo=False)
    assert look(sign, "missing", photo=False).photo is None


def test_first_photo_on_the_spot_posts_a_sign_that_was_printed(house, today):
    place = build.deployment(house.pip)
    build.device(place)
    sign = services.post_sign(place, code="SG1", location="door", today=today)
    assert (sign.posted_on, sign.wording) == (None, CURRENT)
    assert Deployment.objects.all().without_sign().exists()
    row = look(sign)
    sign.refresh_from_db()
    assert (sign.posted_on, sign.photo) == (today, row.photo)
    assert not Deployment.objects.all().without_sign().exists()


def test_sign_that_was_only_printed_has_no_findings(house, today):
    sign = build.sign(build.deployment(house.pip), posted_on=None)
    with pytest.raises(ValidationError, match="not posted yet"):
        look(sign, "obscured")


def test_sign_that_was_taken_down_is_not_inspected(house, today):
    sign = build.sign(build.deployment(house.pip), removed_on=today)
    with pytest.raises(ValidationError, match="taken down"):
        look(sign)


def test_database_refuses_to_change_an_inspection(house):
    look(build.sign(build.deployment(house.pip)))
    for change in (lambda: SignInspection.objects.update(result="missing"), SignInspection.objects.all().delete):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            change()


def test_photo_of_a_posted_sign_is_kept_and_replaced_by_a_newer_one(house, today):
    place = build.deployment(house.pip)
    officer = house.people["officer"]
    sign = services.post_sign(
        place, code="SG1", location="door", posted_on=today, photo=shot(), by=officer, today=today
    )
    first = sign.photo
    assert services.edit_sign(sign, location="gate", photo=shot(position=False), by=officer, today=today) == [
        "location",
        "photo",
    ]
    assert Sign.objects.get().photo != first and Photo.objects.count() == 2


def test_two_sendings_at_the_same_moment_are_one_inspection(committed, settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"
    house, ticket, start = build.house("race"), uuid.uuid4(), Barrier(2, timeout=30)
    with house.acting("officer"):
        sign = build.sign(build.deployment(house.pip))

    def send(role: str) -> int:
        try:
            with house.acting(role):
                start.wait()
                return look(sign, ticket=ticket).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(send, ("officer", "operator")))
    assert made[0] == made[1]
    with house.acting("officer"):
        assert SignInspection.objects.count() == 1
