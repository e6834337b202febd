"""Where work runs: in this process, in a pool of processes on this machine, or on a Dask cluster."""
