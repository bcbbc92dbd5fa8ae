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
