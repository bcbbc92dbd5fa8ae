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
        Instrument("CSL", Text("Cybersecurity Law", "网络安全法"), date(2017, 6, 1)),
        Instrument(
            "NDR", Text("Network Data Security Management Regulations", "网络数据安全管理条例"), date(2025, 1, 1)
        ),
        Instrument(
            "SPC",
            Text(
                "Provisions of the Supreme People's Court on civil cases of face recognition, Fa Shi [2021] No. 15",
                "最高人民法院关于审理使用人脸识别技术处理个人信息相关民事案件适用法律若干问题的规定（法释〔2021〕15号）",
            ),
            date(2021, 8, 1),
        ),
        Instrument("BARRIER", Text("Barrier-Free Environment Law", "无障碍环境建设法"), date(2023, 9, 1)),
        Instrument(
            "MINORS", Text("Regulations on the Network Protection of Minors", "未成年人网络保护条例"), date(2024, 1, 1)
        ),
        Instrument(
            "AUDIT",
            Text("Measures for PI Protection Compliance Audits", "个人信息保护合规审计管理办法"),
            date(2025, 5, 1),
        ),
        Instrument(
            "INCIDENT",
            Text("National Cybersecurity Incident Reporting Measures", "国家网络安全事件报告管理办法"),
            date(2025, 11, 1),
        ),
        Instrument(
            "CII",
            Text("Regulations on the Security Protection of CII", "关键信息基础设施安全保护条例"),
            date(2021, 9, 1),
        ),
        Instrument(
            "CAC-2025-07-18",
            Text(
                "CAC announcement on reporting PI protection officers, 18 July 2025",
                "国家互联网信息办公室关于开展个人信息保护负责人信息报送工作的公告（2025年7月18日）",
            ),
            date(2025, 7, 18),
        ),
        Instrument(
            "CAC-2025-12-29",
            Text(
                "CAC announcement on reporting audits of minors' personal information, 29 December 2025",
                "国家互联网信息办公室关于报送未成年人个人信息保护合规审计情况的公告（2025年12月29日）",
            ),
            date(2025, 12, 29),
        ),
        Instrument(
            "CAC-2026-01-QA",
            Text(
                "CAC questions and answers on personal information protection, January 2026",
                "国家互联网信息办公室个人信息保护政策法规问答（2026年1月）",
            ),
            date(2026, 1, 10),
        ),
        Instrument(
            "MPS-2025-1001",
            Text(
                "Letters of the Ministry of Public Security Gong Wang An [2025] Nos. 1001 and 1846",
                "公安部公网安〔2025〕1001号、1846号函",
            ),
            date(2025, 3, 8),
        ),
        Instrument(
            "GBT-41819",
            Text(
                "GB/T 41819-2022 Security requirements of face recognition data",
                "GB/T 41819—2022《信息安全技术 人脸识别数据安全要求》",
            ),
            date(2023, 5, 1),
        ),
        Instrument(
            "GBT-44248",
            Text(
                "GB/T 44248-2024 Application requirements of face recognition systems",
                "GB/T 44248—2024 人脸识别系统应用要求",
            ),
            date(2024, 7, 24),
        ),
        Instrument(
            "GBT-45574",
            Text(
                "GB/T 45574-2025 Security requirements for processing sensitive personal information",
                "GB/T 45574—2025《数据安全技术 敏感个人信息处理安全要求》",
            ),
            date(2025, 11, 1),
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
    "CSL": Text("Cybersecurity Law", "网络安全法"),
    "NDR": Text("Network Data Security Regulations", "网络数据安全管理条例"),
    "SPC": Text("SPC Provisions on FR", "法释〔2021〕15号"),
    "BARRIER": Text("Barrier-Free Environment Law", "无障碍环境建设法"),
    "MINORS": Text("Regulations on the Network Protection of Minors", "未成年人网络保护条例"),
    "AUDIT": Text("Audit Measures", "个人信息保护合规审计管理办法"),
    "INCIDENT": Text("Incident Reporting Measures", "国家网络安全事件报告管理办法"),
    "CII": Text("CII Regulations", "关键信息基础设施安全保护条例"),
    "CAC-2025-07-18": Text("CAC announcement of 18 July 2025", "国家网信办2025年7月18日公告"),
    "CAC-2025-12-29": Text("CAC announcement of 29 December 2025", "国家网信办2025年12月29日公告"),
    "CAC-2026-01-QA": Text("CAC Q&A of January 2026", "国家网信办2026年1月问答"),
    "MPS-2025-1001": Text("MPS letters 1001 and 1846 of 2025", "公网安〔2025〕1001号、1846号"),
    "GBT-41819": Text("GB/T 41819-2022", "GB/T 41819—2022"),
    "GBT-44248": Text("GB/T 44248-2024", "GB/T 44248—2024"),
    "GBT-45574": Text("GB/T 45574-2025", "GB/T 45574—2025"),
}

