"""From spoken phrases to the person's own rows: which task, which project, and when to ask first.

Nothing here writes. A spoken command becomes :class:`Planned` (ids-level commands or a reading),
:class:`Question` (asked before anything of the utterance is done) or :class:`Unresolved` (told in the reply).
"""

from voice_app.resolution.plan import Plan, Planned, Question, Unresolved, plan_utterance

__all__ = ["Plan", "Planned", "Question", "Unresolved", "plan_utterance"]
