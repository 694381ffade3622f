"""Hours, time off and holidays edited in one place, with the appointments that a change would hit."""
