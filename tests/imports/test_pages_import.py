"""The pages of vendor files: upload, watch, look, apply; and who may do what."""

from io import BytesIO

import openpyxl
import pytest
from celery import current_app
from django.core.files.uploadedfile import SimpleUploadedFile

from deployments.models import Deployment
from portal.imports.check import check
from portal.imports.models import ImportBatch
from portal.imports.reading.columns import KINDS
from portal.imports.reading.sheet import read
from portal.imports.tasks import apply_import, check_import, take_waiting
from tests import build
from tests.imports.files import DEPLOYMENT, rows_of, table


@pytest.fixture
def acme(house, settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    build.scenario(house.pip, "BOARDING")
    return house


def rows(house, *changes):
    return table(*rows_of({**DEPLOYMENT, "pip_uscc": house.pip.uscc}, *(changes or ({},))))


def post(house, role, path="upload/", **data):
    return house.client(role).post(house.url(f"imports/{path}"), data)


def uploaded(house, text, role="officer", name="file.csv") -> ImportBatch:
    """Upload in the browser and let the worker check it."""
    response = post(house, role, file=SimpleUploadedFile(name, text.encode()))
    assert response.status_code == 302, response.content.decode()
    reference = response.url.rstrip("/").rsplit("/", 1)[1]
    batch = ImportBatch.objects.get(reference=reference)
    check(house.tenant, batch.pk)
    batch.refresh_from_db()
    return batch


def shown(house, role, batch, query="") -> str:
    response = house.client(role).get(house.url(f"imports/{batch.reference}/{query}"))
    assert response.status_code == 200
    return response.content.decode()


def test_upload_waits_checks_and_applies_after_a_press(acme):
    response = post(acme, "officer", file=SimpleUploadedFile("六月.csv", rows(acme).encode()))
    batch = ImportBatch.objects.get()
    assert response.url == acme.url(f"imports/{batch.reference}/")
    assert batch.reference == "IMP-2026-0001"
    page = shown(acme, "officer", batch)
    assert "hx-get" in page and "http-equiv" in page
    check_import(acme.tenant.pk, batch.pk)
    page = shown(acme, "officer", batch)
    assert "hx-get" not in page and "FR-1" in page
    assert not Deployment.objects.exists()
    assert post(acme, "operator", f"{batch.reference}/apply/", mode="all").status_code == 302
    apply_import(acme.tenant.pk, batch.pk)
    assert Deployment.objects.get().code == "FR-1"
    batch.refresh_from_db()
    assert (batch.state, batch.applied_by.email) == ("applied", "operator@acme.example")


def test_progress_ends_by_loading_the_page_anew(acme):
    post(acme, "officer", file=SimpleUploadedFile("a.csv", rows(acme).encode()))
    batch = ImportBatch.objects.get()
    url = acme.url(f"imports/{batch.reference}/progress/")
    assert "HX-Refresh" not in acme.client("officer").get(url)
    check(acme.tenant, batch.pk)
    assert acme.client("officer").get(url)["HX-Refresh"] == "true"


def test_changed_cells_stand_old_beside_new(acme):
    build.deployment(acme.pip, "FR-1", note="before")
    page = shown(acme, "officer", uploaded(acme, rows(acme, {"note": "after"})), "?tab=changed")
    assert "<del>before</del> → <ins>after</ins>" in page


def test_rows_with_errors_come_back_as_a_file_with_the_reasons(acme):
    batch = uploaded(acme, rows(acme, {}, {"deployment_code": "FR-2", "status": "hacked"}))
    page = shown(acme, "officer", batch, "?tab=error")
    assert "hacked" in page and "not one of the words" in page
    for form in ("csv", "xlsx"):
        response = acme.client("officer").get(acme.url(f"imports/{batch.reference}/errors.{form}"))
        data = b"".join(response) if response.streaming else response.content
        again = read(data, f"again.{form}")
        back = list(again.rows())
        assert [row.raw["deployment_code"] for row in back] == ["FR-2"]
        assert "hacked" in str(back[0].raw)


def test_errors_refuse_all_or_nothing(acme):
    batch = uploaded(acme, rows(acme, {}, {"deployment_code": "FR-2", "status": "hacked"}))
    response = post(acme, "officer", f"{batch.reference}/apply/", mode="all")
    assert response.status_code == 409
    assert "errors" in response.content.decode()
    batch.refresh_from_db()
    assert batch.state == "checked"


def test_second_press_on_apply_is_told_that_it_is_late(acme):
    batch = uploaded(acme, rows(acme))
    assert post(acme, "officer", f"{batch.reference}/apply/", mode="good").status_code == 302
    assert post(acme, "officer", f"{batch.reference}/apply/", mode="good").status_code == 409


def test_heading_explained_by_hand_is_read(acme):
    strange = table({**DEPLOYMENT, "pip_uscc": acme.pip.uscc, "Bemerkung": "hello"})
    batch = uploaded(acme, strange)
    assert batch.ignored == ["Bemerkung"]
    data = {
        f"column_{position}": "note" if header == "Bemerkung" else batch.mapping[header]
        for position, header in enumerate(batch.recognised["headers"])
    }
    assert post(acme, "officer", f"{batch.reference}/recheck/", **data).status_code == 302
    check(acme.tenant, batch.pk)
    assert batch.import_rows.get().values["note"] == "hello"


def test_heading_chosen_twice_is_said_at_its_field(acme):
    batch = uploaded(acme, rows(acme))
    data = {f"column_{position}": "status" for position in range(len(batch.mapping))}
    response = post(acme, "officer", f"{batch.reference}/recheck/", **data)
    assert response.status_code == 422
    assert "mean the same" in response.content.decode()


def test_discarded_file_leaves_no_row_and_no_bytes(acme, settings, django_capture_on_commit_callbacks):
    batch = uploaded(acme, rows(acme))
    with django_capture_on_commit_callbacks(execute=True):
        assert post(acme, "officer", f"{batch.reference}/discard/").status_code == 302
    assert not batch.import_rows.exists()
    assert [path for path in settings.UPLOAD_ROOT.rglob("*") if path.is_file()] == []


def test_vendor_uploads_sees_only_own_files_and_cannot_apply(acme):
    theirs = uploaded(acme, rows(acme), role="officer")
    mine = uploaded(acme, rows(acme), role="vendor")
    vendor = acme.client("vendor")
    listed = vendor.get(acme.url("imports/")).content.decode()
    assert mine.reference in listed and theirs.reference not in listed
    assert vendor.get(acme.url(f"imports/{theirs.reference}/")).status_code == 404
    page = shown(acme, "vendor", mine)
    assert "/apply/" not in page
    assert post(acme, "vendor", f"{mine.reference}/apply/", mode="good").status_code == 403
    mine.refresh_from_db()
    assert mine.state == "checked"
    assert mine.reference in acme.client("operator").get(acme.url("imports/")).content.decode()


@pytest.mark.parametrize("role", ["auditor", "reviewer"])
def test_who_may_not_upload_has_no_page_of_vendor_files(acme, role):
    batch = uploaded(acme, rows(acme))
    for path in ("", "upload/", f"{batch.reference}/", f"{batch.reference}/errors.csv", "template/counts.csv"):
        assert acme.client(role).get(acme.url(f"imports/{path}")).status_code == 403
    assert post(acme, role, f"{batch.reference}/discard/").status_code == 403


def test_batch_of_another_tenant_is_not_there(acme, stranger):
    batch = uploaded(acme, rows(acme))
    for path in ("", "progress/", "errors.csv"):
        url = stranger.url(f"imports/{batch.reference}/{path}")
        assert stranger.client("owner").get(url).status_code == 404
        assert stranger.client("owner").get(acme.url(f"imports/{batch.reference}/{path}")).status_code == 404


def test_refused_file_shows_why_in_the_language_of_the_reader(acme):
    batch = uploaded(acme, "a,b\n1,2\n")
    assert batch.state == "refused"
    assert "No row among the first" in shown(acme, "officer", batch)


def test_lists_ask_as_often_for_eight_as_for_three(acme):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(path):
        client = acme.client("officer")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(acme.url(path)).status_code == 200
        return len(seen)

    changes = [{"deployment_code": f"FR-{number}"} for number in range(8)]
    batches = [uploaded(acme, rows(acme, *changes[:3])) for _number in range(3)]
    few = queries("imports/"), queries(f"imports/{batches[0].reference}/")
    batches += [uploaded(acme, rows(acme, *changes)) for _number in range(5)]
    assert (queries("imports/"), queries(f"imports/{batches[-1].reference}/")) == few


def test_rows_are_paged_by_their_number(acme):
    batch = uploaded(acme, rows(acme, *({"deployment_code": f"FR-{number}"} for number in range(60))))
    first = shown(acme, "officer", batch)
    assert "FR-49" in first and "FR-50<" not in first and "after=51" in first
    assert "FR-59" in shown(acme, "officer", batch, "?tab=new&after=51")


@pytest.mark.parametrize("kind", KINDS)
def test_template_is_read_as_its_kind_with_every_column(acme, kind):
    response = acme.client("vendor").get(acme.url(f"imports/template/{kind}.csv"))
    reading = read(response.content, "template.csv")
    assert reading.kind == kind
    assert set(reading.mapping.values()) == {column.name for column in KINDS[kind].columns}
    assert [row.problems for row in reading.rows()] == [()]
    book = openpyxl.load_workbook(
        BytesIO(acme.client("vendor").get(acme.url(f"imports/template/{kind}.xlsx")).content)
    )
    if kind == "deployments":
        assert len(book.worksheets[0].data_validations.dataValidation) == 3
    shown_sheet = book.worksheets[1]
    reading = read(_only(book, shown_sheet.title), "template.xlsx")
    assert reading.kind == kind
    assert [row.problems for row in reading.rows()] == [()]


def _only(book, title) -> bytes:
    for sheet in list(book.worksheets):
        if sheet.title != title:
            book.remove(sheet)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_file_whose_call_was_lost_is_taken_in_the_next_round(acme):
    post(acme, "officer", file=SimpleUploadedFile("a.csv", rows(acme).encode()))
    take_waiting()
    batch = ImportBatch.objects.get()
    assert batch.state == "checked"
    post(acme, "officer", f"{batch.reference}/apply/", mode="good")
    take_waiting()
    batch.refresh_from_db()
    assert batch.state == "applied"


def point_celery_at(broker_url: str) -> None:
    """Let the app use this broker; connections to the one before are forgotten, as after a fork."""
    current_app.conf.broker_url = broker_url
    current_app._after_fork()


def test_upload_stays_when_the_broker_is_down(acme, settings, django_capture_on_commit_callbacks, caplog):
    before = current_app.conf.broker_url
    point_celery_at("redis+socket:///nowhere/at/all.sock")
    try:
        with django_capture_on_commit_callbacks(execute=True):
            response = post(acme, "officer", file=SimpleUploadedFile("a.csv", rows(acme).encode()))
    finally:
        point_celery_at(before)
    assert response.status_code == 302
    assert ImportBatch.objects.get().state == "uploaded"
