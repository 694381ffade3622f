"""The chat in the browser: `assets` hands out its files, the rest is HTML, CSS and JavaScript."""
