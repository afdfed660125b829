// Lanes and what lies on them, on the canvas that uPlot keeps: at most a bar for each pixel and lane.
const HOST = 22, BAND = 16, ROW = 19, LANE = 26, AXIS = 44;

// Rows of the picture: for each host its name, boots, findings, then its sources.
function layOut(data) {
  const rows = [];
  const hosts = [...new Set([...data.items.map((i) => i.host), ...data.sources.map((s) => s[0])])];
  let y = 4;
  const row = (kind, height, more) => { rows.push({ kind, y, h: height, ...more }); y += height; };
  for (const host of hosts) {
    row("host", HOST, { label: host || "-" });
    const own = data.items.filter((i) => i.host === host);
    const bands = own.filter((i) => i.kind === "up" || i.kind === "down");
    if (bands.length) { for (const i of bands) i.y = y; row("boots", BAND, {}); }
    const ends = [];
    const gap = (data.range[1] - data.range[0]) / 200;
    for (const i of own.filter((x) => x.kind === "finding").sort((a, b) => first(a, data) - first(b, data))) {
      let n = ends.findIndex((end) => end < first(i, data));
      if (n < 0) n = ends.length < 12 ? ends.length : 11;
      ends[n] = last(i, data) + gap;
      i.y = y + n * ROW;
    }
    if (ends.length) row("findings", ends.length * ROW, {});
    data.sources.forEach(([of, stream], lane) => {
      if (of !== host) return;
      for (const i of data.items) if (i.lane === lane) i.y = y;
      row("source", LANE, { label: stream, lane });
    });
    y += 6;
  }
  for (const i of data.items) i.h = { up: BAND, down: BAND, finding: ROW, line: LANE }[i.kind];
  return { rows, height: y };
}

const first = (i, data) => i.at[0] ?? i.at[1] ?? data.range[0];
const last = (i, data) => i.at[3] ?? i.at[2] ?? (i.kind === "finding" ? first(i, data) : data.range[1]);

function palette() {
  const style = getComputedStyle(document.documentElement);
  const names = [
    "ground", "raised", "line", "ink", "dim", "up", "down", "down-clean", "finding", "root", "tick", "worst", "warn",
    "plain", "focus",
  ];
  return Object.fromEntries(names.map((n) => [n, style.getPropertyValue(`--${n}`).trim()]));
}

class Painter {
  constructor(data, layout) {
    Object.assign(this, { data, layout, events: null, chosen: -1, ink: palette() });
  }

  paint(u) {
    const c = u.ctx, r = devicePixelRatio || 1, box = u.bbox;
    const [from, to] = [u.scales.x.min, u.scales.x.max];
    const left = box.left / r, width = box.width / r, top = box.top / r;
    this.view = { from, to, left, width, top };
    const x = (t) => left + ((Math.min(Math.max(t, from - (to - from)), to + (to - from)) - from) / (to - from)) * width;
    c.save();
    c.scale(r, r);
    c.font = "12px system-ui, sans-serif";
    c.textBaseline = "middle";
    for (const row of this.layout.rows) this.lane(c, row, left, width, top);
    c.save();
    c.beginPath();
    c.rect(left, top, width, this.layout.height);
    c.clip();
    if (this.events) for (const row of this.layout.rows) if (row.kind === "source") this.density(c, row, x, top);
    // An outage lies over the lives that it parts.
    for (const i of this.data.items) if (!i.gone && i.kind === "up") this.item(c, i, x, top);
    for (const i of this.data.items) if (!i.gone && i.kind !== "up") this.item(c, i, x, top);
    for (const i of this.data.items) if (!i.gone && i.kind === "finding") this.name(c, i, x, top);
    for (const [a, b] of this.data.links) this.link(c, this.data.items[a], this.data.items[b], x, top);
    if (this.chosen >= 0) this.ring(c, this.data.items[this.chosen], x, top);
    c.restore();
    for (const row of this.layout.rows) if (row.label) this.label(c, row, left, top);
    c.restore();
  }

  lane(c, row, left, width, top) {
    if (row.kind !== "source") return;
    c.strokeStyle = this.ink.line;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(left, top + row.y + row.h - 0.5);
    c.lineTo(left + width, top + row.y + row.h - 0.5);
    c.stroke();
  }

  label(c, row, left, top) {
    const host = row.kind === "host";
    c.font = host ? "600 13px system-ui, sans-serif" : "11px system-ui, sans-serif";
    let said = row.label;
    const y = top + row.y + row.h / 2;
    if (host || left < 100) {
      c.fillStyle = this.ink.ground;
      c.globalAlpha = 0.75;
      c.fillRect(host ? 4 : left + 2, y - 8, c.measureText(said).width + 6, 16);
      c.globalAlpha = 1;
    } else {
      while (said.length > 4 && c.measureText(said).width > left - 14) said = `\u2026${said.slice(2)}`;
    }
    c.fillStyle = host ? this.ink.ink : this.ink.dim;
    c.textAlign = host || left < 100 ? "left" : "right";
    c.fillText(said, host ? 6 : left < 100 ? left + 4 : left - 8, y);
  }

