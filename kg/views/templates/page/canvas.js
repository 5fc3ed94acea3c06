// The picture: vis-network draws what pyvis gave it; shapes, labels and colours are ours.
const HEAT = {
  light: ['#FFF3CF', '#FDD283', '#F59A3C', '#D65A10', '#862A04'],
  dark: ['#5c4a2c', '#8d6526', '#c78420', '#f2a93d', '#ffdf9a'],
};
const GROUPS = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00', '#7F7F7F'];
const INKS = {
  light: { ink: '#1b2330', paper: '#ffffff', link: '70,90,115', lead: '#0b5cad', share: '#b9c4d0' },
  dark: { ink: '#e8edf3', paper: '#12171e', link: '150,170,190', lead: '#6cb2ff', share: '#5a6673' },
};
const FONT = '"Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';
const LETTER = 12.5;
let nodes = null;
let edges = null;
let network = null;

const ink = () => INKS[state.theme];
const radius = (unit) => 6 + 4.2 * Math.sqrt(unit.tasks.length);

function loadClass(relations) {
  const at = PAGE.classes.findIndex((bound) => relations <= bound);
  return at < 0 ? PAGE.classes.length : at;
}

// Which colour a community has; the last is for all that have none of their own.
function groupOf(id) {
  const { community } = nodeOf.get(id);
  return community < 0 ? GROUPS.length - 1 : Math.min(community, GROUPS.length - 1);
}

function fill(unit) {
  return state.colour === 'load' ? HEAT[state.theme][loadClass(unit.relations)] : GROUPS[groupOf(unit.id)];
}

// 3 chosen, 2 near or nothing in the picture chosen, 0 in the background.
function nearness(id) {
  if (!view.chosen.length) return 2;
  if (view.chosen.includes(id)) return 3;
  return view.neighbours.get(state.unit)?.has(id) ? 2 : 0;
}

// Corners of a shape of radius one; none for a disc.
function cornersOf(mark) {
  if (mark === 'square') return [[-0.86, -0.86], [0.86, -0.86], [0.86, 0.86], [-0.86, 0.86]];
  if (mark === 'diamond') return [[0, -1], [1, 0], [0, 1], [-1, 0]];
  if (mark === 'triangle') return [[0, -1], [0.9, 0.7], [-0.9, 0.7]];
  return [];
}

function outline(context, mark, x, y, r) {
  const corners = cornersOf(mark);
  context.beginPath();
  for (const [dx, dy] of corners) context.lineTo(x + dx * r, y + dy * r);
  if (!corners.length) context.arc(x, y, r, 0, 2 * Math.PI);
  context.closePath();
}

function drawUnit({ ctx: context, id, x, y }) {
  const unit = view.units.get(id);
  const r = unit ? radius(unit) : 1;
  return {
    drawNode() {
      if (!unit) return;
      const colours = ink();
      context.save();
      context.globalAlpha = nearness(id) ? 1 : 0.14;
      context.beginPath();
      context.arc(x, y, r + 4, 0, 2 * Math.PI);
      context.fillStyle = colours.paper;
      context.fill();
      ring(context, x, y, r + 2.6, unit.led / unit.tasks.length, colours);
      outline(context, nodeOf.get(id).mark, x, y, r - 0.5);
      context.fillStyle = fill(unit);
      context.fill();
      context.lineWidth = 0.8;
      context.strokeStyle = 'rgba(0,0,0,.45)';
      context.stroke();
      if (nearness(id) === 3) {
        context.beginPath();
        context.arc(x, y, r + 8, 0, 2 * Math.PI);
        context.lineWidth = 3;
        context.strokeStyle = colours.lead;
        context.stroke();
      }
      context.restore();
    },
    nodeDimensions: { width: 2 * r + 6, height: 2 * r + 6 },
  };
}

function ring(context, x, y, r, share, colours) {
  context.lineWidth = 2.8;
  context.beginPath();
  context.arc(x, y, r, 0, 2 * Math.PI);
  context.strokeStyle = colours.share;
  context.stroke();
  if (!share) return;
  context.beginPath();
  context.arc(x, y, r, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * share);
  context.strokeStyle = colours.lead;
  context.stroke();
}

