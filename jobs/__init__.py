"""What is due, in which hospital and when: one durable queue in the database for all hospitals."""
