"""Who is away, and who does the work meanwhile."""

from datetime import date

from django.utils.translation import gettext as _

from portal.accounts.models import Absence, Membership, User
from portal.tenancy.session import service
from portal.workflow import StateConflict


def stand_ins(today: date) -> dict[int, int]:
    """User id → user id of who does his work today, for the tenant in scope.

    A stand-in who is away himself passes it on. One whose access ended stands in for nobody; where a chain runs in a
    circle nobody does: the work stays where it is.
    """
    away = Absence.objects.on(today).values_list("membership__user_id", "stand_in__user_id")
    step = dict(away.filter(stand_in__in=Membership.objects.current(today)))
    found = {}
    for person in step:
        last, passed = step[person], {person}
        while last in step and last not in passed:
            passed.add(last)
            last = step[last]
        if last not in passed:
            found[person] = last
    return found


def stood_in_by(user: User, today: date) -> list[int]:
    """The ids of the absent people whose work this person does today."""
    return sorted(absent for absent, stand_in in stand_ins(today).items() if stand_in == user.pk)


@service("absence.note")
def note_absence(absence: Absence, *, today: date) -> Absence:
    """Let somebody stand in for a member from one day to another."""
    absence.full_clean(exclude=["tenant"])
    if absence.ends_on < today:
        raise StateConflict(_("These days have passed. Give today or a later day as the last one."))
    if not Membership.objects.current(today).filter(pk=absence.stand_in_id).exists():
        raise StateConflict(_("The access of this stand-in has ended. Choose another person."))
    absence.save(force_insert=True)
    return absence


@service("absence.end")
def end_absence(absence: Absence) -> None:
    """Take an absence away: from now on the work is the member's own again."""
    if Absence.objects.filter(pk=absence.pk).delete()[0] != 1:
        raise StateConflict(_("This absence was ended already. Reload the page."))
