"""The one way in which the launcher gives up."""


class LauncherError(Exception):
    """What stands in the way, as the one line that the user reads: no traceback, no password in it."""
