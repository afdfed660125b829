// The page comes to life: the picture, its controls and keys. Without any of it the page is whole.
function wide() { return byId("plot").clientWidth; }

function start(data) {
  const layout = layOut(data), painter = new Painter(data, layout), plot = byId("plot");
  byId("drawing").hidden = false;
  const [low, high] = data.range;
  const margin = () => (wide() < 640 ? 8 : 170);
  const u = new uPlot({
    width: wide(), height: layout.height + AXIS + 6, ms: 1, legend: { show: false }, padding: [0, 14, 6, margin()],
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false, dist: 5 } },
    scales: { x: { time: false }, y: { range: [0, 1] } },
    series: [{}, { points: { show: false }, paths: () => null }],
    axes: [
      {
        side: 0, size: AXIS, gap: 4, font: "12px system-ui, sans-serif",
        stroke: () => painter.ink.dim, grid: { stroke: () => painter.ink.line, width: 1 }, ticks: { stroke: () => painter.ink.line, width: 1 },
        splits: (self, n, from, to) => ticks(data.zone, from, to, Math.max(2, self.bbox.width / (devicePixelRatio || 1) / 110)),
        values: (self, at) => labels(data.zone, at),
      },
      { show: false },
    ],
    hooks: { draw: [(self) => painter.paint(self)], setSelect: [(self) => zoomTo(self.posToVal(self.select.left, "x"), self.posToVal(self.select.left + self.select.width, "x"), true)] },
  }, [[low, high], [null, null]], plot);
  const view = () => [u.scales.x.min, u.scales.x.max];

  function zoomTo(from, to, clear) {
    if (clear) u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    const whole = high - low, length = Math.min(whole, Math.max(to - from, 5));
    const begin = Math.min(Math.max(from, low), high - length);
    u.setScale("x", { min: begin, max: begin + length });
  }

  function zoom(factor, at) {
    const [from, to] = view(), middle = at ?? (from + to) / 2;
    zoomTo(middle - (middle - from) * factor, middle + (to - middle) * factor);
  }

  function move(part) {
    const [from, to] = view();
    zoomTo(from + (to - from) * part, to + (to - from) * part);
  }

  function choose(n) {
    painter.chosen = n;
    const item = data.items[n], at = first(item, data), [from, to] = view();
    tellItem(item);
    if (at < from || at > to) zoomTo(at - (to - from) / 2, at + (to - from) / 2);
    u.redraw(false);
  }

  function next(step) {
    const order = data.items.map((_, n) => n).filter((n) => !data.items[n].gone && data.items[n].kind !== "up");
    order.sort((a, b) => first(data.items[a], data) - first(data.items[b], data) || a - b);
    if (!order.length) return;
    const place = order.indexOf(painter.chosen);
    choose(order[place < 0 ? (step > 0 ? 0 : order.length - 1) : Math.min(order.length - 1, Math.max(0, place + step))]);
  }

  function showSpan() {
    const chosen = data.spans.find(([n]) => String(n) === byId("span").value);
    if (!chosen) return zoomTo(low, high);
    const pad = Math.max(60000, (chosen[2] - chosen[1]) * 0.08);
    return zoomTo(chosen[1] - pad, chosen[2] + pad);
  }

  const keys = {
    "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), "0": () => { byId("span").value = ""; showSpan(); },
    ArrowRight: (e) => (e.shiftKey ? move(0.25) : next(1)), ArrowLeft: (e) => (e.shiftKey ? move(-0.25) : next(-1)),
    ArrowDown: () => next(1), ArrowUp: () => next(-1),
    Enter: () => { if (painter.chosen >= 0) byId("chosen").querySelector("a")?.click(); },
  };
  plot.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || !(e.key in keys)) return;
    e.preventDefault();
    keys[e.key](e);
  });
  const place = (e) => { const box = plot.querySelector("canvas").getBoundingClientRect(); return [e.clientX - box.left, e.clientY - box.top]; };
  let pressed = 0;
  u.over.addEventListener("mousedown", (e) => { pressed = e.clientX; });
  u.over.addEventListener("click", (e) => {
    if (Math.abs(e.clientX - pressed) > 5) return;
    plot.focus({ preventScroll: true });
    const [x, y] = place(e), n = itemAt(painter, x, y), found = eventsAt(painter, x, y);
    if (n >= 0 && (data.items[n].kind !== "line" || !found.length)) choose(n);
    else if (found.length) tellEvents(data, painter.events, found);
  });
  u.over.addEventListener("dblclick", () => { byId("span").value = ""; showSpan(); });
  u.over.addEventListener("wheel", (e) => {
    // A wheel alone scrolls the page.
    if (!e.ctrlKey && !e.shiftKey) return;
    e.preventDefault();
    const by = e.deltaY || e.deltaX;
    if (e.shiftKey) move(by > 0 ? 0.1 : -0.1); else zoom(by > 0 ? 1.25 : 0.8, u.posToVal(place(e)[0] - painter.view.left, "x"));
  }, { passive: false });
  byId("move-in").onclick = () => zoom(0.5);
  byId("move-out").onclick = () => zoom(2);
  byId("move-left").onclick = () => move(-0.25);
  byId("move-right").onclick = () => move(0.25);
  byId("span").onchange = showSpan;

  const rows = [...document.querySelectorAll("#moments tbody tr")];
  const words = rows.map((r) => r.textContent.toLowerCase());
  async function filter() {
    const text = byId("find").value.trim().toLowerCase(), level = Number(byId("severity").value);
    const any = level >= SEVERITIES.length;
    // Boots and findings have no severity: they stay unless a text is looked for.
    for (const i of data.items) i.gone = (text && !`${i.title} ${i.host}`.toLowerCase().includes(text)) || (!any && i.severity > level);
    let n = 0;
    rows.forEach((r, k) => {
      r.hidden = (text && !words[k].includes(text)) || (!any && Number(r.dataset.severity ?? -1) > level);
      n += !r.hidden;
    });
    const columns = painter.events;
    if (columns) {
      n = 0;
      const texts = text ? await readTexts(columns) : null;
      for (let i = 0; i < columns.n; i++) {
        const on = (any || columns.severity[i] <= level) && (texts === null || texts[i].toLowerCase().includes(text));
        columns.shown[i] = on ? 1 : 0;
        n += on;
      }
    }
    if (painter.chosen >= 0 && data.items[painter.chosen].gone) painter.chosen = -1;
    byId("found").textContent = text || !any ? (n ? data.words.matches.replace("{n}", n) : data.words.no_match) : "";
    u.redraw(false);
  }
  let waiting = 0;
  byId("find").oninput = () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); };
  byId("severity").onchange = filter;

  const fresh = () => { painter.ink = palette(); u.redraw(false, true); };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", fresh);
  new ResizeObserver(() => {
    if (Math.abs(u.width - wide()) < 2 || !wide()) return;
    u.padding = [0, 14, 6, margin()].map((v) => () => v);
    u.setSize({ width: wide(), height: layout.height + AXIS + 6 });
  }).observe(plot);
  addEventListener("beforeprint", () => {
    document.documentElement.dataset.paper = "";
    for (const d of document.querySelectorAll("details")) { d.dataset.was = d.open ? "1" : ""; d.open = true; }
    fresh();
  });
  addEventListener("afterprint", () => {
    delete document.documentElement.dataset.paper;
    for (const d of document.querySelectorAll("details")) d.open = d.dataset.was === "1";
    fresh();
  });
  if (data.spans.length) byId("span").value = String(data.spans[0][0]);
  showSpan();
  if (data.left_out) byId("found").textContent = data.words.left_out.replace("{n}", data.left_out);

  if (data.events) {
    const ready = (columns) => { painter.events = columns; u.redraw(false); plot.dataset.events = columns.n; };
    readEvents(data.events, data.sources.length).then(ready, () => { byId("found").textContent = data.words.packed; });
  }
  plot.dataset.ready = "1";
  plot.view = view; // for tests
}

// A line that a link leads to stays in sight, also inside a part that is folded.
addEventListener("hashchange", () => {
  const target = byId(decodeURIComponent(location.hash.slice(1)));
  target?.closest("details")?.setAttribute("open", "");
});

const source = byId("drawing-data");
if (source) start(JSON.parse(source.textContent));
