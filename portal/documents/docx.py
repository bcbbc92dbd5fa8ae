"""A sheet as DOCX, so that a filer may go on writing in it; the same words and order as the PDF."""

from datetime import datetime, time
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from portal.documents.pack import with_fixed_dates
from portal.documents.sheet import (
    WEEKDAYS,
    WORDS,
    Day,
    DayStrip,
    Language,
    Picture,
    Row,
    Section,
    Sheet,
    Table,
    footing,
    printable,
    weeks,
)

WIDTH = Mm(162)  # A4 less two margins of 24 mm
LABEL = Mm(50)
TALLEST = Mm(125)
SHADE, GREY, DARK = "F4F4F2", "E0E0DD", "1A1A1A"
RED, QUIET, WHITE = RGBColor(0xB3, 0x26, 0x1E), RGBColor(0x59, 0x59, 0x59), RGBColor(0xFF, 0xFF, 0xFF)
# Fonts that every Chinese Word and WPS has; a missing one falls back to the reader's own.
BODY, HEAD = ("Times New Roman", "宋体"), ("Arial", "黑体")
LOCALE: dict[Language, str] = {"zh": "zh-CN", "en": "en-GB"}
FIXED = datetime(2025, 6, 1)


def render_docx(sheet: Sheet) -> bytes:
    """The sheet as DOCX with East Asian fonts, language, repeated header rows and page numbers; same bytes again."""
    document = Document()
    _set_page(document, sheet)
    _set_styles(document, sheet.language)
    _set_properties(document, sheet)
    _write_head(document, sheet)
    for section in sheet.sections:
        _write_section(document, section, sheet.language)
    _write_signature(document, sheet)
    _write_margins(document, sheet)
    stream = BytesIO()
    document.save(stream)
    return with_fixed_dates(stream.getvalue())


def _set_page(document: Any, sheet: Sheet) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(24)
    page.top_margin, page.bottom_margin = Mm(29), Mm(27)
    page.header_distance, page.footer_distance = Mm(14), Mm(11)
    page.different_first_page_header_footer = False


def _set_styles(document: Any, language: Language) -> None:
    looks = (("Normal", BODY, 10.5), ("Title", HEAD, 20), ("Heading 1", HEAD, 12), ("Header", HEAD, 8.5))
    for name, family, size in (*looks, ("Footer", HEAD, 8)):
        style = document.styles[name]
        _set_font(style.element.get_or_add_rPr(), family, language)
        style.font.size = Pt(size)
        style.font.color.rgb = QUIET if name in {"Header", "Footer"} else RGBColor(0x1A, 0x1A, 0x1A)
        style.font.bold = name in {"Title", "Heading 1"}
    normal = document.styles["Normal"].paragraph_format
    normal.space_before, normal.space_after, normal.line_spacing = Pt(0), Pt(0), 1.25
    title = document.styles["Title"]
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(6)
    _drop(title.element.pPr, "w:pBdr")
    heading = document.styles["Heading 1"].paragraph_format
    heading.space_before, heading.space_after, heading.keep_with_next = Pt(16), Pt(7), True
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    _set_font(defaults, BODY, language)


def _set_font(properties: Any, family: tuple[str, str], language: Language) -> None:
    """Latin and Chinese font by name; theme fonts would win over them and are taken out."""
    _drop(properties, "w:rFonts")
    fonts = OxmlElement("w:rFonts")
    for kind, name in (("ascii", 0), ("hAnsi", 0), ("cs", 0), ("eastAsia", 1)):
        fonts.set(qn(f"w:{kind}"), family[name])
    properties.insert(0, fonts)
    _drop(properties, "w:lang")
    tongue = OxmlElement("w:lang")
    tongue.set(qn("w:val"), LOCALE[language])
    tongue.set(qn("w:eastAsia"), "zh-CN")
    # The schema wants w:lang near the end of w:rPr; only these may follow it.
    later = [child for child in properties if child.tag in {qn("w:eastAsianLayout"), qn("w:specVanish")}]
    later[0].addprevious(tongue) if later else properties.append(tongue)


def _set_properties(document: Any, sheet: Sheet) -> None:
    properties = document.core_properties
    moment = datetime.combine(sheet.as_of, time()) if sheet.as_of else FIXED
    properties.title, properties.subject = printable(sheet.title)[:255], printable(sheet.reference)[:255]
    properties.author = properties.last_modified_by = printable(sheet.printed_by)[:255]
    properties.comments, properties.language, properties.revision = "", LOCALE[sheet.language], 1
    properties.created = properties.modified = moment
    package = document.part.package
    for key in [key for key, part in package.rels.items() if part.reltype.endswith("/thumbnail")]:
        package.rels.pop(key)  # the template's, a picture of another paper


