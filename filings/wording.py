"""The words of the printed papers that the law package doesn't have, in both languages.

The commitment letter and the power of attorney are the portal's own drafts: no official text was available, and each
paper says so.
"""

from portal.law.text import Text

ORGANISATION_TYPES = {
    "enterprise": Text("Enterprise", "企业"),
    "institution": Text("Public institution", "事业单位"),
    "authority": Text("Government body", "机关"),
    "association": Text("Social organisation", "社会组织"),
    "other": Text("Other", "其他"),
}

BASIC_SECTIONS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (
        Text("1. Organisation", "一、单位信息"),
        ("name", "uscc", "organisation_type", "registered_address", "office_address", "province"),
    ),
    (
        Text("2. Legal representative or person in charge", "二、法定代表人或负责人"),
        ("representative_name", "representative_title", "representative_id_type", "representative_phone"),
    ),
    (
        Text("3. Agent", "三、经办人"),
        ("agent_name", "agent_department", "agent_id_type", "agent_mobile", "agent_email"),
    ),
    (
        Text("4. Personal information protection officer", "四、个人信息保护负责人"),
        ("officer_name", "officer_title", "officer_phone", "officer_email"),
    ),
    (
        Text("5. Business and data", "五、业务和数据情况"),
        ("industry", "employees", "business", "total_pi_persons", "overseas_control", "mlps_status", "penalties"),
    ),
)

APPLICATION_SECTIONS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (
        Text("1. Scenario", "一、应用场景"),
        ("scenario_name", "scenario_type", "places", "function", "started_on"),
    ),
    (
        Text("2. Purpose and method of processing", "二、处理目的和处理方式"),
        (
            *("purpose", "necessity", "legal_basis", "subjects", "notice", "consent", "alternatives"),
            *("collection", "algorithm_supplier"),
        ),
    ),
    (
        Text("3. Number stored and storage", "三、存储数量和存储情况"),
        (*("persons_stored", "persons_stored_on", "stored_form", "storage", "internet_transmission", "retention"),),
    ),
    (
        Text("4. Provision to others", "四、委托、提供和公开情况"),
        ("entrusted", "recipients", "disclosure", "cross_border", "automated_decision"),
    ),
    (
        Text("5. Protection measures", "五、安全保护措施"),
        (
            *("protection", "encryption", "security_audit", "access_control", "authorisation", "intrusion"),
            "mlps_record",
        ),
    ),
    (
        Text("6. Processing rules and incidents", "六、处理规则、操作规程和安全事件"),
        ("rules", "incidents"),
    ),
)
PROTECTION = Text("Protection measures", "保护措施说明")

WORKBOOK_HEADER = (Text("Part", "部分"), Text("Field", "填报项"), Text("Value", "内容"), Text("Note", "说明"))
TO_FILL = Text("Not filled in", "未填写")

SLIP_TITLE = Text("Request for the seal", "用印申请单")
SLIP_ROWS = {
    "pip": Text("Organisation", "申请单位"),
    "reference": Text("Dossier", "案卷编号"),
    "number": Text("Request no.", "申请单号"),
    "for": Text("What for", "用印事由"),
    "to": Text("Handed in to", "报送单位"),
    "taken_by": Text("Taken by", "领取人"),
    "taken_on": Text("Taken on", "领取日期"),
}
SLIP_FOR = Text(
    "Filing of the application of FR technology (Article 15 of the Measures)",
    "人脸识别技术应用备案（《办法》第十五条）",
)
SLIP_PAPERS = Text("Papers to be sealed", "用印材料")
SLIP_HEADER = (
    Text("No.", "序号"),
    Text("Paper", "材料名称"),
    Text("Copies", "份数"),
    Text("SHA-256 of the draft", "草稿 SHA-256"),
)
SLIP_NOTICE = Text(
    "Internal slip of the portal. It is not handed in with the filing.", "内部流转单，不随备案材料提交。"
)
SLIP_SIGNATURE = (
    Text("Approved by (signature):", "审批人（签字）："),
    Text("Sealed by (signature):", "用印经办人（签字）："),
    Text("Back on:          year      month      day", "归还日期：        年    月    日"),
)

