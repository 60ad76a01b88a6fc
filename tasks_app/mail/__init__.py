"""Mail to people: written as rows, sent from there once, and switched off by a link in each."""
