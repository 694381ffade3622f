"""The calendar of the admin: its page, and the JSON that the page lives on."""
