"""What a hospital pays for: plans, subscriptions and what they limit."""
