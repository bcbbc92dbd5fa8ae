"""The field's lists of choices: code and words in both languages (LAW.md 5.3, 5.6; the codes of vendor files)."""

from dataclasses import dataclass

from portal.law.text import Text

PLACE_TYPES: dict[str, Text] = {
    "public": Text("Public place", "公共场所"),
    "internal": Text("Internal area", "内部场所"),
    "residential": Text("Residential area", "居住区"),
    "undecided": Text("Undecided", "待定"),
}

OPEN_SPACES: dict[str, Text] = {
    "entrance": Text("Entrance", "入口"),
    "lobby": Text("Lobby", "大厅"),
    "corridor": Text("Corridor", "通道"),
    "gate": Text("Gate", "闸机"),
    "counter": Text("Counter", "柜台"),
    "vehicle": Text("Vehicle", "车辆"),
    "other": Text("Other", "其他"),
}

# FRM Art 13 with the longer list of Video Regulations Art 8: no FR device may stand here, whoever consents.
PRIVATE_SPACES: dict[str, Text] = {
    "hotel_room": Text("Hotel room", "宾馆客房"),
    "private_dining_room": Text("Private dining room", "餐饮包间"),
    "student_dorm_room": Text("Student dormitory room", "学生宿舍房间"),
    "staff_rest_room": Text("Staff lodging or rest room", "单位员工宿舍或休息房间"),
    "bathroom": Text("Public bathroom", "公共浴室"),
    "toilet": Text("Public toilet", "公共卫生间"),
    "changing_room": Text("Public changing room", "公共更衣室"),
    "nursing_room": Text("Nursing room", "母婴室"),
    "fitting_room": Text("Fitting room", "试衣间"),
    "other_private": Text("Other private space", "其他私密空间"),
}

SPACE_TYPES: dict[str, Text] = OPEN_SPACES | PRIVATE_SPACES

DEPLOYMENT_STATUSES: dict[str, Text] = {
    "planned": Text("Planned", "计划"),
    "active": Text("Active", "使用中"),
    "suspended": Text("Suspended", "停用"),
    "terminated": Text("Terminated", "已终止"),
    "disposed": Text("Disposed", "已处置"),
}

FUNCTIONS: dict[str, Text] = {
    "verify": Text("Verification (1:1)", "验证个人身份（1:1）"),
    "identify": Text("Identification (1:N)", "辨识特定个人（1:N）"),
    "both": Text("Verification and identification", "验证个人身份并辨识特定个人"),
    "other": Text("Other", "其他"),
}

# The seven grounds of PIPL Art 13.
LEGAL_BASES: dict[str, Text] = {
    "consent": Text("Consent", "取得个人同意"),
    "contract": Text(
        "Contract with the person, or lawful HR management", "订立、履行合同或者依法实施人力资源管理所必需"
    ),
    "statutory_duty": Text("Statutory duty", "履行法定职责或者法定义务所必需"),
    "emergency": Text("Public health or emergency", "应对突发公共卫生事件或者紧急情况所必需"),
    "news": Text("News and supervision by public opinion", "为公共利益实施新闻报道、舆论监督"),
    "already_public": Text("Information already public", "处理已经合法公开的个人信息"),
    "other_law": Text("Other laws and administrative regulations", "法律、行政法规规定的其他情形"),
}

STORAGE_MODES: dict[str, Text] = {
    "device": Text("In the device", "存储于人脸识别设备内"),
    "lan_server": Text("On-premises server over LAN", "本地服务器（局域网）"),
    "private_cloud": Text("Private cloud", "私有云"),
    "public_cloud": Text("Public cloud", "公有云"),
    "vendor": Text("At the vendor", "供应商处"),
}


