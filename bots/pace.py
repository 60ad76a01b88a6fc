"""Keeps to the platform's limits, across all processes: overall, in a chat, and in a group.

The times live in the Redis-protocol server and go by its clock. A chat that finds the whole bot busy is
given a place in the line, so that a busy chat cannot starve the others. Who comes late to their place waits for the
next free moment: after a stall, many would else come at once.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

import structlog
from django.conf import settings
from redis.exceptions import RedisError

from voicebot.redis import redis_client

if TYPE_CHECKING:
    from redis.commands.core import Script

log = structlog.get_logger(__name__)

Kind: TypeAlias = Literal["send", "edit"]

OVERALL_INTERVAL_MS = 36
"""Between two calls of all processes: under 30 a second, with room for what is slow on its way."""
PLACE_INTERVAL_MS = 37
"""Between two places in the line; a little more, so that those who come late catch up."""
CHAT_INTERVAL_MS = 1050
"""Under one new message a second in a chat, and one edit."""
GROUP_CALLS, GROUP_WINDOW_MS = 20, 61_000
"""At most so many calls, new messages and edits together, in any such time in one group."""

_RESERVE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function at(key) return tonumber(redis.call('GET', key) or '0') end
local function keep(key, moment) redis.call('SET', key, moment, 'PX', math.max(1, moment - now) + 5000) end
local line, chat, held, place, last, group = unpack(KEYS)
local place_ms, chat_ms, call_ms, group_calls, group_ms = unpack(ARGV)
local free = math.max(at(held), at(chat))
if group then
  free = math.max(free, (redis.call('LINDEX', group, group_calls - 1) or -group_ms) + group_ms)
end
if free > now then return free - now end
local mine = at(place)
if mine == 0 then
  mine = math.max(now, at(line))
  keep(line, mine + place_ms)
  keep(place, mine)
end
mine = math.max(mine, at(last) + call_ms)
if mine > now then return mine - now end
redis.call('DEL', place)
keep(last, now)
keep(chat, now + chat_ms)
if group then
  redis.call('LPUSH', group, now)
  redis.call('LTRIM', group, 0, group_calls - 1)
  redis.call('PEXPIRE', group, group_ms)
end
return 0
"""


def reserve(chat_id: int, kind: Kind) -> float:
    """Ask for leave to make one call for a chat now.

    Returns:
        0 when it may be made; else in how many seconds to ask again. When the server that keeps the times is
        down the call may be made: the platform itself says when it is too much.
    """
    names = ["line", f"{kind}:{chat_id}", f"held:{chat_id}", f"place:{chat_id}:{kind}", "last"]
    if is_group(chat_id):
        names.append(f"group:{chat_id}")
    intervals = [PLACE_INTERVAL_MS, CHAT_INTERVAL_MS, OVERALL_INTERVAL_MS, GROUP_CALLS, GROUP_WINDOW_MS]
    try:
        wait_ms = int(_script()(keys=[_key(name) for name in names], args=intervals))
    except RedisError:
        log.warning("pace_unreachable")
        return 0.0
    return wait_ms / 1000


def is_group(chat_id: int) -> bool:
    """Whether it is a group or a channel: people's own chats have positive numbers."""
    return chat_id < 0


def hold_back(chat_id: int, seconds: float) -> None:
    """Send nothing to a chat for so long, as the platform asked."""
    _keep_free(f"held:{chat_id}", int(seconds * 1000))


def note_answered(chat_id: int) -> None:
    """Count the second until a chat's next new message from now: the last one may have been long on its way."""
    _keep_free(f"send:{chat_id}", CHAT_INTERVAL_MS)


def _keep_free(name: str, milliseconds: int) -> None:
    try:
        seconds, microseconds = redis_client().time()
        redis_client().set(_key(name), seconds * 1000 + microseconds // 1000 + milliseconds, px=milliseconds + 1000)
    except RedisError:
        log.warning("pace_unreachable")


def book_visit(chat_id: int, seconds: float) -> bool:
    """Whether the caller shall have the chat looked at again after so many seconds; False when that is arranged."""
    hidden_ms = max(1, int(seconds * 1000) - 20)
    try:
        return bool(redis_client().set(_key(f"visit:{chat_id}"), 1, px=hidden_ms, nx=True))
    except RedisError:
        return True


@cache
def _script() -> Script:
    return redis_client().register_script(_RESERVE)


def _key(name: str) -> str:
    return f"{settings.REDIS_KEY_PREFIX}:telegram:{name}"
