"""What tests stand on: a tenant with people of each role, and rows of the register by their shortest words."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from deployments.models import (
    Alternative,
    CaptureArea,
    ConsentMechanism,
    ConsentWording,
    Deployment,
    Device,
    Notice,
    NoticeVersion,
    PersonCount,
    ProtectionControl,
    Scenario,
    Sign,
    Site,
)
from deployments.notified import consented_facts, notified_facts
from portal.accounts.models import User
from portal.accounts.roles import ROLES
from portal.accounts.services import add_member, create_team, create_tenant, register_pip
from portal.evidence.models import Evidence
from portal.law.enums import CONTROL_FAMILIES, REQUIRED_NOTICE_ITEMS
from portal.obligations.models import Obligation
from portal.tenancy.models import Pip, Tenant
from portal.tenancy.session import acting

PASSWORD = "correct horse battery staple"
USCC = "91110000101623741K"


@dataclass
class House:
    """A tenant, its PIP and its people by role."""

    tenant: Tenant
    pip: Pip
    people: dict[str, User] = field(default_factory=dict)

    @contextmanager
    def acting(self, role: str) -> Iterator[None]:
        """Act as the person with this role."""
        user = self.people[role]
        with acting(self.tenant, actor=f"user:{user.pk}", user_id=user.pk):
            yield

    def client(self, role: str) -> Client:
        """A browser in which the person with this role is signed in."""
        client = Client()
        client.force_login(self.people[role], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    def url(self, path: str) -> str:
        return f"/t/{self.tenant.slug}/{path}"


def house(slug: str, *, uscc: str = USCC, name: str = "示例科技有限公司", roles: Any = ROLES) -> House:
    """A tenant with one PIP and one person for each role."""
    tenant = create_tenant(slug, slug.title(), actor="system:test")
    with acting(tenant, actor="system:test"):
        pip = register_pip(Pip(uscc=uscc, name=name, province="11"))
        people = {}
        for role in roles:
            user = User(email=f"{role}@{slug}.example", name=role.title(), language="en")
            user.set_unusable_password()
            user.save()
            team = create_team(f"{role} team", role)
            add_member(user, team, ends_on=date(2099, 12, 31) if ROLES[role].needs_end_date else None)
            people[role] = user
    return House(tenant, pip, people)


def scenario(pip: Pip, code: str = "GATE", **fields: Any) -> Scenario:
    return Scenario.objects.create(
        tenant=pip.tenant, pip=pip, code=code, name=fields.pop("name", code.title()), **fields
    )


def evidence(pip: Pip, name: str = "proof.pdf") -> Evidence:
    """The row of a kept file; nobody reads its bytes."""
    return Evidence.objects.create(
        tenant=pip.tenant,
        pip=pip,
        name=name,
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        wrapped_key=b"0",
        uploaded_at=timezone.now(),
    )


def lawful(pip: Pip, code: str = "GATE", **fields: Any) -> Scenario:
    """A scenario with everything that the law asks before use, but for its impact assessment and its place."""
    defaults = {
        "scope": "in",
        "scope_decided_on": date(2026, 1, 2),
        "purpose": "entry of members",
        "necessity": "queues at peak hours",
        "rejected_ways": "cards are lent",
        "legal_basis": "statutory_duty",
        "legal_basis_reason": "the rule of the sector",
        "storage_mode": "device",
        "sends_over_internet": False,
        "retention": "24 hours",
        "deletion_method": "overwritten",
    }
    made = scenario(pip, code, **defaults | fields)
    of = {"tenant": pip.tenant, "pip": pip}
    Alternative.objects.create(**of, scenario=made, kind="card", description="a card at the gate")
    proof = evidence(pip)
    for family in CONTROL_FAMILIES:
        ProtectionControl.objects.create(
            **of, scenario=made, family=family, state="in_place", measure="done", evidence=proof
        )
    told = {f"{item}_zh": item for item in REQUIRED_NOTICE_ITEMS}
    NoticeVersion.objects.create(
        **of,
        notice=Notice.objects.create(**of, scenario=made),
        number=1,
        state="published",
        effective_on=date(2026, 1, 2),
        published_at=timezone.now() - timedelta(days=200),
        notified=notified_facts(made),
        **told,
    )
    return made


def assessed(of: Scenario) -> Obligation:
    """The duty to assess as reconcile keeps it once the assessment is approved; the storey above has the rows."""
    return Obligation.objects.create(
        tenant=of.tenant,
        pip=of.pip,
        rule="frm-09-pipia-before-use",
        subject=f"scenario:{of.code}",
        state="met",
        met_on=date(2026, 1, 2),
        why_en="The PIPIA was approved on 2 January 2026.",
        why_zh="影响评估已于2026年1月2日批准。",
    )


def ready_place(pip: Pip, code: str = "D1", **fields: Any) -> Deployment:
    """A planned deployment of a lawful, assessed scenario in a public place, with everything there before use."""
    if "scenario" not in fields:
        fields["scenario"] = lawful(pip)
        assessed(fields["scenario"])
    defaults = {"status": "planned", "started_on": None, "security_necessity": "thefts in the lockers"}
    made = deployment(pip, code, **defaults | fields)
    CaptureArea.objects.create(
        tenant=pip.tenant, pip=pip, deployment=made, name="Lane 1", position="above the gate", reach="2 m"
    )
    return made


def site(pip: Pip, code: str = "S1", **fields: Any) -> Site:
    defaults = {"name": f"Site {code}", "province": "11", "place_type": "public"}
    return Site.objects.create(tenant=pip.tenant, pip=pip, code=code, **defaults | fields)


def deployment(pip: Pip, code: str = "D1", **fields: Any) -> Deployment:
    """An active deployment; makes its scenario and its site unless given."""
    fields.setdefault("status", "active")
    fields.setdefault("started_on", date(2026, 1, 5))
    if "scenario" not in fields:
        fields["scenario"] = Scenario.objects.filter(pip=pip).first() or scenario(pip)
    if "site" not in fields:
        fields["site"] = Site.objects.filter(pip=pip).first() or site(pip)
    return Deployment.objects.create(tenant=pip.tenant, pip=pip, code=code, **fields)


def device(place: Deployment, serial: str = "SN1", **fields: Any) -> Device:
    fields.setdefault("installed_on", date(2026, 1, 5))
    return Device.objects.create(tenant=place.tenant, pip=place.pip, deployment=place, serial=serial, **fields)


def area(place: Deployment, name: str = "Lane 1") -> CaptureArea:
    return CaptureArea.objects.create(tenant=place.tenant, pip=place.pip, deployment=place, name=name)


def sign(place: Deployment, code: str = "SG1", **fields: Any) -> Sign:
    defaults = {"location": "left of lane 1", "posted_on": date(2026, 1, 5)}
    return Sign.objects.create(tenant=place.tenant, pip=place.pip, deployment=place, code=code, **defaults | fields)


def count(of: Scenario | Deployment, persons: int, on: date = date(2026, 9, 1), **fields: Any) -> PersonCount:
    """A count of a whole scenario or of one deployment."""
    is_deployment = isinstance(of, Deployment)
    return PersonCount.objects.create(
        tenant=of.tenant,
        pip=of.pip,
        scenario=of.scenario if is_deployment else of,
        deployment=of if is_deployment else None,
        counted_on=on,
        persons=persons,
        entered_at=timezone.now(),
        **fields,
    )


def notice(of: Scenario, number: int = 1, state: str = "published", **fields: Any) -> NoticeVersion:
    """A version of a scenario's notice with its items in Chinese; makes the notice unless it is there."""
    made, _is_new = Notice.objects.get_or_create(tenant=of.tenant, pip=of.pip, scenario=of)
    words = {f"{name}_zh": f"事项{name}" for name in ("identity", "purpose", "retention", "necessity", "rights")}
    if state != "draft":
        words |= {"effective_on": date(2026, 1, 5), "published_at": timezone.now(), "notified": notified_facts(of)}
    return NoticeVersion.objects.create(
        tenant=of.tenant, pip=of.pip, notice=made, number=number, state=state, **words | fields
    )


def consent(of: Scenario, **fields: Any) -> ConsentMechanism:
    """How consent is asked in a scenario."""
    defaults = {"kinds": ["look"], "is_separate": True, "withdrawal_path": "在 App 的隐私设置中关闭"}
    return ConsentMechanism.objects.create(tenant=of.tenant, pip=of.pip, scenario=of, **defaults | fields)


def wording(of: ConsentMechanism, number: int = 1, **fields: Any) -> ConsentWording:
    """A wording that people consent to."""
    defaults = {"text_zh": "我同意使用人脸识别。", "effective_on": date(2026, 1, 5)}
    frozen = {"consented": consented_facts(of.scenario)}
    return ConsentWording.objects.create(
        tenant=of.tenant, pip=of.pip, mechanism=of, number=number, **defaults | frozen | fields
    )


def token() -> str:
    """A string that stands nowhere else: found in another tenant's page, it is a leak."""
    return f"canary{secrets.token_hex(8)}"
