"""Builds the statistical model from files of labelled utterances; nothing here runs while people are served."""
