"""What happens, told by HTTP to addresses that people choose; docs/webhooks.md tells receivers of it."""
