// Times as the report's zone has them; its steps come with the page, the browser need not know the zone.
const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const STEPS = [
  1, 10, 100, SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE,
  30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY,
];
const MONTHS = [1, 3, 6, 12, 24, 60, 120];

function offsetAt(zone, t) {
  let offset = zone[0][1];
  for (const [from, value] of zone) if (from <= t) offset = value; else break;
  return offset;
}

function ticks(zone, from, to, most) {
  const step = STEPS.find((s) => (to - from) / s <= most);
  const out = [];
  if (step !== undefined) {
    // Rounded in local time, so that days begin at midnight there.
    let t = from;
    while (t <= to && out.length < 200) {
      const offset = offsetAt(zone, t);
      const next = Math.ceil((t + offset) / step) * step - offset;
      if (next > to) break;
      if (next >= from && next !== out[out.length - 1]) out.push(next);
      t = next + Math.max(1, step / 2);
    }
    return out;
  }
  const months = MONTHS.find((m) => (to - from) / (m * 30 * DAY) <= most) || MONTHS[MONTHS.length - 1];
  const first = new Date(from + offsetAt(zone, from));
  let month = first.getUTCFullYear() * 12 + first.getUTCMonth();
  month = Math.ceil(month / months) * months;
  for (; out.length < 200; month += months) {
    const local = Date.UTC(Math.floor(month / 12), month % 12, 1);
    const t = local - offsetAt(zone, local);
    if (t > to) break;
    if (t >= from) out.push(t);
  }
  return out;
}

const two = (n) => String(n).padStart(2, "0");

function dateOf(zone, t) {
  const d = new Date(t + offsetAt(zone, t));
  return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`;
}

function timeOf(zone, t, fine) {
  const d = new Date(t + offsetAt(zone, t));
  const clock = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
  if (fine >= MINUTE) return clock;
  const seconds = `${clock}:${two(d.getUTCSeconds())}`;
  return fine >= SECOND ? seconds : `${seconds}.${String(d.getUTCMilliseconds()).padStart(3, "0")}`;
}

const instant = (zone, t) => `${dateOf(zone, t)} ${timeOf(zone, t, SECOND)}`;

// The date stands below the first tick, and wherever it is another than before.
function labels(zone, at) {
  const fine = at.length > 1 ? at[1] - at[0] : HOUR;
  let last = "";
  return at.map((t) => {
    const date = dateOf(zone, t);
    if (fine >= DAY * 0.9) return date;
    const said = date === last ? timeOf(zone, t, fine) : `${timeOf(zone, t, fine)}\n${date}`;
    last = date;
    return said;
  });
}
