"""What operators see of the engines and bring to them: status, trial calls, models."""
