"""The README's first five minutes and what comes after them, in English, on a portal of its own."""

import pytest

from tests.browser.life import live_on
from tests.browser.story import take_samples_to_submission

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_lead_takes_the_samples_to_a_filing_accepted_changed_and_cancelled_in_english(browser, portal, tmp_path):
    officer, reviewer, scan = take_samples_to_submission(browser, portal, "en", tmp_path)
    live_on(officer, reviewer, scan, tmp_path)
    assert officer.complaints == [] and reviewer.complaints == []
