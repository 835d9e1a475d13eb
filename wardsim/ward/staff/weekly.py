"""Weekly patterns: ward manager, therapists, activity workers and doctors. Out of hours a duty doctor covers the site, off the ward."""

from __future__ import annotations

from math import floor

from ..core.clock import Calendar
from .patterns import FULL_TIME_HOURS
from .people import ACTIVITY_WORKER, Person


def works_on(person: Person, day: int, calendar: Calendar, activity_seven_days: bool) -> bool:
    """Whether a person with a weekly pattern works on a day: so many weekdays as the whole-time equivalent gives, evenly.

    Half a post works two and three days in alternate weeks. Public holidays are free but for activity workers on seven days.
    """
    wte = min(person.weekly_hours / FULL_TIME_HOURS, 1.0)
    if activity_seven_days and person.role == ACTIVITY_WORKER:
        share = wte * 5.0 / 7.0
        number = day + 7 * person.key[0]
    else:
        if not calendar.is_working_day(day):
            return False
        share = wte
        weeks, weekday = divmod(day + calendar.weekday0, 7)
        number = weeks * 5 + weekday
    return floor((number + 1) * share + 1e-9) > floor(number * share + 1e-9)
