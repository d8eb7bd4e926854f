"""The long proofs: `make soak` runs them, `make test` does not. Each has a short twin among the ordinary tests.

A module here marks its tests (`pytestmark = pytest.mark.soak`) and tells what it proved by `figures.tell`.
"""
