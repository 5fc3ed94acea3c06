// The picture: vis-network draws what pyvis gave it; shapes, labels and colours are ours.
let nodes = null;
let network = null;
const placed = new Map();

function makeNetwork() {
  nodes = new vis.DataSet(NODES.map(({ id, x, y }) => ({ id, x, y, physics: false, shape: 'custom', ctxRenderer: drawUnit })));
  for (const { id, x, y } of NODES) placed.set(id, `${x} ${y}`);
  network = new vis.Network($('#map'), { nodes, edges: new vis.DataSet([]) }, {
    physics: { enabled: false },
    layout: { improvedLayout: false },
    interaction: { hover: true, multiselect: false, tooltipDelay: 1e9 },
  });
  // The map itself takes the keyboard; what vis puts inside it is no stop of its own.
  $('#map .vis-network').removeAttribute('tabindex');
  network.on('beforeDrawing', (context) => {
    drawRings(context);
    paintLinks(context);
  });
  network.on('afterDrawing', drawLabels);
}

// Only what lies elsewhere than before is given to vis; all else is painted from the view.
function updatePicture() {
  if (state.view !== 'map') return;
  const places = currentPlaces();
  const moved = NODES.map(({ id, x, y }) => ({ id, x, y, ...places.get(id) })).filter(({ id, x, y }) => placed.get(id) !== `${x} ${y}`);
  for (const { id, x, y } of moved) placed.set(id, `${x} ${y}`);
  nodes.update(moved);
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
  network.on('click', ({ nodes: [id], pointer }) => {
    const link = id === undefined && linkAt(pointer.DOM);
    if (id !== undefined) choose({ unit: id });
    else if (link) choose({ link: link.pair });
    else if (Object.keys(NOTHING).some((name) => state[name])) choose({});
  });
  network.on('doubleClick', ({ nodes: [id] }) => {
    if (id === undefined) return;
    Object.assign(state, NOTHING, { unit: id, ego: true });
    update(true);
  });
  network.on('hoverNode', ({ node }) => showTip(node));
  for (const event of ['blurNode', 'dragStart', 'zoom']) network.on(event, hideTip);
  network.on('dragStart', () => { isMoving = true; });
  network.on('dragEnd', () => {
    isMoving = false;
    network.redraw();
  });
  $('#larger').onclick = () => network.moveTo({ scale: network.getScale() * 1.3 });
  $('#smaller').onclick = () => network.moveTo({ scale: network.getScale() / 1.3 });
  $('#fit').onclick = fit;
  $('#ego').onclick = toggleEgo;
}
