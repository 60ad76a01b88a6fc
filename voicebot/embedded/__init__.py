"""PostgreSQL and Valkey from their wheels, for a machine that has neither.

One process owns the servers of a data folder at a time: ``make run``, or a command that runs alone. Others
find them through ``servers.json``.
"""
