// What is on the screen as a file: picture or table.
const XML = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeXml = (text) => String(text).replace(/[&<>"']/g, (character) => XML[character]);

function svgPicture() {
  const shown = [...view.shown];
  const places = network.getPositions(shown);
  const frame = picturedBox(shown, places, 1);
  const [left, top] = [frame.left - 20, frame.top - 20];
  const caption = [document.title, ...$('#status').textContent.split(say('status.join'))];
  const drawing = frame.bottom - top + 30;
  const [width, height] = [Math.max(frame.right - left + 20, 560), drawing + 16 * caption.length];
  const parts = [`<svg xmlns="${SVG}" viewBox="${left} ${top} ${width} ${height}" width="${Math.round(width)}" height="${Math.round(height)}" font-family="${escapeXml(FONT)}">`];
  parts.push(`<rect x="${left}" y="${top}" width="100%" height="100%" fill="${ink().paper}"/>`);
  for (const link of view.drawn) parts.push(svgLink(link, places[link.from], places[link.to]));
  for (const id of shown) parts.push(svgUnit(view.units.get(id), places[id]));
  const context = element('canvas').getContext('2d');
  for (const label of placeLabels(context, places, 1, null)) {
    parts.push(`<text x="${label.x}" y="${label.top + LETTER}" font-size="${LETTER}" text-anchor="middle" fill="${ink().ink}">${escapeXml(labelOf(label.id))}</text>`);
  }
  caption.forEach((line, at) => {
    parts.push(`<text x="${left + 8}" y="${top + drawing + 16 * at}" font-size="11" fill="${ink().ink}">${escapeXml(line)}</text>`);
  });
  parts.push('</svg>');
  return parts.join('');
}

function svgLink(link, one, other) {
  const weight = link.tasks.length;
  return `<line x1="${one.x}" y1="${one.y}" x2="${other.x}" y2="${other.y}" stroke="rgb(${ink().link})" stroke-opacity="${linkAlpha(weight)}" stroke-width="${linkWidth(weight)}"/>`;
}

function svgUnit(unit, { x, y }) {
  const r = radius(unit);
  const turn = 2 * Math.PI * r;
  const ringOf = (colour, length) => `<circle cx="${x}" cy="${y}" r="${r + 2.6}" fill="none" stroke="${colour}" stroke-width="2.8"${length}/>`;
  const led = (unit.led / unit.tasks.length) * turn * ((r + 2.6) / r);
  const lead = unit.led ? ringOf(ink().lead, ` stroke-dasharray="${led} ${2 * turn}" transform="rotate(-90 ${x} ${y})"`) : '';
  const title = escapeXml(`${labelOf(unit.id)} ${say('tip.short', { led: unit.led, shared: unit.shared })}`);
  const corners = cornersOf(nodeOf.get(unit.id).mark).map(([dx, dy]) => `${x + dx * r},${y + dy * r}`).join(' ');
  const shape = corners ? `<polygon points="${corners}"` : `<circle cx="${x}" cy="${y}" r="${r}"`;
  const close = corners ? 'polygon' : 'circle';
  return `<circle cx="${x}" cy="${y}" r="${r + 4}" fill="${ink().paper}"/>${ringOf(ink().share, '')}${lead}${shape} fill="${fill(unit)}" stroke="#333" stroke-width=".8"><title>${title}</title></${close}>`;
}

function csvTable(rows) {
  // A cell that a spreadsheet would take for a formula gets an apostrophe.
  const cell = (value) => `"${String(value).replace(/^(?=[=+\-@\t\r])(?!-?\d+(\.\d+)?$)/, "'").replace(/"/g, '""')}"`;
  return `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

function unitTable() {
  const heads = ['unit', 'kind', 'led', 'shared', 'relations', 'bare'].map((name) => say(`table.${name}`));
  const rows = view.ranked.map((unit) => [labelOf(unit.id), PAGE.kinds[nodeOf.get(unit.id).kind], unit.led, unit.shared, unit.relations, unit.bare ?? '']);
  return csvTable([heads, ...rows]);
}

function linkTable() {
  const heads = ['one', 'other', 'together', 'tasks'].map((name) => say(`table.${name}`));
  const rows = view.links.map((link) => [labelOf(link.from), labelOf(link.to), link.tasks.length, link.tasks.map((task) => task.number || task.i).join(' ')]);
  return csvTable([heads, ...rows.sort((one, other) => other[2] - one[2])]);
}

function download(name, type, content) {
  const anchor = element('a');
  anchor.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 5000);
}

function savePng() {
  const image = new Image();
  image.onload = () => {
    const canvas = element('canvas');
    [canvas.width, canvas.height] = [image.width * 2, image.height * 2];
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => download('govresp.png', 'image/png', blob));
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgPicture())}`;
}

function save(what) {
  if (what === 'svg') download('govresp.svg', 'image/svg+xml', svgPicture());
  else if (what === 'png') savePng();
  else if (what === 'units') download('govresp-units.csv', 'text/csv', unitTable());
  else if (what === 'links') download('govresp-links.csv', 'text/csv', linkTable());
}
