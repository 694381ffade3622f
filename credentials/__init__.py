"""Who calls: a key or an access token, looked at in one place for every door."""
