"""Pasted texts of State Council notices: written for the tests in the form that such notices take."""

from datetime import date

import pytest

from portal.law.calendar_data import shipped_notices
from portal.law.notice_text import notice_from_text
from portal.law.notices import NoticeError, notice_from_dict

HEAD = """国务院办公厅关于{year}年部分节假日安排的通知
国办发明电〔{before}〕7号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将{year}年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
"""
FOOT = """
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作，遇有重大突发事件，要按规定及时报告并妥善处置。
国务院办公厅
{signed}
"""
BODIES = {
    2024: (
        "2023年10月25日",
        """一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。""",
    ),
    2025: (
        "2024年11月12日",
        """一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。""",
    ),
    2026: (
        "2025年11月4日",
        """一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。""",
    ),
}


def text_of(year: int, body: str | None = None) -> str:
    signed, own = BODIES[year]
    return HEAD.format(year=year, before=year - 1) + (body or own) + FOOT.format(signed=signed)


def changed(old: str, new: str, year: int = 2026) -> str:
    """The notice with one of its wordings changed."""
    text = text_of(year)
    assert text.count(old) == 1
    return text.replace(old, new)


@pytest.mark.parametrize("year", BODIES)
def test_pasted_notice_gives_exactly_the_shipped_year(year):
    shipped = next(one for one in shipped_notices() if one["year"] == year)
    read = notice_from_text(text_of(year))
    assert {key: read[key] for key in shipped if key != "source"} == {
        key: value for key, value in shipped.items() if key != "source"
    }
    assert read["number"] == f"国办发明电〔{year - 1}〕7号"


FULL_WIDTH = str.maketrans("0123456789（）：", "０１２３４５６７８９（）：")
WORDINGS = [
    pytest.param(text_of(2026).translate(FULL_WIDTH), id="full-width digits"),
    pytest.param(text_of(2026).replace("（", "(").replace("）", ")").replace("：", ":"), id="half-width brackets"),
    pytest.param(text_of(2026).replace("周", "星期"), id="the other word for weekdays"),
    pytest.param(text_of(2026).replace("\n", "\r\n\u3000\u3000"), id="indented lines of another system"),
    pytest.param(text_of(2026).replace("上班。\n", "上班。"), id="items run on in one line"),
    pytest.param(text_of(2026).replace("2月14日（周六）、2月28日", "2月14日（周六）、\n2月28日"), id="broken line"),
    pytest.param(text_of(2026).replace("2月28日（周六）上班", "28日（周六）上班"), id="month said once"),
    pytest.param(text_of(2026).replace("至3日", "至1月3日"), id="month said twice"),
    pytest.param(text_of(2026).replace("、10月10日（周六）上班", "和10月10日（周六）正常上班"), id="and, as usual"),
    pytest.param(changed("共9天。2月", "共9天；2月"), id="semicolon"),
    pytest.param(changed("各省、", "新华社北京11月4日电，各省、"), id="a date of the press above"),
]


@pytest.mark.parametrize("text", WORDINGS)
def test_other_wordings_of_the_same_notice_are_read_alike(text):
    assert notice_from_dict(notice_from_text(text)) == notice_from_dict(notice_from_text(text_of(2026)))


def test_new_year_that_reaches_into_the_neighbouring_year():
    body = BODIES[2024][1].replace("1月1日放假，与周末连休。", "12月30日（周六）至1月1日（周一）放假，共3天。")
    read = notice_from_dict(notice_from_text(text_of(2024, body)))
    assert sorted(read.days_off)[:3] == [date(2023, 12, 30), date(2023, 12, 31), date(2024, 1, 1)]
    explicit = body.replace("12月30日", "2023年12月30日").replace("至1月1日", "至2024年1月1日")
    assert notice_from_dict(notice_from_text(text_of(2024, explicit))) == read


def test_make_up_day_before_new_year_lies_in_the_year_before():
    body = BODIES[2024][1].replace("1月1日放假，与周末连休。", "1月1日放假，共1天。12月30日（周六）上班。")
    assert date(2023, 12, 30) in notice_from_dict(notice_from_text(text_of(2024, body))).makeup_workdays


