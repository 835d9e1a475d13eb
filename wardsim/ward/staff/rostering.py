"""Drawing up a roster: four weeks at a time, day by day, giving each place to whoever is most behind with contracted hours.

Rules kept: 11 hours of rest, a day clear after nights, a limit of days and of nights in a row, known absence, study days,
contracted hours (nobody is placed further ahead than half a shift over the block). Nights run on for up to a few; weekends go to
those who have worked fewest lately. When there are fewer own staff than places, own staff are spread evenly over the shifts, so
that gaps do not gather in one; when there are more, the rest are placed on day shifts above the required number.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final

from ..core.clock import DAY, Calendar
from .patterns import Pattern, Shift
from .plan import Plan
from .sheet import Sheet

REST_MIN: Final = 660.0
"""Rest between shifts, minutes (11 hours)."""
AFTER_NIGHT_MIN: Final = 1440.0
"""Rest after the last of a run of nights before any other shift, minutes."""
MAX_RUN: Final = 6
MAX_RUN_LONG: Final = 4
"""Days worked in a row."""
MAX_NIGHTS: Final = 4
BLOCK_DAYS: Final = 28
OVERFILL: Final = 2
"""Most own staff above the required number on one day shift."""
Entry = tuple[float, Plan]
NIGHT_FADE: Final = 0.965
"""Daily fading of the memory of nights worked (half in about three weeks)."""


def draw_block(
    first: int,
    plans: Sequence[Plan],
    group: int,
    sheets: dict[int, list[Sheet]],
    pattern: Pattern,
    calendar: Calendar,
    fixed: Collection[int] = (),
) -> None:
    """Place the own staff of one group in the places of one block.

    Parameters
    ----------
    first : int
        First day of the block.
    plans : sequence of Plan
        Everybody of the group, in the order that breaks ties.
    group : int
        0 registered nurses, 1 healthcare assistants and nursing associates.
    sheets : dict of int to list of Sheet
        Sheets of the block's days; names are added to them.
    pattern : Pattern
        Shifts and required numbers.
    calendar : Calendar
        Weekends.
    fixed : collection of int
        Days whose names are given; only the hours are counted.
    """
    days = range(first, first + BLOCK_DAYS)
    for plan in plans:
        _open_block(plan, days)
    wanted = sum([sheet.required[group] * sheet.period.hours for day in days for sheet in sheets[day]])
    held = sum([max(plan.room, 0.0) for plan in plans])
    share = min(held / wanted, 1.0) if wanted > 0.0 else 1.0
    quota = [0.5 + n / (len(pattern.periods) + 1.0) for n in range(len(pattern.periods))]
    for day in days:
        weekend = calendar.is_weekend(day)
        today = _today(plans, day, weekend)
        page = sheets[day]
        if day in fixed:
            for plan in plans:
                if day in plan.shifts:
                    _count(day, plan, plan.shifts[day])
            continue
        limits = []
        for n, sheet in enumerate(page):
            quota[n] += share * sheet.required[group]
            whole = min(int(quota[n] + 1e-9), sheet.required[group])
            quota[n] -= whole
            limits.append(whole)
        order = sorted(range(len(page)), key=lambda n: (not page[n].period.night, (n + day) % len(page)))
        _fill_day(day, today, page, order, group, limits, pattern)
        if share < 1.0:
            _fill_day(day, today, page, order, group, [sheet.required[group] for sheet in page], pattern, behind=1.0)
        else:
            _overfill(day, today, page, group, pattern)
        for plan in plans:
            plan.nights *= NIGHT_FADE
            if weekend and plan.run_day == day and day in plan.shifts:
                plan.weekend = day
    for plan in plans:
        plan.owed = plan.room if plan.room < 24.0 else 24.0


def _open_block(plan: Plan, days: range) -> None:
    """Hours to place in the block: owed from before, and contracted for each day the person can be planned."""
    weekly = plan.person.weekly_hours
    in_post = range(max(days.start, plan.start_day), min(days.stop, plan.leaves_day))
    plan.free = {day for day in in_post if not plan.known_absent(day)}
    count = len(plan.free)
    plan.scale = 37.5 / weekly if weekly > 0.0 else 1.0
    study = sum([hours for day, hours in plan.study.items() if days.start <= day < days.stop and plan.in_post(day)])
    plan.acc = plan.owed
    plan.room = plan.owed + weekly / 7.0 * count - study
    eve = days.start - 1
    last = plan.shift(eve)
    if last is not None:
        plan.last_end = max(plan.last_end, eve * DAY + last.end)
        plan.last_night = last.night
        if plan.run_day != eve:
            plan.run, plan.run_day = plan.run_with(eve), eve


def _today(plans: Sequence[Plan], day: int, weekend: bool) -> list[Entry]:
    """Who can be placed on a day, most behind first."""
    found: list[Entry] = []
    next_day = day + 1
    for plan in plans:
        if day not in plan.free:
            continue
        plan.acc += plan.person.weekly_hours / 7.0
        if day in plan.study:
            plan.acc -= plan.study[day]
            if plan.run_day == day - 1:
                plan.run += 1
            else:
                plan.run = 1
            plan.run_day = day
            plan.last_end = max(plan.last_end, day * DAY + 1020.0)
            plan.last_night = False
            continue
        if plan.run_day == day - 1 and plan.run >= (MAX_RUN_LONG if plan.long else MAX_RUN):
            continue
        score = plan.acc * plan.scale + plan.tie
        if weekend:
            since = day - plan.weekend
            if since <= 1:
                score += 6.0  # both days of one weekend rather than one day of two
            elif since <= 8:
                score -= 14.0
        if next_day in plan.study:
            score -= 1.0
        found.append((score, plan))
    found.sort(key=_score, reverse=True)
    return found


def _score(entry: Entry) -> float:
    return entry[0]


def _fill_day(
    day: int,
    today: list[Entry],
    page: list[Sheet],
    order: list[int],
    group: int,
    limits: list[int],
    pattern: Pattern,
    behind: float = -1.5,
) -> None:
    """Fill the places of one day up to the limits: first places first, so that no period is left without own staff.

    `order`: of the periods; `behind`: a person is placed only if at least that many shifts behind (below zero: may be ahead by as
    much).
    """
    names = [sheet.own[group] for sheet in page]
    for place in range(1, max(limits) + 1 if limits else 1):
        for n in order:
            if limits[n] >= place > len(names[n]):
                long = pattern.shift_for(n, long=True)
                room = _fits(pattern.covers[long.name], page, group, limits)
                opening = Opening(day, pattern.shift_for(n, long=False), long, room, behind)
                chosen = _pick_night(today, opening) if page[n].period.night else _pick_day(today, opening)
                if chosen >= 0:
                    plan = today.pop(chosen)[1]
                    assign(day, plan, opening.long if plan.long else opening.short, page, group, pattern)


class Opening:
    """A place to be filled.

    Attributes
    ----------
    day : int
        Day number.
    short, long : Shift
        What people on short, and on long, shifts would work there.
    room : bool
        Whether a long shift has room in all the periods it covers.
    behind : float
        Only people at least this many shifts behind with their hours come (below zero: ahead by as much).
    """

    __slots__ = ("behind", "day", "long", "room", "short")

    def __init__(self, day: int, short: Shift, long: Shift, room: bool, behind: float) -> None:
        self.day = day
        self.short = short
        self.long = long
        self.room = room
        self.behind = behind


def _pick_day(today: list[Entry], place: Opening) -> int:
    """Place in the list of whoever is most behind and may work this day shift; -1 when there is nobody."""
    base = place.day * DAY
    for n in range(len(today)):
        plan = today[n][1]
        if plan.long and not place.room:
            continue
        shift = place.long if plan.long else place.short
        hours = shift.hours
        if plan.room < 0.5 * hours or plan.acc < place.behind * hours:
            continue
        if plan.last_end + (AFTER_NIGHT_MIN if plan.last_night else REST_MIN) <= base + shift.start:
            return n
    return -1


def _pick_night(today: list[Entry], place: Opening) -> int:
    """Place in the list of whoever is on a run of nights that may go on, else of whoever has worked fewest nights lately and is most
    behind; -1 when there is nobody."""
    day = place.day
    base = day * DAY
    best = -1
    best_score = -1e18
    for n in range(len(today)):
        score, plan = today[n]
        shift = place.long if plan.long else place.short
        hours = shift.hours
        running = plan.last_night and plan.run_day == day - 1
        if running:
            if plan.nights_run >= MAX_NIGHTS:
                continue
            score += 40.0 if plan.nights_run < 3 else 4.0
        else:
            score -= 6.0 * plan.nights * plan.scale
        if score <= best_score or plan.room < 0.5 * hours or plan.acc < place.behind * hours - (hours if running else 0.0):
            continue
        if plan.last_end + REST_MIN > base + shift.start or day + 1 in plan.study:
            continue
        best, best_score = n, score
    return best


def _fits(covered: tuple[int, ...], page: list[Sheet], group: int, limits: list[int]) -> bool:
    return all(len(page[n].own[group]) < limits[n] for n in covered)


def assign(day: int, plan: Plan, shift: Shift, page: list[Sheet], group: int, pattern: Pattern) -> None:
    """Put a person on the roster of a day, contracted hours."""
    plan.shifts[day] = shift
    for n in pattern.covers[shift.name]:
        page[n].own[group].append(plan.person)
    _count(day, plan, shift)


def _count(day: int, plan: Plan, shift: Shift) -> None:
    plan.acc -= shift.hours
    plan.room -= shift.hours
    plan.last_end = day * DAY + shift.end
    following = plan.run_day == day - 1
    plan.run = plan.run + 1 if following else 1
    plan.run_day = day
    if shift.night:
        plan.nights_run = plan.nights_run + 1 if following and plan.last_night else 1
        plan.nights += 1.0
    plan.last_night = shift.night


def _overfill(day: int, today: list[Entry], page: list[Sheet], group: int, pattern: Pattern) -> None:
    """Own staff well behind with their hours join a day shift above the required number."""
    limits = [0 if sheet.period.night else len(sheet.own[group]) + OVERFILL for sheet in page]
    days = [n for n in range(len(page)) if not page[n].period.night]
    if not days:
        return
    for turn, (_, plan) in enumerate(today):
        if plan.run_day == day:
            continue
        n = days[(day + turn) % len(days)]
        if plan.long:
            n = days[0]
        shift = pattern.shift_for(n, long=plan.long)
        if plan.acc < 1.5 * shift.hours or plan.room < 0.5 * shift.hours:
            continue
        if not _fits(pattern.covers[shift.name], page, group, limits):
            continue
        rest = AFTER_NIGHT_MIN if plan.last_night else REST_MIN
        if plan.last_end + rest <= day * DAY + shift.start:
            assign(day, plan, shift, page, group, pattern)


Adder = Callable[[int, Plan, Shift], None]


def write_in(plan: Plan, days: range, sheets: dict[int, list[Sheet]], pattern: Pattern, add: Adder) -> None:
    """Write a new member of staff into a roster already published: into gaps first, else above the required number by day."""
    group = plan.group
    hours = plan.owed
    for day in days:
        if not plan.in_post(day) or plan.known_absent(day):
            continue
        hours += plan.person.weekly_hours / 7.0
        if day in plan.study:
            hours -= plan.study[day]
            continue
        if plan.shift(day) is not None or plan.run_with(day) > (MAX_RUN_LONG if plan.long else MAX_RUN):
            continue
        page = sheets[day]
        best: Shift | None = None
        most = -1_000_000
        for n, sheet in enumerate(page):
            shift = pattern.shift_for(n, long=plan.long)
            if hours < shift.hours * 0.5:
                continue
            start, end = day * DAY + shift.start, day * DAY + shift.end
            if not plan.rested(start, end, day, REST_MIN):
                continue
            need = min(page[k].short(group) for k in pattern.covers[shift.name])
            if need <= 0 and (sheet.period.night or hours < shift.hours * 1.5):
                continue
            if need > most:
                best, most = shift, need
        if best is not None:
            add(day, plan, best)
            hours -= best.hours
    plan.owed = min(hours, 24.0)
