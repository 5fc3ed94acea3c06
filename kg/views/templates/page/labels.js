// Names that never collide: the most important first, below, above, right or left of its disc; one that finds no free place is left out.
const overlap = (one, other) => one[0] < other[2] && one[2] > other[0] && one[1] < other[3] && one[3] > other[1];

// Within limits, where there are any, labels are moved in from the border.
function placeLabels(context, places, scale, limits) {
  const size = LETTER / scale;
  const units = [...view.shown].map((id) => view.units.get(id)).filter((unit) => nearness(unit.id));
  units.sort((one, other) => nearness(other.id) - nearness(one.id) || byLoad(one, other));
  const taken = units.map((unit) => discBox(unit, places[unit.id]));
  const placed = [];
  context.font = `500 ${size}px ${FONT}`;
  for (const unit of units) {
    const width = context.measureText(labelOf(unit.id)).width + 6 / scale;
    const boxes = labelBoxes(places[unit.id], outerRadius(unit) + 1, width, size * 1.3, limits);
    const box = boxes.find((candidate) => !taken.some((other) => overlap(candidate, other)));
    if (!box) continue;
    taken.push(box);
    placed.push({ id: unit.id, x: (box[0] + box[2]) / 2, top: box[1], box });
  }
  return placed;
}

// The square inside the circle and a little more: a label may touch a corner that no disc fills.
function discBox(unit, { x, y }) {
  const r = outerRadius(unit) * 0.86;
  return [x - r, y - r, x + r, y + r];
}

function labelBoxes({ x, y }, r, width, height, limits) {
  const slant = r * 0.72;
  const corners = [
    [x - width / 2, y + r], [x - width / 2, y - r - height], [x + r, y - height / 2], [x - r - width, y - height / 2],
    [x + slant, y + slant], [x - slant - width, y + slant], [x + slant, y - slant - height], [x - slant - width, y - slant - height],
  ];
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
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 3.6 / network.getScale();
  context.strokeStyle = colours.paper;
  context.fillStyle = colours.ink;
  for (const { id, x, box } of labels(context)) {
    const middle = (box[1] + box[3]) / 2;
    context.strokeText(labelOf(id), x, middle);
    context.fillText(labelOf(id), x, middle);
  }
  context.restore();
}
