"""Scenarios and fields: the form covers what the register counts, every field is there and fits."""

from collections.abc import Iterator

from filings.papers import same
from filings.xray.inputs import Dossier
from filings.xray.registry import IN_USE, Found, Place, check
from portal.law.enums import OVER_THE_INTERNET
from portal.law.identifiers import mlps_number_warning, uscc_problem
from portal.law.sources import DEFAULT, FRM, PIPL, PRACTICE
from portal.law.text import Text


@check("no-scenario", "scenarios", "error", FRM(15), en="A scenario is covered", zh="已覆盖应用场景", kinds=IN_USE)
def no_scenario(dossier: Dossier) -> Iterator[Found]:
    if not dossier.scenarios:
        yield Found(Text("No scenario with a count is covered.", "未覆盖任何有人数记录的应用场景。"), Place("counts"))


@check(
    *("uncovered", "scenarios", "warning", FRM(15), PRACTICE("counting")),
    en="Every counted scenario is covered",
    zh="有人数记录的应用场景均已覆盖",
    kinds=IN_USE,
)
def uncovered(dossier: Dossier) -> Iterator[Found]:
    for scenario in dossier.uncovered:
        text = Text(
            "{scenario} is counted now; it joins the dossier when it is filled or frozen.",
            "{scenario}现有人数记录，填写材料或卷宗定稿时纳入本次备案。",
        )
        yield Found(text.fmt(scenario=scenario.name), Place("scenario", scenario.pk))


@check(
    *("sheets", "scenarios", "error", DEFAULT("xray"), FRM(15)),
    en="One application sheet for each covered scenario",
    zh="每个场景一份备案表",
    kinds=IN_USE,
)
def sheets(dossier: Dossier) -> Iterator[Found]:
    for paper in dossier.papers:
        if paper.code == "application" and paper.item.scenario is None and paper.item.document.evidence:
            text = Text(
                "An application sheet belongs to no covered scenario: {name}.",
                "备案表不对应任何已覆盖的场景：{name}。",
            )
            yield Found(text.fmt(name=paper.item.document.evidence.name), Place("papers"))


@check("out-of-scope", "scenarios", "warning", FRM(2), en="The Measures apply", zh="适用《办法》", kinds=IN_USE)
def out_of_scope(dossier: Dossier) -> Iterator[Found]:
    for one in dossier.scenarios:
        if not one.scenario.is_in_scope:
            text = Text(
                "{scenario} is covered, but the Measures do not apply to it.",
                "{scenario}已纳入备案，但不适用《办法》。",
            )
            yield Found(text.fmt(scenario=one.name), Place("scenario", one.scenario.pk, "scope"))


@check(
    *("names-alike", "scenarios", "warning", DEFAULT("xray")),
    en="Scenarios can be told apart",
    zh="场景名称可区分",
    kinds=IN_USE,
)
def names_alike(dossier: Dossier) -> Iterator[Found]:
    for number, one in enumerate(dossier.scenarios):
        if any(same(one.name, former.name) for former in dossier.scenarios[:number]):
            text = Text("Two covered scenarios are called {scenario}.", "有两个已覆盖的场景同名：{scenario}。")
            yield Found(text.fmt(scenario=one.name), Place("scenario", one.scenario.pk, "name"))


@check(
    *("empty", "scenarios", "warning", DEFAULT("forms"), FRM(15)),
    en="Every field is filled in",
    zh="填报项均已填写",
    kinds=IN_USE,
)
def empty(dossier: Dossier) -> Iterator[Found]:
    text = Text("{name}: not filled in: {fields}.", "{name}：未填写：{fields}。")
    parts = [(dossier.pip.name, dossier.fields, None)]
    parts += [(one.name, one.fields, one.scenario.pk) for one in dossier.scenarios]
    for name, fields, scenario in parts:
        lacking = [filled.field for filled in fields if filled.is_kept and filled.is_missing]
        if lacking:
            labels = Text("; ".join(one.label.en for one in lacking), "；".join(one.label.zh for one in lacking))
            place = Place("pip" if scenario is None else "scenario", scenario, lacking[0].code)
            yield Found(text.fmt(name=name, fields=labels), place)


@check(
    *("too-long", "scenarios", "warning", DEFAULT("forms")),
    en="Every value fits its field",
    zh="填报内容未超长度",
    kinds=IN_USE,
)
def too_long(dossier: Dossier) -> Iterator[Found]:
    parts = [(dossier.pip.name, dossier.fields, None)]
    parts += [(one.name, one.fields, one.scenario.pk) for one in dossier.scenarios]
    for name, fields, scenario in parts:
        for filled in fields:
            if filled.field.max_length and len(filled.words) > filled.field.max_length:
                text = Text(
                    "{name}: {field} has {length} characters, the form takes {most}.",
                    "{name}：{field}共{length}字，表格限{most}字。",
                )
                values = {"name": name, "field": filled.field.label, "length": len(filled.words)}
                place = Place("pip" if scenario is None else "scenario", scenario, filled.field.code)
                yield Found(text.fmt(**values, most=filled.field.max_length), place)


