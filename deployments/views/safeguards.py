"""The tab of protection: the five families of FRM Art 14, and the system under MLPS behind the scenario."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from deployments import services, standing
from deployments.choices import control_families
from deployments.forms_safeguards import ControlForm, ScenarioMlpsForm
from deployments.models import MlpsSystem, ProtectionControl, Scenario
from deployments.views.editing import edit, for_writing, saved
from deployments.views.mlps import mlps_facts, number_hint
from deployments.views.places import place_url
from deployments.views.scenario_tab import Finding, scenario_of, show_tab, under_tab, with_life
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.law.sources import CSL, DEFAULT, FRM, PIPL, Cite

# GB/T 44248-2024 recommends this level for systems that serve the public.
RECOMMENDED_LEVEL = 3


@dataclass(frozen=True)
class Family:
    """One of the five families with what the register says of it."""

    code: str
    words: str
    control: ProtectionControl | None
    state: str

    @property
    def is_reviewable(self) -> bool:
        return self.control is not None and self.control.state != "missing"

    @property
    def is_unreviewed(self) -> bool:
        """Whether something is in place that nobody has looked at since, and no day is set for it."""
        return self.is_reviewable and not (self.control.reviewed_on or self.control.review_on)


def families_of(controls: list[ProtectionControl]) -> list[Family]:
    """All five families in the order of Article 14, those without a row among them."""
    by_family, today = {control.family: control for control in controls}, civil_today()
    return [
        Family(code, str(words), by_family.get(code), standing.of_control(by_family.get(code), today))
        for code, words in control_families()
    ]


@page("view_pip")
def safeguards(request: HttpRequest, pk: int) -> HttpResponse:
    """The five families as one table, and the MLPS system."""
    row = scenario_of(request, pk, rows=with_life(Scenario.objects.select_related("mlps__evidence")))
    controls = ProtectionControl.objects.filter(tenant=request.tenant, scenario=row).select_related("evidence")
    families = families_of(list(controls))
    return show_tab(
        request,
        row,
        "safeguards",
        safeguard_findings(request, row, families),
        families=families,
        system=row.mlps,
        mlps_facts=mlps_facts(row.mlps) if row.mlps else [],
        number_hint=number_hint(row.mlps) if row.mlps else "",
        recommended_level=RECOMMENDED_LEVEL,
        is_below=row.mlps is not None and (row.mlps.level or 0) < RECOMMENDED_LEVEL,
        cites={"families": [FRM(14), PIPL(51)], "mlps": [FRM(14), CSL(23)], "cii": [FRM(14), Cite("CII")]},
        standard=[Cite("GBT-44248")],
    )


def safeguard_findings(request: HttpRequest, row: Any, families: list[Family]) -> Iterator[Finding]:
    """What isn't in place or not proved, then what is to be reviewed."""
    if not row.is_in_scope:
        return
    gaps = [family for family in families if family.state in ("missing", "partial", "unproved")]
    if gaps:
        yield Finding(
            _("State and prove the protection: %(family)s") % {"family": gaps[0].words},
            _("Not yet in place and proved: %(families)s.") % {"families": "; ".join(one.words for one in gaps)},
            (FRM(14),),
            tone="bad" if row.is_live else "warn",
            act=_("State what is done"),
            url=place_url(request, "control_edit", row.pk, gaps[0].code),
        )
    late = [family for family in families if family.state == "review_due"]
    if late:
        yield Finding(
            _("Review the protection: %(family)s") % {"family": late[0].words},
            _("The day of the next review has passed: %(families)s.")
            % {"families": "; ".join(one.words for one in late)},
            (DEFAULT("protection-review"), FRM(14)),
            "default",
            act=_("Look at it again"),
            url=place_url(request, "control_edit", row.pk, late[0].code),
        )
    never = [family for family in families if family.is_unreviewed]
    if never:
        yield Finding(
            _("Never reviewed: %(family)s") % {"family": never[0].words},
            _("Look whether it still protects, and record the day: %(families)s.")
            % {"families": "; ".join(one.words for one in never)},
            (DEFAULT("protection-review"), FRM(14)),
            "default",
            tone="warn",
            act=_("Look at it again"),
            url=place_url(request, "control_edit", row.pk, never[0].code),
        )


@page("edit_register", writes=True)
def control_edit(request: HttpRequest, pk: int, family: str) -> HttpResponse:
    """State what is done in one family; the second button goes on to the next one."""
    names = dict(control_families())
    if family not in names:
        raise Http404
    row = scenario_of(request, pk, "edit_register", for_writing(request, Scenario.objects.all()))
    controls = for_writing(request, ProtectionControl.objects.filter(tenant=request.tenant, scenario=row))
    control = controls.filter(family=family).select_related("evidence").first()
    if control is None:
        control = ProtectionControl(tenant=request.tenant, pip_id=row.pip_id, scenario=row, family=family)
    order = list(names)
    following = order[order.index(family) + 1] if family != order[-1] else ""
    form_page = under_tab(
        request,
        row,
        "safeguards",
        names[family],
        _("Save and return"),
        note=_("%(n)d of %(total)d families of protection") % {"n": order.index(family) + 1, "total": len(order)},
        template="deployments/control_form.html",
        context={"following": names.get(following, "")},
    )
    goes_on = bool(following) and "go_on" in request.POST
    return edit(
        request,
        form_page,
        ControlForm(request.POST or None, request.FILES or None, instance=control, request=request),
        lambda values: services.set_control(row, family, by=request.user, today=civil_today(), **values),
        to=place_url(request, "control_edit", pk, following) if goes_on else form_page.cancel,
        said=_("%(family)s: saved.") % {"family": names[family]},
    )


@page("edit_register", writes=True)
def control_review(request: HttpRequest, pk: int, family: str) -> HttpResponse:
    """Reviewed today, in one press; a GET leads back to the tab."""
    row = scenario_of(request, pk, "edit_register")
    words = dict(control_families()).get(family)
    if words is None:
        raise Http404
    if request.method == "POST":
        control = services.review_control(row, family, today=civil_today())
        sentence = _("%(family)s: reviewed today, next on %(day)s.")
        messages.success(request, sentence % {"family": words, "day": control.review_on.isoformat()})
    return redirect(place_url(request, "safeguards", pk))


@page("edit_register", writes=True)
def mlps_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the system under MLPS in which the scenario runs; without any the first one is added."""
    row = scenario_of(request, pk, "edit_register", for_writing(request, Scenario.objects.all()))
    if request.method != "POST" and not MlpsSystem.objects.filter(tenant=request.tenant, pip=row.pip).exists():
        return redirect(f"{place_url(request, 'mlps_new', row.pip.uscc)}?scenario={row.pk}")
    form_page = under_tab(
        request,
        row,
        "safeguards",
        _("MLPS system"),
        _("Save the choice"),
        template="deployments/mlps_choose.html",
        context={"scenario": row},
    )
    return edit(
        request,
        form_page,
        ScenarioMlpsForm(request.POST or None, instance=row, request=request),
        lambda values: services.link_mlps(row, **values),
        to=form_page.cancel + "#mlps",
        said=saved,
    )