def test_joined_weekend_may_be_counted():
    body = BODIES[2024][1].replace("6月10日放假，与周末连休", "6月10日放假，与周末连休，共3天")
    assert notice_from_text(text_of(2024, body))["days_off"] == notice_from_text(text_of(2024))["days_off"]


def test_day_in_lieu_is_a_day_off():
    body = BODIES[2024][1].replace("6月10日放假，与周末连休", "6月9日放假，6月10日（星期一）补休")
    names = {one["date"]: one["name"] for one in notice_from_text(text_of(2024, body))["days_off"]}
    assert names["2024-06-10"] == names["2024-06-09"] == "端午节"


HOSTILE = [
    pytest.param(changed("1月4日（周日）", "1月4日（周六）"), "Line 5: 2026-01-04 is a Sunday", id="wrong weekday"),
    pytest.param(changed("共9天", "共8天"), "Line 6: 春节: the text says 8 days, its dates make 9", id="wrong number"),
    pytest.param(
        changed("1月1日（周三）放假1天", "1月1日（周三）放假2天", 2025), "says 2 days", id="wrong number said"
    ),
    pytest.param(text_of(2025) + text_of(2026), "more than one year: 2025、2026", id="two years"),
    pytest.param(text_of(2026).replace("现将2026年", "现将2027年"), "more than one year", id="year contradicts title"),
    pytest.param(text_of(2026)[: text_of(2026).index("六、中秋节")], "nothing on 中秋节, 国庆节", id="half a text"),
    pytest.param(
        changed("三、清明节：4月4日（周六）至6日（周一）放假，共3天。\n", ""), "nothing on 清明节", id="missing"
    ),
    pytest.param(BODIES[2026][1], "title with the year isn't there", id="no title"),
    pytest.param("", "title with the year isn't there", id="nothing"),
    pytest.param(HEAD.format(year=2026, before=2025), "nothing on 元旦, 春节", id="title without an item"),
    pytest.param(changed("至23日（农历正月初七、周一）", "至33日"), "2026-2-33 is no day", id="no such day"),
    pytest.param(changed("至23日（农历正月初七、周一）", "至3月23日"), "no break of 1 to 15", id="far too long"),
    pytest.param(changed("至3日（周六）放假", "至3日（周六）视情放假"), "isn't understood", id="unknown wording"),
    pytest.param(changed("4月4日（周六）至6日（周一）放假，共3天", "另行通知"), "No day off is found", id="no days"),
    pytest.param(changed("5月9日（周六）上班", "5月9日（周六）或5月16日上班"), "isn't understood", id="either or"),
    pytest.param(changed("5月9日（周六）上班", "5月11日（周一）上班"), None, id="make-up day on a Monday"),
    pytest.param(
        changed("一、元旦：1月1日（周四）至3日", "一、元旦：1月2日（周五）至3日"), "the text says 3", id="no Jan 1"
    ),
    pytest.param(
        changed("5月1日（周五）至5日（周二）放假调休，共5天", "5月2日（周六）至5日（周二）放假调休，共4天"),
        "2026-05-01, a statutory holiday, is no day off",
        id="statutory day missing",
    ),
    pytest.param(changed("七、国庆节", "七、中秋节、国庆节"), "中秋节 stands there twice", id="a holiday twice"),
    pytest.param(text_of(2026).replace("日（", "号（"), "号(周六)放假调休” isn't understood", id="other sign"),
    pytest.param("元旦放假1天。\n" + text_of(2026), "Line 1: “放假1天” isn't understood", id="days before the items"),
]


@pytest.mark.parametrize(("text", "said"), HOSTILE)
def test_text_that_is_not_whole_or_contradicts_itself_is_refused(text, said):
    with pytest.raises(NoticeError) as refused:
        notice_from_dict(notice_from_text(text))
    assert said is None or said in refused.value.text.en
    assert refused.value.text.zh != refused.value.text.en
