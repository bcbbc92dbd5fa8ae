"""From the register to the sign that is printed: what it says, what it still lacks, where its codes lead."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from deployments.models import Alternative, ConsentMechanism, Notice, NoticeVersion, Sign
from deployments.sign_wording import CURRENT, WORDINGS, Wording
from portal.documents.sheet import Language
from portal.documents.sign import SignFace, SignSheet
from portal.law.enums import ALTERNATIVE_KINDS, BIOMETRIC_ALTERNATIVES
from portal.law.sources import FRM
from portal.law.text import Text

LANGUAGES: dict[str, tuple[Language, ...]] = {"both": ("zh", "en"), "zh": ("zh",), "en": ("en",)}
# So many letters of the register's own words stand on a sign; the notice has them all.
LONGEST = {"zh": 90, "en": 200}
CHINESE = re.compile(r"[\u3400-\u9fff]")
SENTENCE_END = re.compile(r"[。；！？]|[.;!?](?=\s|$)")


@dataclass(frozen=True)
class Material:
    """What the register knows that stands on a sign of this deployment."""

    sign: Sign
    notice: Notice | None
    told: NoticeVersion | None
    way: Alternative | None
    withdrawal_path: str

    @property
    def contact(self) -> str:
        """How people reach the PIP."""
        pip = self.sign.deployment.pip
        return "　".join(part for part in (pip.officer_phone, pip.officer_email) if part)

    @property
    def purpose(self) -> dict[Language, str]:
        """As the notice tells it, else as the register has it in one language."""
        if self.told is not None:
            return {"zh": self.told.purpose_zh, "en": self.told.purpose_en}
        words = self.sign.deployment.scenario.purpose
        return {"zh": words, "en": ""} if CHINESE.search(words) else {"zh": "", "en": words}

    @property
    def missing(self) -> list[str]:
        """What a sign can't do without: each a fact of the register."""
        asked = {"notice": self.notice, "purpose": any(self.purpose.values()), "contact": self.contact}
        return [name for name, value in asked.items() if not value]

    @property
    def doubts(self) -> list[str]:
        """What should be put right before the sign hangs."""
        scenario = self.sign.deployment.scenario
        says_way = self.way is not None or scenario.alternative or scenario.state_rule
        found = {
            "notice_unpublished": self.notice is not None and self.told is None,
            "no_way": scenario.function != "identify" and not says_way,
            "no_withdrawal": scenario.legal_basis == "consent" and not self.withdrawal_path,
        }
        return [name for name, holds in found.items() if holds]


def read_material(sign: Sign) -> Material:
    """The notice, the other way and the way to withdraw, for a sign read with its deployment, scenario and PIP."""
    scenario, place = sign.deployment.scenario_id, sign.deployment_id
    notice = Notice.objects.filter(scenario=scenario).first()
    told = NoticeVersion.objects.filter(notice=notice, state="published").first() if notice else None
    ways = Alternative.objects.filter(scenario=scenario, ended_on__isnull=True)
    ways = ways.exclude(kind__in=BIOMETRIC_ALTERNATIVES)
    offered = [way for way in ways if way.deployment_id in (None, place)]
    # What is offered here says more than what is offered everywhere.
    offered.sort(key=lambda way: (way.deployment_id is None, way.pk))
    consent = ConsentMechanism.objects.filter(scenario=scenario).first()
    return Material(sign, notice, told, next(iter(offered), None), consent.withdrawal_path if consent else "")


