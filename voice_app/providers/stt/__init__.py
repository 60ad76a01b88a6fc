"""Engines that turn sound into text.

``local`` picks among those that run here: ``whisper`` and ``moonshine``, whose files ``weights`` finds and
checks; ``vad`` tells where somebody speaks. ``catalogue`` lists models that can be had as well, ``fetch`` brings
them with ``download``, and ``fetched`` finds those that came.
"""
