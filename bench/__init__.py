"""Measurements against the peers; `python -m bench` runs them."""
