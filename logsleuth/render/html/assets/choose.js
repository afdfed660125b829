// What was chosen is told below the picture, as text: nothing of a log is ever taken for markup.
function node(name, text, more) {
  const out = document.createElement(name);
  if (text) out.textContent = text;
  return Object.assign(out, more);
}

function links(refs) {
  const out = node("p");
  refs.forEach(([said, id], n) => {
    if (n) out.append(", ");
    out.append(node("a", said, { href: `#${id}` }));
  });
  return out;
}

function tellItem(item) {
  const title = item.kind === "line" ? node("code", item.title) : node("b", item.title);
  const head = node("p");
  head.append(title);
  byId("chosen").replaceChildren(head, node("p", item.when, { className: "when" }), links(item.refs));
}

const MOST_TOLD = 50;

async function tellEvents(data, columns, found) {
  const texts = await readTexts(columns);
  const list = node("ol");
  for (const i of found.slice(0, MOST_TOLD)) {
    const line = node("li");
    const where = `${data.events.files[columns.file[i]]}:${columns.line[i]}`;
    line.append(node("span", `${instant(data.zone, columns.time[i])} ${where} (${SEVERITIES[columns.severity[i]]}) `, { className: "refs" }));
    line.append(node("code", texts[i]));
    list.append(line);
  }
  const said = data.words.chosen_events.replace("{n}", found.length);
  const out = [node("p", said), list];
  if (found.length > MOST_TOLD) out.push(node("p", data.words.more_here.replace("{n}", found.length - MOST_TOLD)));
  byId("chosen").replaceChildren(...out);
}

// What lies under a point: a band or finding, else the entries of the lane within some pixels, else its nearest line.
function itemAt(painter, px, py) {
  const { view, data } = painter, t = (p) => view.from + ((p - view.left) / view.width) * (view.to - view.from);
  const y = py - view.top, reach = t(px + 5) - t(px);
  let best = -1, near = Infinity;
  data.items.forEach((i, n) => {
    if (i.gone || y < i.y || y >= i.y + i.h) return;
    const away = Math.max(0, first(i, data) - t(px), t(px) - last(i, data));
    // Of several in one place the shortest: the others can be met beside it.
    if (away <= reach && (away < near || (away === near && best >= 0 && span(i, data) < span(data.items[best], data)))) { best = n; near = away; }
  });
  return best;
}

const span = (i, data) => last(i, data) - first(i, data);

function eventsAt(painter, px, py) {
  const { view, layout, events } = painter;
  const row = layout.rows.find((r) => r.kind === "source" && py - view.top >= r.y && py - view.top < r.y + r.h);
  if (!events || !row) return [];
  const own = events.places[row.lane], out = [];
  const t = (p) => view.from + ((p - view.left) / view.width) * (view.to - view.from);
  for (let k = lowerBound(own, events.time, t(px - 3)); k < own.length && events.time[own[k]] <= t(px + 3); k++) {
    if (events.shown[own[k]]) out.push(own[k]);
  }
  return out;
}
