"""Chat platforms: they carry words in and receipts out, and hold no business rules."""