def sign_sheet(material: Material, *, paper: Literal["A4", "A3"], languages: str) -> SignSheet:
    """The sign as it is printed, with the wording that it was recorded with, else the current one."""
    sign = material.sign
    version = sign.wording if sign.wording in WORDINGS else CURRENT
    wording = WORDINGS[version]
    chosen = LANGUAGES[languages]
    texts = _texts(material, wording)
    kept = [(label, _for(chosen, words)) for label, words in texts if any(words.values())]
    faces = tuple(
        SignFace(
            language=language,
            headline=tuple(line.in_(language) for line in wording.headline),
            doing=wording.doing[sign.deployment.scenario.function].in_(language),
            rows=tuple((label.in_(language), words[language]) for label, words in kept),
            scan=wording.scan.in_(language),
            staff=wording.staff.in_(language),
            small_print=(
                f"{wording.code.in_(language)} {sign.code}",
                f"{wording.version.in_(language)} {version}",
                _ground().in_(language),
            ),
        )
        for language in chosen
    )
    return SignSheet(
        paper=paper,
        title=f"{' '.join(faces[0].headline)} · {sign.code}",
        faces=faces,
        notice_url=settings.BASE_URL + notice_path(material.notice),
        inspect_url=settings.BASE_URL + reverse("deployments:sign_inspect", args=[sign.tenant.slug, sign.pk]),
        dated=wording.since,
    )


def notice_path(notice: Notice) -> str:
    """Where a visitor finds the notice: by its code alone."""
    try:
        return reverse("notice_public", args=[notice.code])
    except NoReverseMatch:
        return f"/n/{notice.code}/"


def _texts(material: Material, wording: Wording) -> list[tuple[Text, Mapping[Language, str]]]:
    """Label and words of each fact, in each language in which the register has them."""
    contact = material.contact
    purpose = {language: short(words, LONGEST[language]) for language, words in material.purpose.items()}
    name = material.sign.deployment.pip.name
    return [
        (wording.purpose, purpose),
        # The registered name has no other language.
        (wording.responsible, {"zh": f"{name}\n{contact}", "en": ""}),
        (wording.other_way, _way(material, wording)),
        (wording.rights, _rights(material, wording)),
    ]


def _way(material: Material, wording: Wording) -> dict[Language, str]:
    scenario, way = material.sign.deployment.scenario, material.way
    if way is not None:
        kind = ALTERNATIVE_KINDS[way.kind]
        zh = "，".join(part for part in (kind.zh, way.description, way.place) if part)
        en = ", ".join(part for part in (kind.en.lower(), way.place) if part)
        return _both(wording.way.fmt(way=Text(inside(en, LONGEST["en"]), inside(zh, LONGEST["zh"]))))
    if scenario.alternative:
        return {"zh": wording.way.fmt(way=inside(scenario.alternative, LONGEST["zh"])).zh, "en": ""}
    if scenario.state_rule:
        return _both(wording.state_rule.fmt(rule=inside(scenario.state_rule, LONGEST["zh"])))
    return {"zh": "", "en": ""}


def _rights(material: Material, wording: Wording) -> dict[Language, str]:
    pip = material.sign.deployment.pip
    lines = [wording.ask.fmt(contact=pip.officer_phone or pip.officer_email)]
    if material.sign.deployment.scenario.legal_basis == "consent" and material.withdrawal_path:
        lines.insert(0, wording.withdraw.fmt(path=inside(material.withdrawal_path, LONGEST["zh"])))
    return {"zh": "\n".join(line.zh for line in lines), "en": "\n".join(line.en for line in lines)}


def _both(text: Text) -> dict[Language, str]:
    return {"zh": text.zh, "en": text.en}


def _for(chosen: tuple[Language, ...], words: Mapping[Language, str]) -> Mapping[Language, str]:
    """The words for a sign in these languages: in one of them alone, the other's stand in where it has none."""
    if any(words[language] for language in chosen):
        return words
    return dict.fromkeys(chosen, next(word for word in words.values() if word))


def _ground() -> Text:
    article = FRM(13)
    return Text(f"Art {article.article}, {article.source.title.en}", f"依据{article.label.zh}设置")


def short(text: str, most: int) -> str:
    """The first sentences that fit; a long first one is cut and says so."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    ends = [found.end() for found in SENTENCE_END.finditer(text) if found.end() <= most]
    return text[: ends[-1]] if ends else text[: most - 1].rstrip("，,、 ") + "…"


def inside(text: str, most: int) -> str:
    """Words that stand within a sentence of the wording, which brings its own full stop."""
    return short(text, most).rstrip("。.；; ")
