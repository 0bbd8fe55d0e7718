"""Long tables, one observation a row: which kind a header is, and how its rows become a table."""