# FRM Art 2: whether the Measures apply. Out of scope of the Measures, the PIPL may still apply.
SCOPES: dict[str, Text] = {
    "in": Text("The Measures apply", "适用《办法》"),
    "out_rnd": Text("R&D of FR technology or training of algorithms only", "仅用于人脸识别技术研发、算法训练活动"),
    "out_not_fr": Text("No person is identified or verified", "不识别、不验证个人身份"),
    "out_not_china": Text("Not within mainland China", "不在中华人民共和国境内"),
    "out_household": Text("A natural person's own or family affairs", "自然人因个人或者家庭事务处理"),
}
# PIPL Arts 3 and 72: where these hold, the PIPL doesn't apply either.
OUTSIDE_PIPL = frozenset({"out_not_china", "out_household"})

# FRM Art 7 (under 14), Regulations on the Network Protection of Minors Art 37 (under 18), FRM Art 5 (barrier-free).
SUBJECT_GROUPS: dict[str, Text] = {
    "employees": Text("Employees", "员工"),
    "customers": Text("Customers or members", "顾客或会员"),
    "passengers": Text("Passengers", "旅客"),
    "residents": Text("Residents", "业主、住户"),
    "visitors": Text("Visitors", "访客"),
    "students": Text("Pupils and students", "学生"),
    "patients": Text("Patients", "患者"),
    "passers_by": Text("Passers-by", "过往行人"),
    "aged_14_17": Text("Minors of 14 to 17", "14至17周岁未成年人"),
    "under_14": Text("Children under 14", "不满14周岁未成年人"),
    "elderly": Text("Older persons", "老年人"),
    "disabled": Text("Persons with disabilities", "残疾人"),
}
MINORS = frozenset({"under_14", "aged_14_17"})
BARRIER_FREE = frozenset({"elderly", "disabled"})

# Video Regulations Art 7 and Art 9: what the place is for the public-security video system.
VIDEO_CATEGORIES: dict[str, Text] = {
    "P7A": Text(
        "Art 7(1): roads, squares, bridges, tunnels, surroundings of key units",
        "第七条第一项：道路、广场、桥梁、隧道、重点单位周边",
    ),
    "P7-1": Text(
        "Art 7: malls, exhibitions, sights, culture, sports, schools, hospitals, service halls, parks, car parks",
        "第七条：商贸中心、会展中心、旅游景区、文体娱乐场所、教育机构、医疗机构、政务服务大厅、公园、公共停车场",
    ),
    "P7-2": Text(
        "Art 7: ports of entry, airports, passenger ports, railway, coach and urban rail stations",
        "第七条：口岸、机场、港口客运站、通航建筑物、铁路客运站、汽车客运站、城市轨道交通站",
    ),
    "P7-3": Text(
        "Art 7: passenger trains, vehicles and ships", "第七条：客运列车、营运载客汽车、城市轨道交通车辆、客运船舶"
    ),
    "P7-4": Text("Art 7: service areas of expressways and main roads", "第七条：高速公路、普通国省干线公路的服务区"),
    "P9": Text("Art 9: another public place", "第九条：其他公共场所"),
    "none": Text("No public-security video system", "不属于公共安全视频系统"),
}
ART7 = frozenset({"P7A", "P7-1", "P7-2", "P7-3", "P7-4"})

# FRM Art 10. A fingerprint is biometric too: as the only other way it is no way out (portal default).
ALTERNATIVE_KINDS: dict[str, Text] = {
    "card": Text("Card or badge", "卡证、工牌"),
    "code": Text("Code on the phone", "手机二维码、验证码"),
    "id_document": Text("Identity document", "身份证件"),
    "staff": Text("Member of staff", "人工核验"),
    "ticket": Text("Ticket", "票证"),
    "password": Text("Password", "密码"),
    "lane": Text("Staffed lane or counter", "人工通道、人工柜台"),
    "fingerprint": Text("Fingerprint", "指纹"),
    "other": Text("Other", "其他"),
}
BIOMETRIC_ALTERNATIVES = frozenset({"fingerprint"})

