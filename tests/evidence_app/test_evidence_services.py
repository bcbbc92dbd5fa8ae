"""Files come in whole or not at all, and go out only to those who may."""

import io
import os
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from portal.evidence.models import Evidence, Opening
from portal.evidence.services import check, keep, keep_bytes, reader, sweep_orphans, vault
from portal.evidence.store import Damaged
from tests.filings.story import PNG, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"
    with translation.override("en"):
        yield tmp_path / "vault"


def files(root) -> list:
    return list(root.rglob("*.enc"))


def kept(house, name="批准书.pdf", **fields) -> Evidence:
    return keep(io.BytesIO(pdf()), name=name, pip=house.pip, by=house.people["officer"], **fields)


def test_kept_file_is_encrypted_and_comes_back_to_the_byte(house, own_vault):
    content = pdf()
    row = keep(io.BytesIO(content), name="a.pdf", pip=house.pip, by=house.people["officer"])
    assert row.media_type == "application/pdf" and row.size == len(content)
    assert content not in files(own_vault)[0].read_bytes()
    with reader(row) as file:
        assert file.read() == content
    assert check(row) == len(content)


def test_changed_byte_on_disk_is_found(house, own_vault):
    row = kept(house)
    file = files(own_vault)[0]
    spoilt = bytearray(file.read_bytes())
    spoilt[-20] ^= 1
    file.write_bytes(spoilt)
    with pytest.raises(Damaged):
        check(row)
    assert house.client("officer").get(row.get_absolute_url()).status_code == 409


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"),
        ("a.pdf", PNG),
        ("a.pdf", b""),
        ("a.png", b"<script>alert(1)</script>"),
        ("a.docx", b"PK\x03\x04"),
    ],
)
def test_wrong_file_is_refused_and_leaves_nothing(house, own_vault, name, content):
    with pytest.raises(ValidationError):
        keep(io.BytesIO(content), name=name, pip=house.pip, by=house.people["officer"])
    assert not files(own_vault) and not Evidence.objects.exists()


def test_file_over_fifty_mebibytes_is_refused(house, own_vault, monkeypatch):
    monkeypatch.setattr("portal.evidence.services.LIMIT", 1000)
    with pytest.raises(ValidationError, match="larger than"):
        kept(house)
    assert not files(own_vault)


def test_row_that_is_refused_takes_its_file_with_it(house, stranger, own_vault):
    with pytest.raises(Exception, match="row-level security"):
        keep(io.BytesIO(pdf()), name="a.pdf", pip=stranger.pip, by=house.people["officer"])
    assert not files(own_vault)


def test_file_of_a_rolled_back_row_is_swept_after_a_day(house, own_vault):
    stays = kept(house)
    with transaction.atomic():
        lost = kept(house)
        transaction.set_rollback(True)
    assert len(files(own_vault)) == 2
    assert sweep_orphans(house.tenant, now=timezone.now()) == 0
    for file in files(own_vault):
        os.utime(file, (time.time() - 2 * 86400,) * 2)
    assert sweep_orphans(house.tenant, now=timezone.now()) == 1
    assert [file.stem for file in files(own_vault)] == [stays.code.hex]
    assert not vault().path(house.tenant.pk, lost.code).exists()


def test_download_can_run_nowhere_and_keeps_its_chinese_name(house):
    row = kept(house)
    response = house.client("auditor").get(row.get_absolute_url())
    assert response.status_code == 200 and b"".join(response.streaming_content)[:5] == b"%PDF-"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "filename*=utf-8''%E6%89%B9%E5%87%86%E4%B9%A6.pdf" in response["Content-Disposition"]
    assert response["Content-Disposition"].startswith("attachment")


def test_sensitive_file_opens_by_a_logged_post_only(house):
    row = kept(house, is_sensitive=True)
    client = house.client("reviewer")
    page = client.get(row.get_absolute_url())
    assert page.status_code == 200 and "Open and log it" in page.content.decode()
    assert not Opening.objects.exists()
    response = client.post(row.get_absolute_url())
    assert b"".join(response.streaming_content)[:5] == b"%PDF-"
    assert Opening.objects.get().opened_by == house.people["reviewer"]


@pytest.mark.parametrize("role", ["auditor", "operator", "vendor"])
def test_sensitive_file_stays_shut_for_other_roles(house, role):
    row = kept(house, is_sensitive=True)
    assert house.client(role).get(row.get_absolute_url()).status_code == 403
    assert house.client(role).post(row.get_absolute_url()).status_code == 403
    assert not Opening.objects.exists()


def test_file_of_another_tenant_is_not_found(house, stranger):
    with stranger.acting("officer"):
        foreign = keep_bytes(pdf(), name="a.pdf", pip=stranger.pip, by=None)
    client = house.client("owner")
    for house_of in (house, stranger):
        assert client.get(reverse("evidence:open", args=[house_of.tenant.slug, foreign.code])).status_code == 404