def _write_head(document: Any, sheet: Sheet) -> None:
    _text(document.add_paragraph(style="Title"), sheet.title)
    if sheet.subtitle:
        paragraph = _centred(document)
        _text(paragraph, sheet.subtitle, size=12)
        paragraph.paragraph_format.space_after = Pt(6)
    if sheet.notice:
        paragraph = _centred(document)
        _text(paragraph, sheet.notice, size=9, colour=RED, family=HEAD)
        _border(paragraph, ("top", "left", "bottom", "right"), "B3261E", space=3)
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(45)


def _write_section(document: Any, section: Section, language: Language) -> None:
    if section.heading:
        _text(document.add_paragraph(style="Heading 1"), section.heading)
    for words in section.paragraphs:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(5)
        paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        if language == "zh":
            paragraph.paragraph_format.first_line_indent = Pt(21)
        _text(paragraph, words)
    if section.rows:
        _write_rows(document, section.rows, language)
    if section.table:
        _write_table(document, section.table)
    if section.strip:
        _write_strip(document, section.strip, language)
    if section.picture:
        _write_picture(document, section.picture)


def _write_picture(document: Any, picture: Picture) -> None:
    drawn = document.add_picture(BytesIO(picture.content), width=WIDTH)
    if drawn.height > TALLEST:
        drawn.width, drawn.height = int(WIDTH * TALLEST / drawn.height), TALLEST
    drawn._inline.docPr.set("descr", printable(picture.description))
    if picture.caption:
        _text(_centred(document), picture.caption, size=8.5, colour=QUIET, family=HEAD)


def _write_rows(document: Any, rows: tuple[Row, ...], language: Language) -> None:
    table = _grid(document, len(rows) + 1, [LABEL, WIDTH - LABEL])
    _head_row(table, (WORDS[language]["label"], WORDS[language]["value"]))
    for row, cells in zip(rows, list(table.rows)[1:], strict=True):
        label, value = cells.cells
        _fill(label, SHADE)
        _text(label.paragraphs[0], row.label, size=9.5, family=HEAD)
        if row.is_missing:
            _text(value.paragraphs[0], WORDS[language]["missing"], colour=RED, family=HEAD, bold=True)
        else:
            _text(value.paragraphs[0], row.value)
        if row.note:
            _text(value.add_paragraph(), row.note, size=8, colour=QUIET, family=HEAD)


def _write_table(document: Any, table: Table) -> None:
    shares = table.widths or (1.0,) * len(table.header)
    widths = [int(WIDTH * share / sum(shares)) for share in shares]
    grid = _grid(document, len(table.rows) + 1, widths)
    _head_row(grid, table.header)
    for values, row in zip(table.rows, list(grid.rows)[1:], strict=True):
        for number, (value, cell) in enumerate(zip(values, row.cells, strict=True)):
            _text(cell.paragraphs[0], value, size=9.5)
            if number in table.numeric:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _write_strip(document: Any, strip: DayStrip, language: Language) -> None:
    if strip.caption:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.space_after = Pt(4)
        _text(paragraph, strip.caption, size=9.5, colour=QUIET)
    rows = weeks(strip)
    grid = _grid(document, len(rows) + 1, [int(WIDTH / 7)] * 7)
    _head_row(grid, WEEKDAYS[language])
    for week, row in zip(rows, list(grid.rows)[1:], strict=True):
        for day, cell in zip(week, row.cells, strict=True):
            if day:
                _write_day(cell, day, language)


def _write_day(cell: Any, day: Day, language: Language) -> None:
    words = WORDS[language]
    ink = WHITE if day.kind == "due" else None
    _fill(cell, {"weekend": "ECECEA", "day_off": GREY, "skipped": GREY, "due": DARK}.get(day.kind, "FFFFFF"))
    _text(cell.paragraphs[0], day.on.isoformat(), size=7.5, colour=ink, family=HEAD)
    is_counted = day.kind in {"start", "counted", "makeup", "due"}
    reason = {"start": words["start"], "makeup": words["makeup_short"], "due": words["due"], "counted": ""}
    word = reason[day.kind] if is_counted else day.label or words[day.kind]
    line = cell.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _text(line, f"{word} " if word and is_counted else word, size=7.5, colour=ink, family=HEAD)
    if is_counted and day.label:
        _text(line, day.label, size=10.5, colour=ink, family=HEAD, bold=True)


def _write_signature(document: Any, sheet: Sheet) -> None:
    for number, words in enumerate(sheet.signature):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.left_indent = Mm(75)
        paragraph.paragraph_format.space_before = Pt(60 if number == 0 else 16)  # room for the seal above the lines
        paragraph.paragraph_format.keep_together = True
        paragraph.paragraph_format.keep_with_next = number < len(sheet.signature) - 1
        is_open = words.endswith((":", "："))
        _text(paragraph, words, size=11)
        if is_open:
            stops = paragraph.paragraph_format.tab_stops
            stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
            paragraph.add_run("\t").font.underline = True


