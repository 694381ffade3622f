"""What a request costs, beside the same work done by bare psycopg, measured in one run."""
