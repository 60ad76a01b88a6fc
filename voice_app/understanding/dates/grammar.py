"""Rules over classes of items, applied in stages.

A rule is a row of classes and a function: ``@rule("day", "ordinal month year?")``. Within a stage the longest match at
each place wins, then the rule written first; its function gives the senses of the merged item, or None to refuse.
Soft items (articles, commas) may stand between two classes. All patterns of a stage share one trie, so the work at a
place depends on what is said there, not on the number of rules.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from voice_app.understanding.dates.tokens import Item

if TYPE_CHECKING:
    from voice_app.understanding.dates.context import Context
    from voice_app.understanding.dates.lexicon import Senses

Action: TypeAlias = "Callable[..., Senses | None]"
MAX_SKIPS = 3
MAX_MATCHES = 24
"""Bounds on the work at one place of a text."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One expanded pattern: which captured value goes to which argument."""

    order: int
    action: Action
    places: tuple[int, ...]
    """Index of each matched class in the pattern as written; left-out optional ones are passed as None."""
    width: int


@dataclass(slots=True)
class TrieNode:
    """A prefix of patterns."""

    next: dict[str, TrieNode] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)


class Stage:
    """A set of rules applied together, from left to right."""

    def __init__(self, name: str) -> None:
        """An empty stage."""
        self.name = name
        self.root = TrieNode()
        self._count = 0

    def rule(self, *patterns: str) -> Callable[[Action], Action]:
        """Register a function for one or more patterns: ``class``, ``class|class``, ``class?``."""

        def register(action: Action) -> Action:
            for pattern in patterns:
                self._add(pattern.split(), action)
            return action

        return register

    def _add(self, elements: list[str], action: Action) -> None:
        choices: list[list[str | None]] = []
        for element in elements:
            names: list[str | None] = list(element.rstrip("?").split("|"))
            choices.append([*names, None] if element.endswith("?") else names)
        for chosen in itertools.product(*choices):
            node, places = self.root, []
            for place, name in enumerate(chosen):
                if name is not None:
                    node = node.next.setdefault(name, TrieNode())
                    places.append(place)
            node.rules.append(Rule(self._count, action, tuple(places), len(elements)))
        self._count += 1

    def starts_nothing(self, classes: Iterable[str]) -> bool:
        """Whether no pattern of this stage begins with any of the classes."""
        return self.root.next.keys().isdisjoint(classes)

    def apply(self, items: list[Item], context: Context, present: set[str]) -> list[Item]:
        """The items after all merges of this stage; a merged item may start another merge.

        Args:
            items: What was said.
            context: In which it was said.
            present: Every class that any item has; those that come from merges are added.
        """
        at, last = 0, len(items)
        following = self.root.next
        starts_nothing = following.keys().isdisjoint
        while at < last and context.budget > 0:
            senses = items[at].senses
            promising = senses and not starts_nothing(senses) and _may_match(items, at, following)
            if promising and self._merge(items, at, context):
                present.update(items[at].senses)
                last = len(items)
            else:
                at += 1
        return items

    def _merge(self, items: list[Item], at: int, context: Context) -> bool:
        matches: list[Match] = []
        context.budget -= _collect(items, at, self.root, (), matches)
        if not matches:
            return False
        matches.sort(key=lambda match: (-match[1][-1][0], match[0].order))
        for rule, found in matches:
            arguments: list[Any] = [None] * rule.width
            for place, (_, value, _name) in zip(rule.places, found, strict=True):
                arguments[place] = value
            after = found[-1][0] + 1
            context.look(items, at, after, found)
            senses = rule.action(context, *arguments)
            if senses is None:
                continue
            first = items[at]
            if len(found) == 1:
                if first.renamed_in == self.name:
                    continue
                kept = {name: value for name, value in first.senses.items() if name in KEEP and "repeat" not in senses}
                senses = kept | senses
                if senses == first.senses:
                    continue
            weak = first.is_weak and len(found) == 1
            items[at:after] = [Item(first.start, items[after - 1].end, senses, is_word=True, is_weak=weak)]
            items[at].renamed_in = self.name if len(found) == 1 else ""
            return True
        return False


Match: TypeAlias = tuple[Rule, tuple[tuple[int, Any, str], ...]]
"""A rule, and for each item that it matched the index, the value and the class."""
KEEP = frozenset({"ordinal", "weekday", "month", "unit", "dom"})
"""Senses of a single item that stay when a rule renames it."""


def _may_match(items: list[Item], at: int, following: dict[str, TrieNode]) -> bool:
    """Whether a pattern of one class begins at an item, or one of more that the next item may continue."""
    after = items[at + 1] if at + 1 < len(items) else None
    for name in items[at].senses:
        child = following.get(name)
        if child is None:
            continue
        if child.rules:
            return True
        if after is not None and (after.is_soft or not child.next.keys().isdisjoint(after.senses)):
            return True
    return False


def _may_go_on(items: list[Item], at: int, node: TrieNode) -> bool:
    """Whether the next item continues a pattern, or may be stepped over: spares most looks that find nothing."""
    if at >= len(items):
        return False
    item = items[at]
    return item.is_soft or not node.next.keys().isdisjoint(item.senses)


def _collect(
    items: list[Item],
    at: int,
    node: TrieNode,
    found: tuple[tuple[int, Any, str], ...],
    matches: list[Match],
) -> int:
    """Add every rule that matches from here on, and tell how many items were looked at.

    The item at ``at`` is the first one of the rest of the pattern.
    """
    here, skips, looked, following = at, 0, 0, node.next
    leads_nowhere = following.keys().isdisjoint
    while here < len(items) and len(matches) < MAX_MATCHES:
        item = items[here]
        looked += 1
        senses = item.senses
        for name in senses if senses and not leads_nowhere(senses) else ():
            child = following.get(name)
            if child is not None:
                step = (*found, (here, senses[name], name))
                matches.extend([(rule, step) for rule in child.rules])
                if child.next and _may_go_on(items, here + 1, child):
                    looked += _collect(items, here + 1, child, step, matches)
        if not (item.is_soft and found and skips < MAX_SKIPS):
            break
        skips += 1
        here += 1
    return looked
