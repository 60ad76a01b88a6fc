"""Engines that turn sound into text.

``local`` picks among those that run here: ``whisper`` and ``moonshine``, whose files ``weights`` finds and
checks; ``vad`` tells where somebody speaks.
"""
