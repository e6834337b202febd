"""Runs docs/newsfold.ipynb as Jupyter does, on the seeds.

`python -m tests.docs.notebook` writes what its cells print now into it.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from pipeline.imports import import_seeds
from pipeline.settings import CHECKOUT, Settings
from pipeline.store.address import embedded_server
from pipeline.store.database import open_database

NOTEBOOK = CHECKOUT / "docs" / "newsfold.ipynb"

_SECONDS = 120  # a cell may take so long


def run_notebook(settings: Settings) -> Any:
    """Run every cell in order in a kernel of its own, on a database; return the notebook with its outputs.

    Raises:
        CellExecutionError: a cell raised an error.
    """
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NEWSFOLD_")}
    environment |= {"NEWSFOLD_HOME": str(settings.home), "DATABASE_URL": settings.database_url or ""}
    client = NotebookClient(
        notebook, timeout=_SECONDS, kernel_name="python3", record_timing=False,
        resources={"metadata": {"path": str(CHECKOUT)}},
    )  # fmt: skip
    manager = client.create_kernel_manager()
    with tempfile.TemporaryDirectory(prefix="newsfold-kernel-") as folder:
        # Sockets that only this user can open, in the place of ports that anybody on the machine can.
        manager.transport, manager.ip = "ipc", f"{folder}/kernel"
        return client.execute(env=environment)


def fill(settings: Settings) -> None:
    """Import the seeds, which the notebook is about."""
    engine = open_database(settings)
    import_seeds(engine, settings, CHECKOUT / "seeds")
    engine.dispose()


def said(notebook: Any) -> list[str]:
    """Return what each code cell shows, as text; what it prints may come in several pieces."""
    return [
        "".join(output.get("text") or output["data"]["text/plain"] for output in cell.outputs)
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def main() -> None:
    """Run the notebook on the seeds, and keep what it shows."""
    with tempfile.TemporaryDirectory(prefix="newsfold-notebook-") as home:
        settings = Settings(Path(home), None)
        try:
            fill(settings)
            notebook = run_notebook(settings)
        finally:
            embedded_server(settings).stop()
    nbformat.write(notebook, NOTEBOOK)


if __name__ == "__main__":
    main()
