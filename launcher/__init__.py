"""Everything that starts things: `make run`, throwaway servers for tests, the checks."""
