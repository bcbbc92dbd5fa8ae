"""``manage.py import_file``: the same path, its JSON and its exit codes."""

import io
import json

import pytest
from django.core.management import call_command

from deployments.models import Deployment
from portal.imports.models import ImportBatch
from tests import build
from tests.imports.files import DEPLOYMENT, rows_of, table

KEYS = [
    "kind",
    "encoding",
    "rows",
    "new",
    "changed",
    "unchanged",
    "errors",
    "applied",
    "batch",
    "problems",
    "refused",
]


@pytest.fixture
def folder(house, settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    build.scenario(house.pip, "BOARDING")
    return tmp_path


def run(house, path, *arguments, role="officer", user=None, tenant=None) -> tuple[int, str, str]:
    """Exit code, output and errors of one call."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    user = user or house.people[role].email
    try:
        call_command(
            "import_file",
            str(path),
            "--tenant",
            tenant or house.tenant.slug,
            "--user",
            user,
            *arguments,
            stdout=out,
            stderr=err,
        )
    except SystemExit as end:
        code = end.code
    return code, out.getvalue(), err.getvalue()


def vendor_file(folder, house, *changes) -> object:
    path = folder / "file.csv"
    path.write_text(table(*rows_of({**DEPLOYMENT, "pip_uscc": house.pip.uscc}, *changes)))
    return path


def test_json_says_what_the_file_would_do_and_names_every_problem(house, folder):
    path = vendor_file(
        folder, house, {}, {"deployment_code": "FR-2", "province": "火星省", "started_on": "2026-13-01"}
    )
    code, out, _err = run(house, path, "--json")
    result = json.loads(out)
    assert code == 0
    assert list(result) == KEYS
    problems = result.pop("problems")
    assert result == {
        "kind": "deployments",
        "encoding": "utf-8",
        "rows": 2,
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "errors": 1,
        "applied": False,
        "batch": "IMP-2026-0001",
        "refused": None,
    }
    assert [(p["row"], p["column"], p["value"]) for p in problems] == [
        (3, "province", "火星省"),
        (3, "started_on", "2026-13-01"),
    ]
    assert all("Write" in problem["message"] for problem in problems)
    assert not Deployment.objects.exists()


def test_apply_writes_and_the_same_file_again_finds_all_unchanged(house, folder):
    path = vendor_file(folder, house, {}, {"deployment_code": "FR-2"})
    code, out, _err = run(house, path, "--apply", "--json")
    assert (code, json.loads(out)["applied"], Deployment.objects.count()) == (0, True, 2)
    code, out, _err = run(house, path, "--apply", "--json")
    again = json.loads(out)
    assert (code, again["new"], again["changed"], again["unchanged"]) == (0, 0, 0, 2)


def test_vendor_may_check_but_not_apply(house, folder):
    path = vendor_file(folder, house, {})
    assert run(house, path, "--json", role="vendor")[0] == 0
    code, out, _err = run(house, path, "--json", "--apply", role="vendor")
    assert code == 2
    assert "not apply" in json.loads(out)["refused"]
    assert run(house, path, "--apply", role="vendor")[::2][0] == 2
    assert not Deployment.objects.exists()
    assert ImportBatch.objects.count() == 1


def test_refused_file_ends_with_two_and_the_reason(house, folder):
    path = folder / "nothing.csv"
    path.write_bytes(b"")
    code, out, _err = run(house, path, "--json")
    assert (code, json.loads(out)["refused"]) == (2, "The file is empty.")
    code, _out, err = run(house, path)
    assert (code, err.count("\n")) == (2, 1)


def test_unknown_tenant_user_or_file_is_one_clear_line(house, folder, stranger):
    path = vendor_file(folder, house, {})
    for arguments in (
        {"tenant": "nobody"},
        {"user": "nobody@acme.example"},
        {"user": stranger.people["officer"].email},
    ):
        code, out, err = run(house, path, **arguments)
        assert (code, out, err.count("\n")) == (2, "", 1)
    assert run(house, folder / "missing.csv")[0] == 2
    assert run(house, path, role="auditor")[0] == 2


def test_overrides_are_taken(house, folder):
    path = folder / "utf16.csv"
    path.write_bytes(table({**DEPLOYMENT, "pip_uscc": house.pip.uscc}).encode("gb18030"))
    code, out, _err = run(house, path, "--json", "--encoding", "gb18030", "--kind", "deployments")
    assert (code, json.loads(out)["encoding"]) == (0, "gb18030")
    code, out, _err = run(house, path, "--json", "--kind", "counts")
    assert code == 2
