"""Notifications of browsers (Web Push): rows, each encrypted for one browser, and sent from there once."""
