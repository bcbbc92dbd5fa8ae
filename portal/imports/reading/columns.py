"""The four kinds of vendor file and their columns (IMPORT.md), and how a header row is recognised."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_noop as _

from portal.imports.reading.choices import PLACE_TYPES, SPACE_TYPES, STATUSES
from portal.imports.reading.limits import HEADER_SEARCH
from portal.imports.reading.phrases import Phrase, Refused
from portal.imports.reading.widgets import (
    BoolWidget,
    CellWidget,
    ChoiceWidget,
    CodeWidget,
    CountWidget,
    DateWidget,
    LanguagesWidget,
    LineWidget,
    ProvinceWidget,
    TextWidget,
    UsccWidget,
)
from portal.law.text import Text


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its English and Chinese header, other headers that mean it, and the rule for its cells."""

    name: str
    zh: str
    widget: CellWidget
    aliases: tuple[str, ...] = ()
    # Describes the site, not the deployment: rows of one site must agree on it.
    of_site: bool = False

    @property
    def required(self) -> bool:
        """Whether the column must be there and filled in every row."""
        return self.widget.required


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: what one row is, and the columns that name it."""

    name: str
    label: Text
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    # Columns that no other kind has: they tell the kind when headers overlap.
    marks: frozenset[str] = field(default=frozenset())

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


USCC = Column(
    "pip_uscc",
    "统一社会信用代码",
    UsccWidget(required=True, example="91110000101623741K"),
    ("uscc", "社会信用代码", "信用代码", "unified social credit code"),
)


def _code(name: str, zh: str, example: str, *aliases: str, required: bool = True, max_length: int = 60) -> Column:
    return Column(name, zh, CodeWidget(required=required, example=example, max_length=max_length), aliases)


def _date(name: str, zh: str, *aliases: str, required: bool = False, example: str = "2025-06-05") -> Column:
    return Column(name, zh, DateWidget(required=required, example=example), aliases)


DEPLOYMENTS = Kind(
    "deployments",
    Text("Deployments", "部署"),
    (
        _code("deployment_code", "部署编号", "FR-PEK-01", "部署编码", "deployment no"),
        USCC,
        _code("scenario_code", "应用场景编号", "BOARDING", "场景编号", "应用场景编码", "scenario no"),
        _code("site_code", "场所编号", "ZBAA", "场所编码", "site no"),
        Column("site_name", "场所名称", LineWidget(max_length=200), ("场所",), of_site=True),
        Column("province", "省份", ProvinceWidget(), ("省", "所在省份", "省级行政区"), of_site=True),
        Column("city", "城市", LineWidget(max_length=100), ("市", "所在城市"), of_site=True),
        Column("address", "地址", LineWidget(max_length=300), ("详细地址", "场所地址"), of_site=True),
        Column("place_type", "场所类型", ChoiceWidget(PLACE_TYPES), ("场所类别",), of_site=True),
        Column("status", "状态", ChoiceWidget(STATUSES, required=True), ("使用状态", "部署状态")),
        _date("started_on", "启用日期", "开始日期", "启用时间", "start date"),
        _date("ended_on", "终止日期", "结束日期", "终止时间", "end date"),
        Column("note", "备注", TextWidget(max_length=1000), ("说明", "notes", "remark", "remarks")),
    ),
    ("pip_uscc", "deployment_code"),
    frozenset(("site_code", "site_name", "province", "place_type", "status", "started_on", "ended_on")),
)

DEVICES = Kind(
    "devices",
    Text("Devices", "设备"),
    (
        _code(
            "device_serial",
            "设备序列号",
            "SN0001",
            "序列号",
            "设备编号",
            "serial",
            "serial number",
            "sn",
            max_length=100,
        ),
        USCC,
        _code("deployment_code", "部署编号", "FR-PEK-01", "部署编码", "deployment no"),
        Column("maker", "厂商", LineWidget(max_length=100), ("制造商", "品牌", "manufacturer")),
        Column("model", "型号", LineWidget(max_length=100), ("设备型号",)),
        Column(
            "capture_area", "采集区域", LineWidget(max_length=200, required=True, example="安检通道 1"), ("采集区",)
        ),
        Column("space_type", "安装空间", ChoiceWidget(SPACE_TYPES), ("空间类型", "安装位置类型")),
        Column("stores_on_device", "设备内存储", BoolWidget(), ("本地存储", "设备存储")),
        _date("installed_on", "安装日期", "安装时间"),
        _date("removed_on", "拆除日期", "拆除时间", "移除日期"),
    ),
    ("pip_uscc", "device_serial"),
    frozenset(("device_serial", "maker", "model", "space_type", "stores_on_device", "installed_on")),
)

SIGNS = Kind(
    "signs",
    Text("Signs", "提示标识"),
    (
        _code("sign_code", "标识编号", "SG-ZBAD-1", "标识编码", "提示标识编号", "sign no"),
        USCC,
        _code("deployment_code", "部署编号", "FR-PEK-01", "部署编码", "deployment no"),
        Column("capture_area", "采集区域", LineWidget(max_length=200), ("采集区",)),
        Column(
            "location",
            "张贴位置",
            LineWidget(max_length=300, required=True, example="security hall, left of lane 1"),
            ("标识位置", "位置"),
        ),
        Column("languages", "语言", LanguagesWidget(), ("language", "语种")),
        _date("posted_on", "张贴日期", "张贴时间", "设置日期", required=True),
        _date("removed_on", "移除日期", "移除时间", "拆除日期"),
    ),
    ("pip_uscc", "sign_code"),
    frozenset(("sign_code", "location", "languages", "posted_on")),
)

COUNTS = Kind(
    "counts",
    Text("Stored persons", "存储人数"),
    (
        USCC,
        _code("scenario_code", "应用场景编号", "BOARDING", "场景编号", "应用场景编码", "scenario no"),
        _code("deployment_code", "部署编号", "FR-PEK-01", "部署编码", "deployment no", required=False),
        _date("counted_on", "统计日期", "统计时间", "计数日期", "count date", required=True, example="2026-07-31"),
        Column("persons", "存储人数", CountWidget(required=True), ("人数", "存储数量", "stored persons", "count")),
        Column("dedup_method", "去重方式", TextWidget(max_length=300), ("去重方法", "dedup", "deduplication method")),
    ),
    ("pip_uscc", "scenario_code", "deployment_code", "counted_on"),
    frozenset(("counted_on", "persons", "dedup_method")),
)

KINDS = {kind.name: kind for kind in (DEPLOYMENTS, DEVICES, SIGNS, COUNTS)}

# The columns that the portal itself adds to a file with errors; they are skipped when it comes back.
OWN_COLUMNS = ("problem", "问题", "problem / 问题")


def header_key(header: str) -> str:
    """A header as it is compared: narrow, without case, marks of obligation, remarks in brackets, joining marks."""
    text = unicodedata.normalize("NFKC", header[:200])
    text = re.sub(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】", "", text) or text
    return re.sub(r"[\s_\-*:.·\"'“”\ufeff\u200b]", "", text).casefold()


def _index(kind: Kind) -> dict[str, str]:
    words = {}
    for column in kind.columns:
        for word in (column.name, column.zh, *column.aliases):
            words.setdefault(header_key(word), column.name)
    return words


INDEX = {name: _index(kind) for name, kind in KINDS.items()}
OWN_KEYS = frozenset(header_key(word) for word in OWN_COLUMNS) | frozenset(OWN_COLUMNS)


def column_for(header: str, kind: Kind) -> str | None:
    """The column that a header means, also when it carries both languages ("部署编号 deployment_code")."""
    index = INDEX[kind.name]
    name = index.get(header_key(header))
    if name is not None or not header or len(header) > 200:
        return name
    parts = re.split(r"[\s/|()\[\]（）]+", header)
    names = {index.get(header_key(part)) for part in parts if part} - {None}
    return names.pop() if len(names) == 1 else None


@dataclass(frozen=True, slots=True)
class Heading:
    """What was recognised: the kind, the row of the headers, and which column each position means."""

    kind: Kind
    # Position of the header record in what was searched, counted from 0, and how many header rows follow each other.
    position: int
    depth: int
    headers: tuple[str, ...]
    columns: tuple[str | None, ...]

    @property
    def mapping(self) -> dict[str, str]:
        """File header → column name, for the columns that are read."""
        return {header: name for header, name in zip(self.headers, self.columns, strict=True) if name}

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headers that are in the file and not read."""
        return tuple(
            header
            for header, name in zip(self.headers, self.columns, strict=True)
            if not name and header.strip() and not is_own(header)
        )


