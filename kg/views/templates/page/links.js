// Links: their shape, how they are painted, and which one lies under the pointer. The drawing for files takes the same shapes.
const linkWidth = (weight) => Math.min(9, 0.5 + weight * 0.75);
// Few links where leads point at others: they may be plainer.
const linkAlpha = (weight) => Math.min(0.75, (state.relation === 'lead' ? 0.34 : 0.14) + weight * 0.06);
const MANY_LINKS = 1500;
let isMoving = false;

function linkColour(link) {
  if (isDifference()) return differenceColour(link);
  if (view.focus && isLit(link)) return ink().lead;
  return `rgba(${ink().link},${view.focus ? 0.06 : linkAlpha(link.tasks.length)})`;
}

// Gained, lost or the same; what is not chosen steps back.
function differenceColour(link) {
  const faint = view.focus ? !isLit(link) : fateOfLink(link) === 'same';
  return `${CHANGES[fateOfLink(link)]}${faint ? '38' : 'd0'}`;
}

// Of two links that go both ways each bends to its own side.
const isReturned = (link) => state.relation === 'lead' && view.all.get(`${link.to}\n${link.from}\n>`)?.tasks.length >= state.least;

// What is lit is painted last.
function paintedLinks() {
  const lit = (link) => Number(view.focus !== null && isLit(link));
  return view.focus ? [...view.drawn].sort((one, other) => lit(one) - lit(other)) : view.drawn;
}

// From disc to disc, bent through `middle`; `head` holds the corners of the arrow where there is one.
function linkShape(link, places) {
  const [from, to] = [places[link.from], places[link.to]];
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const bend = isReturned(link) ? 0.12 : 0;
  const middle = { x: (from.x + to.x) / 2 + dy * bend, y: (from.y + to.y) / 2 - dx * bend };
  const width = linkWidth(weightOf(link));
  if (state.relation !== 'lead') return { from, middle, to, width, head: null };
  const angle = Math.atan2(to.y - middle.y, to.x - middle.x);
  const back = (length, turn) => ({ x: -Math.cos(angle + turn) * length, y: -Math.sin(angle + turn) * length });
  const plus = (one, other) => ({ x: one.x + other.x, y: one.y + other.y });
  const tip = plus(to, back(outerRadius(view.units.get(link.to)) + 1, 0));
  const size = Math.min(8 + 1.5 * width, Math.hypot(dx, dy) / 3);
  return { from, middle, to: plus(tip, back(size * 0.6, 0)), width, head: [tip, plus(tip, back(size, 0.4)), plus(tip, back(size, -0.4))] };
}

function paintLinks(context) {
  if (isMoving && view.drawn.length > MANY_LINKS) return;
  const places = network.getPositions();
  for (const link of paintedLinks()) {
    const { from, middle, to, width, head } = linkShape(link, places);
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.quadraticCurveTo(middle.x, middle.y, to.x, to.y);
    context.lineWidth = width;
    context.strokeStyle = linkColour(link);
    context.stroke();
    if (!head) continue;
    context.beginPath();
    for (const { x, y } of head) context.lineTo(x, y);
    context.fillStyle = linkColour(link);
    context.fill();
  }
}

function distance(spot, from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = Math.max(0, Math.min(1, ((spot.x - from.x) * dx + (spot.y - from.y) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(spot.x - from.x - along * dx, spot.y - from.y - along * dy);
}

// How far a place is from a curve, taken as eight straight pieces.
function distanceToLink(spot, { from, middle, to }) {
  const at = (part) => ({
    x: (1 - part) ** 2 * from.x + 2 * part * (1 - part) * middle.x + part ** 2 * to.x,
    y: (1 - part) ** 2 * from.y + 2 * part * (1 - part) * middle.y + part ** 2 * to.y,
  });
  const pieces = Array.from({ length: 9 }, (_, step) => at(step / 8));
  return Math.min(...pieces.slice(1).map((end, step) => distance(spot, pieces[step], end)));
}

// The nearest link within four points of a place on the screen, or undefined.
function linkAt(place) {
  const spot = network.DOMtoCanvas(place);
  const places = network.getPositions();
  let [nearest, least] = [undefined, 4 / network.getScale()];
  for (const link of view.drawn) {
    const shape = linkShape(link, places);
    const far = Math.max(0, distanceToLink(spot, shape) - shape.width / 2);
    if (far < least) [nearest, least] = [link, far];
  }
  return nearest;
}
