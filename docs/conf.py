"""How Sphinx builds the documentation: plain Markdown, no outside request."""

from __future__ import annotations

from netcluster import __version__

project = "netcluster"
author = "The netcluster developers"
release = __version__
extensions = ["myst_parser"]
exclude_patterns = ["_build"]
source_suffix = {".md": "markdown"}
html_theme = "furo"
html_title = f"netcluster {release}"
html_copy_source = False
html_show_sphinx = False
myst_heading_anchors = 3
myst_enable_extensions = ["deflist"]
suppress_warnings = ["myst.strikethrough"]
