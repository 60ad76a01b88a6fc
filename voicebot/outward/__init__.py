"""Requests to addresses that people type: they reach the internet, and nothing of this network."""
