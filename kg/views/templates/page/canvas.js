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
    // What is hit and where it lies is decided here; vis pans, zooms and paints.
    interaction: { hover: false, selectable: false, dragNodes: false, tooltipDelay: 1e9 },
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
