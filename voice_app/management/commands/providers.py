"""A table of every engine, whether each that is on answers, and more models for hearing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from voice_app.asking.spending import Whose, list_budgets, spent_usd
from voice_app.operation.model_fetching import print_or_fetch
from voice_app.operation.provider_check import check_provider
from voice_app.operation.provider_status import ProviderStatus, look_at_providers
from voice_app.providers.breaker import BreakerState
from voice_app.providers.registry import LOCAL, Kind, speech_parts
from voicebot.parts import check_database

TITLES = {Kind.SPEECH: "Hearing", Kind.LANGUAGE: "Understanding"}
ROW = "  {:<10} {:<4} {:<22} {:<18} {:>7} {:>7} {:>7} {:>6} {:>10}"
HEAD = ROW.format("", "", "model", "breaker", "p50", "p95", "answers", "errors", "USD today")
UNDER_NAME = " " * 13


class Command(BaseCommand):
    """``manage.py providers [--check]``, ``manage.py providers fetch [NAME] [--accept-licence]``."""

    help = "Every engine: on or off and why, model, breaker, seconds and errors of the last 24 hours, cost today."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument(
            "--check", action="store_true", help="send one tiny request to each that is on; exit code 1 when one fails"
        )
        actions = parser.add_subparsers(dest="action", metavar="fetch")
        fetch = actions.add_parser("fetch", help="fetch a speech model, or list those that there are")
        fetch.add_argument("name", nargs="?", help="as the list names it")
        fetch.add_argument("--accept-licence", action="store_true", help="agree to one that does not allow every use")

    def handle(self, *_args: object, **options: Any) -> None:
        """Print the table.

        Raises:
            CommandError: When an engine that is on gives no answer to ``--check``, or a model cannot be fetched.
        """
        if options["action"] == "fetch":
            self.stdout.ending = ""  # a line that moves ends with nothing
            print_or_fetch(options["name"], self.stdout, is_licence_accepted=options["accept_licence"])
            return
        seen = look_at_providers(has_database=check_database().ok)
        for kind, title in TITLES.items():
            self.stdout.write(f"{title:<17}{HEAD[17:]}")
            for provider in (provider for provider in seen.providers if provider.kind is kind):
                self._print_row(provider, has_numbers=seen.has_numbers)
        if seen.has_numbers:
            self._print_budgets()
        else:
            self.stdout.write("The database does not answer: no times, errors and costs.")
        if options["check"]:
            self._check([provider for provider in seen.providers if provider.is_on])

    def _print_row(self, provider: ProviderStatus, *, has_numbers: bool) -> None:
        numbers = provider.numbers
        times = (_seconds(numbers.median_seconds), _seconds(numbers.slow_seconds), numbers.answers, numbers.errors)
        cells = (*times, f"{numbers.cost_today_usd:.4f}") if has_numbers else ("-",) * 5
        state = "on" if provider.is_on else "off"
        row = ROW.format(provider.name, state, provider.model or "-", _breaker(provider), *cells)
        self.stdout.write(row if provider.is_on else self.style.WARNING(row))
        if provider.off_reason:
            self.stdout.write(f"{UNDER_NAME}{provider.off_reason}")
        if (provider.kind, provider.name) == (Kind.SPEECH, LOCAL):
            for part in speech_parts():
                self.stdout.write(f"{UNDER_NAME}{part.name}, {'on' if part.on else 'off'}: {part.reason}")

    def _print_budgets(self) -> None:
        budgets = list_budgets()
        for budget in budgets:
            whose = "each person" if budget.whose is Whose.USER else "all"
            spent = "" if budget.whose is Whose.USER else f", {spent_usd(budget):.4f} of it spent"
            self.stdout.write(f"Budget for {whose} for a {budget.period}: {budget.limit_usd:.2f} USD{spent}")
        if not budgets:
            self.stdout.write("No budget is set.")

    def _check(self, providers: list[ProviderStatus]) -> None:
        failed = []
        for provider in providers:
            outcome = check_provider(provider.kind, provider.name)
            mark = self.style.SUCCESS("ok  ") if outcome.ok else self.style.ERROR("FAIL")
            cost = f", {outcome.cost_usd:.6f} USD" if outcome.cost_usd else ""
            self.stdout.write(f"{mark} {provider.full_name:<14} {outcome.told} ({outcome.seconds:.2f} s{cost})")
            self.stdout.flush()
            failed += [] if outcome.ok else [provider.full_name]
        if failed:
            raise CommandError(f"No good answer from {', '.join(failed)}.", returncode=1)


def _seconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.2f} s"


def _breaker(provider: ProviderStatus) -> str:
    reading = provider.breaker
    if reading is None or reading.state is BreakerState.CLOSED:
        return "-" if reading is None else reading.state.value
    until = f" until {timezone.localtime(reading.until):%H:%M:%S}" if reading.until else ""
    return f"{reading.state}{until}"
