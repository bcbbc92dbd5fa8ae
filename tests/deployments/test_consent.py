"""Consent: asked by active cooperation, apart, withdrawable, of guardians for children; counted, never named."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.forms import ValidationError
from django.test.utils import CaptureQueriesContext

from deployments.consent import asked, checklist
from deployments.consent_table import CountRow, from_file, from_text
from deployments.models import ConsentCount, ConsentMechanism, ConsentWording, Scenario
from deployments.services import edit_scenario
from deployments.services.consent import (
    edit_consent,
    enter_consents,
    import_consents,
    publish_wording,
    set_up_consent,
)
from deployments.versions import version_of
from portal.audit.models import AuditEvent
from portal.documents.pdf import render_pdf
from portal.documents.sheet import Section, Sheet
from portal.ui import panels
from tests import build
from tests.deployments.test_pages import OF_EVERY_PAGE, questions, text_of

DAY = date(2026, 10, 12)
SOUND = {"kinds": ["look"], "is_separate": True, "withdrawal_path": "到前台办理"}


@pytest.fixture(autouse=True)
def own_vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


@pytest.fixture
def about(house):
    return {"by": house.people["officer"], "today": DAY}


def on_consent(house, code="GATE", **fields):
    return build.scenario(house.pip, code, **{"legal_basis": "consent"} | fields)


def paper(name="rules.pdf"):
    file = io.BytesIO(render_pdf(Sheet("规则", "zh", "", (Section(paragraphs=("规则",)),))))
    file.name = name
    return file


def tab(house, scenario, path=""):
    return house.url(f"register/scenarios/{scenario.pk}/consent/{path}")


# What is asked of whom


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"legal_basis": "contract"}, []),
        ({"legal_basis": ""}, []),
        ({"legal_basis": "consent"}, ["active cooperation", "asked separately", "a way to withdraw"]),
        ({"legal_basis": "contract", "storage_exception": "consent"}, ["covers the storage", "a way to withdraw"]),
        ({"legal_basis": "consent", "subject_groups": ["under_14"]}, ["a guardian consents"]),
        ({"legal_basis": "contract", "subject_groups": ["under_14"]}, ["rules for children under 14"]),
        ({"legal_basis": "consent", "cross_border": True}, ["covers the transfer abroad"]),
        ({"legal_basis": "contract", "cross_border": True}, []),
    ],
)
def test_what_is_asked_follows_from_the_scenario(house, fields, expected):
    names = [str(check.name) for check in checklist(build.scenario(house.pip, **fields), None)]
    assert set(expected) <= set(names) and bool(names) == bool(expected)
    assert ("a guardian consents" in names) == ("a guardian consents" in expected)


def test_rules_for_children_are_owed_where_nobody_is_asked_and_guardians_are_not(house):
    scenario = build.scenario(house.pip, legal_basis="contract", subject_groups=["under_14"])
    assert [str(check.name) for check in checklist(scenario, None)] == ["rules for children under 14"]
    assert not asked(scenario).at_all


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"kinds": []}, {"kinds"}),
        ({"withdrawal_path": ""}, {"withdrawal_path"}),
        ({"needs_written": True}, {"written_law"}),
        ({"children_rules_on": DAY}, {"children_rules"}),
    ],
)
def test_consent_that_nobody_could_give_or_take_back_is_refused(house, about, fields, names):
    with pytest.raises(ValidationError) as refused:
        set_up_consent(on_consent(house), files={}, **about, **SOUND | fields)
    assert set(refused.value.message_dict) == names
    assert not ConsentMechanism.objects.exists()


def test_guardian_is_asked_where_children_are_concerned(house, about):
    scenario = on_consent(house, subject_groups=["under_14"])
    with pytest.raises(ValidationError) as refused:
        set_up_consent(scenario, files={}, **about, **SOUND)
    assert set(refused.value.message_dict) == {"guardian_how"}
    set_up_consent(scenario, files={}, **about, **SOUND, guardian_how="家长在 App 内同意，并核验户口簿")


def test_rules_for_children_come_with_their_day(house, about):
    scenario = on_consent(house, subject_groups=["under_14"])
    sound = SOUND | {"guardian_how": "家长签字"}
    with pytest.raises(ValidationError) as refused:
        set_up_consent(scenario, files={"children_rules": paper()}, **about, **sound)
    assert set(refused.value.message_dict) == {"children_rules_on"}
    made = set_up_consent(
        scenario, files={"children_rules": paper()}, **about, **sound, children_rules_on=date(2026, 1, 1)
    )
    assert made.children_rules.name == "rules.pdf"


def test_new_file_takes_the_place_of_the_old_one_which_stays_kept(house, about):
    mechanism = set_up_consent(on_consent(house), files={"proof": paper("a.pdf")}, **about, **SOUND)
    assert edit_consent(mechanism, files={}, **about, **SOUND) == []
    assert edit_consent(mechanism, files={"proof": paper("b.pdf")}, **about, **SOUND) == ["proof"]
    assert ConsentMechanism.objects.get().proof.name == "b.pdf"
    assert type(mechanism.proof).objects.filter(name="a.pdf").exists()


def test_second_of_two_clicks_finds_what_the_first_made(house, about):
    scenario = on_consent(house)
    assert set_up_consent(scenario, files={}, **about, **SOUND) == set_up_consent(scenario, files={}, **about, **SOUND)
    with pytest.raises(ValidationError, match="set up meanwhile"):
        set_up_consent(scenario, files={}, **about, **SOUND | {"kinds": ["click"]})


# Wordings


def test_wordings_follow_each_other_without_a_gap(house):
    mechanism = build.consent(on_consent(house))
    for number, day in enumerate((date(2026, 1, 5), date(2026, 5, 1), date(2026, 5, 1)), 0):
        words = {"text_zh": f"同意 {number}", "text_en": "", "effective_on": day}
        publish_wording(mechanism, **words, follows=number, today=DAY)
    assert list(ConsentWording.objects.order_by("number").values_list("number", "ended_on")) == [
        (1, date(2026, 4, 30)),
        (2, date(2026, 5, 1)),
        (3, None),
    ]


def test_stale_tab_adds_no_second_wording_and_a_second_click_none_either(house):
    mechanism = build.consent(on_consent(house))
    words = {"text_zh": "同意", "text_en": "", "effective_on": DAY, "today": DAY}
    first = publish_wording(mechanism, **words, follows=0)
    assert publish_wording(mechanism, **words, follows=0) == first
    with pytest.raises(ValidationError, match="Version 1 was added meanwhile"):
        publish_wording(mechanism, **words | {"text_zh": "另一份"}, follows=0)
    assert ConsentWording.objects.count() == 1


def test_database_itself_refuses_to_reword_what_people_consented_to(house):
    build.wording(build.consent(on_consent(house)))
    for change in ({"text_zh": "x"}, {"consented": {}}, {"effective_on": DAY}):
        with pytest.raises(IntegrityError, match="stay as they are"), transaction.atomic():
            ConsentWording.objects.update(**change)


def test_wording_does_not_begin_before_the_one_it_follows(house):
    mechanism = build.consent(on_consent(house))
    build.wording(mechanism, effective_on=DAY)
    with pytest.raises(ValidationError, match="can't begin before that day"):
        publish_wording(
            mechanism, text_zh="同意", text_en="", effective_on=DAY - timedelta(days=1), follows=1, today=DAY
        )
    assert ConsentWording.objects.get().ended_on is None


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("purpose", "核验", "核验和统计", ("核验", "核验和统计")),
        ("function", "verify", "identify", ("Verification (1:1)", "Identification (1:N)")),
        ("subject_groups", ["customers"], ["customers", "under_14"], ("Customers or members", "Children under 14")),
        ("storage_mode", "device", "public_cloud", ("In the device", "Public cloud")),
        ("cross_border", False, True, ("no", "yes")),
    ],
)
def test_changed_fact_makes_a_wording_void_until_the_next_one(house, name, old, new, words):
    scenario = on_consent(house, **{name: old})
    mechanism = build.consent(scenario)
    build.wording(mechanism)
    client = house.client("officer")
    assert "no longer covers" not in text_of(client.get(tab(house, scenario)))
    edit_scenario(scenario, **{name: new})
    seen = text_of(client.get(tab(house, scenario)))
    assert "The wording no longer covers what is done" in seen and all(word in seen for word in words)
    mechanism = ConsentMechanism.objects.select_related("scenario").get()
    publish_wording(mechanism, text_zh="新版同意", text_en="", effective_on=DAY, follows=1, today=DAY)
    assert "no longer covers" not in text_of(client.get(tab(house, scenario)))


# Counts


def test_later_count_of_a_day_stands_and_the_same_again_writes_nothing(house, about):
    wording = build.wording(build.consent(on_consent(house)))
    day = {"counted_on": DAY, **about}
    enter_consents(wording, given=100, by_guardian=0, refused=3, withdrawn=1, **day)
    enter_consents(wording, given=100, by_guardian=0, refused=3, withdrawn=1, **day)
    enter_consents(wording, given=90, by_guardian=0, refused=3, withdrawn=1, **day)
    assert list(ConsentCount.objects.order_by("id").values_list("given", flat=True)) == [100, 90]
    seen = text_of(house.client("auditor").get(tab(house, wording.mechanism.scenario)))
    assert "89" in seen and "100" not in seen


def test_counts_are_append_only(house, about):
    wording = build.wording(build.consent(on_consent(house)))
    row = enter_consents(wording, counted_on=DAY, given=5, by_guardian=0, refused=0, withdrawn=0, **about)
    for statement in ("UPDATE deployments_consentcount SET given = 6", "DELETE FROM deployments_consentcount"):
        with pytest.raises(Error, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    row.refresh_from_db()
    assert row.given == 5


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"by_guardian": 6}, "More consents by guardians than consents"),
        ({"withdrawn": 6}, "More withdrawals than consents"),
        ({"counted_on": DAY + timedelta(days=1)}, "lies in the future"),
        ({"counted_on": date(2026, 1, 4)}, "nobody could consent to it before"),
    ],
)
def test_count_that_cannot_be_is_refused(house, about, fields, sentence):
    wording = build.wording(build.consent(on_consent(house)))
    values = {"counted_on": DAY, "given": 5, "by_guardian": 0, "refused": 0, "withdrawn": 0}
    with pytest.raises(ValidationError, match=sentence):
        enter_consents(wording, **about, **values | fields)
    assert not ConsentCount.objects.exists()


# Tables


def test_table_is_read_however_it_was_copied():
    expected = [CountRow(2, 1, date(2026, 10, 1), 1200, 35, 48, 6), CountRow(3, 2, date(2026, 10, 2), 7)]
    tabs = "版本\t日期\t同意人数\t监护人同意\t拒绝人数\t撤回人数\n"
    tabs += "v1\t2026年10月1日\t1,200\t35\t48\t6\n2\t2026/10/2\t7\t\t\t\n"
    assert from_text(tabs) == expected
    commas = (
        'version,day,consents,by guardian,refusals,withdrawals\r\n1,2026-10-01,"1,200",35,48,6\r\n2,2026-10-02,7\r\n'
    )
    assert from_text(commas) == expected
    assert from_text("\ufeffVersion;Date;Given\n1;2026-10-01;5") == [CountRow(2, 1, date(2026, 10, 1), 5)]


def test_table_is_read_from_files_of_spreadsheets():
    book = openpyxl.Workbook()
    book.active.append(["版本", "日期", "同意人数", "拒绝人数"])
    book.active.append([1, date(2026, 10, 1), 1200, 48])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    expected = [CountRow(2, 1, date(2026, 10, 1), 1200, 0, 48)]
    assert from_file(file, "counts.xlsx") == expected
    text = "版本,日期,同意人数,拒绝人数\n1,2026-10-01,1200,48\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        assert from_file(io.BytesIO(text.encode(encoding)), "counts.csv") == expected


@pytest.mark.parametrize(
    ("table", "sentences"),
    [
        ("", ["The table is empty"]),
        ("version,day,consents\n", ["no row below"]),
        ("version,day\n1,2026-10-01", ["Missing: consents"]),
        ("version,day,consents,consents\n1,2026-10-01,1,1", ["stands there twice"]),
        ("version,day,consents,姓名\n1,2026-10-01,1,张三", ["Column 4 is none of these"]),
        ("version,day,consents,id number\n1,2026-10-01,1,110101199003071233", ["Column 4 is none of these"]),
        ("version,day,consents\nfirst,2026-10-01,1", ["Row 2, version"]),
        ("version,day,consents\n1,yesterday,1", ["Row 2, day"]),
        ("version,day,consents\n1,2026-02-30,1", ["Row 2, day"]),
        ("version,day,consents\n1,2026-10-01,张三", ["Row 2, consents"]),
        ("version,day,consents\n1,2026-10-01,110101199003071233", ["Row 2, consents"]),
        ("version,day,consents\n1,2026-10-01,-5", ["Row 2, consents"]),
        ("version,day,consents\n1,2026-10-01,1.5", ["Row 2, consents"]),
        ("version,day,consents\n1,2026-10-01,", ["Row 2, consents"]),
        ("version,day,consents,refusals\n1,2026-10-01,1,x\n\n1,x,1,2", ["Row 2, refusals", "Row 4, day"]),
        ("version,day,consents\n1,2026-10-01,1,张三", ["Row 2 has more cells"]),
        ('version,day,consents\n1,2026-10-01,"1', []),
        ("x" * 200_000, ["Column 1 is none of these"]),
    ],
)
def test_table_with_anything_else_than_counts_is_refused_by_row_and_column(table, sentences):
    if not sentences:
        assert from_text(table)
        return
    with pytest.raises(ValidationError) as refused:
        from_text(table)
    said = " ".join(refused.value.messages)
    assert all(sentence in said for sentence in sentences), said
    # What is refused may be what the portal must not keep: it is never said again.
    assert "张三" not in said and "110101" not in said


def test_errors_of_a_long_table_are_counted():
    table = "version,day,consents\n" + "1,2026-10-01,x\n" * 50
    with pytest.raises(ValidationError) as refused:
        from_text(table)
    assert len(refused.value.messages) == 21 and "30 more" in refused.value.messages[-1]


def test_table_is_taken_whole_or_not_at_all(house, about):
    mechanism = build.consent(on_consent(house))
    build.wording(mechanism)
    rows = from_text("version,day,consents\n1,2026-10-01,10\n2,2026-10-02,20\n1,2026-10-13,5\n1,2026-10-01,11")
    with pytest.raises(ValidationError) as refused:
        import_consents(mechanism, rows, source="", **about)
    assert refused.value.messages == [
        "Row 3: there is no version 2 of the wording.",
        "Row 4: this day lies in the future.",
        "Row 5: this version and day stand in the table twice.",
    ]
    assert not ConsentCount.objects.exists()


def test_same_table_again_writes_nothing(house, about):
    mechanism = build.consent(on_consent(house))
    build.wording(mechanism)
    rows = from_text("version,day,consents,withdrawals\n1,2026-10-01,10,1\n1,2026-10-02,20,2")
    assert import_consents(mechanism, rows, source="App", **about) == 2
    assert import_consents(mechanism, rows, source="App", **about) == 0
    more = from_text("version,day,consents,withdrawals\n1,2026-10-01,10,1\n1,2026-10-02,21,2")
    assert import_consents(mechanism, more, source="App", **about) == 1
    assert ConsentCount.objects.count() == 3
    assert AuditEvent.objects.filter(verb="consent.import", table_name="deployments_consentcount").count() == 3


# Pages


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"legal_basis": "statutory_duty"}, "The processing stands on another ground of PIPL Art 13: Statutory duty"),
        ({"legal_basis": ""}, "No legal basis is chosen"),
        ({"legal_basis": "contract", "storage_exception": "consent"}, "The faces leave the device on the ground of"),
    ],
)
def test_tab_says_why_nothing_or_only_a_part_is_asked(house, fields, sentence):
    seen = text_of(house.client("officer").get(tab(house, build.scenario(house.pip, **fields))))
    assert sentence in seen
    assert ("Set up consent" in seen) == bool(fields.get("storage_exception"))


def test_tab_leads_from_nothing_to_counts(house):
    scenario = on_consent(house)
    client = house.client("officer")
    assert "Merely entering an area is no consent" in text_of(client.get(tab(house, scenario)))
    bad = client.post(tab(house, scenario, "edit/"), {"is_separate": "on"})
    assert bad.status_code == 422 and "Merely entering the area is no consent" in text_of(bad)
    form = {"kinds": ["look", "lane"], "is_separate": "on", "withdrawal_path": "前台", "proof": paper("screen.pdf")}
    done = client.post(tab(house, scenario, "edit/"), form, follow=True)
    assert "Write the words that people consent to" in text_of(done) and "screen.pdf" in text_of(done)
    words = {"text_zh": "我同意", "text_en": "I agree", "effective_on": "2026-10-01", "follows": "0"}
    done = client.post(tab(house, scenario, "wordings/new/"), words, follow=True)
    assert "Version 1 of the wording is recorded" in text_of(done)
    wording = ConsentWording.objects.get()
    count = {"wording": wording.pk, "counted_on": "2026-10-10", "given": 1000, "refused": 4, "withdrawn": 7}
    count["by_guardian"] = 0
    done = client.post(tab(house, scenario, "counts/new/"), count, follow=True)
    assert "993" in text_of(done)
    table = {"table": "version\tday\tconsents\n1\t2026-10-11\t1,100"}
    done = client.post(tab(house, scenario, "counts/table/"), table, follow=True)
    assert "1 of 1 row was new" in text_of(done) and "1,100" in text_of(done)


def test_table_may_come_as_a_file_that_is_not_kept(house):
    scenario = on_consent(house)
    build.wording(build.consent(scenario))
    file = io.BytesIO("版本,日期,同意人数\n1,2026-10-01,5\n".encode())
    file.name = "counts.csv"
    client = house.client("officer")
    done = client.post(tab(house, scenario, "counts/table/"), {"file": file}, follow=True)
    assert "1 of 1 row was new" in text_of(done)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM evidence_evidence")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("values", [{}, {"table": "  "}, {"table": "version,day,consents\n1,2026-10-01,1", "file": 1}])
def test_table_and_file_are_one_of_the_two(house, values):
    scenario = on_consent(house)
    build.wording(build.consent(scenario))
    if "file" in values:
        values = values | {"file": io.BytesIO(b"version,day,consents\n1,2026-10-01,1\n")}
        values["file"].name = "a.csv"
    answer = house.client("officer").post(tab(house, scenario, "counts/table/"), values)
    assert answer.status_code == 422 and "one of the two" in text_of(answer)


def test_table_with_names_is_refused_and_nothing_of_it_is_kept(house):
    scenario = on_consent(house)
    build.wording(build.consent(scenario))
    events = AuditEvent.objects.count()
    table = {"table": "version,day,consents,姓名\n1,2026-10-01,1,张三"}
    answer = house.client("officer").post(tab(house, scenario, "counts/table/"), table)
    assert answer.status_code == 422 and "leave persons out" in text_of(answer)
    assert not ConsentCount.objects.exists() and AuditEvent.objects.count() == events


def test_stale_tab_is_told(house):
    scenario = on_consent(house)
    mechanism = build.consent(scenario)
    client = house.client("officer")
    form = {"kinds": ["click"], "withdrawal_path": "mine", "version": version_of(mechanism)}
    ConsentMechanism.objects.update(withdrawal_path="theirs")
    answer = client.post(tab(house, scenario, "edit/"), form)
    assert answer.status_code == 409 and "theirs" in text_of(answer)
    assert ConsentMechanism.objects.get().withdrawal_path == "theirs"


@pytest.mark.parametrize("path", ["wordings/new/", "counts/new/", "counts/table/"])
def test_page_without_its_ground_says_what_comes_first(house, path):
    answer = house.client("officer").get(tab(house, on_consent(house), path))
    assert answer.status_code == 409 and "First set up" in text_of(answer)


def test_nothing_is_set_up_where_nobody_is_asked(house):
    scenario = build.scenario(house.pip, legal_basis="contract")
    answer = house.client("officer").get(tab(house, scenario, "edit/"))
    assert answer.status_code == 409 and "asks nobody for consent" in text_of(answer)


def test_form_asks_only_what_the_scenario_asks(house):
    client = house.client("officer")
    children = build.scenario(house.pip, "A", legal_basis="contract", subject_groups=["under_14"])
    body = client.get(tab(house, children, "edit/")).content.decode()
    assert 'name="children_rules"' in body and 'name="kinds"' not in body and 'name="guardian_how"' not in body
    body = client.get(tab(house, on_consent(house, "B"), "edit/")).content.decode()
    assert 'name="kinds"' in body and 'name="children_rules"' not in body
    assert 'name="covers_cross_border"' not in body


@pytest.mark.parametrize("role", ["auditor", "reviewer"])
def test_reader_finds_no_control(house, role):
    scenario = on_consent(house)
    build.wording(build.consent(scenario))
    body = house.client(role).get(tab(house, scenario)).content.decode()
    assert "/edit/" not in body and "/new/" not in body and "/table/" not in body


def test_tab_asks_the_same_questions_however_many_wordings_and_counts(house, about, monkeypatch):
    monkeypatch.setattr(panels, "_builders", {})
    scenario, client = on_consent(house), house.client("officer")
    mechanism = build.consent(scenario)
    questions_asked = []
    for first, last in ((1, 3), (3, 9)):
        for number in range(first, last):
            wording = build.wording(mechanism, number)
            for day in range(1, number + 2):
                count = {"given": day, "by_guardian": 0, "refused": 0, "withdrawn": 0}
                enter_consents(wording, counted_on=date(2026, 9, day), **count, **about)
        client.get(tab(house, scenario))
        with CaptureQueriesContext(connection) as context:
            client.get(tab(house, scenario))
        questions_asked.append(len(questions(context)))
    assert questions_asked[0] == questions_asked[1] <= OF_EVERY_PAGE + 4


def test_consent_of_another_tenant_is_not_found(house, stranger):
    with stranger.acting("officer"):
        foreign = build.scenario(stranger.pip, legal_basis="consent")
    assert house.client("owner").get(tab(house, foreign)).status_code == 404
    assert Scenario.objects.count() == 0
