"""Laws of a store's day: it holds the moments that its own calendar calls so, however long it is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.orders.reconcile.store_day import ZoneError, bounds, zone_of

# a half hour, three quarters, the farthest; midnights that a clock skips (Beirut, Sao Paulo) and has twice (Havana)
ZONES = (
    "UTC",
    "Europe/London",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Asia/Beirut",
    "America/Sao_Paulo",
    "America/Havana",
    "Australia/Lord_Howe",
)
MOMENTS = st.datetimes(datetime(1995, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, st.sampled_from(ZONES))
def test_a_moment_is_of_the_day_that_its_calendar_says(moment: datetime, name: str) -> None:
    """The bounds of the local date hold the moment, those of its neighbours do not, and days leave no gap."""
    zone = ZoneInfo(name)
    day = moment.astimezone(zone).date()
    for distance in (-1, 0, 1):
        first, last = bounds(day + timedelta(days=distance), zone)
        assert (first <= moment < last) == (distance == 0)
    assert bounds(day, zone)[1] == bounds(day + timedelta(days=1), zone)[0]


@pytest.mark.parametrize(
    ("day", "hours", "starts"),
    [(date(2026, 3, 29), 23, 0), (date(2026, 10, 25), 25, 23), (date(2026, 3, 28), 24, 0), (date(2026, 7, 1), 24, 23)],
)
def test_london_has_a_day_of_23_hours_and_one_of_25(day: date, hours: int, starts: int) -> None:
    """Worked out by hand: the clocks change at 01:00 UTC, after the short day began and before the long one ends."""
    first, last = bounds(day, ZoneInfo("Europe/London"))
    assert (last - first, first.hour, first.minute) == (timedelta(hours=hours), starts, 0)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("London", "is Europe/London meant?"),
        ("europe/london", "is Europe/London meant?"),
        ("Europe/Lodnon", "is Europe/London meant?"),
        ("New York", "is America/New_York meant?"),
        ("GMT+1", "write its place"),
        ("BST", "write its place"),
        ("Europe", "write its place"),
        ("../../etc/passwd", "write its place"),
        ("", "write its place"),
    ],
)
def test_a_wrong_zone_is_refused_with_the_nearest(name: str, says: str) -> None:
    """By its letters or by its place; what is no place's name gets an example."""
    with pytest.raises(ZoneError) as refused:
        zone_of(name)
    assert says in str(refused.value)


def test_a_machine_without_zones_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package to install is named."""
    monkeypatch.setattr("quizfunnel.orders.reconcile.store_day.available_timezones", set)
    with pytest.raises(ZoneError, match="tzdata"):
        zone_of("Europe/London")
