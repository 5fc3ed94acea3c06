// What is on the screen as a file: picture or table.
const XML = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeXml = (text) => String(text).replace(/[&<>"']/g, (character) => XML[character]);

function svgPicture() {
  const shown = [...view.shown];
  const places = network.getPositions(shown);
  const xs = shown.map((id) => places[id].x);
  const ys = shown.map((id) => places[id].y);
  const [left, top] = [Math.min(...xs, 0) - 110, Math.min(...ys, 0) - 70];
  const [width, height] = [Math.max(...xs, 0) + 110 - left, Math.max(...ys, 0) + 90 - top];
  const parts = [`<svg xmlns="${SVG}" viewBox="${left} ${top} ${width} ${height}" width="${Math.round(width)}" height="${Math.round(height)}" font-family="${escapeXml(FONT)}">`];
  parts.push(`<rect x="${left}" y="${top}" width="100%" height="100%" fill="${ink().paper}"/>`);
  for (const link of view.links) {
    if (!view.shown.has(link.from) || !view.shown.has(link.to)) continue;
    const [one, other] = [places[link.from], places[link.to]];
    const weight = link.tasks.length;
    parts.push(`<line x1="${one.x}" y1="${one.y}" x2="${other.x}" y2="${other.y}" stroke="rgb(${ink().link})" stroke-opacity="${Math.min(0.62, 0.12 + weight * 0.06)}" stroke-width="${Math.min(9, 0.5 + weight * 0.75)}"/>`);
  }
  for (const id of shown) {
    const unit = view.units.get(id);
    const { x, y } = places[id];
    const r = radius(unit);
    const title = escapeXml(`${labelOf(id)} ${say('tip.short', { led: unit.led, shared: unit.shared })}`);
    parts.push(`<circle cx="${x}" cy="${y}" r="${r}" fill="${fill(unit)}" stroke="#333" stroke-width=".8"><title>${title}</title></circle>`);
    parts.push(`<text x="${x}" y="${y + r + 16}" font-size="12.5" text-anchor="middle" fill="${ink().ink}">${escapeXml(labelOf(id))}</text>`);
  }
  parts.push(`<text x="${left + 8}" y="${top + height - 10}" font-size="11" fill="${ink().ink}">${escapeXml(`${document.title} · ${$('#status').textContent}`)}</text></svg>`);
  return parts.join('');
}

function csvTable(rows) {
  // A cell that a spreadsheet would take for a formula gets an apostrophe.
  const cell = (value) => `"${String(value).replace(/^(?=[=+\-@\t\r])(?!-?\d+(\.\d+)?$)/, "'").replace(/"/g, '""')}"`;
  return `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

function unitTable() {
  const heads = ['unit', 'led', 'shared', 'relations', 'bare'].map((name) => say(`table.${name}`));
  return csvTable([heads, ...view.ranked.map((unit) => [labelOf(unit.id), unit.led, unit.shared, unit.relations, unit.bare ?? ''])]);
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
