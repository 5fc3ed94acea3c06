// The picture: vis-network draws what pyvis gave it; shapes, labels and colours are ours.
let nodes = null;
let edges = null;
let network = null;
const drawn = { units: new Map(), links: new Map() };

function makeNetwork() {
  nodes = new vis.DataSet(NODES.map(({ id, x, y }) => ({ id, x, y, physics: false, shape: 'custom', ctxRenderer: drawUnit, hidden: true })));
  edges = new vis.DataSet(LINKS.map(({ from, to }) => ({ id: pairKey(from, to), from, to })));
  for (const id of edges.getIds()) drawn.links.set(id, '');
  network = new vis.Network($('#map'), { nodes, edges }, {
    physics: { enabled: false },
    layout: { improvedLayout: false },
    interaction: { hover: true, multiselect: false, tooltipDelay: 1e9, hideEdgesOnDrag: NODES.length > 600 },
    edges: { smooth: false, hoverWidth: 0, selectionWidth: 0, arrowStrikethrough: false },
  });
  // Arrows end at the ring, not at the box round it, which is all that vis knows of a drawing of our own.
  for (const { id } of NODES) {
    network.body.nodes[id].shape.distanceToBorder = () => (view?.units.has(id) ? outerRadius(view.units.get(id)) + 1 : 1);
  }
  // The map itself takes the keyboard; what vis puts inside it is no stop of its own.
  $('#map .vis-network').removeAttribute('tabindex');
  network.on('beforeDrawing', drawRings);
  network.on('afterDrawing', drawLabels);
}

function linkStyle(link) {
  const colour = linkColour(link);
  return {
    id: link.key,
    from: link.from,
    to: link.to,
    width: linkWidth(link.tasks.length),
    color: { color: colour, highlight: colour, hover: colour, inherit: false },
    arrows: { to: { enabled: state.relation === 'lead', scaleFactor: 0.42 + 0.3 / linkWidth(link.tasks.length) } },
    smooth: isReturned(link) ? { enabled: true, type: 'curvedCW', roundness: 0.12 } : { enabled: false },
  };
}

// Only what differs from what is drawn is given to vis.
function changesOf(styles, known) {
  return styles.filter((style) => {
    const written = JSON.stringify(style);
    if (known.get(style.id) === written) return false;
    known.set(style.id, written);
    return true;
  });
}

function updatePicture() {
  if (state.view !== 'map') return;
  const places = currentPlaces();
  nodes.update(changesOf(NODES.map((node) => {
    const unit = view.units.get(node.id);
    const { x, y } = places.get(node.id) ?? node;
    return { id: node.id, x, y, hidden: !view.shown.has(node.id), size: unit ? radius(unit) : 1 };
  }), drawn.units));
  const wanted = new Set(view.drawn.map((link) => link.key));
  const gone = [...drawn.links.keys()].filter((key) => !wanted.has(key));
  for (const key of gone) drawn.links.delete(key);
  edges.remove(gone);
  edges.update(changesOf(view.drawn.map(linkStyle), drawn.links));
  network.redraw();
}

// The rings of one unit's partners, each with the fewest tasks that lead onto it.
function drawRings(context) {
  context.save();
  context.fillStyle = ink().soft;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.font = `${11 / network.getScale()}px ${FONT}`;
  for (const { least, rx, ry, told } of rings) {
    context.beginPath();
    context.ellipse(0, 0, rx, ry, 0, 0, 2 * Math.PI);
    context.lineWidth = 1.2;
    context.strokeStyle = ink().guide;
    context.stroke();
    context.lineWidth = 8 / network.getScale();
    context.strokeStyle = ink().paper;
    context.strokeText(say('map.ring', { least }), told.x, told.y);
    context.fillText(say('map.ring', { least }), told.x, told.y);
  }
  context.restore();
}

function showTip(id) {
  const unit = view.units.get(id);
  if (!unit) return;
  const place = network.canvasToDOM(network.getPositions([id])[id]);
  const share = Math.round((100 * unit.tasks.length) / view.tasks.length);
  placeTip(`${labelOf(id)}\n${say('tip', { led: unit.led, shared: unit.shared, relations: unit.relations, share })}`, place.x, place.y + $('#map').offsetTop);
}

// Beside a point of the main part, never over its border.
function placeTip(text, x, y) {
  const [tip, main] = [$('#tip'), $('main')];
  tip.textContent = text;
  tip.hidden = false;
  tip.style.left = `${Math.max(4, Math.min(x + 18, main.clientWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${Math.max(4, Math.min(y + 12, main.clientHeight - tip.offsetHeight - 8))}px`;
}

function hideTip() {
  $('#tip').hidden = true;
}

function listenToPicture() {
  network.on('click', ({ nodes: [id], edges: [key] }) => {
    if (id !== undefined) choose({ unit: id });
    else if (key !== undefined) choose({ link: pairKey(edges.get(key).from, edges.get(key).to) });
    else if (Object.keys(NOTHING).some((name) => state[name])) choose({});
  });
  network.on('doubleClick', ({ nodes: [id] }) => {
    if (id === undefined) return;
    Object.assign(state, NOTHING, { unit: id, ego: true });
    update(true);
  });
  network.on('hoverNode', ({ node }) => showTip(node));
  for (const event of ['blurNode', 'dragStart', 'zoom']) network.on(event, hideTip);
  $('#larger').onclick = () => network.moveTo({ scale: network.getScale() * 1.3 });
  $('#smaller').onclick = () => network.moveTo({ scale: network.getScale() / 1.3 });
  $('#fit').onclick = fit;
  $('#ego').onclick = toggleEgo;
}
