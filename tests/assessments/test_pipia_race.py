"""Two persons write the same answer at the same moment, two hundred times: no text is lost unseen."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from assessments.models import Answer, Assessment
from assessments.services import EditConflict, save_answer
from tests import build
from tests.assessments.story import begun

pytestmark = [pytest.mark.committed, pytest.mark.slow]
RACES = 200
ROLES = ("owner", "officer")


def test_of_two_editors_one_writes_and_the_other_is_shown_what_stands(committed):
    house = build.house("race")
    with house.acting("officer"):
        made = begun(house)
    start = Barrier(2, timeout=60)

    def run(role: str) -> list[tuple[str, str]]:
        """What became of each race: written, or told with the text that stood."""
        seen = []
        try:
            for race in range(RACES):
                with house.acting(role):
                    own = Assessment.objects.get(pk=made.pk)
                start.wait()
                try:
                    with house.acting(role):
                        text = f"{role} {race}"
                        save_answer(own, "lead", scenario=None, text=text, version=race, by=house.people[role])
                    seen.append(("written", text))
                except EditConflict as conflict:
                    seen.append(("told", conflict.theirs.text))
                start.wait()
        finally:
            connection.close()
        return seen

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(run, ROLES)
    for race, pair in enumerate(zip(one, other, strict=True)):
        assert sorted(outcome for outcome, _text in pair) == ["told", "written"], race
        assert len({text for _outcome, text in pair}) == 1, race
    with house.acting("officer"):
        assert Answer.objects.get(question="lead").version == RACES