def is_own(header: str) -> bool:
    """Whether the portal itself wrote this column into a file of errors."""
    return header_key(header) in OWN_KEYS or header.strip() in OWN_KEYS


def score(cells: Sequence[str]) -> int:
    """How many of the cells are headers of the kind that fits best."""
    return max(len({column_for(cell, kind) for cell in cells} - {None}) for kind in KINDS.values())


def recognise(
    records: Sequence[Sequence[str]],
    *,
    kind: str | None = None,
    mapping: Mapping[str, str | None] | None = None,
) -> Heading:
    """Find the header row among the first records; refuses what lacks a header or a required column.

    ``mapping`` (file header → column name, or nothing for a column to skip) overrules what the headers say.
    """
    if kind is not None and kind not in KINDS:
        raise Refused("unknown_kind", Phrase(_("There is no kind of file named {kind}."), kind=kind[:40]))
    kinds = [KINDS[kind]] if kind else list(KINDS.values())
    chosen = {header.strip(): name or None for header, name in (mapping or {}).items()}
    best: tuple[tuple[int, ...], int, Kind, list[str | None]] | None = None
    for position, cells in enumerate(records[:HEADER_SEARCH]):
        for candidate in kinds:
            columns = _columns(cells, candidate, chosen)
            found = set(columns) - {None}
            if len(found) < (1 if kind else 2):
                continue
            missing = sum(1 for column in candidate.columns if column.required and column.name not in found)
            rank = (missing == 0, len(found & candidate.marks), len(found), -missing, -position)
            if best is None or rank > best[0]:
                best = (rank, position, candidate, columns)
    if best is None:
        raise Refused("no_known_header", Phrase(NO_HEADER, limit=HEADER_SEARCH))
    _rank, position, found_kind, columns = best
    headers = _unique_headers(records[position])
    _require_columns(found_kind, headers, columns, position)
    depth = 1
    if position + 1 < len(records):
        below = {column_for(cell, found_kind) for cell in records[position + 1] if cell.strip()}
        depth += bool(below - {None}) and None not in below
    return Heading(found_kind, position, depth, headers, tuple(columns))


