"""Fuzzing: bytes that nobody thought of, against everything that reads what others wrote (`make fuzz`)."""