PLACES = Text("Annex: places of use", "附：应用场所清单")
PLACES_HEADER = (
    Text("Code", "编号"),
    Text("Site", "场所"),
    Text("Region", "地区"),
    Text("Kind of place", "场所性质"),
    Text("In use since", "启用日期"),
)
DEVICES = Text("Annex: devices", "附：采集设备清单")
DEVICES_HEADER = (Text("Maker", "厂商"), Text("Model", "型号"), Text("Number", "数量"))
AREAS = Text("Annex: capture areas", "附：采集区域图")
AREAS_NOTE = Text(
    "The areas in which faces are captured in public places are fixed lawfully and reasonably (Article 13 of the"
    " Measures). Described or drawn here: {number}.",
    "依据《办法》第十三条，依法合理确定人脸信息采集区域。本附件列出已说明或者绘图的采集区域{number}处。",
)
AREAS_MORE = Text("The first {shown} of them are printed here.", "其中前{shown}处见下。")
AREA_ROWS = {
    "site": Text("Site", "场所"),
    "position": Text("Position of the devices", "设备位置"),
    "angle": Text("Angle", "拍摄角度"),
    "reach": Text("Range", "采集范围"),
    "plan": Text("Plan", "平面图"),
}
AREA_PICTURE = Text(
    "Plan of the capture area {name}, an outline of {number} corners drawn on it",
    "采集区域“{name}”平面图，图上标出{number}个顶点的轮廓",
)
AREA_BARE = Text("Plan of the capture area {name}, without an outline", "采集区域“{name}”平面图，未绘轮廓")
AREA_CORNERS = Text("Outline: {number} corners", "轮廓：{number}个顶点")
AREA_NO_OUTLINE = Text("No outline is drawn.", "未绘制轮廓。")
PLACES_ELSEWHERE = Text("All {number} places are listed in the file {file}.", "全部{number}处场所见附件“{file}”。")
PLACES_SUMMARY = Text(
    "{total} places, {public} of them public: {regions}", "共{total}处，其中公共场所{public}处：{regions}"
)
REGION = Text("{region} {number}", "{region}{number}处")
DEVICES_SUMMARY = Text("{number} devices of {kinds} models", "{kinds}种型号，共{number}台")
COUNT_NOTE = Text("De-duplication: {methods}", "去重方法：{methods}")
NOT_IN_REGISTER = Text("The register names none", "台账未登记")
NONE = Text("None", "无")
YES = Text("Yes", "是")
IN_BRACKETS = Text(" ({words})", "（{words}）")
LABELLED = Text("{label}: {words}", "{label}：{words}")
STATE_RULE = Text("The State provides otherwise: {rule}", "国家另有规定：{rule}")
NOT_ON_CONSENT = Text("Not on the basis of consent: {basis}", "不以个人同意为依据：{basis}")
SEPARATE_CONSENT = Text("Separate consent", "取得单独同意")
BY_GUARDIAN = Text("By a guardian: {how}", "监护人同意：{how}")
WITHDRAWAL = Text("Withdrawal: {how}", "撤回方式：{how}")
NOT_SENT = Text("Not sent out over the internet", "不通过互联网对外传输")
SENT = Text("Sent out over the internet", "通过互联网对外传输")
NO_EXCEPTION = Text("exception not named", "未填写例外依据")
NO_MECHANISM = Text("mechanism not named", "未填写出境方式")
CONTRACT = Text("contract {number}", "合同编号{number}")
SIGNED_ON = Text("signed on {day}", "{day}签订")
RUNS_UNTIL = Text("until {day}", "有效期至{day}")
OVERSEAS = Text("outside mainland China", "境外")
BY_FAMILY = Text("See the five families below", "见以下五类措施")
SEE_PROTECTION = Text("See the description above", "见上文保护措施说明")
RESPONSIBLE = Text("responsible: {name}", "责任人：{name}")
REVIEWED_ON = Text("reviewed on {day}", "{day}复核")
LEVEL = Text("level {level}", "第{level}级")
RECORD_NUMBER = Text("record number {number}", "备案证明编号{number}")
TESTED_ON = Text("tested on {day}", "{day}测评")
IS_CII = Text("Operates critical information infrastructure", "属于关键信息基础设施运营者")
NOT_CII = Text("Doesn't operate critical information infrastructure", "不属于关键信息基础设施运营者")
BY_HAND = Text("Not kept in the register: complete it by hand", "台账未收录，请填写")
BASIS = Text(
    "Filed under {cites}.",
    "备案依据：{cites}。",
)
DIGEST = Text("Facts SHA-256 {digest}", "备案事实摘要 SHA-256 {digest}")
DRAFT_OF_PORTAL = Text(
    "Portal's draft, not an official text. Check it against what your authority asks for.",
    "系统拟定的参考文本，非官方文本，请按主管部门要求核对。",
)
TO = Text("To: {authority}", "致：{authority}")
SIGNATURE = (
    Text("Organisation (seal):", "单位名称（盖章）："),
    Text("Legal representative or person in charge (signature):", "法定代表人或负责人（签字）："),
    Text("Date:          year      month      day", "日期：        年    月    日"),
)

