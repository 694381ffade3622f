"""People, places and clients that tests share."""
