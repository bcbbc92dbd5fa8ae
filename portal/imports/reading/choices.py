"""The words a vendor may write for a code: the code, its English and Chinese name, and what people write instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.law import enums
from portal.law.text import Text


@dataclass(frozen=True, slots=True)
class Choice:
    """A stored code, its two names, and further spellings that mean the same."""

    code: str
    en: str
    zh: str
    also: tuple[str, ...] = ()


def _choices(texts: Mapping[str, Text], also: Mapping[str, Sequence[str]]) -> tuple[Choice, ...]:
    return tuple(Choice(code, text.en, text.zh, tuple(also.get(code, ()))) for code, text in texts.items())


PLACE_TYPES = _choices(
    enums.PLACE_TYPES,
    {
        "public": ("公共",),
        "internal": ("内部", "非公共场所"),
        "residential": ("住宅区", "居民区", "小区"),
        "undecided": ("to be decided", "未定"),
    },
)

# A disposed deployment (data deleted after its end) is a state that only the portal's own termination case gives.
STATUSES = _choices(
    {code: text for code, text in enums.DEPLOYMENT_STATUSES.items() if code != "disposed"},
    {
        "planned": ("计划中", "拟启用"),
        "active": ("in use", "启用", "在用", "已启用"),
        "suspended": ("paused", "暂停", "已停用", "暂停使用"),
        "terminated": ("ended", "终止", "停止使用"),
    },
)

# Private spaces among them: they are recorded and judged (Measures art. 13), never passed over.
SPACE_TYPES = _choices(
    enums.SPACE_TYPES,
    {
        "entrance": ("entry", "出入口", "大门"),
        "lobby": ("hall", "前厅"),
        "corridor": ("passage", "走廊"),
        "gate": ("turnstile", "检票口"),
        "counter": ("desk", "服务台"),
        "other": ("其它",),
        "hotel_room": ("guest room", "酒店客房", "客房"),
        "private_dining_room": ("包间", "包厢"),
        "student_dorm_room": ("dormitory", "学生宿舍"),
        "staff_rest_room": ("staff dormitory", "staff rest room", "员工休息室", "员工宿舍", "职工宿舍"),
        "bathroom": ("bathroom", "浴室"),
        "toilet": ("restroom", "卫生间", "洗手间", "厕所"),
        "changing_room": ("locker room", "更衣室", "更衣间"),
        "nursing_room": ("哺乳室",),
        "fitting_room": ("试衣间",),
        "other_private": ("其他私密场所",),
    },
)

# The six-digit form is the same code as people copy it from the full list of GB/T 2260.
PROVINCES = tuple(
    Choice(
        province.code,
        province.short.en,
        province.name.zh,
        (province.name.en, province.short.zh, f"{province.code}0000"),
    )
    for province in enums.PROVINCES.values()
)

LANGUAGES = (
    Choice("zh", "Chinese", "中文", ("汉语", "汉文", "简体中文", "普通话", "zh-cn", "zh-hans", "cn")),
    Choice("en", "English", "英文", ("英语",)),
    Choice("bo", "Tibetan", "藏文", ("藏语",)),
    Choice("ug", "Uyghur", "维吾尔文", ("维文", "维吾尔语")),
    Choice("mn", "Mongolian", "蒙古文", ("蒙文", "蒙古语")),
    Choice("kk", "Kazakh", "哈萨克文", ("哈萨克语",)),
    Choice("za", "Zhuang", "壮文", ("壮语",)),
    Choice("ii", "Yi", "彝文", ("彝语",)),
    Choice("ko", "Korean", "朝鲜文", ("韩文", "韩语", "朝鲜语")),
    Choice("ja", "Japanese", "日文", ("日语",)),
    Choice("ru", "Russian", "俄文", ("俄语",)),
    Choice("fr", "French", "法文", ("法语",)),
    Choice("de", "German", "德文", ("德语",)),
    Choice("es", "Spanish", "西班牙文", ("西班牙语",)),
    Choice("ar", "Arabic", "阿拉伯文", ("阿拉伯语",)),
)

YES = frozenset(("yes", "y", "true", "1", "是", "有", "对"))
NO = frozenset(("no", "n", "false", "0", "否", "无", "没有", "不"))
