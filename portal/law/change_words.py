"""Filed facts in words, for those who decide on a change and for the papers of a change filing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.law import enums
from portal.law.change_weights import Value
from portal.law.changes import BY_CODE, Part
from portal.law.rules.shapes import listed
from portal.law.rules.wording import day_text
from portal.law.text import Text

NOTHING = Text("–", "–")
YES, NO = Text("yes", "是"), Text("no", "否")


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact of an item in words: before and after."""

    label: Text
    old: Text
    new: Text


def differences(code: str, old: Value, new: Value) -> list[Difference]:
    """The facts of an item that are not what they were; those that the old value doesn't have are left out."""
    return [
        Difference(part.label, shown(part, old[part.name]), shown(part, new.get(part.name)))
        for part in BY_CODE[code].parts
        if part.name in old and old[part.name] != new.get(part.name)
    ]


def in_words(code: str, value: Value, only: Iterable[str] | None = None) -> Text:
    """A value of an item as one text, or some of its facts; labelled where there are several."""
    names = set(value if only is None else only)
    parts = [part for part in BY_CODE[code].parts if part.name in value and part.name in names]
    texts = [shown(part, value[part.name]) for part in parts]
    if len(parts) == 1:
        return texts[0]
    lines = [
        Text("{label}: {text}", "{label}：{text}").fmt(label=part.label, text=text)
        for part, text in zip(parts, texts, strict=True)
    ]
    return Text("; ".join(line.en for line in lines), "；".join(line.zh for line in lines))


def shown(part: Part, value: Any) -> Text:
    """One filed fact in words."""
    if value is None or value == "" or value == [] or value == {}:
        return NOTHING
    return KINDS[part.kind](part, value)


def _plain(value: Any) -> Text:
    return Text(str(value), str(value))


def _word(words: Mapping[str, Text] | None, code: Any) -> Text:
    return (words or {}).get(code) or _plain(code)


def _yes_no(_part: Part, value: Any) -> Text:
    return YES if value else NO


def _choice(part: Part, value: Any) -> Text:
    return _word(part.words, value)


def _choices(part: Part, value: Any) -> Text:
    return listed(_word(part.words, one) for one in value)


def _day(_part: Part, value: Any) -> Text:
    return day_text(date.fromisoformat(value))


def _number(_part: Part, value: Any) -> Text:
    return _plain(f"{value:,}")


def _places(_part: Part, value: Any) -> Text:
    """Province and kind of place, as pairs."""
    return listed(
        Text("{province} ({kind})", "{province}（{kind}）").fmt(
            province=enums.PROVINCES[province].name if province in enums.PROVINCES else _plain(province),
            kind=_word(enums.PLACE_TYPES, kind),
        )
        for province, kind in value
    )


def _ways(_part: Part, value: Any) -> Text:
    return listed(_described(_word(enums.ALTERNATIVE_KINDS, one["kind"]), one["description"]) for one in value)


def _described(name: Text, words: str) -> Text:
    return Text("{name}: {words}", "{name}：{words}").fmt(name=name, words=words) if words else name


def _consent(_part: Part, value: Any) -> Text:
    kinds = listed(_word(enums.CONSENT_KINDS, one) for one in value.get("kinds") or ())
    more = [value.get(name) for name in ("how", "withdrawal_path", "guardian_how")]
    return listed([kinds, *(words for words in more if words)])


def _vendors(_part: Part, value: Any) -> Text:
    return listed(_vendor(one) for one in value)


def _vendor(one: Mapping[str, Any]) -> Text:
    abroad = Text(", outside mainland China", "，境外") if one["is_overseas"] else Text("", "")
    text = Text("{name} ({role}{abroad})", "{name}（{role}{abroad}）").fmt(
        name=one["name"], role=_word(enums.ENGAGEMENT_ROLES, one["role"]), abroad=abroad
    )
    return _described(text, one.get("purpose") or "")


def _controls(part: Part, value: Any) -> Text:
    if part.name == "mlps":
        level = Text("level {n}", "第{n}级").fmt(n=value["level"]) if value.get("level") else None
        tested = (
            Text("tested on {day}", "{day}测评").fmt(day=day_text(date.fromisoformat(value["tested_on"])))
            if value.get("tested_on")
            else None
        )
        return listed(one for one in (value.get("name") or "", level, tested) if one)
    return listed(
        _described(
            Text("{family}: {state}", "{family}：{state}").fmt(
                family=_word(enums.CONTROL_FAMILIES, family), state=_word(enums.CONTROL_STATES, one["state"])
            ),
            one.get("measure") or "",
        )
        for family, one in value.items()
    )


KINDS: dict[str, Callable[[Part, Any], Text]] = {
    "text": lambda _part, value: _plain(value),
    "choice": _choice,
    "choices": _choices,
    "yes_no": _yes_no,
    "day": _day,
    "number": _number,
    "names": lambda _part, value: listed(value),
    "places": _places,
    "ways": _ways,
    "consent": _consent,
    "vendors": _vendors,
    "controls": _controls,
}
