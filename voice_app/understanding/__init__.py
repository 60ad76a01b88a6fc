"""Understanding without any model service: from words to commands, in under a millisecond, offline.

:func:`interpret` is the way in. The order of work: ``language`` finds the language, ``clauses`` takes out fillers,
makes repairs and cuts the utterance apart, ``units`` gives every stretch a tag from the language's data file
(``languages/<code>.toml``), ``dates`` reads the times, ``decide`` finds the intent (set phrases, then ``frames``, then
the small statistical model of ``model`` for doubt), ``fields`` fills in title, task, list, person and the rest.
No module here imports Django.
"""

from voice_app.understanding.engine import interpret, traced
from voice_app.understanding.explain import explain

__all__ = ["explain", "interpret", "traced"]
