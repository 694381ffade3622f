"""The web process: threads, because a request waits for the database more than it computes."""

import os

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 8
# Read the code once and fork, instead of once in each worker: half the start, and memory that is shared.
preload_app = True
# Longer than the pause between two clicks, so that a browser or a proxy keeps its connections.
keepalive = 30
# A request that runs when we are told to stop may end; what takes longer is cut off.
graceful_timeout = 10
# No access log: addresses carry phone numbers, in searches and in look-ups. `--access-logfile -` turns it on.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "info")
# No remote control by a socket in somebody's home.
control_socket_disable = True
# Workers are not replaced after so many requests: that would hide a leak and break off open streams.
max_requests = 0
