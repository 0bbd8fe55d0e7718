"""`python -m netcluster_cli` does what the `netcluster` script does."""

from netcluster_cli.main import main

main()
