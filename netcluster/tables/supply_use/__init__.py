"""Supply and use tables: found, read from their parts, and made symmetric."""