# FRM Art 8: the two exceptions that allow transmission over the internet or storage outside the device.
STORAGE_EXCEPTIONS: dict[str, Text] = {
    "law": Text("A law or administrative regulation provides otherwise", "法律、行政法规另有规定"),
    "consent": Text("Separate consent of the person", "取得个人单独同意"),
}
OVER_THE_INTERNET = frozenset({"private_cloud", "public_cloud", "vendor"})

# GB/T 41819-2022: consent is shown by active cooperation; merely entering a capture area is not consent.
CONSENT_KINDS: dict[str, Text] = {
    "look": Text("Looks at the device on being asked", "按提示主动注视设备"),
    "gesture": Text("Makes a gesture or movement on being asked", "按提示做出动作或手势"),
    "lane": Text("Walks through a lane marked for FR", "主动通过有标识的专用通道"),
    "click": Text("Clicks or ticks actively", "主动点击或勾选"),
    "signature": Text("Signs", "签名"),
}

# FRM Art 14: the five families of protection.
CONTROL_FAMILIES: dict[str, Text] = {
    "encryption": Text("Data encryption", "数据加密"),
    "security_audit": Text("Security audit", "安全审计"),
    "access_control": Text("Access control", "访问控制"),
    "authorisation": Text("Authorisation management", "授权管理"),
    "intrusion": Text("Intrusion detection and defence", "入侵检测和防御"),
}
CONTROL_STATES: dict[str, Text] = {
    "missing": Text("Not in place", "未落实"),
    "partial": Text("Partly in place", "部分落实"),
    "in_place": Text("In place", "已落实"),
}

# FRM Art 12, PIPL Art 16, NDR Art 22: what would mislead, deceive or force a person; "yes" is a finding.
CONDUCT_QUESTIONS: dict[str, Text] = {
    "only_way": Text(
        "Do staff, signs or screens present FR as the only way?", "工作人员、标识或界面是否将人脸识别说成唯一方式？"
    ),
    "pretext": Text(
        "Are people told that FR is needed to handle their business or to serve them better, although it isn't?",
        "是否以办理业务、提升服务质量等为由，误导、欺诈个人接受人脸识别？",
    ),
    "worse_service": Text(
        "Is somebody who refuses refused the service, kept waiting longer or charged more?",
        "拒绝人脸识别的个人是否被拒绝服务、等候更久或支付更多费用？",
    ),
    "preticked": Text(
        "Is consent ticked beforehand or bundled with other terms?", "同意是否默认勾选或与其他授权捆绑？"
    ),
    "asked_again": Text("Is somebody who refused asked again and again?", "个人拒绝后是否被反复征求同意？"),
    "hidden": Text(
        "Is the other way hard to find, or without staff when it is needed?", "替代方式是否难以找到，或无人值守？"
    ),
}

