"""Tenants, people and teams: the verbs."""

import secrets
from datetime import date

from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models import Q
from django.forms import ValidationError
from django.utils.translation import gettext as _
from django_scopes import scope

from portal.accounts.grants import sync, sync_all
from portal.accounts.models import Membership, Team, TeamMember, TeamPip, User
from portal.accounts.roles import ROLES
from portal.calendars.clock import civil_today
from portal.tenancy.models import Pip, Tenant
from portal.tenancy.session import Settings, service, using


def create_tenant(slug: str, name: str, *, actor: str) -> Tenant:
    """Open a customer's workspace. Its id is drawn first, since the wall lets only its own rows in."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('tenancy_tenant', 'id'))")
            tenant = Tenant(pk=cursor.fetchone()[0], slug=slug, name=name)
        with using(Settings(tenant=str(tenant.pk), actor=actor, verb="tenant.create")), scope(tenant=tenant):
            tenant.save(force_insert=True)
    return tenant


@service("pip.register")
def register_pip(pip: Pip) -> Pip:
    """Add a legal entity; teams with all PIPs get their grants on it."""
    pip.full_clean(exclude=["tenant"])
    pip.save()
    sync_all()
    return pip


@service("team.create")
def create_team(name: str, role: str, *, pips: list[Pip] | None = None) -> Team:
    """Make a team with a role for the given PIPs, or for all of them, also those added later."""
    group = Group.objects.create(name=secrets.token_hex(16))
    team = Team(name=name, role=role, has_all_pips=pips is None, group=group)
    team.save()
    for pip in pips or []:
        TeamPip(team=team, pip=pip).save()
    sync(team)
    return team


@service("member.add")
def add_member(user: User, team: Team, *, ends_on: date | None = None) -> Membership:
    """Put a person into a team; an auditor's access needs the day on which it ends."""
    membership = Membership.objects.filter(user=user).first() or Membership(user=user)
    if ends_on is not None:
        membership.ends_on = ends_on
    if ROLES[team.role].needs_end_date and membership.ends_on is None:
        raise ValidationError(_("An auditor's access needs an end date. Give the day until which it lasts."))
    membership.save()
    TeamMember.objects.get_or_create(tenant_id=team.tenant_id, team=team, membership=membership)
    sync(team)
    return membership


@service("member.end")
def end_membership(membership: Membership, *, on: date) -> None:
    """End a person's access after the given day."""
    membership.ends_on = on
    membership.save(update_fields=["ends_on"])
    sync_all()


def members_with(permission: str, pip: Pip) -> list[User]:
    """The current members who hold a permission on a PIP, by name."""
    roles = [code for code, role in ROLES.items() if permission in role.pip]
    teams = Team.objects.filter(Q(has_all_pips=True) | Q(team_pips__pip=pip), role__in=roles)
    members = Membership.objects.current(civil_today()).filter(team_members__team__in=teams)
    return list(User.objects.filter(pk__in=members.values("user_id"), is_active=True).order_by("name"))
