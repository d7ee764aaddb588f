#!/bin/sh
# Makes .venv, which holds the pinned tools that check, build and test the project. It is made with the first
# Python 3.10 or newer that really runs: a version manager may leave stand-ins on PATH that lead nowhere.
set -eu
cd "$(dirname "$0")/.."

find_python() {
  for name in python3.13 python3.12 python3.11 python3.10 python3; do
    # Split at colons only: folders may have spaces.
    saved_ifs=$IFS
    IFS=:
    for folder in $PATH "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/*/bin; do
      IFS=$saved_ifs
      if "$folder/$name" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
        echo "$folder/$name"
        return
      fi
    done
    IFS=$saved_ifs
  done
}

python=$(find_python)
if [ -z "$python" ]; then
  echo "Spinetail's tools need Python 3.10 or newer with the modules venv and ensurepip, and none was found:" \
    "install one (Debian, Ubuntu: apt-get install python3-venv)." >&2
  exit 1
fi
"$python" -m venv --clear .venv
.venv/bin/python -m pip install -q --disable-pip-version-check \
  -r requirements/dev.txt -c requirements/constraints.txt
