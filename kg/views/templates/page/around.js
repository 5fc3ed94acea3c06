// What stands round the picture: badges, legend and the line that says what is shown.
const percentOf = (unit) => Math.round((100 * unit.tasks.length) / view.tasks.length);

// Units that stand in more than half of all tasks, and references to whole groups, would hide everything else as discs.
function updateBadges() {
  const strip = $('#badges');
  strip.textContent = '';
  const universal = view.ranked.filter((unit) => isUniversal(unit.id));
  const groups = view.groups.filter(([, count]) => 20 * count >= view.tasks.length);
  if (!state.universal && state.view === 'map') for (const unit of universal) strip.append(unitBadge(unit));
  for (const [name] of groups) {
    const count = countText(view.tasks.filter((task) => task.groups.includes(name)));
    const badge = groupButton(name, say('badges.group', { group: name, count }), 'group');
    badge.setAttribute('aria-pressed', String(name === state.group));
    badge.title = say('badges.group.title');
    strip.append(badge);
  }
  if (strip.childElementCount) strip.prepend(element('span', 'hint', say(`badges.${state.view}`)));
  $('#universal-choice').hidden = !universal.length;
}

function unitBadge(unit) {
  const badge = toggle('', 'unit', unit.id === state.unit, () => choose({ unit: unit.id }));
  badge.title = say('badges.unit.title', { share: percentOf(unit) });
  badge.append(glyph(unit), say('badges.unit', { unit: labelOf(unit.id), share: percentOf(unit) }));
  return badge;
}

function updateStatus() {
  $('#status').textContent = (state.view === 'map' ? mapStatus() : matrixStatus()).join(say('status.join'));
}

function mapStatus() {
  const hidden = state.universal ? 0 : view.ranked.filter((unit) => isUniversal(unit.id)).length;
  const away = [...view.units.keys()].filter(isElsewhere).length;
  const values = {
    shown: view.shown.size,
    all: view.units.size - away,
    links: view.drawn.length,
    least: state.least,
    tasks: countText(view.tasks),
    hidden,
    apart: view.ranked.filter((unit) => !view.shown.has(unit.id)).length - hidden,
    left: view.units.size - away - view.ranked.length,
    away,
  };
  const parts = [say('status', values)];
  if (state.ego) parts.push(say('status.ego', values));
  else if (values.apart > 0) parts.push(say('status.apart', values));
  if (hidden && !state.ego) parts.push(say('status.hidden', values));
  if (values.left) parts.push(say('status.left', values));
  if (away) parts.push(say('status.away', values));
  return parts;
}

function legendKey(drawing, text) {
  const row = element('div', 'key');
  row.append(drawing, text);
  return row;
}

function legendDrawing(...parts) {
  const drawing = svgElement('svg', { width: 18, height: 18, viewBox: '0 0 18 18', 'aria-hidden': 'true' });
  drawing.append(...parts);
  return drawing;
}

function classText(at) {
  const bounds = PAGE.classes;
  if (at === bounds.length) return `>${bounds[at - 1]}`;
  const first = at ? bounds[at - 1] + 1 : 0;
  return first === bounds[at] ? String(first) : `${first}–${bounds[at]}`;
}

function loadLegend() {
  const scale = element('div', 'scale');
  HEAT[state.theme].forEach((colour, at) => {
    const cell = element('div');
    const drawing = svgElement('svg', { 'aria-hidden': 'true' });
    drawing.append(svgElement('rect', { width: '100%', height: 12, fill: colour, stroke: 'currentColor', 'stroke-opacity': 0.25 }));
    cell.append(drawing, classText(at));
    scale.append(cell);
  });
  return scale;
}

// A community goes by the two of it that carry most; empty where none of it is counted.
function communityName(at) {
  const members = view.ranked.filter((unit) => groupOf(unit.id) === at);
  if (!members.length) return '';
  if (at === GROUPS.length - 1) return say('legend.others');
  return members.slice(0, 2).map((unit) => labelOf(unit.id)).join(say('join')) + (members.length > 2 ? say('legend.and') : '');
}

function communityLegend() {
  const named = GROUPS.map((colour, at) => [colour, communityName(at)]).filter(([, name]) => name);
  return named.map(([colour, name]) => legendKey(legendDrawing(markDrawing('disc', 9, 9, 7, colour)), name));
}

// Discs of one, nine and 25 tasks (or as many as there are), in the size in which the whole map shows them.
function sizeLegend() {
  const most = Math.max(1, ...view.ranked.filter((unit) => !isUniversal(unit.id)).map((unit) => unit.tasks.length));
  const steps = [...new Set([1, Math.max(1, Math.round(most / 4)), most])];
  const unit = 17 / radiusOf(most);
  const row = element('div', 'sizes');
  for (const tasks of steps) {
    const r = Math.max(1.5, unit * radiusOf(tasks));
    const drawing = svgElement('svg', { width: 2 * r + 2, height: 2 * r + 2, 'aria-hidden': 'true' });
    drawing.append(svgElement('circle', { cx: r + 1, cy: r + 1, r, fill: 'none', stroke: 'currentColor' }));
    const cell = element('span');
    cell.append(drawing, String(tasks));
    row.append(cell);
  }
  row.append(element('span', 'hint', say('legend.size')));
  return row;
}

function ringDrawing() {
  const turn = 2 * Math.PI * 7;
  return legendDrawing(
    svgElement('circle', { cx: 9, cy: 9, r: 7, fill: 'none', stroke: ink().share, 'stroke-width': 3 }),
    svgElement('circle', { cx: 9, cy: 9, r: 7, fill: 'none', stroke: ink().lead, 'stroke-width': 3, 'stroke-dasharray': `${turn * 0.4} ${turn}`, transform: 'rotate(-90 9 9)' }),
  );
}

function updateLegend() {
  if (state.view !== 'map') return;
  const legend = $('#legend');
  legend.textContent = '';
  legend.append(...(isDifference() ? differenceLegend() : state.colour === 'load' ? [loadLegend()] : communityLegend()), sizeLegend());
  legend.append(legendKey(ringDrawing(), say('legend.ring')));
  for (const mark of Object.keys(CORNERS).reverse()) {
    if (NODES.some((node) => node.mark === mark)) legend.append(legendKey(legendDrawing(markDrawing(mark, 9, 9, 7, 'none')), say(`legend.${mark}`)));
  }
  $('.key-title fieldset').hidden = isDifference();
  if (!isDifference()) legend.append(element('div', 'hint', say(state.relation === 'lead' ? 'legend.arrow' : 'legend.width')));
}
