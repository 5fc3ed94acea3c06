// Tables of the right side, and the small drawings in them.
const unitButton = (id) => button(labelOf(id), 'link', () => choose({ unit: id }));
const taskButton = (task, text) => button(text, 'link', () => choose({ task: task.key }));
const groupButton = (name, text, className) => button(text, className, () => choose({ group: name }));

function tableRow(cells, tag = 'td') {
  const row = element('tr');
  for (const cell of cells) {
    const made = element(tag, [cell.number && 'number', cell.className].filter(Boolean).join(' '));
    if (tag === 'th') made.scope = 'col';
    if (cell.title) made.title = cell.title;
    if (cell.sort) made.setAttribute('aria-sort', cell.sort);
    made.append(cell.node ?? String(cell.text ?? ''));
    row.append(made);
  }
  return row;
}

// The first rows at once, the others when asked for: a table of thousands would hold up every step.
function fillRows(body, things, make, portion) {
  for (const thing of things.slice(0, portion)) body.append(make(thing));
  const rest = things.slice(portion);
  if (!rest.length) return;
  const row = element('tr', 'more');
  const cell = element('td');
  cell.colSpan = 9;
  cell.append(button(say('panel.more', { count: rest.length }), 'link', () => {
    row.remove();
    fillRows(body, rest, make, 500);
  }));
  row.append(cell);
  body.append(row);
}

function bar(unit, most) {
  const drawing = svgElement('svg', { class: 'bar', viewBox: '0 0 36 11', role: 'img', 'aria-label': say('tip.short', { led: unit.led, shared: unit.shared }) });
  const scale = 36 / Math.max(most, 1);
  drawing.append(svgElement('rect', { class: 'lead', width: unit.led * scale, height: 11 }));
  drawing.append(svgElement('rect', { class: 'share', x: unit.led * scale, width: unit.shared * scale, height: 11 }));
  return drawing;
}

// Shape, colour and ring of a unit as on the map, so that the table is its legend too.
function glyph(unit) {
  const { kind, mark } = nodeOf.get(unit.id);
  const drawing = svgElement('svg', { class: 'glyph', viewBox: '0 0 20 20', role: 'img', 'aria-label': PAGE.kinds[kind] });
  const turn = 2 * Math.PI * 8.5;
  drawing.append(svgElement('circle', { class: 'share', cx: 10, cy: 10, r: 8.5 }));
  if (unit.led) drawing.append(svgElement('circle', { class: 'lead', cx: 10, cy: 10, r: 8.5, 'stroke-dasharray': `${(turn * unit.led) / unit.tasks.length} ${turn}`, transform: 'rotate(-90 10 10)' }));
  drawing.append(markDrawing(mark, 10, 10, 6, fill(unit)));
  return drawing;
}

function markDrawing(mark, x, y, r, colour) {
  const common = { fill: colour, stroke: 'currentColor', 'stroke-width': 0.7 };
  if (!CORNERS[mark].length) return svgElement('circle', { ...common, cx: x, cy: y, r });
  return svgElement('polygon', { ...common, points: cornersAt(mark, x, y, r).map((spot) => spot.join(',')).join(' ') });
}

function figures(pairs) {
  const grid = element('div', 'figures');
  for (const [value, name] of pairs) {
    const cell = element('div');
    cell.append(element('b', '', value), element('span', '', name));
    grid.append(cell);
  }
  return grid;
}
