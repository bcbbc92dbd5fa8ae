"""The tab of other ways than FR: what is offered, whether it is, and that nobody is forced (FRM Arts 10 to 12)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from deployments import services, standing
from deployments.forms_choice import (
    AlternativeCheckForm,
    AlternativeForm,
    ConductForm,
    EndAlternativeForm,
    IdServiceForm,
    NewAlternativeForm,
)
from deployments.models import Alternative, AlternativeCheck, ConductCheck, Scenario
from deployments.views.editing import edit, for_writing, saved
from deployments.views.places import place_url
from deployments.views.scenario_tab import Finding, scenario_of, show_tab, under_tab, with_life
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.law import enums
from portal.law.rules.choice import CHECK_DAYS
from portal.law.sources import DEFAULT, FRM, NDR, SPC
from portal.tenancy.choices import in_language

# How many checks a page shows; the trail has the rest.
SHOWN = 12


@dataclass(frozen=True)
class Way:
    """Another way than FR with what its last check found."""

    row: Alternative
    state: str
    next_check_on: date | None

    @property
    def tone(self) -> str:
        """Red is for what is unlawful or overdue only."""
        return "bad" if self.state in ("not_offered", "check_due") else ""

    @property
    def is_biometric(self) -> bool:
        return self.row.kind in enums.BIOMETRIC_ALTERNATIVES


def with_last_check(rows: QuerySet) -> QuerySet:
    """Ways with their newest check beside them."""
    newest = AlternativeCheck.objects.filter(alternative=OuterRef("pk")).order_by("-checked_on", "-id")
    columns = {"last_on": "checked_on", "was_offered": "is_offered", "last_note": "note"}
    return rows.annotate(**{name: Subquery(newest.values(column)[:1]) for name, column in columns.items()})


def way_of(row: Any, today: date) -> Way:
    """A row that was read ``with_last_check``."""
    state = standing.of_alternative(
        ended_on=row.ended_on, last_on=row.last_on, was_offered=row.was_offered, today=today
    )
    is_watched = row.last_on is not None and row.ended_on is None
    return Way(row, state, standing.next_check_on(row.last_on) if is_watched else None)


@page("view_pip")
def choice(request: HttpRequest, pk: int) -> HttpResponse:
    """Other ways, the self-check against coercion, the State rule, and the national service."""
    row = scenario_of(request, pk, rows=with_life(Scenario.objects.all()))
    today = civil_today()
    rows = with_last_check(Alternative.objects.filter(tenant=request.tenant, scenario=row))
    ways = [way_of(one, today) for one in rows.select_related("deployment__site")]
    checks = ConductCheck.objects.filter(tenant=request.tenant, scenario=row).select_related("checked_by")[:SHOWN]
    history = [(check, words_of(check)) for check in checks]
    offered = [way for way in ways if way.state != "ended"]
    return show_tab(
        request,
        row,
        "choice",
        choice_findings(request, row, offered, history[0][0] if history else None),
        ways=offered,
        former=[way for way in ways if way.state == "ended"],
        conduct=history,
        check_days=CHECK_DAYS,
        cites={"ways": [FRM(10), SPC(10)], "conduct": [FRM(12), NDR(22)], "service": [FRM(11)]},
    )


def words_of(check: ConductCheck) -> list[str]:
    """What a self-check found, one sentence for each question that was answered with yes."""
    return [str(in_language(enums.COERCION_FINDINGS[code])) for code in check.findings]


def choice_findings(
    request: HttpRequest, row: Any, ways: list[Way], conduct: ConductCheck | None
) -> Iterator[Finding]:
    """What is wrong with the other ways and with the self-check, the worst first."""
    if not row.is_in_scope:
        return
    if row.function != "other" or row.is_residential:
        yield from _no_way(request, row, ways)
    yield from _checks(request, ways)
    yield from _conduct(request, row, conduct)


def _checks(request: HttpRequest, ways: list[Way]) -> Iterator[Finding]:
    """Ways that nobody tried, or not for long, or that weren't there beside others that were."""
    is_some_offered = any(way.state in ("offered", "check_due") for way in ways)
    for way in ways:
        if way.state == "check_due":
            title, tone = _("Is it still offered? %(way)s"), "bad"
            text = _("It was last checked on %(day)s; %(n)d days have passed since.")
        elif way.state == "unchecked":
            title, tone = _("Is it really offered? %(way)s"), "warn"
            text = _("Nobody has tried it yet. A way that stands on paper only helps nobody.")
        elif way.state == "not_offered" and is_some_offered:
            title, tone = _("Not there at its last check: %(way)s"), "warn"
            text = _("Have it mended and check again, or record that it is no longer offered.")
        else:
            continue
        days = (civil_today() - way.row.last_on).days if way.row.last_on else 0
        yield Finding(
            title % {"way": way.row},
            text % {"day": way.row.last_on and way.row.last_on.isoformat(), "n": days},
            (DEFAULT("alternative-check"), FRM(10)),
            "default",
            tone,
            act=_("Check it now"),
            url=place_url(request, "alternative_check", way.row.pk),
        )


