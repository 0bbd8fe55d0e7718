"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id), root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  // Tables: sort by a heading, filter by what is typed, save what is shown.
  const value = (cell) => cell.dataset.v ?? cell.textContent;
  const amount = (cell) => parseFloat(value(cell).replaceAll(",", ""));
  const compare = (a, b, numeric, sign) => {
    if (!numeric) return sign * value(a).localeCompare(value(b), "en", { numeric: true });
    const [x, y] = [amount(a), amount(b)];
    return isNaN(x) || isNaN(y) ? isNaN(x) - isNaN(y) : sign * (x - y);
  };
  const sort = (table, head) => {
    const place = head.cellIndex, numeric = head.classList.contains("n");
    const before = head.getAttribute("aria-sort");
    const order = before ? (before === "ascending" ? "descending" : "ascending") : numeric ? "descending" : "ascending";
    all("th", table).forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", order);
    const body = table.tBodies[0], sign = order === "ascending" ? 1 : -1;
    body.append(...[...body.rows].sort((a, b) => compare(a.cells[place], b.cells[place], numeric, sign)));
  };
  const filter = (box, words) => {
    const rows = all("tbody tr", box), wanted = words.toLowerCase();
    rows.forEach((row) => { row.hidden = !row.textContent.toLowerCase().includes(wanted); });
    const left = rows.filter((row) => !row.hidden).length;
    box.querySelector(".count").textContent = wanted ? `${left} of ${rows.length} rows` : "";
  };
  const save = (box) => {
    const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const cell = (one) => quoted(value(one) === "–" ? "" : one.classList.contains("n") ? value(one).replaceAll(",", "") : value(one));
    const lines = [all("th", box).map((head) => quoted(head.dataset.key)).join(",")];
    all("tbody tr", box).filter((row) => !row.hidden).forEach((row) => lines.push([...row.cells].map(cell).join(",")));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([lines.join("\n") + "\n"], { type: "text/csv" }));
    link.download = box.dataset.first ? box.dataset.name.replace(/\.csv$/, `-first-${box.dataset.first}.csv`) : box.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  all(".table").forEach((box) => {
    const pressed = (event) => {
      const head = event.target.closest(".sort");
      if (!head || !(event.type === "click" || [" ", "Enter"].includes(event.key))) return;
      event.preventDefault();
      sort(box.querySelector("table"), head.closest("th"));
    };
    ["click", "keydown"].forEach((kind) => box.querySelector("thead").addEventListener(kind, pressed));
    box.querySelector(".filter")?.addEventListener("input", (event) => filter(box, event.target.value));
    box.querySelector(".save")?.addEventListener("click", () => save(box));
  });

  // Paper can't be unfolded: the methods are printed open.
  addEventListener("beforeprint", () => { byId("measures")?.setAttribute("open", ""); });

  // Figures: Bokeh draws them; their colours follow the page's.
  const holder = byId("figures");
  if (!holder) return;
  const ink = () => {
    const style = getComputedStyle(root);
    const [front, back] = ["--ink", "--paper"].map((name) => style.getPropertyValue(name).trim());
    Bokeh.documents.forEach((one) => one.roots().forEach((plot) => {
      for (const drawn of plot.renderers ?? []) {
        if (drawn.name === "ink") drawn.glyph.setv({ text_color: front, background_fill_color: back });
        if (drawn.name === "nodes") drawn.selection_glyph.setv({ line_color: front });
      }
    }));
    for (const view of Bokeh.index.roots) view.request_repaint?.();
  };
  const choose = () => {
    const marks = Bokeh.documents.flatMap((one) => one.roots()).flatMap((one) => one.renderers ?? []);
    const [points, links] = ["nodes", "links"].map((name) => marks.find((drawn) => drawn.name === name).data_source);
    const words = byId("find").value.trim().toLowerCase(), cluster = byId("cluster")?.value ?? "";
    const { label, node } = points.data;
    const within = (k) => !cluster || String(points.data.cluster[k]) === cluster;
    const named = (k) => !words || `${label[k]} ${node[k]}`.toLowerCase().includes(words);
    const hits = [...label.keys()].filter((k) => within(k) && named(k));
    const kept = new Set(hits), { s, t } = links.data, asked = words || cluster;
    points.selected.indices = asked ? hits : [];
    const touching = (k) => (words ? kept.has(s[k]) || kept.has(t[k]) : kept.has(s[k]) && kept.has(t[k]));
    links.selected.indices = asked ? [...s.keys()].filter(touching) : [];
    const first = hits.slice(0, 3).map((k) => `${label[k]}: buys from ${points.data.suppliers[k] || "nobody"}; sells to ${points.data.buyers[k] || "nobody"}`);
    byId("found").textContent = !asked ? "" : hits.length ? `${hits.length} found. ${words ? first.join(" · ") : ""}` : "None found.";
  };
  const draw = async () => {
    for (const item of JSON.parse(holder.textContent)) {
      await Bokeh.embed.embed_item(item);
      if (dark.matches) ink();
      root.dataset.drawn ??= Math.round(performance.now());
      await new Promise((next) => setTimeout(next));
    }
    root.dataset.complete = "";
  };
  byId("find")?.addEventListener("input", choose);
  byId("cluster")?.addEventListener("change", choose);
  dark.addEventListener("change", ink);
  addEventListener("beforeprint", () => { root.dataset.print = ""; ink(); });
  addEventListener("afterprint", () => { delete root.dataset.print; ink(); });
  draw();
})();
