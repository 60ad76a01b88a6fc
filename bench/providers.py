"""Chains of engines over labelled utterances, against local servers that speak OpenAI's and Anthropic's formats.

    python -m bench.providers --data FILE... [--limit 300] [--think 0.3] [--timeout 2]

Shows latency, cost, who answered and what failed, with all calls well and with one in ten failing (429, 500, 529, a
reset, and one that hangs until the time-out, in turn). The model behind the servers is a script that answers what our
own engine understands, in words that were said: that its accuracy is near the local engine's says nothing about a real
model, for which there is ``manage.py evaluate``. Tokens are estimated at four characters each, on the real requests and
prices. Starts and stops a Redis-protocol server of its own for the breakers.
"""

from __future__ import annotations

import argparse
import os
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fakes.anthropic_server import KEY as ANTHROPIC_KEY
from tests.fakes.openai_server import KEY as OPENAI_KEY
from tests.fakes.scripted_model import ScriptedAnthropic, ScriptedOpenAI
from tests.servers import throw_away_servers

if TYPE_CHECKING:
    from voice_app.evaluation.cases import Case
    from voice_app.providers.attempts import Attempt
    from voice_app.providers.base import Availability, Deadline, Understood
    from voice_app.types import Usage, Utterance

CHAINS = (("local",), ("openai",), ("claude",), ("langchain",), ("local", "openai", "claude", "local"))
ONE_IN_TEN = 10
_NO_DATABASE = "postgres://nobody@127.0.0.1:1/none"
"""Nothing here asks one."""


@dataclass(frozen=True)
class Chain:
    """Engines in a row, as one engine."""

    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """As the table names it."""
        return ",".join(self.names)

    def availability(self) -> Availability:
        """That of its first engine, which is on here."""
        from voice_app.providers.registry import language_engines

        return language_engines(self.names)[0].availability()

    def understand(self, utterance: Utterance, *, deadline: Deadline) -> Understood:
        """The first good answer; its usage is that of all who were asked."""
        from voice_app.asking.routing import understand
        from voice_app.providers.registry import language_engines

        attempts: list[Attempt] = []
        answer = understand(language_engines(self.names), utterance, deadline=deadline, record=attempts.append)
        return replace(answer, usage=_sum([attempt.usage for attempt in attempts]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="labelled utterances")
    parser.add_argument("--limit", type=int, default=300, help="so many of them, evenly spread")
    parser.add_argument("--think", type=float, default=0.3, help="seconds for which the scripted model thinks")
    parser.add_argument("--timeout", type=float, default=2.0, help="seconds for one call")
    options = parser.parse_args()
    with ExitStack() as stack:
        os.environ["DATABASE_URL"] = _NO_DATABASE
        os.environ.pop("REDIS_URL", None)
        stack.enter_context(throw_away_servers(os.environ))
        servers = (stack.enter_context(ScriptedOpenAI()), stack.enter_context(ScriptedAnthropic()))
        _point_at(*servers, timeout=options.timeout)
        import django

        django.setup()
        from voice_app.evaluation.cases import read_cases, spread

        cases = spread(read_cases(options.data), options.limit)
        for server in servers:
            server.think_seconds = options.think
        print(f"{len(cases)} utterances; the scripted model thinks {options.think} s; its accuracy is not a model's")
        for fails_each in (0, ONE_IN_TEN):
            for server in servers:
                server.fails_each = fails_each
            print(f"\n{'one call in ten fails' if fails_each else 'no call fails'}")
            print("\n".join(_table(cases)), flush=True)
        problems = {problem for server in servers for problem in server.problems}
        print("\nrefused requests:", ", ".join(sorted(problems)) or "none")


def _point_at(openai: ScriptedOpenAI, anthropic: ScriptedAnthropic, *, timeout: float) -> None:
    """The settings of somebody whose providers are these servers."""
    os.environ.update(
        OPENAI_API_KEY=OPENAI_KEY,
        OPENAI_BASE_URL=openai.base_url,
        ANTHROPIC_API_KEY=ANTHROPIC_KEY,
        ANTHROPIC_BASE_URL=anthropic.url,
        LANGCHAIN_API_KEY=OPENAI_KEY,
        LANGCHAIN_BASE_URL=openai.base_url,
        PROVIDER_TIMEOUT_SECONDS=str(timeout),
        LOG_LEVEL="ERROR",
    )


def _table(cases: list[Case]) -> list[str]:
    from django.conf import settings

    from voice_app.evaluation.results import Results
    from voice_app.evaluation.running import ask_each
    from voice_app.evaluation.table import HEADINGS, figures_of, lines_of, row_of
    from voice_app.providers.base import Deadline
    from voice_app.providers.breaker import Breaker
    from voice_app.providers.registry import Kind, model_name, warm_up
    from voicebot.errors import AppError

    warm_up()
    rows = []
    for names in CHAINS:
        chain, results = Chain(names), Results()
        for name in names:
            Breaker(f"{Kind.LANGUAGE}:{name}").close()
        contender = (chain.name, model_name(Kind.LANGUAGE, names[0]))
        seconds = settings.VOICE_UNDERSTAND_SECONDS
        with suppress(AppError):  # it loads what is loaded at first use, and may be one of those that fail
            chain.understand(cases[0].utterance, deadline=Deadline.after(seconds))
        day = Deadline.after(86_400.0)
        ask_each(chain, contender, cases, results, seconds=seconds, deadline=day, progress=lambda _done, _of: None)
        figures = figures_of(results.of(contender).values())
        shares = ", ".join(f"{name} {100 * n / len(cases):.1f}%" for name, n in figures.answered_by.items())
        rows.append((*row_of(*contender, figures), shares))
    return lines_of((*HEADINGS, "answered by"), rows)


def _sum(usages: list[Usage]) -> Usage:
    from voice_app.types import Usage

    return Usage(
        input_tokens=sum(usage.input_tokens for usage in usages),
        cached_tokens=sum(usage.cached_tokens for usage in usages),
        output_tokens=sum(usage.output_tokens for usage in usages),
        cost_usd=sum(usage.cost_usd for usage in usages),
    )


if __name__ == "__main__":
    main()