# PIPL Arts 20, 21, 23.
ENGAGEMENT_ROLES: dict[str, Text] = {
    "entrusted": Text("Entrusted processor", "受托处理者"),
    "joint": Text("Joint processor", "共同处理者"),
    "recipient": Text("Recipient", "接收方"),
    "supplier": Text("Supplier without access to face information", "不接触人脸信息的供应商"),
}
# PIPL Art 38; NDR Art 35 for the exemptions.
CROSS_BORDER_MECHANISMS: dict[str, Text] = {
    "assessment": Text("Security assessment", "数据出境安全评估"),
    "contract": Text("Standard contract, filed", "个人信息出境标准合同（已备案）"),
    "certification": Text("Certification", "个人信息保护认证"),
    "exempt": Text("Exempt", "依法免予办理"),
}
# PIPL Art 18.
NOTICE_EXEMPTIONS: dict[str, Text] = {
    "secrecy": Text(
        "Laws or administrative regulations ask for secrecy or for no notice",
        "法律、行政法规规定应当保密或者不需要告知",
    ),
    "emergency": Text("Emergency: told promptly afterwards", "紧急情况，消除后及时告知"),
}
# FRM Art 5, in the order of the seed.
NOTICE_ITEMS: dict[str, Text] = {
    "identity": Text("Name and contact of the PIP", "个人信息处理者的名称和联系方式"),
    "purpose": Text("Purposes and methods of processing", "处理目的和处理方式"),
    "retention": Text("Retention period of the face information", "人脸信息的保存期限"),
    "necessity": Text("Necessity, and the impact on the person's rights", "处理的必要性以及对个人权益的影响"),
    "rights": Text("How to exercise rights, and the procedure", "个人依法行使权利的方式和程序"),
    "other": Text(
        "Other items required by laws and administrative regulations", "法律、行政法规规定应当告知的其他事项"
    ),
}
REQUIRED_NOTICE_ITEMS = ("identity", "purpose", "retention", "necessity", "rights")
NOTICE_CHANNELS: dict[str, Text] = {
    "entrance": Text("At the entrance or lane", "入口或通道处"),
    "screen": Text("On the device's screen", "设备屏幕"),
    "app": Text("In the app or mini program", "App 或小程序"),
    "website": Text("On the website", "网站"),
    "paper": Text("On paper", "纸质"),
    "voice": Text("Read out", "语音播报"),
}

SIGN_RESULTS: dict[str, Text] = {
    "conspicuous": Text("Conspicuous", "显著可见"),
    "obscured": Text("Obscured", "被遮挡"),
    "damaged": Text("Damaged", "破损"),
    "missing": Text("Missing", "缺失"),
}
SIGN_SIZES: dict[str, Text] = {
    "A3": Text("A3", "A3"),
    "A4": Text("A4", "A4"),
    "A5": Text("A5", "A5"),
    "screen": Text("On a screen", "屏幕显示"),
    "other": Text("Other", "其他"),
}


# A sign with one of these results warns nobody: its devices are without a sign.
SPOILT_SIGNS = frozenset({"obscured", "damaged", "missing"})

# What a self-check on FRM Art 12 may find (also NDR Art 22, PIPL Art 16, SPC Art 4).
COERCION_FINDINGS: dict[str, Text] = {
    "only_way": Text("FR is presented as the only way", "将人脸识别说成唯一方式"),
    "pretext": Text(
        "FR is demanded on grounds of handling business or better service",
        "以办理业务、提升服务质量等为由要求接受人脸识别",
    ),
    "worse_service": Text("Somebody who refuses is worse off", "拒绝人脸识别的个人受到不利对待"),
    "preticked": Text("Consent is ticked beforehand or bundled with other terms", "默认勾选同意或者与其他授权捆绑"),
    "asked_again": Text("People are asked again after a refusal", "拒绝后被反复征求同意"),
    "hidden": Text("The other way is hard to find or not staffed", "替代方式难以找到或者无人值守"),
}

# Facts of a scenario whose change outdates its notice, its consent or its PIPIA; keys are those of ScenarioFacts.
CHANGING_FACTS: dict[str, Text] = {
    "name": Text("name of the PIP", "个人信息处理者的名称"),
    "purpose": Text("purpose", "处理目的"),
    "function": Text("method (verification or identification)", "处理方式（验证或者辨识）"),
    "necessity": Text("necessity", "必要性"),
    "legal_basis": Text("legal basis", "合法性基础"),
    "subjects": Text("persons concerned", "涉及人群"),
    "storage_mode": Text("place of storage", "存储方式"),
    "sends_over_internet": Text("transmission over the internet", "互联网传输"),
    "retention": Text("retention period", "保存期限"),
    "retention_ends_on": Text("end of retention", "保存期限届满日"),
    "deletion_method": Text("way of deleting", "删除方式"),
    "other_use": Text("other uses", "其他用途"),
    "alternatives": Text("other ways than FR", "替代方式"),
    "controls": Text("protection measures", "保护措施"),
    "engagements": Text("vendors and recipients", "受托方和接收方"),
    "cross_border": Text("transfer abroad", "向境外提供"),
    "automated_decision": Text("automated decision", "自动化决策"),
    "contact": Text("contact of the PIP", "个人信息处理者的联系方式"),
    "subject_groups": Text("groups of persons", "涉及人群"),
    "vendors": Text("vendors and recipients", "受托方和接收方"),
    "place_types": Text("kinds of places", "场所类型"),
}


