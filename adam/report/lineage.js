"use strict";
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const data = JSON.parse(document.getElementById("data").textContent);
  const items = data.items.map(([id, owner, name, part, label, attributes, methods, reads], place) =>
    ({ id, owner, name, part, label, attributes, methods, reads, place, feeds: [] }));
  items.forEach((item) => item.reads.forEach((read) => items[read].feeds.push(item.place)));
  const places = new Map(items.map((item) => [item.id, item.place]));
  const entries = new Map();
  for (const entry of document.querySelectorAll("#list a")) {
    entries.set(entry.id, entry);
    entry.removeAttribute("id"); // so that the browser does not scroll to the entry; without the script it should
  }
  const datasets = new Set(data.datasets);
  const graph = document.getElementById("graph");
  const detail = document.getElementById("detail");
  const list = document.getElementById("list");
  const find = document.getElementById("find");
  const toggle = document.getElementById("toggle");
  const finder = list.parentElement;
  const narrow = matchMedia("(max-width: 48rem)");
  const state = { center: data.start, opened: new Set(), full: new Set() };

  /** An element with attributes and children; text is never markup. */
  function make(name, attributes, ...children) {
    const svg = ["svg", "g", "rect", "text", "path", "circle", "title", "a"].includes(name) && attributes && attributes.svg;
    const made = svg ? document.createElementNS(SVG, name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) if (key !== "svg") made.setAttribute(key, value);
    made.append(...children);
    return made;
  }
  const draw = (name, attributes, ...children) => make(name, { ...attributes, svg: true }, ...children);

  /** The levels around the chosen item: `side` is "reads" or "feeds", `depth` the levels that are shown without a click. */
  function levelsOf(side, depth, seen) {
    const levels = [];
    let level = [state.center];
    for (let number = 1; level.length; number += 1) {
      const next = [];
      for (const place of level) {
        const open = number <= depth ? !state.opened.has(`-${side}${place}`) : state.opened.has(`+${side}${place}`);
        if (!open) continue;
        for (const other of items[place][side]) if (!seen.has(other)) { seen.add(other); next.push(other); }
      }
      const size = narrow.matches ? 9 : 12;
      const whole = state.full.has(`${side}${number}`) || next.length <= size + 1;
      const shown = whole ? next : next.slice(0, size);
      if (next.length) levels.push({ shown, left: next.length - shown.length, key: `${side}${number}`, side });
      level = shown;
    }
    return levels;
  }

  /** Rows or columns of places, from the inputs to the variables that use them. */
  function layers() {
    const seen = new Set([state.center]);
    const above = levelsOf("reads", 2, seen).reverse();
    const below = levelsOf("feeds", 1, seen);
    return [...above, { shown: [state.center], left: 0, key: "", side: "" }, ...below];
  }

  function placed(all, width, height, gapX, gapY) {
    const where = new Map();
    if (!narrow.matches) {
      const tallest = Math.max(...all.map((layer) => layer.shown.length + (layer.left ? 1 : 0)));
      all.forEach((layer, column) => {
        const count = layer.shown.length + (layer.left ? 1 : 0);
        const top = 8 + ((tallest - count) * (height + gapY)) / 2;
        [...layer.shown, ...(layer.left ? [layer.key] : [])].forEach((place, row) =>
          where.set(place, { x: 12 + column * (width + gapX), y: top + row * (height + gapY), layer: column }));
      });
      return { where, width: 24 + all.length * (width + gapX) - gapX, height: 16 + tallest * (height + gapY) - gapY };
    }
    const columns = Math.max(1, Math.floor((graph.clientWidth - 16 + gapX) / (width + gapX)));
    let y = 14;
    all.forEach((layer, number) => {
      const cells = [...layer.shown, ...(layer.left ? [layer.key] : [])];
      cells.forEach((place, at) => {
        const across = Math.min(columns, cells.length - Math.floor(at / columns) * columns);
        const left = (graph.clientWidth - across * (width + gapX) + gapX) / 2;
        where.set(place, { x: left + (at % columns) * (width + gapX), y: y + Math.floor(at / columns) * (height + gapY), layer: number });
      });
      y += Math.ceil(cells.length / columns) * (height + gapY) + 22;
    });
    return { where, width: graph.clientWidth, height: y - 22 + 6 };
  }

  function edge(from, to, width, height) {
    if (narrow.matches) {
      const x1 = from.x + width / 2, x2 = to.x + width / 2, down = from.layer < to.layer;
      const y1 = from.y + (down ? height : 0), y2 = to.y + (down ? 0 : height), middle = (y1 + y2) / 2;
      return `M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}`;
    }
    const y1 = from.y + height / 2, y2 = to.y + height / 2;
    if (from.layer === to.layer) return `M${from.x} ${y1}C${from.x - 26} ${y1} ${to.x - 26} ${y2} ${to.x} ${y2}`;
    const right = from.layer < to.layer;
    const x1 = from.x + (right ? width : 0), x2 = to.x + (right ? 0 : width), middle = (x1 + x2) / 2;
    return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
  }

  function button(group, key, act) {
    const run = (event) => { event.preventDefault(); act(); show(key); };
    group.setAttribute("data-key", key);
    group.addEventListener("click", run);
    group.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") run(event); });
    return group;
  }

  function flip(set, key) {
    if (!set.delete(key)) set.add(key);
  }

  const depthOf = { reads: 2, feeds: 1 };
  /** The button that shows or hides what an item reads, or what uses it. */
  function expander(item, side, level, box, width, height) {
    const others = item[side].filter((other) => other !== state.center);
    if (!others.length) return null;
    const within = level < depthOf[side];
    const key = `${within ? "-" : "+"}${side}${item.place}`;
    const open = within ? !state.opened.has(key) : state.opened.has(key);
    const x = narrow.matches ? box.x + width - 7 : box.x + (side === "reads" ? 0 : width);
    const y = narrow.matches ? box.y + (side === "reads" ? 2 : height - 2) : box.y + height / 2;
    const name = `${open ? "Hide" : "Show"} ${side === "reads" ? "the inputs of" : "what uses"} ${item.owner}.${item.name} (${others.length})`;
    const group = draw("g", { class: "button", role: "button", tabindex: "0", "aria-label": name, "aria-expanded": String(open) },
      draw("title", {}, name), draw("circle", { cx: x, cy: y, r: 8 }), draw("text", { x, y: y + 4 }, open ? "−" : "+"));
    return button(group, key, () => flip(state.opened, key));
  }

  function fitted(text, width) {
    const size = Math.floor((width - 18) / 6.6);
    return text.length > size ? `${text.slice(0, size - 1)}…` : text;
  }

  function node(item, box, width, height) {
    const words = { temporary: "temporary", prepared: "prepared", read: "", records: "records", window: "window", variable: "" };
    const kind = `${datasets.has(item.owner) ? "dataset" : "domain"} ${item.part}${item.place === state.center ? " chosen" : ""}`;
    const title = item.name === item.part ? item.owner : item.name;
    const second = item.name === item.part ? item.part : [item.owner, words[item.part]].filter(Boolean).join(", ");
    return draw("a", { href: `#${item.id}`, class: kind, "data-key": item.id, ...(item.place === state.center ? { "aria-current": "true" } : {}) },
      draw("title", {}, `${item.owner}.${item.name}${item.label ? `: ${item.label}` : ""}`),
      draw("rect", { x: box.x, y: box.y, width, height, rx: 4 }),
      draw("text", { class: "name", x: box.x + 11, y: box.y + 16 }, fitted(title, width)),
      draw("text", { x: box.x + 11, y: box.y + 30 }, fitted(second, width)));
  }

  function picture() {
    const width = narrow.matches ? 106 : 150, height = 37;
    const all = layers();
    const layout = placed(all, width, height, narrow.matches ? 8 : 62, 10);
    const center = all.findIndex((layer) => layer.shown[0] === state.center && layer.key === "");
    const edges = [], nodes = [];
    for (const [place, box] of layout.where) {
      if (typeof place === "string") {
        const layer = all[box.layer];
        const more = draw("g", { class: "more", role: "button", tabindex: "0" },
          draw("rect", { x: box.x, y: box.y, width, height, rx: 4 }), draw("text", { x: box.x + 11, y: box.y + 23 }, `+ ${layer.left} more`));
        nodes.push(button(more, `full${place}`, () => flip(state.full, place)));
        continue;
      }
      const item = items[place];
      for (const read of item.reads) {
        const from = layout.where.get(read);
        const near = place === state.center || read === state.center;
        if (from) edges.push([near, draw("path", { d: edge(from, box, width, height), ...(near ? { class: "near" } : {}) })]);
      }
      nodes.push(node(item, box, width, height));
      const level = box.layer - center;
      if (level <= 0 && place !== state.center) nodes.push(expander(item, "reads", -level, box, width, height));
      if (level > 0) nodes.push(expander(item, "feeds", level, box, width, height));
    }
    edges.sort((one, other) => one[0] - other[0]);
    const size = { viewBox: `0 0 ${layout.width} ${layout.height}`, width: layout.width, height: layout.height };
    const svg = draw("svg", { ...size, role: "group", "aria-label": `Inputs and uses of ${items[state.center].owner}.${items[state.center].name}` },
      ...edges.map((each) => each[1]), ...nodes.filter(Boolean));
    graph.replaceChildren(svg);
    const box = layout.where.get(state.center);
    graph.scrollLeft = box.x + width / 2 - graph.clientWidth / 2;
    graph.scrollTop = box.y + height / 2 - graph.clientHeight / 2;
  }

  function links(heading, chosen) {
    if (!chosen.length) return [];
    const entries = chosen.map((place) => make("li", null, make("a", { href: `#${items[place].id}` }, `${items[place].owner}.${items[place].name}`)));
    return [make("h4", null, `${heading} (${chosen.length})`), make("ul", { class: "links" }, ...entries)];
  }

  function place(line) {
    const file = line.replace(/:\d+$/, "");
    return data.exported ? make("a", { class: "place", href: `../specs/${file.split("/").map(encodeURIComponent).join("/")}` }, line)
      : make("span", { class: "place" }, line);
  }

  function method([records, text, formula, line]) {
    const parts = [];
    if (records) parts.push(make("p", null, make("b", null, records)));
    if (text) parts.push(make("p", null, text));
    if (formula) parts.push(make("p", null, make("code", null, formula)));
    if (line) parts.push(make("p", { class: "quiet" }, place(line)));
    return make("div", { class: "method" }, ...parts);
  }

  function describe() {
    const item = items[state.center];
    const kinds = { variable: "", temporary: "Temporary variable, not in the file", prepared: "Prepared on the records of the domain",
      read: datasets.has(item.owner) ? "" : "As it is in the source data", records: "Records", window: "Analysis window" };
    const facts = [kinds[item.part], item.attributes].filter(Boolean).join(", ");
    const own = data.datasets.includes(item.owner);
    const line = make("p", { class: "quiet" }, facts);
    if (own) line.append(facts ? " · " : "", make("a", { href: `index.html#dataset-${encodeURIComponent(item.owner)}` }, `${item.owner} in the report`));
    if (own && data.documents && item.part === "variable") {
      line.append(" · ", make("a", { href: `../adam/define.html#IT.${encodeURIComponent(item.owner)}.${encodeURIComponent(item.name)}` }, "define.html"));
    }
    const many = item.methods.slice(6);
    const rest = many.length ? [make("details", null, make("summary", null, `${many.length} more methods`), ...many.map(method))] : [];
    detail.replaceChildren(
      make("h3", { tabindex: "-1" }, `${item.owner}.${item.name}`, " ", make("span", { class: "quiet" }, item.label)), line,
      ...(item.methods.length ? [make("h4", null, item.methods.length > 1 ? "Methods" : "Method")] : []),
      ...item.methods.slice(0, 6).map(method), ...rest, ...links("Made from", item.reads), ...links("Used by", item.feeds));
  }

  /** Draw the page; `key` is the part of the graph that has the focus afterwards. */
  function show(key) {
    picture();
    if (!key) return;
    const parts = [...graph.querySelectorAll("[data-key]")];
    (parts.find((each) => each.dataset.key === key) || parts.find((each) => each.dataset.key === items[state.center].id)).focus({ preventScroll: true });
  }

  function openList(open) {
    finder.classList.toggle("open", open);
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = open ? "Hide the list" : "Show the list";
  }

  function choose(focus) {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { /* a fragment that is no URL text selects nothing */ }
    const known = places.has(id);
    if (!known && focus) return;
    state.center = known ? places.get(id) : data.start;
    state.opened.clear();
    state.full.clear();
    const inGraph = graph.contains(document.activeElement);
    const inList = list.contains(document.activeElement);
    list.querySelectorAll("[aria-current]").forEach((each) => each.removeAttribute("aria-current"));
    const entry = entries.get(items[state.center].id);
    entry.setAttribute("aria-current", "true");
    describe();
    show(inGraph ? items[state.center].id : "");
    if (entry.offsetParent) list.scrollTop = Math.max(0, entry.offsetTop - list.clientHeight / 2);
    if (!focus && known) finder.parentElement.scrollIntoView();
    if (narrow.matches && known && focus) {
      openList(false);
      (inGraph ? graph : finder.nextElementSibling).scrollIntoView({ block: inGraph ? "nearest" : "start" });
    } else if (focus && !inGraph && !inList) {
      finder.nextElementSibling.scrollIntoView({ block: "nearest" });
    }
    document.title = `${items[state.center].owner}.${items[state.center].name}: lineage`;
  }

  function search() {
    const words = find.value.toUpperCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const group of list.children) {
      let any = false;
      for (const entry of group.querySelectorAll("li")) {
        const text = `${entry.firstElementChild.getAttribute("href")} ${entry.textContent}`.toUpperCase();
        entry.hidden = !words.every((word) => text.includes(word));
        if (!entry.hidden) { any = true; count += 1; }
      }
      group.hidden = !any;
    }
    document.getElementById("matches").textContent = words.length ? `${count} of ${items.length}` : `${items.length} variables and records`;
    if (words.length) openList(true);
  }

  find.addEventListener("input", search);
  find.addEventListener("keydown", (event) => {
    const first = list.querySelector("section:not([hidden]) li:not([hidden]) a");
    if (event.key === "Enter" && first) location.hash = first.getAttribute("href");
    if (event.key === "ArrowDown" && first) { event.preventDefault(); first.focus(); }
  });
  list.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const shown = [...list.querySelectorAll("section:not([hidden]) li:not([hidden]) a")];
    const next = shown[shown.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) { event.preventDefault(); next.focus(); }
  });
  toggle.addEventListener("click", () => openList(!finder.classList.contains("open")));
  addEventListener("hashchange", () => choose(true));
  let before = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== before) { before = innerWidth; picture(); } });
  if (items.length) { search(); choose(false); }
})();
