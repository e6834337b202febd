"""newsfold from Python: typed read functions, and DataFrames in two lines.

>>> from pipeline.api import open_newsfold
>>> frame = open_newsfold().coverage().pandas()

docs/python.md explains it, and docs/newsfold.ipynb shows it at work.
"""

from pipeline.api.reading import Newsfold, open_newsfold
from pipeline.api.table import Table

__all__ = ["Newsfold", "Table", "open_newsfold"]