def _no_way(request: HttpRequest, row: Any, ways: list[Way]) -> Iterator[Finding]:
    standing_ways = [way for way in ways if way.state != "not_offered"]
    if row.state_rule or any(not way.is_biometric for way in standing_ways):
        return
    add = {"act": _("Add another way"), "url": place_url(request, "alternative_new", row.pk)}
    if standing_ways:
        yield Finding(
            _("A fingerprint alone is no way out"),
            _("It is biometric too. Offer a way without biometrics beside it."),
            (DEFAULT("alternative-check"), FRM(10)),
            "default",
            tone="warn",
            **add,
        )
    elif ways:
        yield Finding(
            _("No other way is really offered"),
            _("At its last check it was not there: %(ways)s. Offer it again and check, or record another way.")
            % {"ways": "; ".join(str(way.row) for way in ways)},
            (FRM(10),),
            act=_("Check it again"),
            url=place_url(request, "alternative_check", ways[0].row.pk),
        )
    else:
        yield Finding(
            _("No other way than FR is recorded"),
            _(
                "Where another way reaches the same purpose, FR must not be the only one; who refuses it is offered a"
                " reasonable and convenient one."
            ),
            (FRM(10), SPC(10)),
            **add,
        )


def _conduct(request: HttpRequest, row: Any, conduct: ConductCheck | None) -> Iterator[Finding]:
    check = {"act": _("Make the self-check"), "url": place_url(request, "conduct_check", row.pk)}
    if conduct is None:
        yield Finding(
            _("The self-check against coercion has not been made"),
            _("Nobody may be misled, deceived or forced into FR. Six questions show whether somebody is."),
            (FRM(12),),
            tone="warn",
            **check,
        )
    elif conduct.findings:
        yield Finding(
            _("The self-check of %(day)s found something") % {"day": conduct.checked_on.isoformat()},
            "; ".join(words_of(conduct)),
            (FRM(12),),
            **check | {"act": _("Mended? Check again")},
        )


def of_alternative(request: HttpRequest, pk: int, permission: str, rows: QuerySet | None = None) -> Any:
    """A way and its scenario."""
    found = Alternative.objects.all() if rows is None else rows
    row = request.access.get(found, permission, pk=pk)
    row.scenario = scenario_of(request, row.scenario_id)
    row.pip = row.scenario.pip
    return row