def _write_margins(document: Any, sheet: Sheet) -> None:
    page, words = document.sections[0], WORDS[sheet.language]
    header = page.header.paragraphs[0]
    _stops(header)
    _text(header, f"{sheet.reference}")
    _tab(header)
    _text(header, "  ·  ".join(part for part in (sheet.title, sheet.notice) if part))
    _border(header, ("bottom",), "8C8C8C", space=3)
    footer = page.footer.paragraphs[0]
    _stops(footer)
    _border(footer, ("top",), "8C8C8C", space=3)
    _text(footer, "   ".join(footing(sheet)))
    _tab(footer)
    before, rest = words["page"].split("{page}")
    between, after = rest.split("{pages}")
    for part, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        _text(footer, part)
        if field:
            _field(footer, field)
    if sheet.digest_line:
        _text(page.footer.add_paragraph(style="Footer"), sheet.digest_line, size=7.5, colour=QUIET, family=HEAD)


def _grid(document: Any, rows: int, widths: list[int]) -> Any:
    """A table of fixed widths, in the grid and in every cell: Word reads the one, WPS and LibreOffice the other."""
    table = document.add_table(rows=rows, cols=len(widths))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    _table_look(table, sum(widths))
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = width
    for row in table.rows:
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    return table


def _table_look(table: Any, width: int) -> None:
    properties = table._tbl.tblPr
    _drop(properties, "w:tblW")
    whole = OxmlElement("w:tblW")
    whole.set(qn("w:w"), str(round(width / 635)))  # twentieths of a point
    whole.set(qn("w:type"), "dxa")
    properties.find(qn("w:tblStyle")).addnext(whole)
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        heavy = side in {"top", "bottom"}
        borders.append(_line(side, 8 if heavy else 4, DARK if heavy else "8C8C8C"))
    margins = OxmlElement("w:tblCellMar")
    for side, size in (("top", 60), ("left", 110), ("bottom", 60), ("right", 110)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(size))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    layout = properties.find(qn("w:tblLayout"))
    layout.addprevious(borders)
    layout.addnext(margins)


def _head_row(table: Any, header: tuple[str, ...]) -> None:
    row = table.rows[0]
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell, words in zip(row.cells, header, strict=True):
        _fill(cell, SHADE)
        _text(cell.paragraphs[0], words, size=9, family=HEAD, bold=True)


def _text(
    paragraph: Any,
    words: str,
    *,
    size: float | None = None,
    colour: RGBColor | None = None,
    family: tuple[str, str] | None = None,
    bold: bool | None = None,
) -> None:
    run = paragraph.add_run(printable(words))
    if family:
        properties = run._r.get_or_add_rPr()
        fonts = properties._add_rFonts()
        for kind, name in (("ascii", 0), ("hAnsi", 0), ("cs", 0), ("eastAsia", 1)):
            fonts.set(qn(f"w:{kind}"), family[name])
    if size:
        run.font.size = Pt(size)
    if colour is not None:
        run.font.color.rgb = colour
    if bold is not None:
        run.font.bold = bold


def _field(paragraph: Any, code: str) -> None:
    for kind in ("begin", "code", "separate", "value", "end"):
        run = paragraph.add_run()
        if kind == "value":
            run.text = "1"
            continue
        mark = OxmlElement("w:instrText" if kind == "code" else "w:fldChar")
        if kind == "code":
            mark.set(qn("xml:space"), "preserve")
            mark.text = f" {code} "
        else:
            mark.set(qn("w:fldCharType"), kind)
        run._r.append(mark)


def _centred(document: Any) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def _stops(paragraph: Any) -> None:
    """One stop at the right margin; those of the template's style, for another width, are cleared."""
    stops = paragraph.paragraph_format.tab_stops
    for stop in paragraph.style.paragraph_format.tab_stops:
        stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
    stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)


def _tab(paragraph: Any) -> None:
    paragraph.add_run("\t")


def _fill(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _border(paragraph: Any, sides: tuple[str, ...], colour: str, *, space: int) -> None:
    borders = OxmlElement("w:pBdr")
    for side in sides:
        line = _line(side, 4, colour)
        line.set(qn("w:space"), str(space))
        borders.append(line)
    followers = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr")
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *followers)


def _line(side: str, size: int, colour: str) -> Any:
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(size)), ("space", "0"), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    return line


def _drop(properties: Any, name: str) -> None:
    for child in properties.findall(qn(name)) if properties is not None else ():
        properties.remove(child)
