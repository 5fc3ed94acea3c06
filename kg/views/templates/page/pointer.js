// The pointer on the map: which unit or link lies under it, what is said of it, and what a click does.
const REACH = 9;

// The nearest unit whose disc, or a little more where discs are small, holds a place on the screen; undefined where there is none.
function unitAt(place) {
  const spot = network.DOMtoCanvas(place);
  const places = network.getPositions([...view.shown]);
  let [nearest, least] = [undefined, Infinity];
  for (const id of view.shown) {
    const far = Math.hypot(spot.x - places[id].x, spot.y - places[id].y);
    if (far <= Math.max(outerRadius(view.units.get(id)), REACH / network.getScale()) && far < least) [nearest, least] = [id, far];
  }
  return nearest;
}

function aboutUnit(id) {
  const { led, shared, relations, tasks } = view.units.get(id);
  const share = Math.round((100 * tasks.length) / view.tasks.length);
  return `${labelOf(id)}\n${say('tip', { led, shared, relations, share })}`;
}

function aboutLink(link) {
  return `${labelOf(link.from)} ${say(`list.arrow.${state.relation}`)} ${labelOf(link.to)}\n${say('panel.together', { count: link.tasks.length })}`;
}

function tellAt(place) {
  const unit = unitAt(place);
  const link = unit || view.drawn.length > MANY_LINKS ? undefined : linkAt(place);
  $('#map').style.cursor = unit || link ? 'pointer' : '';
  if (unit || link) placeTip(unit ? aboutUnit(unit) : aboutLink(link), place.x, place.y + $('#map').offsetTop);
  else hideTip();
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

function clickAt(place) {
  const unit = unitAt(place);
  const link = unit ? undefined : linkAt(place);
  if (unit) choose({ unit });
  else if (link) choose({ link: link.pair });
  else if (Object.keys(NOTHING).some((name) => state[name])) choose({});
}

function listenToPicture() {
  network.on('click', ({ pointer }) => clickAt(pointer.DOM));
  network.on('doubleClick', ({ pointer }) => {
    const unit = unitAt(pointer.DOM);
    if (!unit) return;
    Object.assign(state, NOTHING, { unit, ego: true });
    update(true);
  });
  $('#map').onmousemove = ({ offsetX, offsetY, buttons }) => !buttons && tellAt({ x: offsetX, y: offsetY });
  $('#map').onmouseleave = hideTip;
  network.on('zoom', hideTip);
  network.on('dragStart', () => {
    isMoving = true;
    hideTip();
  });
  network.on('dragEnd', () => {
    isMoving = false;
    network.redraw();
  });
  $('#larger').onclick = () => network.moveTo({ scale: network.getScale() * 1.3 });
  $('#smaller').onclick = () => network.moveTo({ scale: network.getScale() / 1.3 });
  $('#fit').onclick = fit;
  $('#ego').onclick = toggleEgo;
}
