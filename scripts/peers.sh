#!/usr/bin/env bash
# Installs datumaro into build/datumaro, where `make bench` looks for it: it brings an OpenCV of its own, and a NumPy.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ ! -x build/datumaro/bin/python ]; then
    "${PYTHON:-python3}" -m venv build/datumaro
fi
build/datumaro/bin/python -m pip install --quiet --no-input --disable-pip-version-check 'datumaro>=1.10'
build/datumaro/bin/python -c 'import datumaro; print("datumaro", datumaro.__version__)'