PRACTICE_TOPICS = {
    "counting": Text(
        "persons are de-duplicated and summed over all scenarios", "按去重人数计算，并对全部应用场景合计"
    ),
    "file-together": Text(
        "affiliates with the same purpose, necessity, method and scope may file together",
        "处理目的、必要性、处理方式和范围相同的关联单位可以合并备案",
    ),
    "materials": Text("material lists of provincial notices", "省级网信部门通知所列材料清单"),
    "stored-now": Text(
        "what counts is what is stored, not what was ever collected", "以存储数量为准，而非累计收集数量"
    ),
}

DEFAULT_TOPICS = {
    "confirm-count": Text("the count is confirmed by a person", "由专人确认人数"),
    "alternative-check": Text("the other way is checked every quarter", "每季度核查替代方式是否实际提供"),
    "case-reply": Text("requests are answered within the tenant's own target", "在租户自定的目标期限内答复"),
    "incident-reassess": Text(
        "re-assessment within ten working days of a major incident", "重大安全事件后十个工作日内重新评估"
    ),
    "pipia-depth": Text("how deep an assessment goes", "影响评估的深度"),
    "protection-review": Text("protection measures are reviewed yearly", "每年复核保护措施"),
    "rules-review": Text("internal rules are reviewed yearly", "每年复核内部管理制度"),
    "sameness": Text(
        "what purpose, necessity, method and scope are compared by; no list of members is published",
        "目的、必要性、方式、范围的比对口径；成员单位名单未见公布格式",
    ),
    "scope-recheck": Text("an out-of-scope decision is checked again every year", "不适用决定每年复核"),
    "sign-inspection": Text("signs are inspected at a set interval", "按设定周期检查提示标识"),
    "ending-tasks": Text("what is done when a use ends", "终止使用时的待办事项"),
    "kind-materials": Text(
        "materials of a change and of a cancellation, for which no list is published",
        "备案变更和注销备案的材料（未见公布的清单）",
    ),
    "review-days": Text(
        "15 working days for the answer and 10 for a correction are expected",
        "预计15个工作日答复、10个工作日补正",
    ),
    "early-warning": Text("early warning at 80, 90 and 95 percent", "达到80%、90%、95%时提前预警"),
    "forecast": Text("a forecast from the counts so far", "根据已登记人数作出的预测"),
    "forms": Text("working sheet, not the official form", "工作底稿，非官方表格"),
    "review-below-threshold": Text("counsel reviews a drop below the threshold", "人数回落由法律顾问复核"),
    "substantial-change": Text(
        "what a change weighs is proposed by the portal; a person decides", "变更是否属于实质性由系统初判、专人认定"
    ),
    "report-age": Text(
        "an assessment older than three months, or with other facts, is looked at again",
        "评估报告超过三个月或者所依据事实有变化的，提示复核",
    ),
    "xray": Text("the papers of a dossier are compared with each other", "备案材料相互核对"),
    "safe-date": Text("safe date ahead of the legal date", "早于法定期限的安全日期"),
}


# Articles that an amendment renumbered: their former number, and the day from which the new one holds.
RENUMBERED: dict[tuple[str, str], tuple[str, date]] = {
    ("CSL", "23"): ("21", date(2026, 1, 1)),
    ("CSL", "27"): ("25", date(2026, 1, 1)),
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
        """The citation as people write it: FRM Art 15, 《人脸识别技术应用安全管理办法》第十五条.

        It reads right on every day: of a renumbered article it names the former number too.
        """
        if (self.instrument, self.article) not in RENUMBERED:
            return self._named(self.article)
        former, since = RENUMBERED[self.instrument, self.article]
        return Text("{now} (Art {former} before {day})", "{now}（{day}前为第{former_zh}条）").fmt(
            now=self._named(self.article),
            former=former,
            former_zh=chinese_number(int(former)),
            day=Text(since.isoformat(), f"{since.year}年{since.month}月{since.day}日"),
        )

    def label_on(self, day: date) -> Text:
        """The citation with the number that the article had on a day."""
        former, since = RENUMBERED.get((self.instrument, self.article), ("", date.min))
        return self._named(former if day < since else self.article)

    def _named(self, article: str) -> Text:
        if self.instrument == "PRACTICE":
            return Text("Filing practice: {topic}", "备案实务：{topic}").fmt(topic=PRACTICE_TOPICS[article])
        if self.instrument == "DEFAULT":
            topic = DEFAULT_TOPICS[article]
            return Text("Portal default: {topic}", "系统默认做法：{topic}").fmt(topic=topic)
        short = SHORT_TITLES[self.instrument]
        if not article:
            return short
        if self.instrument.startswith("CAC-2025-05"):
            return Text(f"{short.en}, point {article}", f"{short.zh}第{chinese_number(int(article))}点")
        return Text(f"{short.en} Art {article}", f"《{short.zh}》第{chinese_number(int(article))}条")


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


def CSL(article: int) -> Cite:
    """网络安全法."""
    return Cite("CSL", str(article))


def NDR(article: int) -> Cite:
    """网络数据安全管理条例."""
    return Cite("NDR", str(article))


def SPC(article: int) -> Cite:
    """法释〔2021〕15号."""
    return Cite("SPC", str(article))


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
