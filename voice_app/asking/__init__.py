"""Asking engines on one person's terms: who is asked, in what order, for how much, and what needs no second asking."""
