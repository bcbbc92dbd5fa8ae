"""Scenarios, sites and PIPs of the register: add and edit."""

from typing import Any

from deployments.models import Scenario, Site
from deployments.services.rows import add, change
from portal.tenancy.models import Pip, touch
from portal.tenancy.session import service


@service("pip.edit")
def edit_pip(pip: Pip, **changes: Any) -> list[str]:
    """Change the facts of a legal entity that go into the forms; the names of what changed."""
    changed = change(pip, changes)
    if changed:
        touch(pip.pk)
    return changed


@service("scenario.register")
def register_scenario(pip: Pip, **fields: Any) -> Scenario:
    """Add a use of FR of a PIP."""
    scenario = add(Scenario(pip=pip, **fields))
    touch(pip.pk)
    return scenario


@service("scenario.edit")
def edit_scenario(scenario: Scenario, **changes: Any) -> list[str]:
    """Change a scenario; the names of what changed."""
    changed = change(scenario, changes)
    if changed:
        touch(scenario.pip_id)
    return changed


@service("site.register")
def register_site(pip: Pip, **fields: Any) -> Site:
    """Add a place of a PIP."""
    site = add(Site(pip=pip, **fields))
    touch(pip.pk)
    return site


@service("site.edit")
def edit_site(site: Site, **changes: Any) -> list[str]:
    """Change a place; the names of what changed."""
    changed = change(site, changes)
    if changed:
        touch(site.pip_id)
    return changed