@page("view_pip")
def alternative(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of another way: what it is, its photo, and every check."""
    row = of_alternative(
        request, pk, "view_pip", with_last_check(Alternative.objects.select_related("deployment__site"))
    )
    checks = AlternativeCheck.objects.filter(tenant=request.tenant, alternative=row).select_related("checked_by")
    context = {
        "way": way_of(row, civil_today()),
        "scenario": row.scenario,
        "checks": checks[:SHOWN],
        "facts": [
            (_("Kind"), row.get_kind_display()),
            (_("How it works"), row.description),
            (_("Where it is"), row.place),
            (_("Offered at"), str(row.deployment.site) if row.deployment else _("wherever the scenario is used")),
        ],
        "steps": under_tab(request, row.scenario, "choice", row.get_kind_display(), "").crumbs,
        "check_days": CHECK_DAYS,
        "may_edit": request.access.can("edit_register", row.pip_id),
    }
    return render(request, "deployments/alternative.html", context)


@page("edit_register", writes=True)
def alternative_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record another way than FR."""
    row = scenario_of(request, pk, "edit_register", for_writing(request, Scenario.objects.all()))
    form_page = under_tab(request, row, "choice", _("Add another way than FR"), _("Add the way"))
    return edit(
        request,
        form_page,
        NewAlternativeForm(
            request.POST or None,
            request.FILES or None,
            instance=Alternative(tenant=request.tenant, pip_id=row.pip_id, scenario=row),
            request=request,
        ),
        lambda values: services.add_alternative(row, by=request.user, **values),
        to=form_page.cancel,
        said=_("The way was added. Check on the spot whether it is really offered."),
    )


@page("edit_register", writes=True)
def alternative_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change another way than FR."""
    row = of_alternative(request, pk, "edit_register", for_writing(request, Alternative.objects.all()))
    back = place_url(request, "alternative", pk)
    form_page = under_tab(request, row.scenario, "choice", _("Edit the other way"), _("Save the way"), back=back)
    return edit(
        request,
        form_page,
        AlternativeForm(request.POST or None, request.FILES or None, instance=row, request=request),
        lambda values: services.edit_alternative(row, by=request.user, **values),
        to=back,
        said=saved,
    )


@page("edit_register", writes=True)
def alternative_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a way is no longer offered."""
    row = of_alternative(request, pk, "edit_register", for_writing(request, Alternative.objects.all()))
    title = _("No longer offered: %(way)s") % {"way": row}
    form_page = under_tab(request, row.scenario, "choice", title, _("Record the end"))
    return edit(
        request,
        form_page,
        EndAlternativeForm(request.POST or None, instance=row, initial={"ended_on": civil_today()}, request=request),
        lambda values: services.end_alternative(row, today=civil_today(), **values),
        to=form_page.cancel,
        said=_("The end is recorded; the way and its checks stay readable."),
    )


@page("edit_register", writes=True)
def alternative_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The page for the phone: is it really offered? Two buttons, a photo, done."""
    row = of_alternative(request, pk, "edit_register", for_writing(request, Alternative.objects.all()))
    form = AlternativeCheckForm(
        request.POST or None,
        request.FILES or None,
        instance=AlternativeCheck(tenant=request.tenant, pip_id=row.pip_id, alternative=row),
        initial={"checked_on": civil_today()},
        request=request,
    )
    title = _("Is it really offered?")
    form_page = under_tab(
        request,
        row.scenario,
        "choice",
        title,
        "",
        back=place_url(request, "alternative", pk),
        template="deployments/alternative_check.html",
        context={"way": row, "newest": form.newest},
    )
    return edit(
        request,
        form_page,
        form,
        lambda values: services.check_alternative(row, by=request.user, today=civil_today(), **values),
        to=place_url(request, "choice", row.scenario_id),
        said=said_of_check,
    )


def said_of_check(check: AlternativeCheck) -> str:
    if check.is_offered:
        return _("Recorded: it is really offered.")
    return _("Recorded: it is not offered. Have it mended and check again.")


@page("edit_register", writes=True)
def conduct_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The six questions of the self-check against coercion."""
    row = scenario_of(request, pk, "edit_register", for_writing(request, Scenario.objects.all()))
    form_page = under_tab(
        request,
        row,
        "choice",
        _("Self-check against coercion"),
        _("Record the self-check"),
        note=_("Ask staff, look at signs, screens and forms, and answer for what is, not for what is planned."),
    )
    return edit(
        request,
        form_page,
        ConductForm(
            request.POST or None,
            instance=ConductCheck(tenant=request.tenant, pip_id=row.pip_id, scenario=row),
            initial={"checked_on": civil_today()},
            request=request,
        ),
        lambda values: services.check_conduct(row, by=request.user, today=civil_today(), **values),
        to=form_page.cancel + "#conduct",
        said=_("The self-check is recorded."),
    )


@page("edit_register", writes=True)
def id_service(request: HttpRequest, pk: int) -> HttpResponse:
    """Note whether the national identity service was considered."""
    row = scenario_of(request, pk, "edit_register", for_writing(request, Scenario.objects.all()))
    form_page = under_tab(
        request,
        row,
        "choice",
        _("National identity service"),
        _("Save the note"),
        note=_("Encouraged, not required: leaving it out is no breach."),
    )
    return edit(
        request,
        form_page,
        IdServiceForm(request.POST or None, instance=row, request=request),
        lambda values: services.consider_id_service(row, today=civil_today(), **values),
        to=form_page.cancel + "#service",
        said=saved,
    )
