"""The README's first five minutes, in Chinese, on a portal of its own."""

import pytest

from tests.browser.story import take_samples_to_submission

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_lead_takes_the_samples_to_a_submitted_dossier_in_chinese(browser, portal, tmp_path):
    take_samples_to_submission(browser, portal, "zh-hans", tmp_path)
