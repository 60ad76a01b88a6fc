"""Search: from a few words, rightly written or not, to a person's tasks, best first.

``wording`` asks the database what the words of a search are in its index, ``finding`` makes the query for the tasks,
and ``marking`` tells where in a task the words stand.
"""

from tasks_app.search.finding import FOUND_LIMIT, Found, Status, entry_condition, search
from tasks_app.search.marking import Marks, mark
from tasks_app.search.wording import MAX_LENGTH, MAX_WORDS

__all__ = ["FOUND_LIMIT", "MAX_LENGTH", "MAX_WORDS", "Found", "Marks", "Status", "entry_condition", "mark", "search"]