COMMITMENT = (
    Text(
        "{name} (unified social credit code {uscc}) files its application of face recognition technology under Article"
        " 15 of the Measures and commits itself as follows.",
        "{name}（统一社会信用代码：{uscc}）依据《人脸识别技术应用安全管理办法》第十五条办理人脸识别技术应用备案，现郑重承诺如下：",
    ),
    Text(
        "1. All materials handed in are true, complete, accurate and valid; files agree with the originals.",
        "一、所提交的备案材料真实、完整、准确、有效，电子材料与原件一致。",
    ),
    Text(
        "2. Face information is processed for the stated purposes only, lawfully, legitimately, in good faith and as"
        " far as necessary, with strict protection measures.",
        "二、处理人脸信息具有特定的目的和充分的必要性，遵循合法、正当、必要和诚信原则，采取对个人权益影响最小的方式，并实施严格保护措施。",
    ),
    Text(
        "3. A substantial change of the filed information is filed within 30 working days of the change; the end of"
        " use is filed within 30 working days of it, and the face information is disposed of as the law requires.",
        "三、备案信息发生实质性变更的，自变更之日起三十个工作日内办理备案变更手续；终止应用人脸识别技术的，自终止之日起三十个工作日内办理注销备案手续，并依法处理人脸信息。",
    ),
    Text(
        "4. It cooperates with supervision and inspection and answers in law for any untrue statement.",
        "四、积极配合有关部门依法开展的监督检查；如有不实，愿意承担相应法律责任。",
    ),
)

ATTORNEY = (
    Text(
        "{name} (unified social credit code {uscc}) authorises the agent named below to handle the filing of its"
        " application of face recognition technology with {authority}.",
        "{name}（统一社会信用代码：{uscc}）现授权下列人员作为经办人，向{authority}办理人脸识别技术应用备案相关事项。",
    ),
    Text(
        "The authority covers: filling in and handing in the materials, adding and correcting them, signing and"
        " receiving the documents of the filing. The organisation recognises what the agent does within it.",
        "授权范围：填报和提交备案材料，补充、更正备案材料，签收备案有关文书。经办人在授权范围内办理的事项，本单位予以认可。",
    ),
    Text(
        "The authority lasts from the day of signature until the filing is completed. It can't be passed on.",
        "授权期限：自签署之日起至本次备案办理完毕之日止。经办人无转委托权。",
    ),
)
AGENT_ROWS = (
    ("agent_name", Text("Agent", "经办人姓名")),
    ("agent_department", Text("Department", "所在部门")),
    ("agent_mobile", Text("Mobile", "联系电话")),
)
AGENT_DOCUMENT = Text("Identity document (type and number)", "身份证件类型及号码")

DEADLINE_TITLE = Text("Why this date", "备案期限推算说明")
DEADLINE_ROWS = {
    "authority": Text("Filed with", "备案机关"),
    "crossed": Text("100,000 persons reached on", "存储人数达到10万人之日"),
    "persons": Text("Persons on that day", "当日存储人数"),
    "method": Text("Method of counting", "计算方法"),
    "due": Text("Last day for filing", "备案截止日"),
    "safe": Text("Day to aim at", "建议完成日"),
    "second": Text("Second reading", "从严计算"),
    "status": Text("Status of the date", "日期状态"),
    "calendar": Text("Calendar", "工作日历版本"),
}
FIRM = Text("Firm: every year it touches has its official holiday notice", "确定：所涉年度的放假通知均已发布")
PROVISIONAL = Text(
    "Provisional: the holiday notice of a year it touches isn't published", "暂定：所涉年度的放假通知尚未发布"
)
SECOND = Text(
    "{day}, if the day on which the number was reached counts as the first day", "{day}（达到当日计入期限时）"
)
METHOD_WORKING = Text(
    "30 working days, the day on which the number was reached not counted. Days off and make-up working days follow"
    " the notices of the State Council.",
    "自达到之日的次日起计算30个工作日，放假日不计入，调休上班日计入，以国务院办公厅放假通知为准。",
)
METHOD_FIXED = Text(
    "The number was reached before the Measures were in force: the announcement names the last day.",
    "存储人数在办法施行前已达到，截止日由国家网信办公告规定。",
)
SKIPPED_HEADER = (Text("Day", "日期"), Text("Not counted because", "不计入原因"))
SKIPPED = Text("Holidays not counted", "不计入的放假日")
COUNTING = Text("The days", "逐日推算")
RESULT = Text("Result", "结论")
STRIP_CAPTION = Text("Counted from {start} to {end}.", "自{start}起，至{end}止。")

LEFT_OUT = Text(
    "This paper holds an identity document and is left out of the pack for auditors.\n\nPaper: {title}\nFile: {name}\n"
    "Size: {size} bytes\nSHA-256 of the original: {sha256}\n",
    "本材料含个人身份证件，未收入审阅包。\n\n材料：{title}\n文件：{name}\n大小：{size}字节\n原件SHA-256：{sha256}\n",
)
