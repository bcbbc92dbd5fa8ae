"""The resources and the reader speak of the same columns, by the same rules."""

import pytest

from deployments.models import Deployment
from portal.imports.reading.columns import KINDS
from portal.imports.register import plan_for
from portal.imports.resources import RESOURCES, model_fields, sql_types
from tests import build


@pytest.mark.parametrize("kind", KINDS)
def test_resource_declares_the_columns_of_the_reader_with_their_widgets(kind):
    resource = RESOURCES[kind]
    columns = KINDS[kind].columns
    assert list(resource._meta.fields) == [column.name for column in columns]
    assert set(resource.fields) == {column.name for column in columns}
    for column in columns:
        assert resource.fields[column.name].widget is column.widget
        assert resource.fields[column.name].column_name == column.name
    assert set(resource._meta.import_id_fields) == set(KINDS[kind].key)


@pytest.mark.parametrize("kind", KINDS)
def test_choices_of_a_column_are_those_of_the_register(kind):
    for column in KINDS[kind].columns:
        field = model_fields(kind)[column.name]
        if getattr(column.widget, "choices", None) and field.choices:
            assert {choice.code for choice in column.widget.choices} <= {code for code, _label in field.choices}


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_is_compared_with_the_register_or_is_its_key(kind):
    plan = plan_for(kind, sql_types(kind))
    compared = {cell.name for cell in plan.cells} | set(plan.key)
    assert set(sql_types(kind)) <= compared


def test_resource_exports_rows_with_the_headers_of_a_vendor_file(house):
    build.deployment(house.pip, "D1", note="x")
    data = RESOURCES["deployments"]().export(Deployment.objects.all())
    assert data.headers == [column.name for column in KINDS["deployments"].columns]
    assert data.dict[0]["pip_uscc"] == house.pip.uscc
    assert data.dict[0]["site_code"] == "S1"
    assert data.dict[0]["started_on"] == "2026-01-05"
