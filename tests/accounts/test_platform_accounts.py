"""Platform accounts are made at the command line and belong to no workspace."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.accounts.models import User
from portal.accounts.pages import is_platform


def test_command_makes_an_account_with_a_link_for_its_password(db):
    out = StringIO()
    call_command("add_platform_account", "Ops@portal.example", name="Ops", stdout=out)
    account = User.objects.get(email="ops@portal.example")
    assert is_platform(account) and not account.has_usable_password()
    assert "http" in out.getvalue()


def test_account_of_a_workspace_is_not_made_a_platform_account(house):
    with pytest.raises(CommandError, match="has an account already"):
        call_command("add_platform_account", house.people["owner"].email, name="Owner")
    assert not is_platform(house.people["owner"])