# What a PIP, or with a site the managing unit of a video system, proves from time to time.
GOVERNANCE_KINDS: dict[str, Text] = {
    "internal_rules": Text("Internal rules, classification and incident plan", "内部管理制度、分类管理和应急预案"),
    "training": Text("Security training", "安全教育和培训"),
    "officer_appointment": Text("PI protection officer appointed", "指定个人信息保护负责人"),
    "officer_report": Text("Officer reported to the municipal CAC", "向设区的市级网信部门报送负责人信息"),
    "audit": Text("PI compliance audit", "个人信息保护合规审计"),
    "minors_audit": Text("Minors' audit reported to the municipal CAC", "未成年人个人信息保护合规审计情况报送"),
    "log_retention": Text("Network logs kept for six months or longer", "网络日志留存不少于六个月"),
    "cii_protection": Text("Duties of a CII operator", "关键信息基础设施运营者义务"),
    "video_post": Text(
        "Video system: vetting, training, access control, call-up register", "视频系统岗位管理与调用登记"
    ),
    "video_viewing": Text("Video system: rules for viewing and masking", "视频系统查阅与遮挡规则"),
}
OF_SITE = frozenset({"video_post", "video_viewing"})

# What people, complainants and authorities come with; a reference stands for the person, never a name.
CASE_KINDS: dict[str, Text] = {
    "withdrawal": Text("Withdrawal of consent", "撤回同意"),
    "access": Text("Access to or copy of the information", "查阅、复制"),
    "correction": Text("Correction or completion", "更正、补充"),
    "deletion": Text("Deletion", "删除"),
    "transfer": Text("Transfer to another processor", "转移"),
    "explanation": Text("Explanation of the processing rules", "解释说明处理规则"),
    "decision": Text("Explanation of an automated decision, or its refusal", "对自动化决策要求说明或拒绝"),
    "relatives": Text("Request of the relatives of a deceased person", "死者近亲属行使权利"),
    "refusal": Text("Refusal of face recognition", "拒绝使用人脸识别"),
    "complaint": Text("Complaint or report", "投诉、举报"),
    "viewing": Text("Viewing of video images", "查阅视频图像"),
    "inspection": Text("Inspection or enquiry of an authority", "监管部门检查、问询"),
}
RIGHTS = frozenset({"access", "correction", "deletion", "transfer", "explanation", "relatives"})
COMPLAINTS: dict[str, Text] = {
    "coercion": Text("Misled, deceived or forced into FR", "误导、欺诈、胁迫接受人脸识别"),
    "only_way": Text("No other way was offered", "未提供其他验证方式"),
    "service_refused": Text("Service refused after a refusal or a withdrawal", "因拒绝或撤回同意而被拒绝服务"),
    "asked_again": Text("Asked again after a refusal", "拒绝后被反复征求同意"),
    "no_sign": Text("No sign or notice", "无提示标识或告知"),
    "other": Text("Other", "其他"),
}
# PIPL Arts 16, 18, 35, 47(2): why a request may be answered otherwise.
CASE_EXEMPTIONS: dict[str, Text] = {
    "necessary": Text(
        "Necessary to provide the service (PIPL Art 16)", "属于提供产品或者服务所必需（个保法第十六条）"
    ),
    "statutory_retention": Text(
        "A statutory retention period runs: stored and protected only (PIPL Art 47)",
        "法定保存期限未届满，停止除存储和安全保护外的处理（个保法第四十七条）",
    ),
    "secrecy": Text(
        "Secrecy or no notice by law (PIPL Arts 18, 35)", "依法应当保密或者不需要告知（个保法第十八、三十五条）"
    ),
    "unfounded": Text("Not founded, with the reasons given", "请求不成立，已说明理由"),
}

