"""Builds vendor files for the tests: tables as bytes, workbooks part by part, hostile ones too."""

import csv
import io
import zipfile
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
EAST = "91110105MA01FRA15K"
SOUTH = "91440101MA5CFRB29Q"

DEPLOYMENT = {
    "deployment_code": "FR-1",
    "pip_uscc": EAST,
    "scenario_code": "BOARDING",
    "site_code": "S1",
    "site_name": "示例机场",
    "province": "北京市",
    "status": "使用中",
    "started_on": "2026-03-01",
}
DEVICE = {
    "device_serial": "SN1",
    "pip_uscc": EAST,
    "deployment_code": "FR-1",
    "capture_area": "安检通道 1",
    "space_type": "闸机",
    "stores_on_device": "是",
    "installed_on": "2026-03-01",
}
SIGN = {
    "sign_code": "SG1",
    "pip_uscc": EAST,
    "deployment_code": "FR-1",
    "location": "left of lane 1",
    "posted_on": "2026-03-01",
}
COUNT = {
    "pip_uscc": EAST,
    "scenario_code": "BOARDING",
    "deployment_code": "FR-1",
    "counted_on": "2026-07-01",
    "persons": "12345",
}


def table(*rows: dict, delimiter: str = ",", newline: str = "\r\n", head: tuple = (), foot: tuple = ()) -> str:
    """The rows under the headers of the first one; ``head`` and ``foot`` are rows above and below."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline)
    writer.writerows(head)
    writer.writerow(rows[0])
    writer.writerows([row.get(name, "") for name in rows[0]] for row in rows)
    writer.writerows(foot)
    return text.getvalue()


def rows_of(base: dict, *changes: dict) -> list[dict]:
    """Copies of a row, each with its changes."""
    return [{**base, **change} for change in changes]


def workbook(sheet_xml: bytes | dict[str, bytes], extra: dict[str, bytes] | None = None) -> bytes:
    """The smallest workbook with this sheet (or sheets by name), and any further parts."""
    sheets = sheet_xml if isinstance(sheet_xml, dict) else {"Sheet1": sheet_xml}
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1))
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    parts = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">{related}</Relationships>',
        **{f"xl/worksheets/sheet{n}.xml": content for n, content in enumerate(sheets.values(), 1)},
        **(extra or {}),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def sheet(*rows: list[str], before: str = "", start: int = 1) -> bytes:
    """Sheet XML with these cells as inline strings; ``before`` stands in front of the rows."""
    lines = []
    for number, row in enumerate(rows, start):
        cells = "".join(
            f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t xml:space="preserve">{_xml(cell)}</t></is></c>'
            for place, cell in enumerate(row)
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    return raw_sheet(before + "<sheetData>" + "".join(lines) + "</sheetData>")


def raw_sheet(inner: str) -> bytes:
    """Sheet XML around whatever is inside."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><worksheet '
        f'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{inner}</worksheet>'
    ).encode()


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
