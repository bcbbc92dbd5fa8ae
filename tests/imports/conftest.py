"""What the tests of vendor files share."""

from collections.abc import Iterator

import pytest
from django.utils.translation import override


@pytest.fixture(scope="module")
def in_english() -> Iterator[None]:
    """Sentences are compared in English, whatever language the portal starts in."""
    with override("en"):
        yield
