"""A log file that several processes write and any one of them may rotate."""

import fcntl
import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path


class SharedFileHandler(RotatingFileHandler):
    """Rotates by size under a lock (``<file>.lock``) that all processes of this machine share.

    Without it two processes would rotate at once, and a third would go on writing into an old file.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line, and rotate first where it would not fit."""
        try:
            with Path(f"{self.baseFilename}.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._follow()
                super().emit(record)
        except OSError:  # no disk, no right: the line is on stderr too
            self.handleError(record)

    def _follow(self) -> None:
        """Open the file anew where another process has rotated it."""
        if self.stream is None:
            return
        mine = os.fstat(self.stream.fileno())
        try:
            there = Path(self.baseFilename).stat()
        except FileNotFoundError:
            there = None
        if there is None or (there.st_dev, there.st_ino) != (mine.st_dev, mine.st_ino):
            self.stream.close()
            self.stream = self._open()
