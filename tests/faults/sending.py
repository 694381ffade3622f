"""`python -m tests.faults.sending`: a worker of the lanes that send notices, and of nothing else.

One process for each place of Telegram's lane; the events that sending writes are left to the platform's own
workers, so that what is measured is the sending.
"""

import time

import django

django.setup()

from jobs.worker import run_due  # noqa: E402  -- Django first

if __name__ == "__main__":
    while True:
        if not run_due("telegram") + run_due("notices"):
            time.sleep(0.1)
