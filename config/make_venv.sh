#!/bin/sh
# Makes .venv with a Python of 3.11 or newer, or says in a sentence what is missing. Called by the Makefile.
set -eu

if [ -z "${PYTHON:-}" ]; then
    echo "Python 3.11 or newer is needed, and none was found. Install one, or name it: make demo PYTHON=/path/to/python3.11" >&2
    exit 1
fi
if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Python 3.11 or newer is needed; $PYTHON is $("$PYTHON" --version 2>&1). Name another: make demo PYTHON=/path/to/python3.11" >&2
    exit 1
fi
if ! "$PYTHON" -m venv .venv >.venv-error 2>&1; then
    cat .venv-error >&2
    rm -f .venv-error
    echo "$PYTHON could not make the folder .venv. On Debian and Ubuntu: apt-get install python3-venv" >&2
    exit 1
fi
rm -f .venv-error
