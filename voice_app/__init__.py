"""Audio to text to commands: the pipeline, its providers and the live protocol."""