const overlap = (one, other) => one[0] < other[2] && one[2] > other[0] && one[1] < other[3] && one[3] > other[1];

// The most important label first, below, above, right or left of its disc; one that finds no free place is left out.
// Within limits, where there are any, labels are moved in from the border.
function placeLabels(context, places, scale, limits) {
  const size = LETTER / scale;
  const units = [...view.shown].map((id) => view.units.get(id)).filter((unit) => nearness(unit.id));
  units.sort((one, other) => nearness(other.id) - nearness(one.id) || byLoad(one, other));
  const discs = [...view.shown].map((id) => {
    const r = radius(view.units.get(id)) * 0.85;
    return [places[id].x - r, places[id].y - r, places[id].x + r, places[id].y + r];
  });
  const taken = [];
  const placed = [];
  context.font = `500 ${size}px ${FONT}`;
  for (const unit of units) {
    const width = context.measureText(labelOf(unit.id)).width + 6 / scale;
    const boxes = labelBoxes(places[unit.id], radius(unit) + 5, width, size * 1.25, limits);
    const free = boxes.find((box) => !taken.some((other) => overlap(box, other)) && !discs.some((other) => overlap(box, other)));
    const box = free ?? (nearness(unit.id) === 3 ? boxes[0] : null);
    if (!box) continue;
    taken.push(box);
    placed.push({ id: unit.id, x: (box[0] + box[2]) / 2, top: box[1], box });
  }
  return placed;
}

function labelBoxes({ x, y }, r, width, height, limits) {
  const corners = [[x - width / 2, y + r], [x - width / 2, y - r - height], [x + r, y - height / 2], [x - r - width, y - height / 2]];
  const boxes = corners.map(([left, top]) => [left, top, left + width, top + height]);
  if (!limits) return boxes;
  if (x < limits[0] || x > limits[2] || y < limits[1] || y > limits[3]) return [];
  for (const box of boxes.slice(0, 2)) {
    const left = Math.max(limits[0], Math.min(box[0], limits[2] - width));
    [box[0], box[2]] = [left, left + width];
  }
  return boxes.filter((box) => box[0] >= limits[0] && box[1] >= limits[1] && box[2] <= limits[2] && box[3] <= limits[3]);
}

// The labels on the screen as it is.
function labels(context = element('canvas').getContext('2d')) {
  const box = $('#map').getBoundingClientRect();
  const [from, to] = [network.DOMtoCanvas({ x: 2, y: 2 }), network.DOMtoCanvas({ x: box.width - 2, y: box.height - 2 })];
  return placeLabels(context, network.getPositions(), network.getScale(), [from.x, from.y, to.x, to.y]);
}

function drawLabels(context) {
  const colours = ink();
  context.save();
  context.textAlign = 'center';
  context.textBaseline = 'top';
  context.lineJoin = 'round';
  context.lineWidth = 3.4 / network.getScale();
  context.strokeStyle = colours.paper;
  context.fillStyle = colours.ink;
  for (const label of labels(context)) {
    context.strokeText(labelOf(label.id), label.x, label.top);
    context.fillText(labelOf(label.id), label.x, label.top);
  }
  context.restore();
}

function makeNetwork() {
  nodes = new vis.DataSet(NODES.map(({ id, x, y }) => ({ id, x, y, physics: false, shape: 'custom', ctxRenderer: drawUnit, hidden: true })));
  edges = new vis.DataSet(EDGES.map(({ from, to }) => ({ id: pairKey(from, to), from, to, hidden: true })));
  network = new vis.Network($('#map'), { nodes, edges }, {
    physics: { enabled: false },
    layout: { improvedLayout: false },
    interaction: { hover: true, multiselect: false, tooltipDelay: 1e9, hideEdgesOnDrag: NODES.length > 600 },
    edges: { smooth: false, hoverWidth: 0, selectionWidth: 0 },
  });
  network.on('afterDrawing', drawLabels);
}

