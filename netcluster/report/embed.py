"""Bokeh figures as one block of JSON, and Bokeh's own script, both inside the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def figures_json(plots: Mapping[str, Any]) -> str:
    """Return the figures as JSON, by the id of the element each is drawn in.

    Bokeh numbers its models through the life of a process; here they are numbered in order of appearance, so
    that the same figures give the same bytes. No `<` is left in it: a label can't end the script it stands in.
    """
    from bokeh.core.types import ID
    from bokeh.embed import json_item

    items = [_numbered(json_item(plot, ID(target)), f"{target}-") for target, plot in plots.items()]
    text = json.dumps(items, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text


def bokeh_script() -> str:
    """Return Bokeh's core script, without widgets, tables or WebGL."""
    from bokeh.resources import Resources

    script: str = Resources(mode="inline", components=["bokeh"], minified=True).js_raw[0]
    return script.replace("</script", "<\\/script")


def _numbered(item: Any, prefix: str) -> Any:
    """Return a figure's JSON with the ids of its models numbered in order of appearance."""
    names: dict[str, str] = {}

    def name(old: str) -> str:
        return names.setdefault(old, f"{prefix}{len(names) + 1}")

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: name(entry) if key in ("id", "root_id") and isinstance(entry, str) else walk(entry)
                for key, entry in value.items()
            }
        return [walk(entry) for entry in value] if isinstance(value, (list, tuple)) else value

    return walk(item)
