"""No storm: so many letters a person and day, so many a workspace and round. The rest waits in sight, not dropped."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.functions import Coalesce

from portal.clock.mornings import next_morning
from portal.law.engine import STATUTORY
from portal.obligations.models import Delivery
from portal.tenancy.models import Tenant
from portal.tenancy.session import acting


def is_over_cap(rows: QuerySet[Delivery], person: int, *, now: datetime, today: date) -> bool:
    """Whether a letter with these deliveries is one too many today. A duty in hours and a date set by law that has
    come are told of whatever was sent before; they count for the others."""
    if rows.filter(pressing(today)).exists():
        return False
    of_person = Delivery.objects.filter(user_id=person, channel="mail")
    on_its_way = Q(state="waiting", lease_until__gt=now)
    letters = of_person.filter(Q(sent_on=today) | on_its_way).order_by()
    numbers = letters.values_list(Coalesce("letter", "id", output_field=BigIntegerField())).distinct()
    return len(numbers[: settings.MOST_LETTERS_A_DAY]) >= settings.MOST_LETTERS_A_DAY


def pressing(today: date) -> Q:
    """What no cap holds back."""
    has_come = Q(reminder__obligation__safe_on__lte=today, reminder__obligation__rule__in=STATUTORY)
    return has_come | Q(reminder__obligation__due_at__isnull=False)


def hold(rows: QuerySet[Delivery], *, today: date) -> None:
    """Leave deliveries for the digest of the next working morning."""
    rows.update(held_on=today, next_attempt_at=next_morning(today))


def hold_rest(tenant: Tenant, ids: Sequence[int], *, today: date) -> None:
    """Note that a workspace has more letters than one round may send; the next round goes on with them."""
    with acting(tenant, actor="system:dispatch", verb="delivery.hold"):
        Delivery.objects.filter(pk__in=ids, state="waiting", held_on=None).update(held_on=today)
