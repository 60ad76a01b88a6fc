"""The clear cases: sentence frames over the tags of an utterance, the same for every language.

A frame is a regular expression over the line that :func:`voice_app.understanding.units.symbols` draws, so
``" delete x from list "`` stands for "delete milk from my list" as well as for "lösche Milch von der Liste".
The first frame that fits decides; ``sure`` says how much it may be trusted before the statistical model is asked.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final

from tasks_app.intents import Intent

ABOUT_TASKS: Final = r"(?:list|lists|task|tasks|event|events|cal)"
_FILL: Final = r"(?:(?:det|my|all|ord|left|for|x|num|time|pron|called|by|into|part|busy|high) )*"
_WORLDLY: Final = r"(?!(?:(?!act|event)\w+ )*topic (?:(?!act|event)\w+ )*$)"
"""Not where a word of the wide world stands and nothing to do and no event."""


@dataclass(frozen=True)
class Frame:
    """One way of saying something."""

    name: str
    intent: Intent
    pattern: re.Pattern[str]
    sure: float


@dataclass(frozen=True, slots=True)
class FrameReading:
    """What a frame makes of an utterance."""

    intent: Intent
    name: str
    sure: float


def _frame(name: str, intent: Intent, pattern: str, sure: float) -> Frame:
    return Frame(
        name,
        intent,
        re.compile(pattern.replace("ABOUT", ABOUT_TASKS).replace("FILL ", _FILL).replace("WORLDLY ", _WORLDLY)),
        sure,
    )


_T = r"^ (?:time |high )*(?:(?:(?:into|from|for|my|det) )*(?:x )?(?:list|cal) )?(?:wish )?"
"""Where a command begins: a time, a list or a wish may stand before it."""

FRAMES: Final[tuple[Frame, ...]] = (
    # Not about tasks
    _frame("world command", Intent.NONE, r"^ (?:time )*world (?!.*\b(?:list|lists|task|tasks|cal)\b)", 0.95),
    # What is said of a whole list
    _frame("rename list", Intent.UPDATE_PROJECT, _T + r"rename .*\b(?:list|lists)\b", 0.95),
    _frame("rename", Intent.UPDATE_TASK, _T + r"rename ", 0.95),
    _frame(
        "change list",
        Intent.UPDATE_PROJECT,
        _T + r"change (?:(?:det|my|x|event) )*list (?:(?:called|x) )*"
        r"(?:(?:into|by) time|(?:into|for|by|from) (?:x|act|event|my)) ",
        0.75,
    ),
    # Done, and not done
    _frame("mark as not done", Intent.REOPEN_TASK, _T + r"(?:complete|change|add|schedule) .*notdone ", 0.97),
    _frame("not done", Intent.REOPEN_TASK, r"^ (?:x |det |my |event |task |list )*notdone ", 0.6),
    _frame("reopen", Intent.REOPEN_TASK, _T + r"reopen ", 0.97),
    _frame(
        "show what is done",
        Intent.LIST_TASKS,
        r"^ (?:time )*show (?:(?:det|my|all) )*(?:doneas |high )?(?:tasks|events) (?:doneas |high )?(?:time )?$",
        0.95,
    ),
    _frame(
        "mark as done", Intent.COMPLETE_TASK, _T + r"(?:complete|change|schedule|note|show|move|add) .*doneas ", 0.97
    ),
    # Later
    _frame("snooze", Intent.SNOOZE, _T + r"snooze ", 0.95),
    _frame("undo", Intent.UNDO, _T + r"undo (?:(?:det|my|ord|all|pron|task|x|part) ?)*$", 0.9),
    _frame("assign", Intent.ASSIGN_TASK, _T + r"assign ", 0.93),
    # Away with it
    _frame(
        "empty a list", Intent.DELETE_TASK, _T + r"delete empty (?:(?:det|my|all|x|time|event) )*(?:list|cal) ", 0.98
    ),
    _frame(
        "delete list",
        Intent.DELETE_PROJECT,
        _T
        + r"delete (?:(?:det|my|all|ord|x|pron|for|time|event|act|topic|num) )*?(?:list|lists) "
        + r"(?:(?:called|for|x|time|part|num|event|act|topic|tasks|events) )*$",
        0.85,
    ),
    _frame(
        "delete world", Intent.NONE, _T + r"delete (?:(?:det|my|all|x|for|from) )*(?:world|topic) (?!.*\bABOUT\b)", 0.75
    ),
    _frame("delete", Intent.DELETE_TASK, _T + r"delete (?:empty )?(?=\w)", 0.95),
    _frame("complete", Intent.COMPLETE_TASK, _T + r"complete (?=\w)", 0.9),
    # Change
    _frame(
        "move world",
        Intent.NONE,
        _T + r"(?:change|move) (?:(?:det|my|all|x|for|from|into|pron|field) )*(?:world|topic) (?!.*\bABOUT\b)",
        0.85,
    ),
    _frame("move", Intent.UPDATE_TASK, _T + r"move (?=\w)", 0.93),
    _frame("change", Intent.UPDATE_TASK, _T + r"change (?=\w)", 0.88),
    # Add
    _frame("tell me when the world", Intent.NONE, _T + r"remind ask (?:\w+ )*topic ", 0.75),
    _frame("remind", Intent.CREATE_TASK, _T + r"remind ", 0.97),
    _frame(
        "add to a list", Intent.CREATE_TASK, _T + r"add (?:(?:det|my) )+list (?:(?:x|act|event|num|det) )+part ", 0.85
    ),
    _frame("add it to a list", Intent.CREATE_TASK, _T + r"add (?:(?:x|act|event|num) )+(?:det|my) list part ", 0.85),
    _frame(
        "new list",
        Intent.CREATE_PROJECT,
        _T + r"(?:new (?:(?:det|my|new|x|all|event|time|task|act) )*?|(?:add|schedule) (?:(?:det|my|new|all) )*(?:x )?)"
        r"(?:list|lists) "
        r"(?:(?:called|for|into|det|x|time|num|part|event|task|tasks|events|left|pron|ask|busy|my|act) )*$",
        0.85,
    ),
    _frame("add to what is no list", Intent.NONE, _T + r"add .*\binto (?:(?:my|det|x) )*topic (?:part )?$", 0.7),
    _frame(
        "put a place then",
        Intent.UPDATE_TASK,
        _T + r"add (?:(?:det|count|all) )*ord (?:(?:count|all|pron|task|tasks) )*(?:into )?time $",
        0.9,
    ),
    _frame("add alone", Intent.CREATE_TASK, r"^ into (?:(?:det|my|x) )*list add $", 0.8),
    _frame("add", Intent.CREATE_TASK, _T + r"add (?=\w)", 0.93),
    _frame("schedule event", Intent.CREATE_TASK, _T + r"schedule (?:(?:det|my|new|x|time) )*(?:event|task) ", 0.9),
    _frame("schedule", Intent.CREATE_TASK, _T + r"schedule (?!.*\b(?:world|topic)\b)(?=\w)", 0.9),
    _frame("schedule of a time", Intent.LIST_TASKS, r"^ (?:time )+schedule $", 0.8),
    _frame("schedule alone", Intent.CREATE_TASK, _T + r"schedule $", 0.6),
    _frame("schedule world", Intent.NONE, _T + r"schedule .*\b(?:world|topic)\b", 0.6),
    _frame("new task", Intent.CREATE_TASK, _T + r"new (?:\w+ )*?(?:task|tasks|event|events|cal) ", 0.93),
    _frame("new world", Intent.NONE, _T + r"new .*\b(?:world|topic)\b", 0.7),
    _frame("new", Intent.CREATE_TASK, _T + r"new (?=\w)", 0.55),
    _frame("note", Intent.CREATE_TASK, _T + r"note (?=\w)", 0.85),
    # Questions
    _frame(
        "show lists",
        Intent.LIST_PROJECTS,
        r"^ (?:time )*(?:show |ask |remind (?:for )?ask )"
        r"(?:(?:det|my|all|x|left|ask|for|into|busy|wish|have|called) )*lists "
        r"(?:(?:ask|have|left|x|time|my|by|wish|pron|into|busy|did|act|doneas) )*$",
        0.9,
    ),
    _frame(
        "lists I have",
        Intent.LIST_PROJECTS,
        r"^ (?:(?:det|my|all) )*lists (?:pron )?(?:wish|have|ask) (?:time )?$",
        0.8,
    ),
    _frame("ask world", Intent.NONE, r"^ (?:time )*(?:show|ask|askdid) .*\b(?:world|topic)\b(?!.*\bABOUT\b)", 0.85),
    _frame("my day", Intent.AGENDA, r"^ (?:show |ask )?(?:(?:det|my) )*day (?:time )?$", 0.85),
    _frame("show tasks", Intent.LIST_TASKS, r"^ (?:time )*show .*\bABOUT\b", 0.88),
    _frame("ask for tasks", Intent.LIST_TASKS, r"^ (?:time )*(?:ask|askdid) .*\bABOUT\b", 0.85),
    _frame(
        "ask about a list", Intent.LIST_TASKS, r"^ into (?:(?:det|my|x) )*(?:list|cal) (?:time )?(?:ask|askdid) ", 0.8
    ),
    _frame("ask what is left", Intent.LIST_TASKS, r"^ (?:time )*(?:ask|show) FILL (?:left|busy|did|doneas) ", 0.75),
    _frame(
        "ask what is on",
        Intent.LIST_TASKS,
        r"^ (?:show )?(?:ask )+(?:(?:all|prog|have|my|into|for|pron|on|by|left|busy|wish|act) )*time $",
        0.8,
    ),
    _frame("show a time", Intent.LIST_TASKS, r"^ show (?:(?:my|det|for|into|day) )*time $", 0.75),
    _frame(
        "ask whether done",
        Intent.LIST_TASKS,
        r"^ askdid (?:\w+ )*(?:act|doneas|notdone|did|event|left) (?!.*\b(?:world|topic)\b)",
        0.7,
    ),
    _frame("show my things", Intent.LIST_TASKS, r"^ (?:time )*show (?:all )?my x (?:time )?$", 0.55),
    _frame("question", Intent.NONE, r"^ (?:time )*(?:ask|askdid) ", 0.5),
    _frame("show", Intent.NONE, r"^ (?:time )*show ", 0.4),
    # Statements
    _frame(
        "is moved", Intent.UPDATE_TASK, r"^ (?!.*(?:ask|wish|world) )(?:\w+ )*(?:event|task|x) (?:\w+ )*moved ", 0.75
    ),
    _frame("now instead", Intent.UPDATE_TASK, r"^ (?:det |my )*(?:(?:x|event|task|ask) )+time (?:x )?by time $", 0.85),
    _frame("busy then", Intent.LIST_TASKS, r"^ (?:x |ask )?busy time $", 0.75),
    _frame("is off", Intent.DELETE_TASK, r"^ (?!.*(?:ask|wish|world) )(?:\w+ )*(?:event|task|x) (?:\w+ )*gone ", 0.75),
    _frame("i did", Intent.COMPLETE_TASK, r"^ did (?=\w)", 0.85),
    _frame("is done", Intent.COMPLETE_TASK, r"^ (?:\w+ )*doneas $", 0.8),
    _frame(
        "wish for a list",
        Intent.CREATE_PROJECT,
        r"^ (?:time )*wish (?:(?:det|new) )+(?:x )?list (?:(?:called|for|x|event|act|time) )*$",
        0.7,
    ),
    _frame("wish", Intent.CREATE_TASK, r"^ (?:time |high )*wish (?!.*\b(?:world|topic)\b)(?=\w)", 0.88),
    _frame("wish world", Intent.CREATE_TASK, r"^ (?:time )*wish .*\b(?:world|topic)\b", 0.5),
    _frame("i have", Intent.CREATE_TASK, r"^ (?:time )*have (?:\w+ )*(?:event|time)", 0.85),
    _frame("thing to do", Intent.CREATE_TASK, r"^ (?:time |high )*act (?!.*\b(?:world|topic)\b)(?=\w)", 0.75),
    _frame(
        "onto a list",
        Intent.CREATE_TASK,
        r"^ (?:(?:x|num|det|act|event|task) )+(?:into|for) (?:(?:my|det|x) )*(?:list|cal) (?:time )*$",
        0.8,
    ),
    _frame("event with time", Intent.CREATE_TASK, r"^ (?!.*\b(?:world|topic)\b)(?:\w+ )*event (?:\w+ )*time ", 0.85),
    _frame("time with event", Intent.CREATE_TASK, r"^ (?!.*\b(?:world|topic)\b)(?:\w+ )*time (?:\w+ )*event ", 0.85),
    _frame(
        "lists and time",
        Intent.LIST_TASKS,
        r"^ (?:(?:my|det|all) )*(?:(?:list|tasks|events|cal|left) )+(?:(?:for|into) )?time $",
        0.7,
    ),
    _frame("next event", Intent.LIST_TASKS, r"^ (?:(?:my|det) )*ord event $", 0.6),
    _frame(
        "a place then",
        Intent.UPDATE_TASK,
        r"^ (?:(?:det|count|all) )*ord (?:(?:count|all|pron|task|tasks) )*(?:into )?time $",
        0.85,
    ),
    _frame(
        "note with time",
        Intent.CREATE_TASK,
        r"^ (?!.*\b(?:world|ask)\b)(?!(?:(?!act|event)\w+ )*topic (?:(?!act|event)\w+ )*$)(?:\w+ )*time ",
        0.65,
    ),
    _frame(
        "list alone",
        Intent.LIST_TASKS,
        r"^ (?:(?:my|det|all|x|left|time|high) )*(?:list|tasks|events|cal) (?:(?:time|left|have) )*$",
        0.6,
    ),
    _frame("event alone", Intent.CREATE_TASK, r"^ (?:(?:x|det|my|for) )*event ", 0.5),
    _frame("world", Intent.NONE, r"\b(?:world|topic)\b", 0.7),
    _frame("words", Intent.NONE, r"^", 0.3),
)


@functools.lru_cache(maxsize=2048)
def read_frame(line: str) -> FrameReading:
    """The first frame that fits the tags of an utterance; there is always one."""
    for frame in FRAMES:
        if frame.pattern.search(line):
            return FrameReading(frame.intent, frame.name, frame.sure)
    return FrameReading(Intent.NONE, "words", 0.0)
