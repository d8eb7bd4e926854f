#!/bin/sh
# Make .venv and install the project into it (editable, with what the tests need), by uv when it is there, else by
# venv and pip. `make setup` runs this when pyproject.toml changed. PYTHON=... chooses the interpreter.
# What is missing is said in one line; the exit code is then 2.
set -eu
cd "$(dirname "$0")/.."
venv=.venv
stamp=$venv/.installed

announce() {
    echo "setup: installing into $venv with $1 (the first time takes a minute or two)" >&2
}

fail() {
    echo "setup: $1" >&2
    exit 2
}

# A name on PATH may be a shim for a version that is not installed, so a candidate counts only when it runs.
new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

version_of() {
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        new_enough "$PYTHON" || fail "PYTHON=$PYTHON is not a Python 3.11 or newer"
        echo "$PYTHON"
        return
    fi
    for candidate in python3.13 python3.12 python3.11 python3; do
        if new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
}

with_uv() {
    # Without an interpreter on PATH, uv fetches one.
    uv venv --quiet --allow-existing --python "${1:-3.13}" "$venv" &&
        uv pip install --quiet --python "$venv/bin/python" --editable '.[dev]'
}

has_pip() {
    new_enough "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1
}

with_pip() {
    # --clear heals a half-made environment and one whose interpreter is gone.
    has_pip || "$1" -m venv --clear "$venv" || fail "$1 -m venv failed (its message stands above)"
    "$venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --editable '.[dev]' ||
        fail "pip could not install the dependencies (its message stands above)"
}

python=$(find_python)
if command -v uv >/dev/null 2>&1; then
    announce uv
    if with_uv "$python"; then
        touch "$stamp"
        exit 0
    fi
    echo "setup: uv could not; trying venv and pip" >&2
fi
if [ -z "$python" ]; then
    found=$(version_of python3) || found=none
    fail "needs Python 3.11 or newer, found ${found:-none} (Debian 12 or later: apt install python3 python3-venv)"
fi
"$python" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
    fail "$python has no venv module (Debian: apt install python$(version_of "$python")-venv)"
announce pip
with_pip "$python"
touch "$stamp"
