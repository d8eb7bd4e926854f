#!/usr/bin/env bash
# Installs what the tests of the metrics are held against: the extra `parity`, and TrackEval without its dependencies,
# which would bring a second OpenCV.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
if command -v uv >/dev/null 2>&1; then
    install=(uv pip install --quiet --python "$python")
else
    install=("$python" -m pip install --quiet --no-input --disable-pip-version-check)
fi
"${install[@]}" --editable '.[dev,parity]'
"${install[@]}" --no-deps 'trackeval==1.3.0'