const linkWidth = (weight) => Math.min(9, 0.5 + weight * 0.75);
const linkAlpha = (weight) => Math.min(0.62, 0.12 + weight * 0.06);

function linkStyle(link) {
  const chosen = link.key === state.link || view.chosen.some((id) => id === state.unit && (id === link.from || id === link.to));
  const dimmed = view.chosen.length && !chosen;
  const weight = link.tasks.length;
  const colour = chosen ? ink().lead : `rgba(${ink().link},${dimmed ? 0.06 : linkAlpha(weight)})`;
  return { id: link.key, hidden: false, width: linkWidth(weight), color: { color: colour, highlight: colour, hover: colour, inherit: false } };
}

// Only what differs from what is drawn is given to vis.
const drawn = new Map();
function changesOf(styles) {
  return styles.filter((style) => {
    const written = JSON.stringify(style);
    if (drawn.get(style.id) === written) return false;
    drawn.set(style.id, written);
    return true;
  });
}

function updatePicture() {
  const ego = state.ego ? egoPlaces() : new Map();
  nodes.update(changesOf(NODES.map((node) => {
    const unit = view.units.get(node.id);
    const { x, y } = ego.get(node.id) ?? node;
    return { id: node.id, x, y, hidden: !view.shown.has(node.id), size: unit ? radius(unit) : 1 };
  })));
  const wanted = new Map(view.drawn.map((link) => [link.key, linkStyle(link)]));
  edges.update(changesOf(EDGES.map(({ from, to }) => wanted.get(pairKey(from, to)) ?? { id: pairKey(from, to), hidden: true })));
  network.redraw();
}

// The neighbours of one unit, on rings round it: those it shares most with nearest, clockwise.
const RINGS = [9, 17, Infinity];
function egoPlaces() {
  const near = [...(view.neighbours.get(state.unit) ?? new Map()).entries()];
  near.sort((one, other) => other[1].tasks.length - one[1].tasks.length || (one[0] < other[0] ? -1 : 1));
  const places = new Map([[state.unit, { x: 0, y: 0 }]]);
  let left = near.map(([id]) => id);
  RINGS.forEach((room, ringAt) => {
    const ids = left.slice(0, room);
    left = left.slice(ids.length);
    ids.forEach((id, at) => {
      const angle = -Math.PI / 2 + (2 * Math.PI * at) / ids.length + ringAt * 0.2;
      places.set(id, { x: Math.cos(angle) * (230 + 190 * ringAt) * 1.25, y: Math.sin(angle) * (230 + 190 * ringAt) * 0.8 });
    });
  });
  return places;
}

// What discs and labels take up when the picture has this scale.
function picturedBox(shown, places, scale) {
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const id of shown) {
    const { x, y } = places[id];
    const r = radius(view.units.get(id)) + 8;
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
  // Labels keep their size on the screen, so what they take up hangs on the scale; twice is near enough.
  // On a narrow screen labels move in from the border instead.
  let [scale, box] = [map.width < 600 ? 1.6 : 0.8, null];
  for (let round = 0; round < 2; round += 1) {
    box = picturedBox(shown, places, map.width < 600 ? 1.6 : scale);
    scale = Math.min(1.6, (map.width - 16) / (box.right - box.left), (map.height - 16) / (box.bottom - box.top));
  }
  network.moveTo({ position: { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 }, scale, animation: false });
}

function showTip(id) {
  const unit = view.units.get(id);
  if (!unit) return;
  const place = network.canvasToDOM(network.getPositions([id])[id]);
  const share = Math.round((100 * unit.tasks.length) / view.tasks.length);
  $('#tip').textContent = `${labelOf(id)}\n${say('tip', { led: unit.led, shared: unit.shared, relations: unit.relations, share })}`;
  $('#tip').style.left = `${Math.min(place.x + 18, $('#map').clientWidth - 230)}px`;
  $('#tip').style.top = `${place.y + $('#map').offsetTop + 12}px`;
  $('#tip').hidden = false;
}
