#!/bin/sh
# Runs bootstrap.py with the first Python that there is; PYTHON names another one.
if [ -z "$PYTHON" ] && .venv/bin/python launcher/bootstrap.py --is-current 2>/dev/null; then
    exit 0
fi
for python in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
    # The first that runs, not the first that exists: version managers leave stand-ins on the PATH.
    if "$python" -c '' >/dev/null 2>&1; then
        exec "$python" launcher/bootstrap.py
    fi
done
echo "NadMor needs Python 3.11 or newer: install it, or name it: make run PYTHON=/path/to/python3" >&2
exit 1