INCIDENT_GRADES: dict[str, Text] = {
    "general": Text("General", "一般"),
    "large": Text("Relatively large", "较大"),
    "major": Text("Major", "重大"),
    "especially_major": Text("Especially major", "特别重大"),
}
REPORTED_GRADES = frozenset({"large", "major", "especially_major"})


@dataclass(frozen=True, slots=True)
class Province:
    """A province with its two-digit code (GB/T 2260), its names and its cyberspace authority."""

    code: str
    name: Text
    short: Text
    authority: Text


def _province(code: str, zh: str, short_zh: str, en: str, kind: str = "") -> tuple[str, Province]:
    return code, Province(
        code,
        name=Text(f"{en} {kind}".strip(), zh),
        short=Text(en, short_zh),
        authority=Text(f"Cyberspace Administration of {en}", f"{zh}互联网信息办公室"),
    )


# The mainland filing system has 31 offices and that of the Xinjiang corps; 66 is its code in several government lists.
PROVINCES: dict[str, Province] = dict(
    [
        _province("11", "北京市", "北京", "Beijing"),
        _province("12", "天津市", "天津", "Tianjin"),
        _province("13", "河北省", "河北", "Hebei", "Province"),
        _province("14", "山西省", "山西", "Shanxi", "Province"),
        _province("15", "内蒙古自治区", "内蒙古", "Inner Mongolia", "Autonomous Region"),
        _province("21", "辽宁省", "辽宁", "Liaoning", "Province"),
        _province("22", "吉林省", "吉林", "Jilin", "Province"),
        _province("23", "黑龙江省", "黑龙江", "Heilongjiang", "Province"),
        _province("31", "上海市", "上海", "Shanghai"),
        _province("32", "江苏省", "江苏", "Jiangsu", "Province"),
        _province("33", "浙江省", "浙江", "Zhejiang", "Province"),
        _province("34", "安徽省", "安徽", "Anhui", "Province"),
        _province("35", "福建省", "福建", "Fujian", "Province"),
        _province("36", "江西省", "江西", "Jiangxi", "Province"),
        _province("37", "山东省", "山东", "Shandong", "Province"),
        _province("41", "河南省", "河南", "Henan", "Province"),
        _province("42", "湖北省", "湖北", "Hubei", "Province"),
        _province("43", "湖南省", "湖南", "Hunan", "Province"),
        _province("44", "广东省", "广东", "Guangdong", "Province"),
        _province("45", "广西壮族自治区", "广西", "Guangxi", "Zhuang Autonomous Region"),
        _province("46", "海南省", "海南", "Hainan", "Province"),
        _province("50", "重庆市", "重庆", "Chongqing"),
        _province("51", "四川省", "四川", "Sichuan", "Province"),
        _province("52", "贵州省", "贵州", "Guizhou", "Province"),
        _province("53", "云南省", "云南", "Yunnan", "Province"),
        _province("54", "西藏自治区", "西藏", "Tibet", "Autonomous Region"),
        _province("61", "陕西省", "陕西", "Shaanxi", "Province"),
        _province("62", "甘肃省", "甘肃", "Gansu", "Province"),
        _province("63", "青海省", "青海", "Qinghai", "Province"),
        _province("64", "宁夏回族自治区", "宁夏", "Ningxia", "Hui Autonomous Region"),
        _province("65", "新疆维吾尔自治区", "新疆", "Xinjiang", "Uygur Autonomous Region"),
        _province("66", "新疆生产建设兵团", "兵团", "Xinjiang Production and Construction Corps"),
    ]
)
