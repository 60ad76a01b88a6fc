"""What each kind of update causes. All of it runs inside the intake's transaction and calls no network."""
