"""The picture of the model: boxes and arrows as SVG, laid out here, with text that stays text."""

from __future__ import annotations

from html import escape

WIDTH, HEIGHT = 960, 640
BLUE, TEAL, PLUM, ORANGE, INK = "#12436D", "#0F7A70", "#801650", "#B5460F", "#0B0C0C"

BOXES: dict[str, tuple[int, int, int, int, str, str, tuple[str, ...]]] = {
    # name: x, y, width, height, colour, title, lines
    "referrals": (20, 50, 190, 92, BLUE, "Referrals", ("four sources, by hour and", "weekday; people return")),
    "queue": (250, 50, 190, 92, BLUE, "Queue for a bed", ("priority, then time;", "out of area when too long")),
    "ward": (480, 50, 220, 92, BLUE, "On the ward", ("attributes, frailty, acuity", "by shift, leave, pathway")),
    "home": (740, 50, 200, 92, BLUE, "Ready, then home", ("delay by cause;", "early under pressure M13")),
    "posts": (20, 220, 190, 92, TEAL, "Posts and people", ("hiring, leaving, contract,", "experience")),
    "roster": (250, 220, 190, 92, TEAL, "Roster", ("required numbers, rest,", "annual leave, sickness")),
    "duty": (480, 220, 220, 92, TEAL, "On duty, this minute", ("own, bank, agency; gaps;", "familiarity M4, fatigue M6")),
    "training": (20, 380, 190, 92, TEAL, "Training", ("booked, released or not,", "attended; skill decays M5")),
    "dispatcher": (250, 380, 450, 92, PLUM, "Dispatcher: a minute on duty is one task", (
        "safety first: emergencies, observation, medication, care;", "contact is what is left: one-to-one, groups M2")),
    "incidents": (740, 220, 200, 252, ORANGE, "Incidents", (
        "candidates of each patient,", "thinned by the ward:", "contact M2, limits M3,", "familiarity M4, skill M5,",
        "crowding M7, contagion M8", "", "noticed M9, answered M1,", "talked down or escalates,", "contained; injuries M11")),
    "reported": (740, 530, 200, 92, ORANGE, "Reported", ("a part of what happened", "M10")),
    "facts": (250, 530, 450, 92, INK, "Facts, measures, answers", ("happened and reported; minutes; pathway; cost;", "over draws of what is not known")),
}  # fmt: skip

ARROWS: tuple[tuple[tuple[int, int], ...], ...] = (
    ((210, 96), (250, 96)), ((440, 96), (480, 96)), ((700, 96), (740, 96)),
    ((210, 266), (250, 266)), ((440, 266), (480, 266)),
    ((115, 312), (115, 380)), ((210, 410), (230, 410), (230, 330), (345, 330), (345, 312)),
    ((590, 312), (590, 380)), ((590, 142), (590, 220)), ((700, 426), (740, 426)),
    ((840, 472), (840, 530)), ((740, 570), (700, 570)), ((475, 472), (475, 530)),
    ((660, 142), (660, 172), (840, 172), (840, 220)),
    ((740, 290), (700, 290)),
)  # fmt: skip

LABELS = (
    (582, 186, "needs become work", "end"),
    (848, 200, "hazards", "start"),
    (734, 340, "M11, M12", "end"),
    (20, 350, "", "start"),
    (236, 350, "study days M5", "start"),
)


def model_svg() -> bytes:
    """The picture as an SVG file."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        'aria-labelledby="title" font-family="DejaVu Sans, Verdana, sans-serif">',
        '<title id="title">How the model hangs together: patients, staff, work, incidents and what is reported of them</title>',
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse">'
        f'<path d="M0 0 L10 5 L0 10 z" fill="{INK}"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#FFFFFF"/>',
    ]
    for text, x, y, colour in (("Patients", 20, 34, BLUE), ("Staff", 20, 204, TEAL)):
        parts.append(f'<text x="{x}" y="{y}" font-size="18" font-weight="bold" fill="{colour}">{text}</text>')
    for points in ARROWS:
        path = " ".join(f"{'M' if i == 0 else 'L'}{x} {y}" for i, (x, y) in enumerate(points))
        parts.append(f'<path d="{path}" fill="none" stroke="{INK}" stroke-width="2" marker-end="url(#tip)"/>')
    for x, y, width, height, colour, title, lines in BOXES.values():
        parts.append(
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" fill="#FFFFFF" stroke="{colour}" stroke-width="3"/>'
        )
        parts.append(f'<text x="{x + 12}" y="{y + 26}" font-size="15" font-weight="bold" fill="{colour}">{escape(title)}</text>')
        for n, line in enumerate(lines):
            parts.append(f'<text x="{x + 12}" y="{y + 50 + 21 * n}" font-size="13" fill="{INK}">{escape(line)}</text>')
    for x, y, text, anchor in LABELS:
        if text:
            parts.append(f'<text x="{x}" y="{y}" font-size="12" fill="{INK}" text-anchor="{anchor}">{escape(text)}</text>')
    parts.append("</svg>\n")
    return "\n".join(parts).encode("utf-8")
