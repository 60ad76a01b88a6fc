"""Measures engines on labelled utterances; nothing here touches what people said or runs while they are served."""
