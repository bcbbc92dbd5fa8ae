"""`manage.py workday add` and `manage.py law`, which need no database."""

import json
from datetime import date

import pytest

from portal.law.cli import law_json, law_main, workday_main
from portal.law.not_carried import NOT_CARRIED


@pytest.fixture
def notice_file(tmp_path):
    def write(content):
        path = tmp_path / "notice.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return str(path)

    return write


def test_thirty_working_days_as_json(capsys):
    assert workday_main(["add", "2025-06-01", "30", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {key: answer[key] for key in ("trigger", "days", "due", "status", "safe")} == {
        "trigger": "2025-06-01",
        "days": 30,
        "due": "2025-07-14",
        "status": "firm",
        "safe": "2025-07-14",
    }
    assert (len(answer["counted"]), answer["counted"][-1]) == (30, "2025-07-14")
    assert answer["skipped"][0]["date"] == "2025-06-02"
    assert "Dragon Boat" in answer["skipped"][0]["why"]
    days = len(answer["counted"]) + len(answer["skipped"])
    assert days == (date(2025, 7, 14) - date(2025, 6, 1)).days


def test_natural_days(capsys):
    assert workday_main(["add", "2025-09-05", "30", "--natural", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["due"], answer["safe"]) == ("2025-10-09", "2025-10-05")


def test_the_strip_for_people_shows_each_day_and_the_dates(capsys):
    assert workday_main(["add", "2026-11-23", "30"]) == 0
    shown = capsys.readouterr().out
    assert "due  2027-01-05 Tue (provisional)" in shown
    assert "safe 2026-12-31" in shown
    assert "may still move" in shown


def test_a_further_notice_makes_the_date_firm(capsys, notice_file):
    path = notice_file({"year": 2027, "title": "x", "days_off": ["2027-01-01"], "makeup_workdays": ["2027-01-03"]})
    assert workday_main(["add", "2026-11-23", "30", "--with-notice", path, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["due"], answer["status"]) == ("2027-01-04", "firm")


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        (["add", "2025-06-31", "30"], "'2025-06-31' is not a day"),
        (["add", "20250601", "30"], "'20250601' is not a day"),
        (["add", "2025-06-01", "0"], "'0' is not a number of days"),
        (["add", "2025-06-01", "-3"], "'-3' is not a number of days"),
        (["add", "2025-06-01", "many"], "'many' is not a number of days"),
        (["add", "2025-06-01"], "required: days"),
        (["add", "2019-06-03", "30"], "2019 isn't loaded"),
        (["add", "9999-12-31", "30"], "isn't loaded"),
        (["add", "9999-12-31", "30", "--natural"], ""),
        ([], "required: command"),
        (["subtract"], "invalid choice"),
        (["add", "2025-06-01", "30", "--with-notice", "no-such-file.json"], "can't be read"),
    ],
)
def test_what_cannot_be_reckoned_is_one_line_and_exit_2(argv, reason, capsys):
    assert workday_main(argv) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("workday: ") and said.err.count("\n") == 1
    assert reason in said.err


@pytest.mark.parametrize("content", ["{", "[]", '{"year": 2027, "title": "x", "days_off": []}'])
def test_a_wrong_notice_file_is_one_line_and_exit_2(content, capsys, notice_file):
    assert workday_main(["add", "2026-11-23", "30", "--with-notice", notice_file(content)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_help_is_no_error(capsys):
    assert workday_main(["--help"]) == 0
    assert "working days" in capsys.readouterr().out


def test_the_law_as_json_names_every_rule():
    law = json.loads(json.dumps(law_json()))
    assert [one["obligation"] for one in law["not_carried"]] == [one.obligation for one in NOT_CARRIED]
    by_id = {rule["id"]: rule for rule in law["rules"]}
    assert by_id["frm-15-initial"]["obligation"] == ["FR-15a"]
    assert by_id["frm-15-initial"]["layer"] == "law"
    assert "FRM-15" in by_id["frm-15-initial"]["cites"]
    assert by_id["frm-15-warning"]["layer"] == "default"
    assert all(rule["title"]["en"] and rule["title"]["zh"] for rule in law["rules"])


def test_the_law_of_a_day_holds_what_was_in_force_then(capsys):
    assert law_main(["--json", "--on", "2025-06-15"]) == 0
    early = {rule["id"] for rule in json.loads(capsys.readouterr().out)["rules"]}
    assert law_main(["--json"]) == 0
    everything = {rule["id"]: rule["in_force_on"] for rule in json.loads(capsys.readouterr().out)["rules"]}
    assert early == {id for id, since in everything.items() if since <= "2025-06-15"}
    assert {"incident-04-report", "minors-37-audit", "gbt-45574-officer", "cac-officer-report"} & early == set()


@pytest.mark.parametrize("argv", [["--on", "15 June"], ["--on"], ["--yaml"], ["--on", "2025-02-30"]])
def test_a_day_of_the_law_that_is_none_is_one_line_and_exit_2(argv, capsys):
    assert law_main(argv) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith("law: ") and said.err.count("\n") == 1


def test_help_of_the_law_is_no_error(capsys):
    assert law_main(["--help"]) == 0
    assert "in force" in capsys.readouterr().out
