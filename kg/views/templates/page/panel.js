// The right side: the ranking, which says what the picture says, or one unit, or one pair. Built from text only, never from markup.
const SVG = 'http://www.w3.org/2000/svg';

function svgElement(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function unitButton(id) {
  const button = element('button', 'link', labelOf(id));
  button.type = 'button';
  button.onclick = () => selectUnit(id);
  return button;
}

function groupButton(name, text, className) {
  const button = element('button', className, text);
  button.type = 'button';
  button.onclick = () => selectGroup(name);
  return button;
}

function bar(unit, most) {
  const drawing = svgElement('svg', { class: 'bar', viewBox: '0 0 36 11', role: 'img', 'aria-label': say('tip.short', { led: unit.led, shared: unit.shared }) });
  const scale = 36 / Math.max(most, 1);
  drawing.append(svgElement('rect', { class: 'lead', width: unit.led * scale, height: 11 }));
  drawing.append(svgElement('rect', { class: 'share', x: unit.led * scale, width: unit.shared * scale, height: 11 }));
  return drawing;
}

function tableRow(cells, tag = 'td') {
  const row = element('tr');
  for (const cell of cells) {
    const made = element(tag, cell.number ? 'number' : '');
    if (tag === 'th') made.scope = 'col';
    if (cell.title) made.title = cell.title;
    made.append(cell.node ?? String(cell.text ?? ''));
    row.append(made);
  }
  return row;
}

function rankingTable(units, caption, territorial) {
  const table = element('table');
  table.append(element('caption', '', caption));
  const heads = [['rank', true], ['unit'], ['bar'], ['led', true], ['shared', true], ['relations', true], ...(territorial ? [] : [['bare', true]]), ['interval', true]];
  const head = element('thead');
  head.append(tableRow(heads.map(([name, number]) => ({ text: say(`ranking.${name}`), title: say(`ranking.${name}.title`), number })), 'th'));
  const body = element('tbody');
  const most = Math.max(...units.map((unit) => unit.tasks.length));
  for (const unit of units) {
    const interval = isFiltered() ? '' : nodeOf.get(unit.id).interval.join('–');
    body.append(tableRow([
      { text: rankOf(unit.id), number: true },
      { node: unitButton(unit.id) },
      { node: bar(unit, most) },
      { text: unit.led, number: true },
      { text: unit.shared, number: true },
      { text: unit.relations, number: true },
      ...(territorial ? [] : [{ text: unit.bare, number: true }]),
      { text: interval, number: true },
    ]));
  }
  table.append(head, body);
  return table;
}

function showRanking(top, body) {
  top.append(element('h2', '', say('ranking.title')), element('div', 'hint', say('ranking.hint')));
  for (const territorial of [false, true]) {
    const units = view.ranked.filter((unit) => isTerritorial(unit.id) === territorial);
    if (units.length) body.append(rankingTable(units, say(territorial ? 'ranking.territories' : 'ranking.others'), territorial));
  }
  if (view.groups.length) body.append(groupTable());
}

function groupTable() {
  const table = element('table');
  table.append(element('caption', '', say('ranking.groups')));
  const rows = element('tbody');
  rows.className = 'groups';
  for (const [name, count] of view.groups) rows.append(tableRow([{ node: groupButton(name, name, 'link') }, { text: say('panel.together', { count }), number: true }]));
  table.append(rows);
  return table;
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

function backButton() {
  const button = element('button', '', say('panel.back'));
  button.type = 'button';
  button.onclick = () => choose({});
  return button;
}

function showUnit(top, body) {
  const unit = view.units.get(state.unit);
  top.append(backButton(), element('h2', '', labelOf(state.unit)));
  const node = nodeOf.get(state.unit);
  top.append(element('div', 'hint', [PAGE.kinds[node.kind], ...node.aliases].join(' · ')));
  if (!unit) {
    body.append(element('p', 'hint', say('panel.nothing')));
    return;
  }
  top.append(figures([[rankOf(unit.id), say('panel.rank')], [unit.led, say('panel.led')], [unit.shared, say('panel.shared')], [unit.relations, say('panel.relations')]]));
  const interval = say('panel.interval', { printed: node.interval[0], resolved: node.interval[1], upper: node.interval[2] });
  const bare = unit.bare === null ? '' : say('panel.bare', { bare: unit.bare });
  top.append(element('div', 'hint', [bare, isFiltered() ? '' : interval].filter(Boolean).join('　')));
  showPartners(body, unit);
  showTasks(body, say('panel.led-tasks', { count: unit.led }), unit.tasks.filter((task) => task.leads.includes(unit.id)), unit.id);
  showTasks(body, say('panel.shared-tasks', { count: unit.shared }), unit.tasks.filter((task) => !task.leads.includes(unit.id)), unit.id);
}

function showPartners(body, unit) {
  const links = [...view.all.values()].filter((link) => link.from === unit.id || link.to === unit.id);
  links.sort((one, other) => other.tasks.length - one.tasks.length || (one.key < other.key ? -1 : 1));
  if (!links.length) return;
  body.append(element('h3', '', say('panel.partners', { count: links.length })));
  const table = element('table');
  const rows = element('tbody');
  for (const link of links.slice(0, 8)) {
    const first = link.from === unit.id;
    const button = element('button', 'link', say('panel.together', { count: link.tasks.length }));
    button.type = 'button';
    button.onclick = () => selectLink(link.key);
    rows.append(tableRow([
      { node: unitButton(first ? link.to : link.from) },
      { text: say('panel.who-leads', { own: first ? link.fromLeads : link.toLeads, other: first ? link.toLeads : link.fromLeads }) },
      { node: button, number: true },
    ]));
  }
  table.append(rows);
  body.append(table);
}

function showTasks(body, title, tasks, id) {
  if (!tasks.length) return;
  body.append(element('h3', '', title));
  for (const task of tasks) body.append(taskCard(task, id));
}

function taskCard(task, id) {
  const card = element('div', 'task');
  card.dataset.task = task.key;
  if (id) {
    const leads = task.leads.includes(id);
    card.dataset.role = leads ? 'lead' : 'share';
    card.append(element('span', leads ? 'tag lead' : 'tag', say(leads ? 'role.lead' : 'role.share')));
  }
  card.append(`${task.number || task.i}. ${task.text}`);
  const about = element('div', 'about');
  about.append(say('task.leads'));
  if (!task.leads.length) about.append(say('task.no-lead'));
  task.leads.forEach((lead, at) => about.append(...(at ? [say('join')] : []), unitButton(lead)));
  about.append(say('task.others', { count: task.others.length }));
  if (task.groups.length) about.append(say('task.groups', { groups: task.groups.join(say('join')) }));
  const source = element('details');
  source.append(element('summary', '', say('task.clause')), task.clause);
  card.append(about, source);
  return card;
}

function showLink(top, body) {
  const [one, other] = state.link.split('\n');
  top.append(backButton(), element('h2', '', say('link.title', { one: labelOf(one), other: labelOf(other) })));
  const link = view.all.get(state.link);
  if (!link) {
    body.append(element('p', 'hint', say('panel.nothing')));
    return;
  }
  top.append(element('div', 'hint', say('link.hint', { count: link.tasks.length, one: labelOf(one), other: labelOf(other), first: link.fromLeads, second: link.toLeads })));
  for (const task of link.tasks) body.append(taskCard(task));
}

function showGroup(top, body) {
  top.append(backButton(), element('h2', '', say('group.title', { group: state.group })));
  const tasks = view.tasks.filter((task) => task.groups.includes(state.group));
  top.append(element('div', 'hint', say('group.hint', { count: tasks.length })));
  for (const task of tasks) body.append(taskCard(task));
}

function updatePanel() {
  const panel = $('#panel');
  panel.textContent = '';
  const [top, body] = [element('div', 'top'), element('div', 'body')];
  panel.append(top, body);
  if (state.link) showLink(top, body);
  else if (state.group) showGroup(top, body);
  else if (state.unit) showUnit(top, body);
  else showRanking(top, body);
}

// Units that stand in more than half of all tasks, and references to whole groups, would hide everything else as discs.
function updateBadges() {
  const strip = $('#badges');
  strip.textContent = '';
  const universal = view.ranked.filter((unit) => isUniversal(unit.id) && !state.universal);
  const groups = view.groups.filter(([, count]) => 20 * count >= view.tasks.length);
  if (universal.length || groups.length) strip.append(element('span', 'hint', say('badges.hidden')));
  for (const { id, tasks } of universal) {
    const button = element('button', '', say('badges.unit', { unit: labelOf(id), share: Math.round((100 * tasks.length) / view.tasks.length) }));
    button.type = 'button';
    button.setAttribute('aria-pressed', String(id === state.unit));
    button.onclick = () => selectUnit(id);
    strip.append(button);
  }
  for (const [name, count] of groups) {
    const button = groupButton(name, say('badges.group', { group: name, count }), 'group');
    button.setAttribute('aria-pressed', String(name === state.group));
    button.title = say('badges.group.title');
    strip.append(button);
  }
}

function updateStatus() {
  const hidden = state.universal ? 0 : view.ranked.filter((unit) => isUniversal(unit.id)).length;
  const values = {
    shown: view.shown.size,
    all: view.units.size,
    links: view.drawn.length,
    least: state.least,
    tasks: view.tasks.length,
    hidden,
    apart: view.units.size - view.shown.size - hidden,
  };
  const parts = [say('status', values)];
  if (state.ego) parts.push(say('status.ego', values));
  else if (values.apart) parts.push(say('status.apart', values));
  if (hidden) parts.push(say('status.hidden', values));
  $('#status').textContent = parts.join(say('status.join'));
}

function legendKey(mark, text) {
  const row = element('div', 'key');
  const drawing = svgElement('svg', { width: 18, height: 18, 'aria-hidden': 'true' });
  const common = { fill: 'none', stroke: 'currentColor' };
  if (mark === 'square') drawing.append(svgElement('rect', { ...common, x: 3, y: 3, width: 12, height: 12 }));
  else if (mark === 'diamond') drawing.append(svgElement('path', { ...common, d: 'M9 1 17 9 9 17 1 9Z' }));
  else if (mark === 'triangle') drawing.append(svgElement('path', { ...common, d: 'M9 2 16 15 2 15Z' }));
  else if (mark === 'ring') {
    drawing.append(svgElement('circle', { cx: 9, cy: 9, r: 7, fill: 'none', stroke: ink().share, 'stroke-width': 3 }));
    drawing.append(svgElement('path', { d: 'M9 2A7 7 0 0 1 9 16', fill: 'none', stroke: ink().lead, 'stroke-width': 3 }));
  } else if (mark.startsWith('#')) drawing.append(svgElement('circle', { cx: 9, cy: 9, r: 7, fill: mark, stroke: 'currentColor' }));
  else drawing.append(svgElement('circle', { ...common, cx: 9, cy: 9, r: 7 }));
  row.append(drawing, text);
  return row;
}

function classText(at) {
  const bounds = PAGE.classes;
  if (at === bounds.length) return `>${bounds[at - 1]}`;
  const first = at ? bounds[at - 1] + 1 : 0;
  return first === bounds[at] ? String(first) : `${first}–${bounds[at]}`;
}

function updateLegend() {
  const legend = $('#legend');
  legend.textContent = '';
  if (state.colour === 'load') {
    const scale = element('div', 'scale');
    HEAT[state.theme].forEach((colour, at) => {
      const cell = element('div');
      const drawing = svgElement('svg', { 'aria-hidden': 'true' });
      drawing.append(svgElement('rect', { width: '100%', height: 14, fill: colour, stroke: 'currentColor', 'stroke-opacity': 0.25 }));
      cell.append(drawing, classText(at));
      scale.append(cell);
    });
    legend.append(scale, element('div', 'hint', say('legend.relations')));
  } else {
    GROUPS.forEach((colour, at) => {
      const members = view.ranked.filter((unit) => groupOf(unit.id) === at);
      const last = at === GROUPS.length - 1;
      if (members.length) legend.append(legendKey(colour, last ? say('legend.others') : members.slice(0, 2).map((unit) => labelOf(unit.id)).join(say('join')) + say('legend.and')));
    });
  }
  for (const mark of ['disc', 'square', 'triangle', 'diamond', 'ring']) legend.append(legendKey(mark, say(`legend.${mark}`)));
  legend.append(element('div', 'hint', say('legend.size')));
}
