"""What Claude's models take of a request; they differ in whether a tool may be forced and in how they are kept quick.

As of 22 November 2026, from https://platform.claude.com/docs/en/models and its pages on what is new in each model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from voice_app.providers.llm.wire import MAX_ANSWER_TOKENS

MAX_THOUGHTFUL_TOKENS = 8_000
_THINKS_ALWAYS = re.compile(r"claude-(opus-5-5|fable-|mythos-)")
_THINKS_BETWEEN = re.compile(r"claude-sonnet-5-5")
_THINKS_UNLESS_TOLD = re.compile(r"claude-(haiku-5-5|sonnet-5|opus-5)(-\d{8})?$")
_THINKS_WHEN_TOLD = re.compile(r"claude-(\w+-4|3)")


@dataclass(frozen=True)
class Manners:
    """How to ask a model for one quick answer."""

    may_be_forced: bool
    """Whether a request may force a tool; some models answer that with an error, even the newest."""
    is_quick: bool
    """Whether it writes its answer at once, so that no thoughts count among its tokens."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """What to add to a request so that it thinks as little as it can."""

    @property
    def max_tokens(self) -> int:
        """The bound on an answer, with the thoughts where they count."""
        return MAX_ANSWER_TOKENS if self.is_quick else MAX_THOUGHTFUL_TOKENS


def manners_of(model: str, *, is_own: bool) -> Manners:
    """How to ask that model.

    Args:
        model: As Anthropic names it, or any name at a server that only speaks its API.
        is_own: Whether it is asked at Anthropic itself; a server like it may not know the newest parameters.
    """
    if _THINKS_BETWEEN.match(model):
        return Manners(False, is_quick=is_own, parameters={"thinking": {"type": "between_tools"}} if is_own else {})
    if _THINKS_ALWAYS.match(model):
        return Manners(False, is_quick=False, parameters={"output_config": {"effort": "low"}} if is_own else {})
    if _THINKS_UNLESS_TOLD.match(model):
        return Manners(True, is_quick=True, parameters={"thinking": {"type": "disabled"}})
    if _THINKS_WHEN_TOLD.match(model) or not model.startswith("claude-"):
        return Manners(True, is_quick=True)
    return Manners(False, is_quick=False)
