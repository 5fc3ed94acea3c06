// Where things lie: as Python laid them out, or round one unit; and what part of it all is seen.
const RINGS = [8, 16, Infinity];
let rings = [];

// The partners of a unit by shared tasks, in rings; partners of one weight stay together where a ring has room.
function ringsOf(id) {
  const near = [...(view.neighbours.get(id) ?? [])].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
  const found = [];
  for (const weight of [...new Set(near.map(([, tasks]) => tasks))]) {
    const ids = near.filter(([, tasks]) => tasks === weight).map(([other]) => other);
    const last = found.at(-1);
    const room = RINGS[found.length - 1];
    if (last && last.ids.length + ids.length <= room) Object.assign(last, { ids: [...last.ids, ...ids], least: weight });
    else if (found.length < RINGS.length) found.push({ ids, least: weight });
    else Object.assign(last, { ids: [...last.ids, ...ids], least: weight });
  }
  return found;
}

// The chosen unit in the middle, its partners round it in the direction in which they lie on the whole map.
function egoPlaces() {
  const middle = nodeOf.get(state.unit);
  const direction = (id) => Math.atan2(nodeOf.get(id).y - middle.y, nodeOf.get(id).x - middle.x);
  const places = new Map([[state.unit, { x: 0, y: 0 }]]);
  let reach = outerRadius(view.units.get(state.unit)) + 40;
  // As wide as the map is, within bounds.
  const wide = Math.sqrt(Math.max(0.6, Math.min(1.6, $('#map').clientWidth / Math.max(1, $('#map').clientHeight))));
  rings = ringsOf(state.unit).map(({ ids, least }) => {
    reach = Math.max(reach + 120, ids.length * 17);
    const [rx, ry] = [reach * wide, reach / wide];
    const sorted = [...ids].sort((one, other) => direction(one) - direction(other));
    const spot = (at) => {
      const angle = direction(sorted[0]) + (2 * Math.PI * at) / sorted.length;
      return { x: Math.cos(angle) * rx, y: Math.sin(angle) * ry };
    };
    sorted.forEach((id, at) => places.set(id, spot(at)));
    return { least, rx, ry, told: spot(lowestGap(sorted.length, direction(sorted[0]))) };
  });
  return places;
}

// The middle of the gap between two partners that lies lowest: there the ring says what it is.
function lowestGap(count, first) {
  const depth = (at) => Math.sin(first + (2 * Math.PI * at) / count);
  return [...Array(count).keys()].map((at) => at + 0.5).sort((one, other) => depth(other) - depth(one))[0];
}

function currentPlaces() {
  rings = [];
  if (state.ego && view.shown.has(state.unit)) return egoPlaces();
  return new Map();
}

// What discs and labels take up when the picture has this scale.
function picturedBox(shown, places, scale) {
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const id of shown) {
    const { x, y } = places[id];
    const r = outerRadius(view.units.get(id)) + 4;
    const half = Math.max(r, (labelOf(id).length * LETTER) / 2 / scale);
    box.left = Math.min(box.left, x - half);
    box.right = Math.max(box.right, x + half);
    box.top = Math.min(box.top, y - r);
    box.bottom = Math.max(box.bottom, y + r + (LETTER * 1.5) / scale);
  }
  return shown.length ? box : { left: 0, right: 1, top: 0, bottom: 1 };
}

function fit() {
  const shown = [...view.shown];
  const places = network.getPositions(shown);
  const map = $('#map').getBoundingClientRect();
  if (!map.width) return;
  // vis would see a new size only later, and scale to it then.
  network.setSize('100%', '100%');
  // Labels keep their size on the screen, so what they take up hangs on the scale; twice is near enough.
  // On a narrow screen labels move in from the border instead.
  let [scale, box] = [map.width < 600 ? 1.6 : 0.8, null];
  for (let round = 0; round < 2; round += 1) {
    box = picturedBox(shown, places, map.width < 600 ? 1.6 : scale);
    scale = Math.min(1.6, (map.width - 24) / (box.right - box.left), (map.height - 24) / (box.bottom - box.top));
  }
  network.moveTo({ position: { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 }, scale, animation: false });
}
