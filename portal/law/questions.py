"""The eight questions of the screening (FRM Art 2), each with its answers and the article that asks it."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.law.enums import MINORS, PLACE_TYPES
from portal.law.sources import FRM, PIPL, VIDEO, Cite
from portal.law.text import Text
from portal.law.threshold import THRESHOLD, WARNING_STEPS

YES, NO = Text("Yes", "是"), Text("No", "否")
# The count from which the portal warns (default), and the one from which the law asks for a filing.
WARNED_FROM = THRESHOLD * min(WARNING_STEPS) // 100

PLACES: dict[str, Text] = PLACE_TYPES | {
    "online": Text("No place: online, on the person's own phone", "无固定场所：线上，使用个人自己的手机"),
}
STORAGES: dict[str, Text] = {
    "device": Text("In the device, and it stays there", "存储于设备内，不对外传输"),
    "device_internet": Text("In the device, and sent out over the internet", "存储于设备内，并通过互联网对外传输"),
    "lan_server": Text("On a server on the premises, over the LAN only", "本地服务器，仅经局域网传输"),
    "lan_internet": Text("On a server on the premises, sent on over the internet", "本地服务器，并通过互联网对外传输"),
    "private_cloud": Text("In a private cloud", "私有云"),
    "public_cloud": Text("In a public cloud", "公有云"),
    "vendor": Text("At the vendor", "供应商处"),
}
# Mode of storage, and whether faces leave over the internet, behind each answer.
STORED: dict[str, tuple[str, bool | None]] = {
    "": ("", None),
    "device": ("device", False),
    "device_internet": ("device", True),
    "lan_server": ("lan_server", False),
    "lan_internet": ("lan_server", True),
    "private_cloud": ("private_cloud", True),
    "public_cloud": ("public_cloud", True),
    "vendor": ("vendor", True),
}
AGES: dict[str, Text] = {
    "adults": Text("Adults only", "仅成年人"),
    "aged_14_17": Text("Minors of 14 to 17 too", "包括14至17周岁未成年人"),
    "under_14": Text("Children under 14 too", "包括不满14周岁未成年人"),
    "both": Text("Both: children under 14 and minors of 14 to 17", "两者均包括"),
}
GROUPS: dict[str, frozenset[str]] = {
    "": frozenset(),
    "adults": frozenset(),
    "aged_14_17": frozenset({"aged_14_17"}),
    "under_14": frozenset({"under_14"}),
    "both": MINORS,
}


@dataclass(frozen=True, slots=True)
class Question:
    """One of the eight questions: its words, its answers, what it turns on, and the article that asks it."""

    key: str
    text: Text
    choices: Mapping[str, Text]
    cites: tuple[Cite, ...]
    help: Text = Text("", "")


QUESTIONS = (
    Question(
        "mainland",
        Text("Are faces processed in mainland China?", "是否在中华人民共和国境内处理人脸信息？"),
        {"yes": YES, "no": NO},
        (FRM(2),),
    ),
    Question(
        "activity",
        Text("What is it done for?", "活动性质是什么？"),
        {
            "production": Text("In production: with people at a place or online", "实际应用：面向现场或者线上的个人"),
            "rnd": Text("Only R&D of FR technology or training of algorithms", "仅用于人脸识别技术研发、算法训练"),
            "household": Text("A natural person's own or family affairs", "自然人因个人或者家庭事务"),
        },
        (FRM(2), PIPL(72)),
    ),
    Question(
        "function",
        Text("What does it do with a face?", "对人脸做什么处理？"),
        {
            "verify": Text("Compares it with one person: is it him? (1:1)", "与特定一人比对，验证个人身份（1:1）"),
            "identify": Text("Finds the person among many (1:N)", "在多人范围内比对，辨识特定个人（1:N）"),
            "both": Text("Both", "两者均有"),
            "other": Text("Neither: no person is verified or identified", "均不涉及：不验证、不辨识个人身份"),
        },
        (FRM(19), FRM(10)),
    ),
    Question(
        "place_type",
        Text("What kind of place is it?", "属于哪类场所？"),
        PLACES,
        (FRM(13), PIPL(26)),
        Text(
            "A public place is open to anybody: a shop, a lobby, a station. An office floor or a factory isn't.",
            "公共场所对不特定人开放，如商店、大厅、车站；办公区、厂区一般不属于公共场所。",
        ),
    ),
    Question(
        "private_space",
        Text("Does a device stand in a private space?", "是否有设备安装在私密空间内？"),
        {"no": NO, "yes": YES},
        (FRM(13), VIDEO(8)),
        Text(
            "Hotel rooms, private dining rooms, dormitory and rest rooms, bathrooms, toilets, changing, nursing and"
            " fitting rooms, and the like.",
            "宾馆客房、餐饮包间、宿舍和休息房间、公共浴室、卫生间、更衣室、母婴室、试衣间等。",
        ),
    ),
    Question(
        "ages",
        Text("How old are the people?", "涉及人群的年龄？"),
        AGES,
        (FRM(7), Cite("MINORS", "37")),
    ),
    Question(
        "storage",
        Text(
            "Where are faces stored, and do they leave over the internet?",
            "人脸信息存储在哪里，是否通过互联网对外传输？",
        ),
        STORAGES,
        (FRM(8),),
    ),
    Question(
        "count_band",
        Text("How many persons' faces does the whole PIP store?", "该个人信息处理者存储的人脸信息合计达到多少人？"),
        {
            "below": Text(f"Fewer than {WARNED_FROM:,}", f"不足{WARNED_FROM:,}人"),
            "near": Text(f"{WARNED_FROM:,} to {THRESHOLD - 1:,}", f"{WARNED_FROM:,}至{THRESHOLD - 1:,}人"),
            "reached": Text(f"{THRESHOLD:,} or more", f"{THRESHOLD:,}人以上（含本数）"),
        },
        (FRM(15),),
        Text(
            "Each person once, over all scenarios to which the Measures apply.",
            "去重计算，涵盖所有适用《办法》的应用场景。",
        ),
    ),
)
