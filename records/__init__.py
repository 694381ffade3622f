"""Medical records and treatments, sealed at rest, every read of them logged."""
