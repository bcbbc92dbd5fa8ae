"""What a good Django team would have used instead: a ListView with guardian, and django-import-export."""

from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import RequestFactory
from django.views.generic import ListView
from guardian.shortcuts import get_objects_for_user
from import_export import fields, resources
from import_export.instance_loaders import CachedInstanceLoader
from import_export.widgets import CachedForeignKeyWidget, ForeignKeyWidget
from tablib import Dataset

from deployments.models import Deployment, Scenario, Site
from portal.accounts.models import User
from portal.tenancy.models import Pip

ROWS = """<!doctype html><title>Deployments</title><table>
{% for row in object_list %}<tr><td><a href="{{ row.pk }}/">{{ row.code }}</a></td><td>{{ row.pip.name }}</td>
<td>{{ row.scenario.code }}</td><td>{{ row.site.name }}</td><td>{{ row.site.get_province_display }}</td>
<td>{{ row.site.get_place_type_display }}</td><td>{{ row.get_status_display }}</td><td>{{ row.started_on }}</td></tr>
{% endfor %}</table>
<p>{{ page_obj.number }} / {{ paginator.num_pages }} ({{ paginator.count }})
{% if page_obj.has_next %}<a href="?page={{ page_obj.next_page_number }}">next</a>{% endif %}</p>"""


class PerPip(ListView):
    """Grants on the PIP, foreign keys selected along: the better of the two."""

    model = Deployment
    paginate_by = 50

    def visible(self) -> QuerySet:
        pips = get_objects_for_user(self.request.user, "tenancy.view_pip", klass=Pip.objects.all())
        return Deployment.objects.filter(pip__in=pips).select_related("pip", "scenario", "site")

    def get_queryset(self) -> QuerySet:
        rows = self.visible().order_by("pip_id", "code")
        status = self.request.GET.get("status")
        return rows.filter(status=status) if status else rows

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        return HttpResponse(engines["django"].from_string(ROWS).render(context, self.request))


class PerObject(PerPip):
    """guardian as its manual shows it: a grant for each deployment."""

    def visible(self) -> QuerySet:
        mine = get_objects_for_user(self.request.user, "deployments.view_deployment", klass=Deployment.objects.all())
        return mine.select_related("pip", "scenario", "site")


def view_permission() -> Permission:
    """The permission on single deployments; the portal itself has none."""
    return Permission.objects.get_or_create(
        content_type=ContentType.objects.get_for_model(Deployment),
        codename="view_deployment",
        defaults={"name": "Can view deployment"},
    )[0]


def page_of(view: type[ListView], user: User, query: dict[str, str]) -> str:
    """The page's HTML; session, sign-in and middleware are given to the peer for nothing."""
    request: HttpRequest = RequestFactory().get("/", query)
    request.user = user
    return view.as_view()(request).content.decode()


class Loader(CachedInstanceLoader):
    """All rows of the file in one query."""


def resource(pip: Pip, *, tuned: bool) -> resources.ModelResource:
    """A resource for the deployments of one PIP; tuned: in bulk, unchanged rows skipped, keys looked up once."""
    widget = CachedForeignKeyWidget if tuned else ForeignKeyWidget

    def key(name: str, column: str, model: type) -> fields.Field:
        class OfPip(widget):
            def get_queryset(self, value: Any, row: Any, *args: Any, **kwargs: Any) -> QuerySet:
                return model.objects.filter(pip=pip)

        return fields.Field(name, column, OfPip(model, "code"))

    class PeerResource(resources.ModelResource):
        code = fields.Field("code", "部署编号")
        scenario = key("scenario", "应用场景编号", Scenario)
        site = key("site", "场所编号", Site)
        status = fields.Field("status", "状态")
        started_on = fields.Field(
            "started_on",
            "启用日期",
            resources.ModelResource.widget_from_django_field(Deployment._meta.get_field("started_on"))(),
        )
        note = fields.Field("note", "备注")

        class Meta:
            model = Deployment
            import_id_fields = ("code",)
            fields = ("code", "scenario", "site", "status", "started_on", "note")
            use_bulk = skip_unchanged = skip_diff = tuned
            batch_size = 1000
            if tuned:
                instance_loader_class = Loader

        def get_queryset(self) -> QuerySet:
            return Deployment.objects.filter(pip=pip)

        def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
            row["状态"] = {"使用中": "active"}.get(row["状态"], row["状态"])

        def init_instance(self, row: Any = None) -> Deployment:
            return Deployment(tenant_id=pip.tenant_id, pip=pip)

    return PeerResource()


def import_all(pip: Pip, rows: Dataset, *, tuned: bool) -> dict[str, int]:
    """Preview, then confirm, as the admin's two steps do; the totals of the second."""
    preview = resource(pip, tuned=tuned).import_data(rows, dry_run=True, raise_errors=True)
    assert not preview.has_validation_errors()
    done = resource(pip, tuned=tuned).import_data(rows, dry_run=False, raise_errors=True, use_transactions=True)
    return dict(done.totals)
