// What is on the screen as a drawing whose text stays text: for files and for paper.
const XML = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeXml = (text) => String(text).replace(/[&<>"']/g, (character) => XML[character]);
const near = (value) => Math.round(value * 10) / 10;

function svgText(x, y, text, { size = LETTER, anchor = 'start', colour = ink().ink } = {}) {
  return `<text x="${near(x)}" y="${near(y)}" font-size="${size}" text-anchor="${anchor}" fill="${colour}">${escapeXml(text)}</text>`;
}

function svgPage({ left, top, width, height }, parts) {
  return [
    `<svg xmlns="${SVG}" viewBox="${near(left)} ${near(top)} ${near(width)} ${near(height)}" width="${Math.round(width)}" height="${Math.round(height)}" font-family="${escapeXml(FONT)}">`,
    `<rect x="${near(left)}" y="${near(top)}" width="100%" height="100%" fill="${ink().paper}"/>`,
    ...parts,
    '</svg>',
  ].join('');
}

const svgPicture = () => (state.view === 'map' ? mapPicture() : matrixPicture());

// Titles, what is shown, and by whom it was read, below the drawing.
function caption(left, top) {
  const lines = [document.title, ...$('#status').textContent.split(say('status.join')), $('.made').textContent];
  return { height: 16 * lines.length + 10, parts: lines.map((line, at) => svgText(left, top + 16 * (at + 1), line, { size: 11, colour: ink().soft })) };
}

function mapPicture() {
  const shown = [...view.shown];
  const places = network.getPositions(shown);
  const frame = picturedBox(shown, places, 1);
  const [left, top, width] = [frame.left - 20, frame.top - 20, Math.max(frame.right - frame.left + 40, 560)];
  const below = frame.bottom + 16;
  const [keys, told] = [mapKeys(left + 8, below), caption(left + 8, below + 26)];
  const parts = [
    ...rings.map(svgRing),
    ...paintedLinks().map((link) => svgLink(link, places)),
    ...shown.map((id) => svgUnit(view.units.get(id), places[id])),
    ...placeLabels(element('canvas').getContext('2d'), places, 1, null).map((label) => svgText(label.x, label.top + LETTER + 1.5, labelOf(label.id), { anchor: 'middle' })),
  ];
  return svgPage({ left, top, width, height: below + 26 + told.height - top }, [...parts, keys, ...told.parts]);
}

// The colours in short; shapes and ring are told by the page.
function mapKeys(left, top) {
  const changed = DIFFERENCE[inkTheme()].map((colour, at) => [colour, CLASS_TEXTS[at]]);
  const texts = isDifference() ? changed : state.colour === 'load' ? HEAT[inkTheme()].map((colour, at) => [colour, classText(at)]) : [];
  const keys = texts.map(([colour, text], at) => `<rect x="${near(left + 62 * at)}" y="${near(top)}" width="14" height="14" fill="${colour}" stroke="${ink().soft}" stroke-width=".5"/>${svgText(left + 62 * at + 18, top + 11.5, text, { size: 11 })}`);
  return keys.length ? keys.join('') + svgText(left + 62 * keys.length, top + 11.5, say(isDifference() ? 'difference.change-of' : 'legend.relations'), { size: 11 }) : '';
}

function svgRing({ least, rx, ry, told }) {
  return `<ellipse cx="0" cy="0" rx="${near(rx)}" ry="${near(ry)}" fill="none" stroke="${ink().guide}"/>${svgText(told.x, told.y + 4, say('map.ring', { least }), { size: 11, anchor: 'middle', colour: ink().soft })}`;
}

function svgLink(link, places) {
  const { from, middle, to, width, head } = linkShape(link, places);
  const path = `M${near(from.x)} ${near(from.y)}Q${near(middle.x)} ${near(middle.y)} ${near(to.x)} ${near(to.y)}`;
  const arrow = head ? `<polygon points="${head.map(({ x, y }) => `${near(x)},${near(y)}`).join(' ')}" fill="${linkColour(link)}"/>` : '';
  return `<path d="${path}" fill="none" stroke="${linkColour(link)}" stroke-width="${width}"/>${arrow}`;
}

function svgUnit(unit, { x, y }) {
  const r = radius(unit);
  const ringAt = r + GAP + RING / 2;
  const turn = 2 * Math.PI * ringAt;
  const circle = (radiusHere, attributes) => `<circle cx="${near(x)}" cy="${near(y)}" r="${near(radiusHere)}" ${attributes}/>`;
  const ringOf = (colour, more = '') => circle(ringAt, `fill="none" stroke="${colour}" stroke-width="${RING}"${more}`);
  const lead = unit.led ? ringOf(ink().lead, ` stroke-dasharray="${near((unit.led / unit.tasks.length) * turn)} ${near(2 * turn)}" transform="rotate(-90 ${near(x)} ${near(y)})"`) : '';
  const title = escapeXml(`${labelOf(unit.id)} ${say('tip.short', { led: unit.led, shared: unit.shared })}`);
  const corners = cornersAt(nodeOf.get(unit.id).mark, x, y, r).map((spot) => spot.map(near).join(',')).join(' ');
  const shape = corners ? `polygon points="${corners}"` : `circle cx="${near(x)}" cy="${near(y)}" r="${near(r)}"`;
  const close = corners ? 'polygon' : 'circle';
  const chosen = nearness(unit.id) === 3 ? circle(outerRadius(unit) + 4, `fill="none" stroke="${ink().lead}" stroke-width="2.6"`) : '';
  const drawing = `${ringOf(ink().share)}${lead}<${shape} fill="${fill(unit)}" stroke="${ink().soft}" stroke-width=".9"><title>${title}</title></${close}>${chosen}`;
  return `${circle(outerRadius(unit) + 1, `fill="${ink().paper}"`)}<g opacity="${nearness(unit.id) ? 1 : 0.16}">${drawing}</g>`;
}

// One mark of the matrix inside a square of side 2r.
function svgMark(mark, x, y, r) {
  const colours = ink();
  const circle = (attributes) => `<circle cx="${near(x)}" cy="${near(y)}" r="${r}" ${attributes}/>`;
  if (mark === 'lead') return circle(`fill="${colours.lead}"`);
  if (mark === 'responsible') return circle(`fill="none" stroke="${colours.soft}" stroke-width="1.3"`);
  if (mark === 'cooperating') return `<path d="M${near(x)} ${near(y - r)}l${r} ${1.8 * r}h${-2 * r}z" fill="none" stroke="${colours.soft}" stroke-width="1.2"/>`;
  return `${circle(`fill="none" stroke="${colours.share}" stroke-width="1.2"`)}<path d="M${near(x)} ${near(y - r)}a${r} ${r} 0 0 0 0 ${2 * r}z" fill="${colours.share}"/>`;
}

function matrixPicture() {
  const { units, tasks, marks } = matrixView();
  const [cell, line] = [11, 15];
  const [left, top] = [12 + LETTER * Math.max(4, ...units.map((unit) => labelOf(unit.id).length)), 44];
  const right = left + cell * tasks.length;
  const parts = [];
  let at = 0;
  for (const band of bandsOf(tasks)) {
    const x = left + cell * at;
    parts.push(`<line x1="${near(x)}" y1="8" x2="${near(x)}" y2="${top + line * units.length}" stroke="${ink().share}" stroke-width=".7"/>`);
    parts.push(svgText(x + 3, 17, shorten(band.text, Math.max(2, Math.floor((cell * band.count) / 12))), { size: 11 }));
    at += band.count;
  }
  tasks.forEach((task, place) => {
    const x = left + cell * (place + 0.5) + 3;
    parts.push(`<text x="${near(x)}" y="${top - 4}" font-size="7.5" fill="${ink().soft}" transform="rotate(-90 ${near(x)} ${top - 4})">${escapeXml(numberOf(task))}</text>`);
  });
  units.forEach((unit, place) => {
    const y = top + line * (place + 0.5);
    parts.push(`<line x1="0" y1="${y + line / 2}" x2="${near(right)}" y2="${y + line / 2}" stroke="${ink().guide}" stroke-width=".6"/>`, svgText(left - 6, y + 4, labelOf(unit.id), { anchor: 'end', size: 11.5 }));
    tasks.forEach((task, column) => {
      const mark = marks.get(unit.id).get(task.key);
      if (mark) parts.push(svgMark(mark, left + cell * (column + 0.5), y, 4));
    });
  });
  const told = caption(8, top + line * units.length + 6);
  return svgPage({ left: 0, top: 0, width: Math.max(right + 12, 560), height: top + line * units.length + 12 + told.height }, [...parts, ...told.parts]);
}
