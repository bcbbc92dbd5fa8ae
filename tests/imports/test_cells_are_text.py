"""What stands in a vendor's cell is shown as text: it is nobody's mark-up."""

from io import BytesIO

from portal.imports.check import check
from portal.imports.models import ImportBatch
from portal.imports.services import upload
from tests import build

MARKUP = "<img src=x><form action=/steal>"


def test_sample_of_a_cell_is_no_markup_on_the_page_of_the_file(house, settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path
    build.scenario(house.pip)
    lines = [
        f"deployment_code,pip_uscc,scenario_code,site_code,site_name,province,status,note,{MARKUP}",
        f"D9,{house.pip.uscc},GATE,S9,{MARKUP},11,planned,{MARKUP},{MARKUP}",
    ]
    vendor = house.people["vendor"]
    batch = upload(
        BytesIO("\n".join(lines).encode()),
        f"{MARKUP}.csv",
        by=vendor,
        tenant_id=house.tenant.pk,
        wakes_worker=False,
    )
    check(house.tenant, batch.pk)
    assert ImportBatch.objects.get(pk=batch.pk).state == "checked"
    for path in (
        f"imports/{batch.reference}/",
        f"imports/{batch.reference}/?tab=new",
        "imports/",
        "trail/?person=all",
    ):
        page = house.client("officer").get(house.url(path)).content.decode()
        assert "&lt;form" in page or "IMP-" not in path
        assert "<form action=/steal" not in page
        assert "<img src=x" not in page
