"""Writers of exchange formats, one a module: each streams, and writes the same bytes for the same network."""