@check(
    *("by-hand", "scenarios", "hint", DEFAULT("forms")),
    en="Every field is kept in the register",
    zh="填报项均由台账提供",
    kinds=IN_USE,
)
def by_hand(dossier: Dossier) -> Iterator[Found]:
    everything = [*dossier.fields, *(filled for one in dossier.scenarios for filled in one.fields)]
    if count := sum(not filled.is_kept for filled in everything):
        text = Text(
            "Not kept in the register and marked on the forms, to be completed in the DOCX: {count} fields.",
            "台账未收录、已在表格中标明，请在DOCX中补充：{count}项。",
        )
        yield Found(text.fmt(count=count), Place("papers"))


@check(
    *("exception", "scenarios", "error", FRM(8)),
    en="What is sent over the internet has its exception",
    zh="通过互联网对外传输有例外依据",
    kinds=IN_USE,
)
def exception(dossier: Dossier) -> Iterator[Found]:
    for one in dossier.scenarios:
        if one.scenario.sends_over_internet and not one.scenario.storage_exception:
            text = Text(
                "{scenario} sends faces over the internet, and the sheet names no exception that allows it.",
                "{scenario}通过互联网对外传输人脸信息，备案表未写明例外依据。",
            )
            yield Found(text.fmt(scenario=one.name), Place("scenario", one.scenario.pk, "storage_exception"))


@check(
    *("cloud", "scenarios", "warning", DEFAULT("xray"), FRM(8)),
    en="Storage and transmission fit each other",
    zh="存储方式与传输情况相符",
    kinds=IN_USE,
)
def cloud(dossier: Dossier) -> Iterator[Found]:
    for one in dossier.scenarios:
        if one.scenario.storage_mode in OVER_THE_INTERNET and one.scenario.sends_over_internet is False:
            text = Text(
                "{scenario} stores faces outside the own network, yet the sheet says that none are sent there.",
                "{scenario}的存储地点在自有网络之外，备案表却写明不对外传输。",
            )
            yield Found(text.fmt(scenario=one.name), Place("scenario", one.scenario.pk, "sends_over_internet"))


@check(
    *("guardian", "scenarios", "warning", FRM(7)),
    en="Guardians consent for children under 14",
    zh="不满14周岁由监护人同意",
    kinds=IN_USE,
)
def guardian(dossier: Dossier) -> Iterator[Found]:
    for one in dossier.scenarios:
        asked = one.sheet.parts.consent
        on_consent = one.scenario.legal_basis in ("", "consent")
        if "under_14" in one.scenario.subject_groups and on_consent and not (asked and asked.guardian_how):
            text = Text(
                "{scenario} concerns children under 14, and the sheet says nothing of their guardians' consent.",
                "{scenario}涉及不满14周岁未成年人，备案表未写明监护人同意方式。",
            )
            yield Found(text.fmt(scenario=one.name), Place("consent", one.scenario.pk))


@check(
    *("vendor-code", "scenarios", "warning", DEFAULT("xray"), PIPL(21)),
    en="The codes of vendors are right",
    zh="供应商统一社会信用代码有效",
    kinds=IN_USE,
)
def vendor_code(dossier: Dossier) -> Iterator[Found]:
    for one in dossier.scenarios:
        for part in one.sheet.parts.engagements:
            if part.vendor.uscc and not part.vendor.is_overseas and uscc_problem(part.vendor.uscc):
                text = Text(
                    "{scenario}: the code of {vendor} isn't valid.", "{scenario}：{vendor}的统一社会信用代码无效。"
                )
                yield Found(text.fmt(scenario=one.name, vendor=part.vendor.name), Place("vendor", part.vendor.pk))


@check(
    *("mlps", "scenarios", "warning", DEFAULT("xray")),
    en="MLPS record numbers look right",
    zh="等级保护备案证明编号格式正常",
    kinds=IN_USE,
)
def mlps(dossier: Dossier) -> Iterator[Found]:
    seen = {one.sheet.parts.mlps.pk: one.sheet.parts.mlps for one in dossier.scenarios if one.sheet.parts.mlps}
    for system in seen.values():
        if warning := mlps_number_warning(system.record_number):
            text = Text("{system}: {number}.", "{system}：{number}。")
            yield Found(text.fmt(system=system.name, number=system.record_number) + warning, Place("mlps", system.pk))


@check(
    *("nowhere", "scenarios", "warning", DEFAULT("xray")),
    en="Every scenario is used somewhere",
    zh="每个场景均有应用场所",
    kinds=IN_USE,
)
def nowhere(dossier: Dossier) -> Iterator[Found]:
    for one in dossier.scenarios:
        if one.sheet.persons and not one.sheet.number:
            text = Text(
                "{scenario} has persons stored, but no place where it is used.",
                "{scenario}有存储人数，但没有应用场所。",
            )
            yield Found(text.fmt(scenario=one.name), Place("scenario", one.scenario.pk))
