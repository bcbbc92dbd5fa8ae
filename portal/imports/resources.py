"""The columns of vendor files as django-import-export resources: header, rule of the cells, and place in the register.

Reading, checking, the templates for vendors and exports all follow these declarations.
"""

from functools import lru_cache

from django.db import models
from import_export import fields, resources

from deployments.models import Deployment, Device, PersonCount, Sign
from portal.imports.reading.columns import KINDS
from portal.tenancy.models import Pip


def column(kind: str, name: str, attribute: str) -> fields.Field:
    """A column of a vendor file, with the widget that judges its cells."""
    return fields.Field(column_name=name, attribute=attribute, widget=KINDS[kind].column(name).widget)


class VendorResource(resources.ModelResource):
    """What the four kinds share. Writing goes through ``portal.imports.apply``, never row by row."""

    def import_data(self, *args, **kwargs):
        raise NotImplementedError("vendor files are imported by portal.imports.services.upload")


class DeploymentResource(VendorResource):
    """One row is a scenario at a site."""

    deployment_code = column("deployments", "deployment_code", "code")
    pip_uscc = column("deployments", "pip_uscc", "pip__uscc")
    scenario_code = column("deployments", "scenario_code", "scenario__code")
    site_code = column("deployments", "site_code", "site__code")
    site_name = column("deployments", "site_name", "site__name")
    province = column("deployments", "province", "site__province")
    city = column("deployments", "city", "site__city")
    address = column("deployments", "address", "site__address")
    place_type = column("deployments", "place_type", "site__place_type")
    status = column("deployments", "status", "status")
    started_on = column("deployments", "started_on", "started_on")
    ended_on = column("deployments", "ended_on", "ended_on")
    note = column("deployments", "note", "note")

    class Meta:
        model = Deployment
        import_id_fields = ("pip_uscc", "deployment_code")
        fields = tuple(one.name for one in KINDS["deployments"].columns)


class DeviceResource(VendorResource):
    """One row is a device."""

    device_serial = column("devices", "device_serial", "serial")
    pip_uscc = column("devices", "pip_uscc", "pip__uscc")
    deployment_code = column("devices", "deployment_code", "deployment__code")
    maker = column("devices", "maker", "maker")
    model = column("devices", "model", "model")
    capture_area = column("devices", "capture_area", "capture_area__name")
    space_type = column("devices", "space_type", "space_type")
    stores_on_device = column("devices", "stores_on_device", "stores_on_device")
    installed_on = column("devices", "installed_on", "installed_on")
    removed_on = column("devices", "removed_on", "removed_on")

    class Meta:
        model = Device
        import_id_fields = ("pip_uscc", "device_serial")
        fields = tuple(one.name for one in KINDS["devices"].columns)


class SignResource(VendorResource):
    """One row is a sign."""

    sign_code = column("signs", "sign_code", "code")
    pip_uscc = column("signs", "pip_uscc", "pip__uscc")
    deployment_code = column("signs", "deployment_code", "deployment__code")
    capture_area = column("signs", "capture_area", "capture_area__name")
    location = column("signs", "location", "location")
    languages = column("signs", "languages", "languages")
    posted_on = column("signs", "posted_on", "posted_on")
    removed_on = column("signs", "removed_on", "removed_on")

    class Meta:
        model = Sign
        import_id_fields = ("pip_uscc", "sign_code")
        fields = tuple(one.name for one in KINDS["signs"].columns)


class PersonCountResource(VendorResource):
    """One row is a number of stored persons on a day."""

    pip_uscc = column("counts", "pip_uscc", "pip__uscc")
    scenario_code = column("counts", "scenario_code", "scenario__code")
    deployment_code = column("counts", "deployment_code", "deployment__code")
    counted_on = column("counts", "counted_on", "counted_on")
    persons = column("counts", "persons", "persons")
    dedup_method = column("counts", "dedup_method", "dedup_method")

    class Meta:
        model = PersonCount
        import_id_fields = ("pip_uscc", "scenario_code", "deployment_code", "counted_on")
        fields = tuple(one.name for one in KINDS["counts"].columns)


RESOURCES: dict[str, type[VendorResource]] = {
    "deployments": DeploymentResource,
    "devices": DeviceResource,
    "signs": SignResource,
    "counts": PersonCountResource,
}
SQL_TYPES: list[tuple[type[models.Field], str]] = [
    (models.DateField, "date"),
    (models.BooleanField, "boolean"),
    (models.PositiveIntegerField, "integer"),
    (models.CharField, "text"),
]


@lru_cache
def model_fields(kind: str) -> dict[str, models.Field]:
    """The field of the register behind each column of a kind, in the kind's order."""
    resource = RESOURCES[kind]
    found = {}
    for one in KINDS[kind].columns:
        model = resource._meta.model
        *keys, name = resource.fields[one.name].attribute.split("__")
        for key in keys:
            model = Pip if key == "pip" else model._meta.get_field(key).related_model
        found[one.name] = model._meta.get_field(name)
    return found


@lru_cache
def sql_types(kind: str) -> dict[str, str]:
    """The type in which each column is staged."""
    return {
        name: next(sql for known, sql in SQL_TYPES if isinstance(field, known))
        for name, field in model_fields(kind).items()
    }


@lru_cache
def tighter_limits(kind: str) -> dict[str, int]:
    """Columns whose cells may be longer than what the register keeps, with the register's limit."""
    return {
        name: field.max_length
        for name, field in model_fields(kind).items()
        if field.max_length and getattr(KINDS[kind].column(name).widget, "max_length", 0) > field.max_length
    }
