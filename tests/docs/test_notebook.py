"""The notebook shows what newsfold says today."""

import nbformat
import pytest

from pipeline.settings import Settings
from tests.docs.notebook import NOTEBOOK, fill, run_notebook, said


@pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)
def test_every_cell_of_the_notebook_shows_what_is_kept_in_it(settings: Settings) -> None:
    """Where newsfold says something else by design, `python -m tests.docs.notebook` keeps that."""
    fill(settings)
    kept = said(nbformat.read(NOTEBOOK, as_version=4))
    assert sum(map(bool, kept)) > 10
    assert said(run_notebook(settings)) == kept
