"""`python -m pipeline`: the `newsfold` command, for where no script was installed."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
