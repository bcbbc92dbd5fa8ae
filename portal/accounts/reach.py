"""What other people than the reader may do: for giving them work, and for telling whom it can be given."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from django.db.models import Exists, OuterRef, Q

from portal.accounts.models import Membership, PipGroupPermission, User
from portal.accounts.roles import ROLES

# Whoever holds one of these for a PIP can meet some duty of it.
ACTING = frozenset({"edit_register", "confirm_count", "prepare_filing", "write_assessment", "waive_finding"})
ACTING_ROLES = [code for code, role in ROLES.items() if role.pip & ACTING]


def reach(person: User, today: date) -> Mapping[str, set[int]]:
    """Permission → ids of the PIPs for which a person holds it today, in the tenant in scope; empty for a stranger."""
    held: dict[str, set[int]] = defaultdict(set)
    rows = PipGroupPermission.objects.filter(
        group__user__in=Membership.objects.current(today).filter(user=person).values("user_id")
    )
    for codename, pip_id in rows.values_list("permission__codename", "content_object_id"):
        held[codename].add(pip_id)
    return held


def held(person: str, today: date) -> Q:
    """Whether the person in a column of a row may act for its PIP today; what anybody else has is nobody's work."""
    acting = PipGroupPermission.objects.filter(
        content_object_id=OuterRef("pip_id"), permission__codename__in=ACTING, group__user=OuterRef(person)
    )
    return Q(Exists(acting), Exists(Membership.objects.current(today).filter(user_id=OuterRef(person))))


def free(person: str, today: date) -> Q:
    """Whether a row is nobody's work: nobody has it, or who had it is gone."""
    return Q(**{f"{person}__isnull": True}) | ~held(person, today)


def workers(today: date) -> list[User]:
    """The current members whose role can meet duties, by name."""
    acting = Membership.objects.current(today).filter(team_members__team__role__in=ACTING_ROLES)
    return list(User.objects.filter(pk__in=acting.values("user_id")).order_by("name", "pk"))


def readers_of(pip_id: int, today: date) -> list[User]:
    """The current members who see a PIP, by name: whom a remark about it may mention."""
    rows = PipGroupPermission.objects.filter(content_object_id=pip_id, permission__codename="view_pip")
    current = Membership.objects.current(today).values("user_id")
    people = User.objects.filter(pk__in=current, groups__in=rows.values("group_id"))
    return list(people.distinct().order_by("name", "pk"))
