// The report's own data, and the packed columns of entries.
const byId = (id) => document.getElementById(id);
const SEVERITIES = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];
const ALL = 1e9;

const bytesOf = (id) => Uint8Array.from(atob(byId(id).textContent), (c) => c.charCodeAt(0));

async function unpacked(id) {
  const stream = new Blob([bytesOf(id)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

// Columns of entries in the order of time, and for each lane the places of its own.
async function readEvents(events, lanes) {
  const n = events.count;
  const data = await unpacked("event-columns");
  const time = new Float64Array(data.slice(0, 8 * n));
  const line = new Uint32Array(data.slice(8 * n, 12 * n));
  const lane = new Uint16Array(data.slice(12 * n, 14 * n));
  const file = new Uint16Array(data.slice(14 * n, 16 * n));
  const severity = new Uint8Array(data.slice(16 * n, 17 * n));
  let now = events.first;
  for (let i = 0; i < n; i++) time[i] = now += time[i];
  const counts = new Uint32Array(lanes);
  for (let i = 0; i < n; i++) lane[i] = events.lanes[lane[i]];
  for (let i = 0; i < n; i++) if (lane[i] < lanes) counts[lane[i]]++;
  const places = Array.from(counts, (count) => new Uint32Array(count));
  counts.fill(0);
  for (let i = 0; i < n; i++) if (lane[i] < lanes) places[lane[i]][counts[lane[i]]++] = i;
  return { n, time, line, file, severity, places, shown: new Uint8Array(n).fill(1), texts: null };
}

async function readTexts(columns) {
  if (columns.texts === null) {
    columns.texts = new TextDecoder().decode(await unpacked("event-texts")).split("\n");
  }
  return columns.texts;
}

// The first place in places[] whose time is not below t.
function lowerBound(places, time, t) {
  let low = 0, high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (time[places[middle]] < t) low = middle + 1; else high = middle;
  }
  return low;
}
