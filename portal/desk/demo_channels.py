"""The channels of the lived-in workspace: mail that was proved, a robot and a webhook that wait for their test."""

from datetime import date, datetime

from django.utils import timezone

from portal.accounts.models import User
from portal.notifications.models import Kind, MailTest, Robot
from portal.notifications.services import add_robot
from portal.tenancy.models import Tenant

PROVED_ON = date(2026, 10, 8)


def add_channels(tenant: Tenant, *, by: User) -> None:
    """Set them up once; to be called while acting for the tenant."""
    if Robot.objects.exists():
        return
    sent_at = timezone.make_aware(datetime(2026, 10, 8, 9, 5))
    MailTest(tenant=tenant, sent_at=sent_at, sent_to=by, tested_on=PROVED_ON).save()
    add_robot(
        tenant,
        kind=Kind.WECOM,
        name="合规工作群",
        language="zh-hans",
        address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=demo-key-of-nobody",
        secret="",
        pips=None,
        is_law_only=True,
    )
    add_robot(
        tenant,
        kind=Kind.WEBHOOK,
        name="OA 待办对接",
        language="zh-hans",
        address="https://oa.group.example/hooks/frportal",
        secret="a secret of the demo only",
        pips=None,
        is_law_only=False,
    )
