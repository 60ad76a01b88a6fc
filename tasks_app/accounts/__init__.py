"""People's accounts: how they come in, what they may set, and how they prove who they are."""

from tasks_app.accounts.owner import ensure_owner, remember_language

__all__ = ["ensure_owner", "remember_language"]
