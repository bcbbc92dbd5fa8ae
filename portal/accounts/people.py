"""Inviting people and ending their access."""

from datetime import date, timedelta

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.forms import ValidationError
from django.utils.translation import gettext as _

from portal.accounts.grants import sync
from portal.accounts.models import Membership, Team, TeamMember, User
from portal.accounts.roles import ROLES
from portal.accounts.services import add_member, end_membership
from portal.tenancy.session import service
from portal.workflow import CaseError


@service("member.invite")
def invite(
    email: str, *, name: str, language: str, team: Team, ends_on: date | None, by: User | None, today: date
) -> Membership:
    """Put a person into a team by e-mail address; a new account gets a link with which to choose its password."""
    email = User.objects.normalize_email(email).lower()
    if ends_on is not None and ends_on < today:
        raise ValidationError({"ends_on": _("This day has passed. Give today or a later day.")})
    if ROLES[team.role].needs_end_date and ends_on is None:
        raise ValidationError(
            {"ends_on": _("An auditor's access needs an end date. Give the day until which it lasts.")}
        )
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, name=name, language=language)
    if TeamMember.objects.filter(
        team=team, membership__user=user, membership__in=Membership.objects.current(today)
    ).exists():
        raise ValidationError({"email": _("This person is in the team already.")})
    former = Membership.objects.filter(user=user).first()
    if former is not None:
        meet_again(former, ends_on=ends_on, today=today)
    membership = add_member(user, team, ends_on=ends_on)
    transaction.on_commit(lambda: send_invitation(user, team.tenant.name, by), robust=True)
    return membership


def meet_again(former: Membership, *, ends_on: date | None, today: date) -> None:
    """Ready the membership of somebody who is or was here for one more team, which ends all of it on the given day."""
    if former.ends_on is not None and former.ends_on < today:
        # Who comes back gets what he is given now, not the teams of before.
        for row in former.team_members.select_related("team"):
            row.delete()
            sync(row.team)
    if ends_on is not None:
        require_another_owner(former, today=today)
    elif former.ends_on is not None:
        if any(ROLES[role].needs_end_date for role in team_roles(former)):
            raise ValidationError(
                {"ends_on": _("An auditor's access needs an end date. Give the day until which it lasts.")}
            )
        former.ends_on = None
        former.save(update_fields=["ends_on"])


def password_link(user: User) -> str:
    """Where a person chooses a password; valid until used, or for three days."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    return get_adapter().get_reset_password_from_key_url(key)


def send_invitation(user: User, workspace: str, by: User | None) -> None:
    """Tell a person of the new access, with the link to set a password if there is none yet."""
    context = {
        "user": user,
        "workspace": workspace,
        "by": by,
        "link": "" if user.has_usable_password() else password_link(user),
        "address": settings.BASE_URL.rstrip("/") + "/",
    }
    get_adapter().send_mail("accounts/email/invitation", user.email, context)


@service("member.change_end")
def change_end(membership: Membership, *, on: date | None, today: date) -> None:
    """Let access last until a day, or without end."""
    roles = team_roles(membership)
    if on is None and any(ROLES[role].needs_end_date for role in roles):
        raise ValidationError(
            {"ends_on": _("An auditor's access needs an end date. Give the day until which it lasts.")}
        )
    if on is not None and on < today:
        raise ValidationError({"ends_on": _("This day has passed. Give today or a later day.")})
    if on is not None:
        require_another_owner(membership, today=today)
    end_membership(membership, on=on)


@service("member.end")
def end_now(membership: Membership, *, today: date) -> None:
    """End a person's access at once: the last day was yesterday."""
    require_another_owner(membership, today=today)
    end_membership(membership, on=today - timedelta(days=1))


def require_another_owner(membership: Membership, *, today: date) -> None:
    """A workspace keeps an owner whose access has no end."""
    if "owner" not in team_roles(membership):
        return
    # Two owners who end each other's access at the same moment take turns here.
    owners = Membership.objects.filter(team_members__team__role="owner").values("pk")
    lasting = Membership.objects.select_for_update(of=("self",)).filter(
        Q(ends_on__isnull=True), pk__in=owners, user__is_active=True
    )
    if not any(row.pk != membership.pk for row in lasting):
        raise CaseError(
            _("This is the last owner of the workspace. Add another owner without an end date first, then try again.")
        )


def team_roles(membership: Membership) -> set[str]:
    """The roles of the person's teams."""
    return set(Team.objects.filter(team_members__membership=membership).values_list("role", flat=True))
