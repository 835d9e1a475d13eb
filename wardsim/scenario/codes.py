"""The table of codes: what each kind of mistake is, why it is refused, and how to put it right."""

from __future__ import annotations

CODES: dict[str, tuple[str, str]] = {
    "WS101": (
        "The file cannot be read",
        "The file is missing, is a folder, may not be opened, or is not text in UTF-8. Save it as UTF-8 in "
        "your editor (in Excel and Notepad this is a choice in 'Save as') and check the spelling of its name.",
    ),
    "WS102": (
        "The file is too large",
        "A scenario is a page or two of text. Files over 1 MB are refused before they are read, because they "
        "can only be something else. Tables of data belong in their own CSV files.",
    ),
    "WS103": (
        "The file is nested too deeply or holds too many values",
        "No scenario needs groups inside groups more than 20 deep, nor more than 10,000 values. Such files "
        "are refused while being read, before anything is built from them.",
    ),
    "WS104": (
        "The value is of the wrong kind",
        "A number was expected and text was given, or the other way round. Numbers are written plainly: 3 or "
        "0.5, without quotes, thousands separators, units or words. A switch is exactly true or false (in "
        'YAML 1.2 "yes", "no", "on" and "off" are ordinary words). An empty value counts as nothing, which '
        "only some keys allow: delete the line to take the default.",
    ),
    "WS105": (
        "The number is out of range",
        "Each number has bounds, wide enough for any real ward, that keep slips such as 1900 WTE for 19.0 "
        "from being run. `wardsim explain KEY` shows the range and the unit.",
    ),
    "WS106": (
        "The value is not one of the words allowed here",
        "Some keys take one word from a short list. Words are written in lower case with underscores, as "
        "listed in the message.",
    ),
    "WS107": (
        "The text has the wrong form",
        'Times of day are written HH:MM on the 24-hour clock ("07:30", "21:00"), dates YYYY-MM-DD '
        "(2025-04-07). Free text has a greatest length.",
    ),
    "WS108": (
        "A key is missing",
        "This key has no sensible default and must be given. Every scenario must have a name of its own; a "
        "course needs its name and hours; a programme needs its kind.",
    ),
    "WS109": (
        "The key is not known",
        "Nothing in the model reads this key, so that setting it would change nothing. It may be misspelt, in "
        "the wrong section (check the indentation), or from another version. The hint names the nearest key. "
        "`wardsim schema` prints them all.",
    ),
    "WS110": (
        "The key is given twice",
        "Many readers keep the last of two equal keys silently; here it is refused, because one of the two "
        "values was meant.",
    ),
    "WS111": (
        "The number is not finite, or is absurdly long",
        "Infinity, not-a-number and numbers of more than 40 characters are refused everywhere.",
    ),
    "WS113": (
        "The list has the wrong length",
        "The list holds too few or too many items; a shift has exactly a start and an end.",
    ),
    "WS120": (
        "The file is not valid YAML",
        "The reader lost its way here. Usual causes: a tab instead of spaces, lines of one section that do "
        "not start in the same column, a missing space after a colon, text with a colon in it that needs "
        'quotes ("like: this").',
    ),
    "WS121": (
        "Tags are not allowed",
        "Something like !!python/object or !include asks the reader to do more than read. Scenarios are plain data.",
    ),
    "WS122": (
        "Anchors and aliases are not allowed",
        "&name and *name let one part of a file stand for another, and can make a small file enormous. Repeat "
        "the values, or use `extends`. Text that begins with & or * needs quotes.",
    ),
    "WS123": (
        "Merge keys are not allowed",
        "`<<:` is not part of YAML 1.2. Use `extends: FILE` at the top of the scenario.",
    ),
    "WS124": (
        "The file is not one scenario",
        "A scenario file holds exactly one group of keys: no empty file, no bare list, no second document after `---`.",
    ),
    "WS125": (
        "The key is not a plain word",
        "Keys are plain words. A list, a group or nothing at all cannot be a key.",
    ),
    "WS130": (
        "The scenario to extend is not there",
        "`extends` names a file beside this one. If there is none of that name, a shipped scenario of the "
        "same name is used (baseline.yaml and the others).",
    ),
    "WS131": (
        "A file outside the scenario's folder",
        "`extends` and `roster_file` may only name files in the folder of the scenario that names them: no "
        "absolute path, no `..`, no link that leads out. So a scenario folder can be sent to somebody and "
        "still works, and a scenario from somebody else cannot read your files.",
    ),
    "WS132": (
        "Scenarios extend each other in a circle",
        "Following `extends` leads back to a file already read. One of them must stand on its own.",
    ),
    "WS133": (
        "Too many levels of `extends`",
        "At most eight files may extend each other in a row.",
    ),
    "WS140": (
        "The override is not understood",
        "An override is written KEY=VALUE with a dotted key, as in --set staffing.required.night.rn=3. An "
        "item of a list is named by its number (from 0) or its name, as in --set "
        "training.courses.life_support.valid_months=24.",
    ),
    "WS150": (
        "Shares do not add up",
        "The shares of referral sources are of all first referrals and add up to 100 percent. When you change "
        "one, change another with it.",
    ),
    "WS151": (
        "Local facts contradict each other",
        "Admissions a year times mean stay is the occupied bed days a year; divided by beds and 365 it is "
        "occupancy. Give any two and the third is solved. Three are accepted when they agree within 5 "
        "percent. Occupied bed days and occupancy are two ways to state one fact. The usual cause is that one "
        "figure counts leave and another does not, or that they are from different years.",
    ),
    "WS152": (
        "The shifts do not fit together",
        "Between them the shifts of the pattern in use must cover all 24 hours, and no shift may last less "
        "than 4 or more than 14 hours. A shift whose end is earlier than its start ends on the next day.",
    ),
    "WS153": (
        "A course or programme is given twice",
        "Each course, and each programme at work, is listed once. Two programmes of one kind would count its "
        "effect twice.",
    ),
    "WS155": (
        "The parameter is not known",
        "`parameters:` fixes natural history and effects by their name in the ledger. `wardsim explain NAME` "
        "describes one.",
    ),
    "WS156": (
        "The parameter is out of its range",
        "Each parameter of the ledger has hard bounds outside which it makes no sense.",
    ),
    "WS157": (
        "More patients than beds",
        "The census at time zero lists more patients than the ward has beds.",
    ),
    "WS158": (
        "Figures contradict each other",
        "Two figures cannot both be true: for instance diagnoses that add up to more than 100 percent, more "
        "assaults than aggressive incidents (assaults are among them), or a share of men on a ward for women.",
    ),
    "WS160": (
        "The roster file cannot be read",
        "`roster_file` names a CSV file beside the scenario, in UTF-8, of at most 1 MB.",
    ),
    "WS161": (
        "The roster file has the wrong columns",
        "The first line of a roster file names its columns: date,shift,role,staff, in any order and nothing else.",
    ),
    "WS162": (
        "A line of the roster file is wrong",
        "Each line is one person on one shift: date as YYYY-MM-DD; shift one of early, late, night (long_day, "
        "long_night in the long-day pattern); role rn, hca or na; staff any name or number that is always the "
        "same for one person. Nobody works the same shift twice.",
    ),
    "WS170": (
        "The kind of study is not known",
        "A study file is told by `kind: options`, `sweep`, `sensitivity`, `optimise` or `population`, or by a key that only one of "
        "them has: options, factors, outcomes, choices or trusts. `wardsim init FILE --kind options` writes one to start from.",
    ),
    "WS171": (
        "A scenario of the study is not in order",
        "`base` and `scenario` name scenario files, which are checked by themselves first. What is wrong with such a file is told "
        "at its own lines; put it right there.",
    ),
    "WS172": (
        "The wards of a study do not share a calendar",
        "All wards of a study start on the same day and keep the same public holidays: otherwise a difference between two of them "
        "would partly be the season. Change the start date in the base.",
    ),
    "WS173": (
        "Something is given twice",
        "Options, levels and forms of the model each need a name and content of their own, and every key is moved by one factor "
        "only. Of two that are alike, one was meant to be different.",
    ),
    "WS174": (
        "A study cannot set this key",
        "Options and factors set keys of a scenario, written with dots (staffing.required.night.rn), or parameters "
        "(parameters.NAME). Length, start, seed and number of runs belong to the study as a whole and stand at its top.",
    ),
    "WS175": (
        "A factor is not complete",
        "A factor has levels, or low and high for designs that fill the space. Its name is the key that takes the level, or it "
        "lists `keys` that all take it, or its levels are groups of keys and values, named by `labels`. Labels and values, where "
        "given, are as many as the levels.",
    ),
    "WS176": (
        "The measure is not known",
        "Measures are named as in the results. `wardsim explain NAME` describes one, and docs/reference/measures.md lists them.",
    ),
    "WS177": (
        "The reference is not there",
        "`reference` says with what the others are compared: one of the options by name, or a level for every factor. Left out, "
        "it is the base.",
    ),
    "WS178": (
        "The design does not fit",
        "A factorial design combines levels; latin_hypercube and sobol take a number of points (sobol and its indices a power of "
        "two, without which the design is not balanced); csv takes a file. The settings of one method say nothing to another.",
    ),
    "WS179": (
        "A limit, precision or value has no meaning",
        "A precision is one figure, half_width or percent_of_base; a limit is at_most, at_least or both in that order; a fixed "
        "number of runs and a precision exclude each other. The value of a measure is positive where more is better and negative "
        "for harm; money has none, since cost counts as -1.",
    ),
    "WS180": (
        "The design file cannot be read",
        "`design: {kind: csv, file: FILE}` names a CSV file in the folder of the study, in UTF-8, of at most 1 MB.",
    ),
    "WS181": (
        "The design file has the wrong columns",
        "The first line of a design file names the factors of the study, each once, in any order and nothing else.",
    ),
    "WS182": (
        "A line of the design file is wrong",
        "Each line is one point. A cell is a level or label of its factor, or a number within its range; whole where the key "
        "takes whole numbers. No point is given twice.",
    ),
    "WS183": (
        "The range of a parameter is wrong",
        "A parameter varies over the middle 90% of its prior, or from low to high when both are given, within its bounds. One "
        "that is fixed in the ledger needs a range.",
    ),
    "WS184": (
        "A spread of a population is not complete",
        "A spread has a distribution with its figures: mean and sd (normal), median and sigma (lognormal), low and high (uniform), or "
        "levels (choice); and it says where it is from: `sources` (rows of the evidence register), an `assumption`, or both. It is "
        "named after a scenario key, a parameter (parameters.NAME) or a quantity that sets several keys, such as nurses_per_bed_day.",
    ),
    "WS185": (
        "A published figure cannot stand beside the simulated one",
        "Rows are those of the evidence register with a number for their value. A row that sets a prior cannot check the model that "
        "rests on it.",
    ),
    "WS186": (
        "The parts of a population do not fit together",
        "A population file has trusts, or studies. Ratings belong to trusts. Its runs are whole populations, in balance: it takes no "
        "precision, no budget of runs, and no forms of the model (give `--set base.mechanisms.NAME=false`).",
    ),
    "WS187": (
        "A factor is called like a column of the tables",
        "Tables have two columns for every factor, its level and its number, headed with its name, beside those of the results. A factor of "
        "the name of one of those (mean, name, low, the name of another factor with ` (number)` after it) would leave a table with two columns "
        "of one name. Give it another name, and list in `keys` what it moves.",
    ),
}
"""Code -> (title, explanation)."""
