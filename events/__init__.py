"""What happened: one row for each change, the audit trail and the outbox at once."""