  density(c, row, x, top) {
    const { time, severity, places, shown } = this.events, { from, to, left, width } = this.view;
    const own = places[row.lane];
    if (!own || !own.length) return;
    const columns = Math.ceil(width), count = new Uint32Array(columns + 1), bad = new Uint32Array(columns + 1);
    const warn = new Uint32Array(columns + 1), scale = width / (to - from);
    for (let k = lowerBound(own, time, from); k < own.length && time[own[k]] <= to; k++) {
      const i = own[k];
      if (!shown[i]) continue;
      const at = ((time[i] - from) * scale) | 0;
      count[at]++;
      if (severity[i] <= 3) bad[at]++; else if (severity[i] === 4) warn[at]++;
    }
    let most = 1;
    for (const n of count) if (n > most) most = n;
    const base = top + row.y + row.h - 1, room = row.h - 5, unit = Math.log1p(most);
    // One path for each colour, and neighbours of one height as one bar.
    const draw = (color, tally) => {
      c.fillStyle = color;
      c.beginPath();
      for (let p = 0, start = 0, height = 0; p <= columns + 1; p++) {
        const n = p <= columns ? tally(p) : 0;
        const h = n ? Math.max(3, Math.round((Math.log1p(n) / unit) * room)) : 0;
        if (h === height) continue;
        if (height) c.rect(left + start, base - height, p - start, height);
        start = p;
        height = h;
      }
      c.fill();
    };
    draw(this.ink.plain, (p) => count[p]);
    draw(this.ink.warn, (p) => (warn[p] ? warn[p] + bad[p] : 0));
    draw(this.ink.worst, (p) => bad[p]);
  }

  item(c, i, x, top) {
    const y = top + i.y;
    const [a, b, d, e] = [x(first(i, this.data)), x(i.at[1] ?? i.at[0] ?? this.data.range[0]), x(i.at[2] ?? this.data.range[1]), x(last(i, this.data))];
    if (i.kind === "line") {
      c.fillStyle = i.severity <= 3 ? this.ink.worst : this.ink.tick;
      c.fillRect(a - 1, y + 3, 2, i.h - 6);
      return;
    }
    const band = i.kind !== "finding";
    c.fillStyle = i.kind === "up" ? this.ink.up : i.kind === "down" ? this.ink[i.how === "clean" ? "down-clean" : "down"] : this.ink[i.root ? "root" : "finding"];
    const h = band ? i.h - 3 : 13, at = y + (i.h - h) / 2;
    c.globalAlpha = 0.3;
    c.fillRect(a, at, Math.max(2, e - a), h);
    c.globalAlpha = 1;
    // What is certain, whatever the bounds: from the latest start to the earliest end.
    if (!band) {
      c.fillRect(a, at, 4, h);
      if (d > b) c.fillRect(b, at + h - 2, d - b, 2);
      return;
    }
    if (d > b) c.fillRect(b, at, d - b, h);
    if (i.kind === "down") {
      // However short it is, it is seen; its bounds are outlined.
      if (e - a < 4) c.fillRect(a - 1, at - 1, 4, h + 2);
      c.strokeStyle = c.fillStyle;
      c.lineWidth = 1;
      c.strokeRect(a + 0.5, at + 0.5, Math.max(1, e - a - 1), h - 1);
    }
  }

  // A finding's title beside its start, up to where the next one in its row begins; before it where that is too near.
  name(c, i, x, top) {
    const a = Math.max(x(first(i, this.data)), this.view.left - 4), e = x(last(i, this.data));
    if (e < this.view.left || a > this.view.left + this.view.width) return;
    let room = this.view.left + this.view.width - a - 8, before = a - this.view.left - 8;
    c.font = "11px system-ui, sans-serif";
    for (const o of this.data.items) {
      if (o.kind !== "finding" || o.y !== i.y || o.gone || o === i) continue;
      const at = x(first(o, this.data));
      if (at >= a) room = Math.min(room, at - a - 12);
      else before = Math.min(before, a - Math.max(at, this.view.left) - c.measureText(o.title).width - 20);
    }
    c.textAlign = "left";
    c.fillStyle = this.ink.ink;
    let said = i.title;
    const width = c.measureText(said).width;
    if (width > room && width <= before) {
      c.textAlign = "right";
      c.fillText(said, a - 14, top + i.y + i.h / 2 + 0.5);
      return;
    }
    if (room < 40) return;
    if (width > room) {
      said = said.slice(0, Math.floor((said.length * room) / width) - 1);
      if (said.length < 6) return;
      said += "\u2026";
    }
    c.fillText(said, a + 8, top + i.y + i.h / 2 + 0.5);
  }

  link(c, cause, effect, x, top) {
    if (cause.gone || effect.gone) return;
    const x0 = x(first(cause, this.data)) + 2, x1 = x(first(effect, this.data)) + 1;
    const y0 = top + cause.y + cause.h / 2, y1 = top + effect.y + effect.h / 2;
    c.strokeStyle = c.fillStyle = this.ink.ink;
    c.lineWidth = 1.3;
    c.globalAlpha = 0.75;
    c.beginPath();
    const bend = Math.min(26, Math.max(10, Math.abs(y1 - y0) / 2));
    c.moveTo(x0, y0);
    c.bezierCurveTo(x0 - bend, y0, x1 - bend, y1, x1 - 3, y1);
    c.stroke();
    c.beginPath();
    c.moveTo(x1, y1);
    c.lineTo(x1 - 7, y1 - 4);
    c.lineTo(x1 - 7, y1 + 4);
    c.fill();
    c.globalAlpha = 1;
  }

  ring(c, i, x, top) {
    const a = x(first(i, this.data)), e = Math.max(a + 4, x(last(i, this.data)));
    c.strokeStyle = this.ink.focus;
    c.lineWidth = 2.5;
    c.strokeRect(a - 4, top + i.y + 0.5, e - a + 8, i.h - 1);
  }
}
