"""Medical records and treatments on the wire."""
