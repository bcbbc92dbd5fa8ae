"""What the catalogue shows: made-up figures of the sample airports, one of every state."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, QueryDict

from portal.law.sources import Cite
from portal.law.workdays import Workdays
from portal.ui.context import NAVIGATION
from portal.ui.states import STATES

TODAY = date(2026, 10, 12)


class DeploymentForm(forms.Form):
    code = forms.CharField(label="Code", help_text="As the vendor writes it.", max_length=20)
    purpose = forms.CharField(label="Purpose", widget=forms.Textarea(attrs={"rows": 3}))
    mode = forms.ChoiceField(label="Mode", choices=[("1:1", "1:1"), ("1:N", "1:N")], widget=forms.RadioSelect)
    province = forms.ChoiceField(
        label="Province", choices=[("", "–"), ("11", "北京市"), ("31", "上海市")], required=False
    )
    started_on = forms.DateField(label="In use since", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    is_public = forms.BooleanField(label="In a public place", required=False, help_text="Then a sign is needed.")
    scan = forms.FileField(label="Photograph", required=False)


class Filters(forms.Form):
    q = forms.CharField(label="Name or code", required=False)
    state = forms.ChoiceField(label="State", choices=[("", "all"), ("active", "active")], required=False)


def context() -> dict:
    """The context of ``ui/catalogue.html``."""
    reckoning = Workdays.official().add(date(2026, 9, 4), 30)
    start = date(2026, 4, 1)
    points = []
    for step in range(9):
        best = 61_000 + step * 6_100 + (step % 3) * 900
        points.append({"on": start + timedelta(days=30 * step), "low": best - 2_500 - step * 300, "best": best})
        points[-1] |= {"high": best + 2_000 + step * 300, "ahead": step > 6}
    moment = datetime(2026, 10, 12, 6, 3, tzinfo=UTC)
    return {
        "today": TODAY,
        "due_on": reckoning.due,
        "safe_on": reckoning.safe,
        "overdue_on": date(2026, 10, 8),
        "reckoning": reckoning,
        "cited": [Cite("FRM", "15"), Cite("PRACTICE", "counting") if False else Cite("FRM", "13")],
        "points": points,
        "states": list(STATES),
        "tabs": [
            {"label": "Papers", "url": "/filing", "count": 8, "current": True},
            {"label": "Facts", "url": "/facts", "count": None},
            {"label": "Checks", "url": "/checks", "count": 2},
            {"label": "Timeline", "url": "/timeline", "count": None},
        ],
        "rows": [
            {
                "code": "CTU-T2-B12",
                "site": "成都双流国际机场 T2",
                "province": "四川省",
                "state": "active",
                "persons": 61_200,
            }
            | {"due_on": reckoning.due, "left": 12, "provisional": False, "safe_on": reckoning.safe},
            {
                "code": "URC-T1-A03",
                "site": "Ürümqi Diwopu, Terminal 1",
                "province": "新疆维吾尔自治区",
                "state": "suspended",
            }
            | {"persons": 39_518, "due_on": date(2026, 10, 8), "left": -2, "provisional": False, "safe_on": None},
            {
                "code": "LXA-T3-SEC-01",
                "site": "拉萨贡嘎国际机场",
                "province": "西藏自治区",
                "state": "planned",
                "persons": None,
            }
            | {"due_on": date(2027, 1, 8), "left": 58, "provisional": True, "safe_on": date(2027, 1, 6)},
        ],
        "facts": [
            ("Code", "CTU-T2-B12"),
            ("Public place", True),
            ("Stored where", "in the device", "art. 8"),
            ("Persons", 61_200),
            ("In use since", date(2026, 3, 2)),
            ("Retention period", None),
            ("Alternatives", ["ID card", "boarding pass"]),
        ],
        "entries": [
            {"moment": moment, "who": "王敏", "what": "Changed where face data is stored", "kind": "change"}
            | {"changes": [("Stored where", "in the device", "private cloud"), ("Retention", None, "30 days")]},
            {"moment": moment, "what": "Reminder sent to 王敏", "kind": "mail", "detail": "12 working days left"},
            {"moment": moment, "what": "Crossing proposed: 100,718 persons", "kind": "law", "url": "/crossing"},
            {"moment": moment, "what": "airports-counts.csv applied", "kind": "import", "who": "李强"},
            {"moment": moment, "what": "Filing accepted", "kind": "accepted", "detail": "京网信备 2026-0031"},
        ],
        "form": DeploymentForm({"code": "", "purpose": "boarding", "mode": "1:1"}),
        "filters": Filters({"state": "active"}),
        "messages": [Message(constants.SUCCESS, "The deployment is saved."), Message(constants.ERROR, "Not saved.")],
        "tenant": SimpleNamespace(name="示范航空集团 Demo Airports", slug="demo"),
        "navigation": [
            {"entry": entry, "url": f"/{entry.icon}", "current": entry.view == "filings:filings"}
            for entry in NAVIGATION
        ],
    }


def request(query: str = "state=active&sort=code") -> HttpRequest:
    """A request for the catalogue by a signed-in person."""
    made = HttpRequest()
    made.method, made.path, made.GET = "GET", "/filing", QueryDict(query)
    made.user = SimpleNamespace(
        is_authenticated=True, email="officer@demo.example", theme="auto", density="comfortable", name="Officer"
    )
    return made
