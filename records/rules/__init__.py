"""What holds without a database: how a text is sealed, and the statuses of a treatment."""
