"""The made-up practice around days on which something could go wrong."""

from datetime import date
from typing import Any

import pytest

from patient_online.demo.world import World, the_world

SPRING, AUTUMN = date(2026, 3, 20), date(2026, 10, 20)
CHRISTMAS, CLOCK_CHANGE, LEAP_DAY = date(2026, 12, 20), date(2027, 3, 28), date(2028, 2, 29)


@pytest.fixture(scope="session", params=[SPRING, AUTUMN, CHRISTMAS, CLOCK_CHANGE, LEAP_DAY], ids=str)
def world(request: Any) -> World:
    """The made-up practice around one of the days, in memory."""
    return the_world(request.param)
