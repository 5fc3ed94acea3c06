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
let nodes = null;
let edges = null;
let network = null;

const ink = () => INKS[state.theme];
const radius = (unit) => 6 + 4.2 * Math.sqrt(unit.tasks.length);

function loadClass(relations) {
  const at = PAGE.classes.findIndex((bound) => relations <= bound);
  return at < 0 ? PAGE.classes.length : at;
}

function fill(unit) {
  if (state.colour === 'load') return HEAT[state.theme][loadClass(unit.relations)];
  const group = nodeOf.get(unit.id).community;
  return GROUPS[group < 0 ? GROUPS.length - 1 : Math.min(group, GROUPS.length - 1)];
}

// 3 chosen, 2 near or nothing chosen, 0 in the background.
function nearness(id) {
  if (state.link) return id === state.link.from || id === state.link.to ? 2 : 0;
  if (!state.unit) return 2;
  if (id === state.unit) return 3;
  return view.neighbours.get(state.unit)?.has(id) ? 2 : 0;
}

function outline(context, mark, x, y, r) {
  context.beginPath();
  if (mark === 'square') context.rect(x - r * 0.86, y - r * 0.86, r * 1.72, r * 1.72);
  else if (mark === 'diamond') [[0, -1], [1, 0], [0, 1], [-1, 0]].forEach(([dx, dy]) => context.lineTo(x + dx * r, y + dy * r));
  else if (mark === 'triangle') [[0, -1], [0.9, 0.7], [-0.9, 0.7]].forEach(([dx, dy]) => context.lineTo(x + dx * r, y + dy * r));
  else context.arc(x, y, r, 0, 2 * Math.PI);
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
      if (id === state.unit) {
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

// Labels are drawn last, the most important first; one that finds no free place is left out.
function drawLabels(context) {
  const scale = network.getScale();
  const size = 12.5 / scale;
  const places = network.getPositions();
  const colours = ink();
  const units = [...view.shown].map((id) => view.units.get(id)).filter((unit) => unit && nearness(unit.id));
  units.sort((one, other) => nearness(other.id) - nearness(one.id) || byLoad(one, other));
  const discs = [...view.shown].map((id) => {
    const r = radius(view.units.get(id)) * 0.85;
    return [places[id].x - r, places[id].y - r, places[id].x + r, places[id].y + r];
  });
  const taken = [];
  context.save();
  context.font = `500 ${size}px ${FONT}`;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  context.lineJoin = 'round';
  for (const unit of units) {
    const { x, y } = places[unit.id];
    const r = radius(unit) + 5;
    const w = context.measureText(labelOf(unit.id)).width + 6 / scale;
    const h = size * 1.25;
    const choices = [[x - w / 2, y + r], [x - w / 2, y - r - h], [x + r, y - h / 2], [x - r - w, y - h / 2]];
    const boxes = choices.map(([left, top]) => [left, top, left + w, top + h]);
    const free = boxes.find((box) => !taken.some((other) => overlap(box, other)) && !discs.some((other) => overlap(box, other)));
    const box = free ?? (nearness(unit.id) === 3 ? boxes[0] : null);
    if (!box) continue;
    taken.push(box);
    context.lineWidth = 3.4 / scale;
    context.strokeStyle = colours.paper;
    context.strokeText(labelOf(unit.id), (box[0] + box[2]) / 2, box[1]);
    context.fillStyle = colours.ink;
    context.fillText(labelOf(unit.id), (box[0] + box[2]) / 2, box[1]);
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

function linkStyle(link) {
  const chosen = state.link ? link.key === state.link.key : state.unit && (link.from === state.unit || link.to === state.unit);
  const dimmed = (state.unit || state.link) && !chosen;
  const weight = link.tasks.length;
  const colour = chosen ? ink().lead : `rgba(${ink().link},${dimmed ? 0.06 : Math.min(0.62, 0.12 + weight * 0.06)})`;
  return { id: link.key, hidden: false, width: Math.min(9, 0.5 + weight * 0.75), color: { color: colour, highlight: colour, hover: colour, inherit: false } };
}

// Only what differs from what is drawn is given to vis.
let drawn = new Map();
function updatePicture() {
  nodes.update(NODES.map((node) => {
    const unit = view.units.get(node.id);
    const place = state.ego ? egoPlace(node) : node;
    return { id: node.id, x: place.x, y: place.y, hidden: !view.shown.has(node.id), size: unit ? radius(unit) : 1 };
  }));
  const wanted = new Map(view.links.filter((link) => view.shown.has(link.from) && view.shown.has(link.to)).map((link) => [link.key, linkStyle(link)]));
  const changes = [...wanted.values()].filter((style) => JSON.stringify(style) !== JSON.stringify(drawn.get(style.id)));
  for (const key of drawn.keys()) if (!wanted.has(key)) changes.push({ id: key, hidden: true });
  edges.update(changes);
  drawn = wanted;
  network.redraw();
}

// The neighbours of one unit, on rings round it: those it shares most with nearest, clockwise.
function egoPlace(node) {
  if (node.id === state.unit) return { x: 0, y: 0 };
  const near = [...(view.neighbours.get(state.unit) ?? new Map()).entries()];
  near.sort((one, other) => other[1].tasks.length - one[1].tasks.length || (one[0] < other[0] ? -1 : 1));
  const at = near.findIndex(([id]) => id === node.id);
  if (at < 0) return node;
  const ringAt = at < 9 ? 0 : at < 26 ? 1 : 2;
  const first = [0, 9, 26][ringAt];
  const count = Math.min([9, 17, Math.max(near.length - 26, 1)][ringAt], near.length - first);
  const angle = -Math.PI / 2 + (2 * Math.PI * (at - first)) / count + ringAt * 0.2;
  return { x: Math.cos(angle) * (230 + 190 * ringAt) * 1.25, y: Math.sin(angle) * (230 + 190 * ringAt) * 0.8 };
}

function fit() {
  const shown = [...view.shown];
  if (!shown.length) return;
  const places = network.getPositions(shown);
  const edge = (side) => shown.map((id) => {
    const r = radius(view.units.get(id));
    const half = Math.max(r + 8, labelOf(id).length * 7.5);
    return { left: places[id].x - half, right: places[id].x + half, top: places[id].y - r - 10, bottom: places[id].y + r + 26 }[side];
  });
  const [left, right, top, bottom] = [Math.min(...edge('left')), Math.max(...edge('right')), Math.min(...edge('top')), Math.max(...edge('bottom'))];
  const box = $('#map').getBoundingClientRect();
  const scale = Math.min(1.6, (box.width - 20) / (right - left), (box.height - 20) / (bottom - top));
  network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 }, scale, animation: false });
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
