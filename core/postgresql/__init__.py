"""PostgreSQL as Django speaks to it, with a pool that hands out no connection that was lost meanwhile."""
