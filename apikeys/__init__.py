"""Keys of programs: made, checked, revoked; only a hash is kept."""
