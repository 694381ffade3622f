"""How the rooms are joined: settings, addresses, entry points."""
