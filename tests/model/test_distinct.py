"""The different values of an array."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tui_editor.model.distinct import distinct


@given(st.lists(st.integers(-5, 5)))
def test_each_value_is_there_once_and_in_order(values: list[int]) -> None:
    assert distinct(np.array(values, np.int64)).tolist() == sorted(set(values))


def test_masked_arrays_are_not_loaded() -> None:
    code = "import sys, numpy as np; from tui_editor.model.distinct import distinct; distinct(np.arange(3)); "

    found = subprocess.run([sys.executable, "-c", code + "sys.exit('numpy.ma' in sys.modules)"], check=False)  # our own

    assert found.returncode == 0
