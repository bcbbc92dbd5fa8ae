"""One row of every tenant-owned model, with keys of its own: what the page walk and the wall tests stand on."""

import secrets
import uuid
from datetime import date
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import models
from django.utils import timezone

from portal.accounts.models import Membership, Team, User
from portal.obligations.models import Obligation
from portal.tenancy.models import TenantOwned
from tests.build import House

DAY = date(2026, 9, 1)
# Shared tables: they hold nothing of a tenant. A new model is fenced or stands here with its reason.
SHARED = {
    "tenancy.Tenant": "the tenant itself; fenced by its own id",
    "accounts.User": "a person; what he may do hangs on memberships",
    "accounts.User_groups": "groups of persons; the names of groups are random",
    "accounts.User_user_permissions": "never written",
    "accounts.TenantGroupPermission": "fenced by the id of the tenant that it is about",
    "accounts.TenantUserPermission": "fenced by the id of the tenant that it is about; never written",
    "auth.Group": "one a team, with a random name",
    "auth.Group_permissions": "never written",
    "auth.Permission": "the names of permissions",
    "contenttypes.ContentType": "the names of models",
    "sessions.Session": "signed-in browsers",
    "account.EmailAddress": "sign-in addresses",
    "account.EmailConfirmation": "sign-in addresses",
    "guardian.UserObjectPermission": "stays empty",
    "guardian.GroupObjectPermission": "stays empty",
    "clock.Heartbeat": "when the scheduler last ran",
    "filings.AuthorityEntry": "how provincial authorities are reached, the same for everybody",
    "calendars.HolidayNotice": "State Council notices, the same for everybody; who loaded and who confirmed them",
}
# Fenced like every other, but written without a trail.
NOT_AUDITED = {
    "tenancy.PipMark": "bookkeeping of reconcile",
    "tenancy.Counter": "the last number given",
    "audit.AuditEvent": "the trail itself",
    "audit.AuditSeal": "the trail itself",
    "obligations.Reminder": "bookkeeping of the ladder; what was sent stands in the delivery log",
    "obligations.Delivery": "the delivery log itself",
    "notifications.OutgoingEvent": "the log of what webhooks were told",
    "notifications.TrailMark": "bookkeeping: up to where the trail was read for a webhook",
    "notifications.WeeklyReceipt": "the proof itself; kept as it was made",
    "imports.ImportRow": "raw rows of a file; what they change is audited",
}
# Written by triggers or by the database's own functions, never by a test.
MADE_BY_DATABASE = {"audit.AuditEvent", "audit.AuditSeal"}


def concrete_models() -> list[type[models.Model]]:
    """Every model with a table, the automatic ones of many-to-many fields among them."""
    return [
        model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy
    ]


def owned_models() -> list[type[models.Model]]:
    """Every model whose rows belong to a tenant."""
    return [model for model in concrete_models() if model._meta.label not in SHARED]


class Filler:
    """Makes a row of each owned model, its required fields filled by their kind.

    Every row has the same key and the same code: whatever kind a page asks for, the row is there.
    """

    def __init__(self, house: House, key: int, canary: str) -> None:
        self.house, self.key, self.canary = house, key, canary
        self.made: dict[type[models.Model], models.Model] = {type(house.pip): house.pip}

    def all(self) -> dict[type[models.Model], models.Model]:
        """One row of every owned model that people or services write."""
        for model in owned_models():
            if model._meta.label not in MADE_BY_DATABASE:
                self.row(model)
        return self.made

    def row(self, model: type[models.Model]) -> models.Model:
        """The row of this model, made on first use."""
        if model in self.made:
            return self.made[model]
        special = SPECIAL.get(model._meta.label, dict)()
        needed = [field for field in model._meta.concrete_fields if self.is_needed(field)]
        values = {field.name: self.value(field) for field in needed if field.name not in special} | special
        self.made[model] = model.objects.create(pk=self.key, **values)
        return self.made[model]

    def is_needed(self, field: models.Field) -> bool:
        if field.primary_key or (field.null and not isinstance(field, models.ForeignKey)):
            return False
        return not field.null or field.name in (
            "user",
            "deployment",
            "evidence",
            "capture_area",
            "photo",
            "proof",
            "crossing",
        )

    def value(self, field: models.Field) -> Any:
        """Something that the field holds."""
        if field.name == "tenant":
            return self.house.tenant
        if isinstance(field, models.ForeignKey):
            related = field.related_model
            if related._meta.label == "accounts.User":
                return self.house.people["owner"]
            if related is Group:
                return self.row(Team).group
            if related is Permission:
                return Permission.objects.get(codename="view_pip")
            return self.row(related)
        if field.has_default():
            return field.get_default()
        return self.plain(field)

    def plain(self, field: models.Field) -> Any:
        choices = [code for code, _label in field.flatchoices if code]
        if choices:
            return choices[0]
        kinds = [
            (models.BooleanField, True),
            (models.DateTimeField, timezone.now()),
            (models.DateField, DAY),
            (models.JSONField, {}),
            (models.DecimalField, 1),
            (models.UUIDField, uuid.uuid4()),
            (models.BinaryField, b"0"),
            (models.IntegerField, 1),
            (models.CharField, self.canary[: field.max_length]),
            (models.TextField, self.canary),
        ]
        return next(value for kind, value in kinds if isinstance(field, kind))


def somebody() -> User:
    """A person who is in no tenant yet."""
    return User.objects.create_user(f"{secrets.token_hex(6)}@rows.example", name="Row")


SPECIAL = {
    "obligations.Waiver": lambda: {"rule": "frm-13-sign", "subject": "deployment:X"},
    "notifications.TrailMark": lambda: {"snapshot": "1:1:"},
    "accounts.Membership": lambda: {"user": somebody()},
    "accounts.Absence": lambda: {"stand_in": Membership.objects.create(user=somebody())},
    "desk.HandedOver": lambda: {"obligation": Obligation.objects.first()},
    "accounts.Team": lambda: {"group": Group.objects.create(name=secrets.token_hex(16))},
    "obligations.Obligation": lambda: {"rule": "frm-13-sign", "subject": "deployment:X", "is_critical": False},
    "filings.Filing": lambda: {"state": "draft"},
    "filings.Snapshot": lambda: {"facts": {"frozen_on": DAY.isoformat(), "pip": {}, "scenarios": []}},
    "filings.ChangeCase": lambda: {"item": "province", "old": {"province": "11"}, "new": {"province": "31"}},
    "obligations.Reminder": lambda: {"rung": "5"},
    "obligations.DateMove": lambda: {"notice_year": 2027},
    "clock.Ladder": lambda: {"days": [5, 0]},
    "filings.DossierDocument": lambda: {"material": "basic-information"},
    "assessments.Assessment": lambda: {"state": "draft", "template": "frm-1"},
    "assessments.OwnQuestion": lambda: {"section": "work"},
    "deployments.Deployment": lambda: {"status": "suspended"},
    "deployments.OverlapEstimate": lambda: {"best_percent": 1, "most_percent": 2},
    "deployments.GroupOverlap": lambda: {"best_percent": 1, "most_percent": 2},
    "deployments.Device": lambda: {"space_type": "lobby"},
    "deployments.GovernanceRecord": lambda: {"kind": "audit"},
    "cases.Case": lambda: {
        "kind": "refusal",
        "channel": "counter",
        **dict.fromkeys(("category", "outcome", "exemption"), ""),
    },
}


def is_tenant_owned(model: type[models.Model]) -> bool:
    """Whether the model carries its tenant."""
    return issubclass(model, TenantOwned) or any(field.name == "tenant" for field in model._meta.concrete_fields)