NO_HEADER = _(
    "No row among the first {limit} has the headers of deployments, devices, signs or counts. "
    "Use the headers of the template, in Chinese or English."
)


def _columns(cells: Sequence[str], kind: Kind, chosen: Mapping[str, str | None]) -> list[str | None]:
    names = {column.name for column in kind.columns}
    columns: list[str | None] = []
    for cell in cells:
        header = cell.strip()
        if header in chosen:
            columns.append(chosen[header] if chosen[header] in names else None)
        elif header and not is_own(header):
            name = column_for(header, kind)
            columns.append(None if name in chosen.values() else name)
        else:
            columns.append(None)
    return columns


def _unique_headers(cells: Sequence[str]) -> tuple[str, ...]:
    """The headers as written; a blank or repeated one gets its position, so that no cell is lost."""
    headers: list[str] = []
    for number, cell in enumerate(cells, 1):
        header = cell.strip()
        headers.append(header if header and header not in headers else f"{header} ({number})".strip())
    return tuple(headers)


def _require_columns(kind: Kind, headers: Sequence[str], columns: Sequence[str | None], position: int) -> None:
    seen: dict[str, str] = {}
    for header, name in zip(headers, columns, strict=True):
        if name in seen:
            message = _("The columns {first} and {second} mean the same. Keep one of them.")
            raise Refused("duplicate_column", Phrase(message, first=seen[name], second=header), column=header)
        if name:
            seen[name] = header
    missing = [column for column in kind.columns if column.required and column.name not in seen]
    if missing:
        names = ", ".join(f"{column.zh} ({column.name})" for column in missing)
        message = _("The file looks like {kind}, but these columns are missing: {columns}. Add them and upload again.")
        raise Refused(
            "missing_column",
            Phrase(message, kind=kind.label, columns=names),
            columns=[column.name for column in missing],
        )
