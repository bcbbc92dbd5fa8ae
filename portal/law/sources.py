"""The instruments the portal cites, and how a citation reads in both languages."""

from dataclasses import dataclass
from datetime import date

from portal.law.text import Text


@dataclass(frozen=True, slots=True)
class Instrument:
    """A law, regulation, rule, announcement or standard; `url` is an official address or empty."""

    key: str
    title: Text
    in_force_on: date
    url: str = ""


INSTRUMENTS: dict[str, Instrument] = {
    instrument.key: instrument
    for instrument in (
        Instrument(
            "FRM",
            Text(
                "Measures for the Security Administration of the Application of Face Recognition Technology",
                "人脸识别技术应用安全管理办法",
            ),
            date(2025, 6, 1),
            "https://www.cac.gov.cn/2025-03/21/c_1744174262156096.htm",
        ),
        Instrument("PIPL", Text("Personal Information Protection Law", "个人信息保护法"), date(2021, 11, 1)),
        Instrument(
            "VIDEO",
            Text("Regulations on Public Security Video Image Information Systems", "公共安全视频图像信息系统管理条例"),
            date(2025, 4, 1),
        ),
        Instrument("CIVIL", Text("Civil Code", "民法典"), date(2021, 1, 1)),
        Instrument("LICENSING", Text("Administrative Licensing Law", "行政许可法"), date(2004, 7, 1)),
        Instrument(
            "HOLIDAYS",
            Text("Regulation on Public Holidays for National Annual Festivals", "全国年节及纪念日放假办法"),
            date(2025, 1, 1),
        ),
        Instrument(
            "CAC-2025-05-28",
            Text(
                "CAC announcement on the filing of face recognition applications, 28 May 2025",
                "国家互联网信息办公室关于开展人脸识别技术应用备案工作的公告（2025年5月28日）",
            ),
            date(2025, 5, 28),
            "https://www.cac.gov.cn/2025-05/30/c_1750315544241157.htm",
        ),
        Instrument("PRACTICE", Text("Filing practice", "备案实务"), date(2025, 6, 1)),
        Instrument("DEFAULT", Text("Portal default, not law", "系统默认做法，并非法律规定"), date(2025, 6, 1)),
    )
}

# What stands in labels instead of the full title.
SHORT_TITLES = {
    "FRM": Text("FRM", "人脸识别技术应用安全管理办法"),
    "PIPL": Text("PIPL", "个人信息保护法"),
    "VIDEO": Text("Video Regulations", "公共安全视频图像信息系统管理条例"),
    "CIVIL": Text("Civil Code", "民法典"),
    "LICENSING": Text("Administrative Licensing Law", "行政许可法"),
    "HOLIDAYS": Text("Public Holidays Regulation", "全国年节及纪念日放假办法"),
    "CAC-2025-05-28": Text("CAC announcement of 28 May 2025", "国家网信办2025年5月28日公告"),
}

PRACTICE_TOPICS = {
    "counting": Text(
        "persons are de-duplicated and summed over all scenarios", "按去重人数计算，并对全部应用场景合计"
    ),
    "materials": Text("material lists of provincial notices", "省级网信部门通知所列材料清单"),
    "stored-now": Text(
        "what counts is what is stored, not what was ever collected", "以存储数量为准，而非累计收集数量"
    ),
}

DEFAULT_TOPICS = {
    "confirm-count": Text("the count is confirmed by a person", "由专人确认人数"),
    "early-warning": Text("early warning at 80, 90 and 95 percent", "达到80%、90%、95%时提前预警"),
    "forms": Text("working sheet, not the official form", "工作底稿，非官方表格"),
    "review-below-threshold": Text("counsel reviews a drop below the threshold", "人数回落由法律顾问复核"),
    "safe-date": Text("safe date ahead of the legal date", "早于法定期限的安全日期"),
}


@dataclass(frozen=True, slots=True)
class Cite:
    """A place in an instrument: an article number, or the topic of a practice note or a portal default."""

    instrument: str
    article: str = ""

    def __post_init__(self) -> None:
        topics = {"PRACTICE": PRACTICE_TOPICS, "DEFAULT": DEFAULT_TOPICS}.get(self.instrument)
        if self.instrument not in INSTRUMENTS or (topics is not None and self.article not in topics):
            raise ValueError(f"Unknown citation: {self.instrument} {self.article}")

    @property
    def key(self) -> str:
        """The stable name of the citation, as FRM-15."""
        return f"{self.instrument}-{self.article}" if self.article else self.instrument

    @property
    def source(self) -> Instrument:
        """The instrument itself."""
        return INSTRUMENTS[self.instrument]

    @property
    def url(self) -> str:
        """The official address, empty if none was verified."""
        return self.source.url

    @property
    def label(self) -> Text:
        """The citation as people write it: FRM Art 15, 《人脸识别技术应用安全管理办法》第十五条."""
        if self.instrument == "PRACTICE":
            return Text("Filing practice: {topic}", "备案实务：{topic}").fmt(topic=PRACTICE_TOPICS[self.article])
        if self.instrument == "DEFAULT":
            topic = DEFAULT_TOPICS[self.article]
            return Text("Portal default: {topic}", "系统默认做法：{topic}").fmt(topic=topic)
        short = SHORT_TITLES[self.instrument]
        if not self.article:
            return short
        if self.instrument.startswith("CAC-"):
            return Text(f"{short.en}, point {self.article}", f"{short.zh}第{chinese_number(int(self.article))}点")
        return Text(f"{short.en} Art {self.article}", f"《{short.zh}》第{chinese_number(int(self.article))}条")


def chinese_number(number: int) -> str:
    """A number from 1 to 9,999 in Chinese numerals, as articles are numbered: 15 十五, 201 二百零一."""
    digits, units = "零一二三四五六七八九", ("", "十", "百", "千")
    places = [int(digit) for digit in str(number)]
    written = ""
    for place, digit in enumerate(places):
        if digit:
            written += digits[digit] + units[len(places) - 1 - place]
        elif written and not written.endswith("零"):
            written += "零"
    written = written.rstrip("零")
    return written.removeprefix("一") if written.startswith("一十") else written


def FRM(article: int) -> Cite:
    """人脸识别技术应用安全管理办法, the Measures."""
    return Cite("FRM", str(article))


def PIPL(article: int) -> Cite:
    """个人信息保护法."""
    return Cite("PIPL", str(article))


def VIDEO(article: int) -> Cite:
    """公共安全视频图像信息系统管理条例."""
    return Cite("VIDEO", str(article))


def CIVIL(article: int) -> Cite:
    """民法典."""
    return Cite("CIVIL", str(article))


def LICENSING(article: int) -> Cite:
    """行政许可法."""
    return Cite("LICENSING", str(article))


def ANNOUNCEMENT(point: int | None = None) -> Cite:
    """The CAC's announcement of 2025-05-28 on filing, as a whole or one of its points."""
    return Cite("CAC-2025-05-28", str(point) if point else "")


def PRACTICE(topic: str) -> Cite:
    """A note on filing practice; the topic is a key of PRACTICE_TOPICS."""
    return Cite("PRACTICE", topic)


def DEFAULT(topic: str) -> Cite:
    """A default of this portal, which is not law; the topic is a key of DEFAULT_TOPICS."""
    return Cite("DEFAULT", topic)
