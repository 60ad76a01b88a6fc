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
OVERALL_CALLS, OVERALL_WINDOW_MS = 28, 1030
"""At most so many in any such time, with those that keep to no interval since a person has just spoken."""
PLACE_INTERVAL_MS = 37
"""Between two places in the line; a little more, so that those who come late catch up."""
CHAT_INTERVAL_MS = 1050
"""Under one new message a second in a chat, and one edit."""
MARK_MS = 24 * 60 * 60 * 1000
"""Telegram brings an update for a day."""
GROUP_CALLS, GROUP_WINDOW_MS = 20, 61_000
"""At most so many calls, new messages and edits together, in any such time in one group."""

_RESERVE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function at(key) return tonumber(redis.call('GET', key) or '0') end
local function keep(key, moment) redis.call('SET', key, moment, 'PX', math.max(1, moment - now) + 5000) end
local line, chat, held, place, last, waits, calls, group = unpack(KEYS)
local place_ms, chat_ms, call_ms, most, most_ms, group_calls, group_ms = unpack(ARGV)
local free = math.max(at(held), at(chat))
if group then
  free = math.max(free, (redis.call('LINDEX', group, group_calls - 1) or -group_ms) + group_ms)
end
if free > now then
  keep(waits, free)
  return free - now
end
local mine = at(place)
if mine == 0 then
  mine = math.max(now, at(line))
  keep(line, mine + place_ms)
  keep(place, mine)
end
mine = math.max(mine, at(last) + call_ms, (redis.call('LINDEX', calls, most - 1) or -most_ms) + most_ms)
if mine > now then
  keep(waits, mine)
  return mine - now
end
redis.call('DEL', place, waits)
keep(last, now)
keep(chat, now + chat_ms)
redis.call('LPUSH', calls, now)
redis.call('LTRIM', calls, 0, most - 1)
redis.call('PEXPIRE', calls, most_ms)
if group then
  redis.call('LPUSH', group, now)
  redis.call('LTRIM', group, 0, group_calls - 1)
  redis.call('PEXPIRE', group, group_ms)
end
return 0
"""
_RESERVE_EARLY = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function at(key) return tonumber(redis.call('GET', key) or '0') end
local function keep(key, moment) redis.call('SET', key, moment, 'PX', math.max(1, moment - now) + 5000) end
local line, chat, held, last, waits, calls, mark = unpack(KEYS)
local place_ms, chat_ms, most, most_ms, mark_ms = unpack(ARGV)
local free = math.max(at(held), at(chat), (redis.call('LINDEX', calls, most - 1) or -most_ms) + most_ms)
local busy = free > now or at(line) > now + place_ms or redis.call('EXISTS', waits) == 1
if busy or not redis.call('SET', mark, 1, 'NX', 'PX', mark_ms) then return 0 end
keep(last, now)
keep(chat, now + chat_ms)
redis.call('LPUSH', calls, now)
redis.call('LTRIM', calls, 0, most - 1)
redis.call('PEXPIRE', calls, most_ms)
return 1
"""


def reserve(chat_id: int, kind: Kind) -> float:
    """Ask for leave to make one call for a chat now.

    Returns:
        0 when it may be made; else in how many seconds to ask again. When the server that keeps the times is
        down the call may be made: the platform itself says when it is too much.
    """
    of_chat = [f"{kind}:{chat_id}", f"held:{chat_id}", f"place:{chat_id}:{kind}"]
    names = ["line", *of_chat, "last", f"waits:{chat_id}:{kind}", "calls"]
    if is_group(chat_id):
        names.append(f"group:{chat_id}")
    intervals = [PLACE_INTERVAL_MS, CHAT_INTERVAL_MS, OVERALL_INTERVAL_MS, OVERALL_CALLS, OVERALL_WINDOW_MS]
    try:
        wait_ms = int(_script()(keys=[_key(name) for name in names], args=[*intervals, GROUP_CALLS, GROUP_WINDOW_MS]))
    except RedisError:
        log.warning("pace_unreachable")
        return 0.0
    return wait_ms / 1000


def reserve_early(bot_id: int, update_id: int, chat_id: int) -> bool:
    """Ask for leave to answer an update with a new message at once, before it is stored.

    Returns:
        True once for an update at most, and only when nothing waits, for this chat or for the whole bot; False also
        when the server that keeps the times is down.
    """
    names = [
        "line",
        f"send:{chat_id}",
        f"held:{chat_id}",
        "last",
        f"waits:{chat_id}:send",
        "calls",
        _mark(bot_id, update_id),
    ]
    try:
        keys = [_key(name) for name in names]
        limits = [PLACE_INTERVAL_MS, CHAT_INTERVAL_MS, OVERALL_CALLS, OVERALL_WINDOW_MS, MARK_MS]
        return bool(_early_script()(keys=keys, args=limits))
    except RedisError:
        return False


def was_early(bot_id: int, update_id: int) -> bool:
    """Whether such leave was given, lately, so that the message may be there."""
    try:
        return bool(redis_client().exists(_key(_mark(bot_id, update_id))))
    except RedisError:
        return False


def forget_early(bot_id: int, update_id: int) -> None:
    """The message was taken away again."""
    try:
        redis_client().delete(_key(_mark(bot_id, update_id)))
    except RedisError:
        log.warning("pace_unreachable")


def is_group(chat_id: int) -> bool:
    """Whether it is a group or a channel: people's own chats have positive numbers."""
    return chat_id < 0


def hold_back(chat_id: int, seconds: float) -> None:
    """Send nothing to a chat for so long, as the platform asked."""
    _keep_free(f"held:{chat_id}", int(seconds * 1000))


def note_answered(chat_id: int, kind: Kind) -> None:
    """Count the second until a chat's next call of a kind from now: the last one may have been long on its way."""
    _keep_free(f"{kind}:{chat_id}", CHAT_INTERVAL_MS)


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


def _mark(bot_id: int, update_id: int) -> str:
    return f"early:{bot_id}:{update_id}"


@cache
def _early_script() -> Script:
    return redis_client().register_script(_RESERVE_EARLY)


@cache
def _script() -> Script:
    return redis_client().register_script(_RESERVE)


def _key(name: str) -> str:
    return f"{settings.REDIS_KEY_PREFIX}:telegram:{name}"
