"""The change sentinel: a filed item that changes, by whatever door, opens exactly one case (LAW.md 2.9)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from deployments import services as register
from deployments.models import Deployment, Scenario
from filings import sentinel
from filings.models import ChangeCase, Filing
from filings.services import changes as services
from portal.audit.models import AuditEvent
from portal.cases.models import Incident
from portal.clock.reconcile import reconcile
from portal.law.changes import ITEMS
from tests import build
from tests.filings import changes, story
from tests.filings.changes import TODAY, noticed

PIP = "UPDATE tenancy_pip SET {} WHERE id = %(pip)s"
SCENARIO = "UPDATE deployments_scenario SET {} WHERE id = %(scenario)s"
OF = "tenant_id, pip_id, scenario_id"
OF_VALUES = "%(tenant)s, %(pip)s, %(scenario)s"
COUNT = (
    f"INSERT INTO deployments_personcount ({OF}, deployment_id, counted_on, persons, dedup_method, source, entered_at)"
    " VALUES (%(tenant)s, %(pip)s, %(scenario)s, %(place)s, '2026-10-12', {}, '', '', now())"
)
CONTROL = "UPDATE deployments_protectioncontrol SET {} WHERE scenario_id = %(scenario)s AND family = 'encryption'"

# What is run as the role that serves, the item it changes, and what the change weighs.
WATCHED = [
    (PIP.format("name = '新名称有限公司'"), "identity", "substantial"),
    (PIP.format("uscc = '91330106MA2HTEXTX3'"), "identity", "substantial"),
    (PIP.format("organisation_type = 'institution'"), "identity", "substantial"),
    (PIP.format("province = '31'"), "province", "substantial"),
    (PIP.format("legal_representative = '赵六'"), "representative", "ask"),
    (PIP.format("officer_name = '赵六'"), "officer", "ask"),
    (PIP.format("legal_representative_title = '董事长'"), "contact", "minor"),
    (PIP.format("agent_name = '赵六'"), "contact", "minor"),
    (PIP.format("agent_department = '法务部'"), "contact", "minor"),
    (PIP.format("agent_mobile = '13800000000'"), "contact", "minor"),
    (PIP.format("agent_email = 'a@example.com'"), "contact", "minor"),
    (PIP.format("officer_phone = '010-1'"), "contact", "minor"),
    (PIP.format("officer_email = 'o@example.com'"), "contact", "minor"),
    (PIP.format("registered_address = '新地址'"), "contact", "minor"),
    (PIP.format("office_address = '新地址'"), "contact", "minor"),
    (COUNT.format(125_000), "persons", "ask"),
    (COUNT.format(70_000), "persons", "ask"),
    (
        "INSERT INTO deployments_governancerecord"
        " (tenant_id, pip_id, kind, done_on, carried_out_by, reference, note)"
        " VALUES (%(tenant)s, %(pip)s, 'internal_rules', '2026-10-12', '', 'R-2', '')",
        "procedures",
        "ask",
    ),
    (
        "UPDATE deployments_deployment SET status = 'terminated', ended_on = '2026-10-12' WHERE id = %(place)s",
        "scenario",
        "substantial",
    ),
    (SCENARIO.format("purpose = '营销分析'"), "purpose", "substantial"),
    (SCENARIO.format("other_use = '客流统计'"), "purpose", "substantial"),
    (SCENARIO.format("function = 'identify'"), "method", "substantial"),
    ("UPDATE deployments_device SET model = 'F2' WHERE deployment_id = %(place)s", "equipment", "ask"),
    ("UPDATE deployments_site SET province = '31' WHERE pip_id = %(pip)s", "places", "ask"),
    ("UPDATE deployments_site SET place_type = 'internal' WHERE pip_id = %(pip)s", "places", "ask"),
    (SCENARIO.format("subject_groups = ARRAY['passengers', 'under_14']"), "subjects", "substantial"),
    (SCENARIO.format("subjects = '全部旅客'"), "subjects", "substantial"),
    (SCENARIO.format("storage_mode = 'public_cloud'"), "storage", "substantial"),
    (SCENARIO.format("sends_over_internet = true"), "storage", "substantial"),
    (SCENARIO.format("storage_exception = 'consent'"), "storage", "ask"),
    (SCENARIO.format("storage_exception_basis = 'v2'"), "storage", "ask"),
    (SCENARIO.format("retention = '30 days'"), "retention", "substantial"),
    (SCENARIO.format("retention = '8 hours'"), "retention", "minor"),
    (SCENARIO.format("retention_ends_on = '2027-01-01'"), "retention", "minor"),
    (SCENARIO.format("supplier = '新供应商'"), "vendors", "substantial"),
    ("UPDATE deployments_vendor SET is_overseas = true WHERE pip_id = %(pip)s", "vendors", "substantial"),
    (
        "UPDATE deployments_engagement SET ended_on = '2026-10-12' WHERE scenario_id = %(scenario)s",
        "vendors",
        "ask",
    ),
    (
        "UPDATE deployments_engagement SET role = 'recipient' WHERE scenario_id = %(scenario)s",
        "vendors",
        "substantial",
    ),
    (SCENARIO.format("cross_border = true"), "overseas", "substantial"),
    (SCENARIO.format("cross_border_recipient = 'HQ Ltd'"), "overseas", "ask"),
    (CONTROL.format("state = 'partial'"), "protection", "substantial"),
    (CONTROL.format("measure = 'done otherwise'"), "protection", "ask"),
    (SCENARIO.format("protection = '新措施'"), "protection", "ask"),
    ("UPDATE deployments_mlpssystem SET tested_on = '2026-10-01' WHERE pip_id = %(pip)s", "protection", "minor"),
    ("UPDATE deployments_mlpssystem SET level = 2 WHERE pip_id = %(pip)s", "protection", "substantial"),
    (SCENARIO.format("mlps_id = NULL"), "protection", "substantial"),
    (SCENARIO.format("legal_basis = 'contract'"), "rules", "ask"),
    (SCENARIO.format("necessity = '另有说明'"), "rules", "ask"),
    (SCENARIO.format("alternative = '人工'"), "rules", "ask"),
    (SCENARIO.format("state_rule = '某规定'"), "rules", "ask"),
    (SCENARIO.format("deletion_method = '粉碎'"), "rules", "ask"),
    (SCENARIO.format("automated_decision = true"), "rules", "ask"),
    ("UPDATE deployments_alternative SET description = 'staff' WHERE scenario_id = %(scenario)s", "rules", "ask"),
    (
        "UPDATE deployments_consentmechanism SET withdrawal_path = '前台' WHERE scenario_id = %(scenario)s",
        "rules",
        "ask",
    ),
]
UNWATCHED = [
    PIP.format("industry = '民航', employees = 12, business_summary = '…', reply_days = 20"),
    SCENARIO.format("name = '新名字'"),
    SCENARIO.format("code = 'NEW'"),
    SCENARIO.format("legal_basis_reason = 'a reason', rejected_ways = 'ways', id_service_note = 'note'"),
    COUNT.format(110_000),
    "UPDATE deployments_site SET name = '新航站楼', address = '新地址', city = '北京' WHERE pip_id = %(pip)s",
    "UPDATE deployments_device SET serial = 'SN9' WHERE deployment_id = %(place)s",
    "UPDATE deployments_deployment SET status = 'suspended', note = 'paused' WHERE id = %(place)s",
    CONTROL.format("owner = '安全部', reviewed_on = '2026-10-12', review_on = '2027-10-12'"),
    "UPDATE deployments_engagement SET contract_number = 'C-2', contract_on = '2026-10-12' WHERE pip_id = %(pip)s",
    "UPDATE deployments_vendor SET contact = '新联系人', note = '…' WHERE pip_id = %(pip)s",
    "UPDATE deployments_mlpssystem SET organ = '公安局', score = 90 WHERE pip_id = %(pip)s",
]


@pytest.fixture
def filing(house) -> Filing:
    return changes.accepted(house)


@pytest.fixture
def scenario(filing) -> Scenario:
    return filing.covered.get().scenario


def run(house: build.House, sql: str) -> None:
    """Run a statement as the role that serves, with the ids of the register."""
    ids = {
        "tenant": house.tenant.pk,
        "pip": house.pip.pk,
        "scenario": Scenario.objects.get(pip=house.pip, code="BOARDING").pk,
        "place": Deployment.objects.get(pip=house.pip, code="PEK-1").pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, ids)


@pytest.mark.parametrize(("sql", "item", "weight"), WATCHED)
def test_change_by_raw_sql_opens_one_case(house, filing, sql, item, weight):
    run(house, sql)
    assert noticed(house.pip) == [(item, weight)]
    assert noticed(house.pip) == [(item, weight)]


@pytest.mark.parametrize("sql", UNWATCHED)
def test_what_is_not_watched_opens_none(house, filing, sql):
    run(house, sql)
    assert noticed(house.pip) == []


def test_every_item_of_the_table_is_tried():
    elsewhere = {"incident"}
    assert {item for _sql, item, _weight in WATCHED} | elsewhere == {item.code for item in ITEMS}


def test_nothing_is_noticed_before_the_filing_is_accepted(house):
    scenario = story.register_facts(house.pip)
    crossing = story.crossing(house.pip)
    Filing.objects.create(
        tenant=house.tenant,
        pip=house.pip,
        reference="FIL-2026-0001",
        obligation=story.obligation(house.pip),
        crossing=crossing,
        opened_at=timezone.now(),
    )
    scenario.purpose = "营销分析"
    scenario.save(update_fields=["purpose"])
    assert noticed(house.pip) == []


def test_case_keeps_both_values_and_the_step_that_brought_it(house, filing, scenario):
    register.edit_scenario(scenario, purpose="营销分析")
    noticed(house.pip)
    case = ChangeCase.objects.get()
    event = AuditEvent.objects.get(pk=case.event)
    assert (case.old["purpose"], case.new["purpose"]) == ("核验旅客身份", "营销分析")
    assert (event.verb, event.row_id, case.reference) == ("scenario.edit", str(scenario.pk), "CHG-2026-0001")


def test_three_edits_before_a_decision_are_one_case(house, filing, scenario):
    for purpose in ("一", "二", "三"):
        register.edit_scenario(scenario, purpose=purpose)
        noticed(house.pip)
    case = ChangeCase.objects.get()
    assert (case.new["purpose"], sentinel.value_now(case, TODAY)["purpose"]) == ("一", "三")


def test_two_items_of_one_edit_are_two_cases(house, filing, scenario):
    register.edit_scenario(scenario, purpose="营销分析", retention="30 days")
    assert sorted(noticed(house.pip)) == [("purpose", "substantial"), ("retention", "substantial")]


def test_edit_there_and_back_between_two_looks_is_noticed_once(house, filing, scenario):
    register.edit_scenario(scenario, storage_mode="public_cloud")
    register.edit_scenario(scenario, storage_mode="device")
    assert noticed(house.pip) == [("storage", "substantial")]
    case = ChangeCase.objects.get()
    assert (case.new["storage_mode"], sentinel.value_now(case, TODAY)["storage_mode"]) == ("public_cloud", "device")
    assert noticed(house.pip) == [("storage", "substantial")]


def test_edit_that_sets_back_what_was_filed_is_no_further_case(house, filing, scenario):
    register.edit_scenario(scenario, purpose="营销分析")
    noticed(house.pip)
    settle(house)
    register.edit_scenario(scenario, purpose="核验旅客身份")
    assert noticed(house.pip) == [("purpose", "substantial")]


def settle(house: build.House) -> None:
    """Decide on whatever waits."""
    for case in ChangeCase.objects.filter(is_substantial=None):
        services.decide(case, is_substantial=True, reason="new aim", by=house.people["officer"], today=TODAY)


def test_edit_after_a_decision_is_a_new_case(house, filing, scenario):
    register.edit_scenario(scenario, purpose="营销分析")
    noticed(house.pip)
    settle(house)
    assert len(noticed(house.pip)) == 1
    register.edit_scenario(scenario, purpose="客流统计")
    assert len(noticed(house.pip)) == 2
    assert ChangeCase.objects.first().old["purpose"] == "核验旅客身份"


def test_persons_are_measured_by_what_was_judged_last(house, filing, scenario):
    place = Deployment.objects.get(pip=house.pip)
    build.count(place, 125_000, TODAY)
    noticed(house.pip)
    settle(house)
    build.count(place, 140_000, TODAY + timedelta(days=1))
    assert len(noticed(house.pip, TODAY + timedelta(days=1))) == 1
    build.count(place, 151_000, TODAY + timedelta(days=2))
    assert len(noticed(house.pip, TODAY + timedelta(days=2))) == 2


def test_persons_count_from_the_day_of_the_count(house, filing, scenario):
    place = Deployment.objects.get(pip=house.pip)
    build.count(place, 125_000, TODAY + timedelta(days=3))
    build.count(place, 126_000, TODAY + timedelta(days=9))
    noticed(house.pip, TODAY + timedelta(days=20))
    assert ChangeCase.objects.get().effective_on == TODAY + timedelta(days=3)


def test_scenario_that_comes_into_use_is_a_change_from_its_start(house, filing):
    added = build.scenario(house.pip, "LOUNGE", scope="in")
    assert noticed(house.pip) == []
    build.deployment(house.pip, "PEK-9", scenario=added, started_on=TODAY + timedelta(days=1))
    assert noticed(house.pip, TODAY + timedelta(days=4)) == [("scenario", "substantial")]
    case = ChangeCase.objects.get()
    assert (case.scenario, case.effective_on) == (added, TODAY + timedelta(days=1))


def test_end_of_a_scenario_is_one_case_from_its_last_day(house, filing, scenario):
    Deployment.objects.filter(pip=house.pip).update(status="terminated", ended_on=TODAY + timedelta(days=2))
    assert noticed(house.pip, TODAY + timedelta(days=5)) == [("scenario", "substantial")]
    assert ChangeCase.objects.get().effective_on == TODAY + timedelta(days=2)


def test_scenario_that_leaves_the_scope_takes_its_persons_along(house, filing):
    run(house, SCENARIO.format("scope = 'out_rnd', scope_reason = 'training only'"))
    assert noticed(house.pip) == [("persons", "ask"), ("scenario", "substantial")]


def test_new_assessment_is_a_change_after_a_major_incident_only(house, filing, scenario):
    changes.assessed(scenario, "PIA-2", TODAY, house)
    assert noticed(house.pip) == []
    Incident.objects.create(
        tenant=house.tenant,
        pip=house.pip,
        reference="INC-2026-0001",
        kind="leak",
        grade="major",
        discovered_at=timezone.now(),
    )
    assert noticed(house.pip) == [("incident", "substantial")]


def test_older_dossier_is_compared_only_in_what_it_holds(house, filing, scenario):
    facts = filing.snapshots.get().facts
    for key in ("persons", "procedures", "notices", "ids"):
        del facts[key]
    for key in ("controls", "vendors"):
        del facts["scenarios"][0][key]
    watch = sentinel.watch_of(house.pip, filing.snapshots.get(), TODAY)
    older = filing.snapshots.get()
    older.facts = facts
    known = sentinel.watch_of(house.pip, older, TODAY)
    assert "persons" in watch.filed[None] and "persons" not in known.filed[None]
    assert "controls" not in known.filed[scenario.pk]["protection"]
    assert [key for key in sentinel.keys_of(known) if key[0] == scenario.pk]


def test_number_of_queries_does_not_grow_with_the_register(house, filing, scenario, django_assert_max_num_queries):
    for number in range(5):
        extra = build.scenario(house.pip, f"X{number}", scope="in")
        build.deployment(house.pip, f"X-{number}", scenario=extra)
    noticed(house.pip)
    with django_assert_max_num_queries(22):
        sentinel.notice_changes(house.pip, today=TODAY)


def test_reconcile_looks_once_a_day_and_after_each_touch(house, filing, scenario):
    reconcile(house.pip, today=TODAY)
    run(house, SCENARIO.format("purpose = '营销分析'"))
    reconcile(house.pip, today=TODAY + timedelta(days=1))
    assert ChangeCase.objects.count() == 1
    register.edit_scenario(Scenario.objects.get(pk=scenario.pk), retention="30 days")
    reconcile(house.pip, today=TODAY + timedelta(days=1))
    assert ChangeCase.objects.count() == 2


def test_pip_that_nobody_touched_costs_no_look(house, filing):
    reconcile(house.pip, today=TODAY)
    with connection.execute_wrapper(refuse_table("filings_receipt")):
        reconcile(house.pip, today=TODAY)


def refuse_table(name: str):
    """Fail if a statement reads the table with which every look of the sentinel begins."""

    def wrapper(execute, sql, params, many, context):
        assert f'FROM "{name}"' not in sql
        return execute(sql, params, many, context)

    return wrapper


def test_change_after_the_next_dossier_was_frozen_is_not_noticed_twice(house, filing, scenario):
    """A newer version is frozen, the purpose changes, and only then is the newer version accepted."""
    newer = changes.freeze(filing, 2)
    register.edit_scenario(scenario, purpose="营销分析")
    assert len(noticed(house.pip)) == 1
    changes.receive(filing, newer)
    assert sentinel.accepted_snapshot(house.pip) == newer
    assert len(noticed(house.pip)) == 1
