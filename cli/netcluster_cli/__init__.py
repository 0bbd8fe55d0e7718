"""The command line of netcluster: one file a command; each parses, calls the library, and prints."""
