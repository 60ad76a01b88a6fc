"""10,000 messages from 500 chats at once, with duplicates, failing calls and killed processes: what is lost or doubled.

Usage, from the project's root:
    .venv/bin/python -m bench.telegram_flood [--updates 10000] [--chats 500] [--kill-every 20] [--minutes 60]

It starts throw-away servers and a Bot API server of the tests, two bots of which one stands by, a worker for notes,
two for messages, and the sweep. All messages are there at once; 5 % of the updates come twice, 2 % of the calls fail:
refused for a while, failed, or with an answer that is lost. About every so many seconds one of the processes, taken at
random, is killed and started again. In the end every note, task and message is looked at, and every call's moment.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from functools import partial
from pathlib import Path

from tests.fakes.telegram_server import TOKEN, TelegramServer
from tests.faults.flood import Outcome, Plan, make_people, run, start_programs
from tests.servers import throw_away_servers

LEASE_SECONDS = "15"
SWEEP_SECONDS = "5"
START_SECONDS = 60.0


def main() -> None:
    """Let it come, and say what came of it; exit code 1 when anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--updates", type=int, default=10_000)
    parser.add_argument("--chats", type=int, default=500)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--kill-every", type=float, default=20.0, help="seconds, on average")
    parser.add_argument("--minutes", type=float, default=60.0, help="what is not done then counts as lost")
    options = parser.parse_args()
    pauses = (options.kill_every * 0.5, options.kill_every * 1.5)
    plan = Plan(options.updates, options.chats, options.kills, pauses)
    with throw_away_servers(os.environ), tempfile.TemporaryDirectory() as folder:
        outcome = flood(plan, Path(folder), options.minutes * 60)
    report(plan, outcome)
    sys.exit(bool(outcome.problems))


def flood(plan: Plan, folder: Path, wait_seconds: float) -> Outcome:
    """One run on servers of its own."""
    os.environ["LOG_LEVEL"] = "ERROR"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    make_people(plan.chats)
    server = TelegramServer()
    server.start()
    variables = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE_URL": server.url,
        "VOICE_SUBMITS_PER_MINUTE": "10000",
        "FLOOD_LEASE_SECONDS": LEASE_SECONDS,
        "FLOOD_SWEEP_SECONDS": SWEEP_SECONDS,
    }
    programs = start_programs(folder / "log", {**os.environ, **variables})
    try:
        server.wait_until(lambda: bool(server.calls_of("getUpdates")), START_SECONDS)
        return run(server, programs, plan, wait_seconds=wait_seconds, tell=partial(print, flush=True))
    finally:
        programs.end()
        server.stop()
        connection.close()


def report(plan: Plan, outcome: Outcome) -> None:
    """The figures."""
    print(f"{plan.updates} notes from {plan.chats} chats, {outcome.repeated_updates} updates brought again")
    print(f"{outcome.seconds:.0f} s, {outcome.calls} calls, {outcome.failed_calls} of them failed or refused")
    print(f"killed: {', '.join(f'{name} {count}' for name, count in sorted(outcome.kills.items()))}")
    print(f"receipts seen {outcome.receipts}, delivery uncertain {outcome.uncertain}")
    print(f"most calls in any second {outcome.most_in_a_second}")
    for name in ("lost", "doubled", "disordered", "limits_broken"):
        found = getattr(outcome, name)
        print(f"{name}: {len(found)} {found[:3] or ''}")


if __name__ == "__main__":
    main()
