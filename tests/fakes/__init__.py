"""Servers of our own that speak other people's protocols over real sockets."""
