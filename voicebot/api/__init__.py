"""What every part of the REST API shares: one way to describe, take in, page, guard and answer.

A view is an :class:`voicebot.api.base.ApiView` whose methods carry :func:`voicebot.api.operations.operation`.
"""
