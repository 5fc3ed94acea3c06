// The right side while something is chosen: one unit, one pair, one task or one collective reference.
function backButton() {
  return button(say('panel.back'), 'back', () => choose({}));
}

function showUnit(top, body) {
  const id = state.unit;
  const [unit, node] = [view.units.get(id), nodeOf.get(id)];
  top.append(backButton(), element('h2', '', labelOf(id)), element('div', 'hint', describeUnit(node)));
  if (isElsewhere(id)) {
    body.append(element('p', 'hint', say('pack.elsewhere')), pageLink(`${PAGE.elsewhere[id]}#${new URLSearchParams({ u: labelOf(id) })}`, labelOf(id)));
    return;
  }
  if (!unit) {
    body.append(element('p', 'hint', say('panel.nothing')));
    return;
  }
  if (isDifference()) {
    top.append(differenceFigures(unit));
    showBySide(body, unit.tasks, [id]);
    return;
  }
  const rank = view.counted(id) ? rankOf(id) : say('panel.unranked');
  top.append(figures([[rank, say('panel.rank')], [unit.led, say('panel.led')], [unit.shared, say('panel.shared')], [unit.relations, say('panel.relations')]]));
  const interval = isUnfiltered() ? say('panel.interval', { printed: node.interval[0], resolved: node.interval[1], upper: node.interval[2] }) : '';
  const bare = unit.bare === null ? '' : say('panel.bare', { bare: unit.bare });
  top.append(element('div', 'hint', [bare, interval].filter(Boolean).join(' ')));
  showPartners(body, unit);
  showTasks(body, say('panel.led-tasks', { count: unit.led }), unit.tasks.filter((task) => task.leads.includes(id)), [id]);
  showTasks(body, say('panel.shared-tasks', { count: unit.shared }), unit.tasks.filter((task) => !task.leads.includes(id)), [id]);
}

function describeUnit(node) {
  const lines = node.lines.map((line) => PAGE.lines[line]).join(say('join'));
  const parts = [PAGE.kinds[node.kind], PAGE.levels[node.level], lines && say('panel.lines', { lines }), ...node.aliases];
  return parts.filter(Boolean).join(' · ');
}

function partnersOf(unit) {
  const partners = new Map();
  for (const task of unit.tasks) {
    for (const id of [...task.leads, ...task.others]) {
      if (id === unit.id) continue;
      if (!partners.has(id)) partners.set(id, { id, tasks: 0, own: 0, their: 0 });
      const partner = partners.get(id);
      partner.tasks += 1;
      partner.own += task.leads.includes(unit.id);
      partner.their += task.leads.includes(id);
    }
  }
  return [...partners.values()].sort((one, other) => other.tasks - one.tasks || other.own - one.own || (one.id < other.id ? -1 : 1));
}

function showPartners(body, unit) {
  const partners = partnersOf(unit);
  if (!partners.length) return;
  body.append(element('h3', '', say('panel.partners', { count: partners.length })));
  const table = element('table', 'partners');
  const rows = element('tbody');
  fillRows(rows, partners, (partner) => tableRow([
    { node: unitButton(partner.id) },
    { text: say('panel.who-leads', { own: partner.own, other: partner.their }), className: 'soft' },
    { node: button(say('panel.together', { count: partner.tasks }), 'link', () => choose({ link: pairKey(unit.id, partner.id) })), number: true },
  ]), 8);
  table.append(rows);
  body.append(table);
}

function showLink(top, body) {
  const ids = state.link.split('\n');
  const [one, other] = ids.map(labelOf);
  const { together, first, second, neither } = measurePair(view.measured, ...ids);
  top.append(backButton(), element('h2', '', say('link.title', { one, other })));
  if (!together.length) {
    body.append(element('p', 'hint', say('panel.nothing')));
    return;
  }
  top.append(figures([
    [together.length, say('link.together')],
    [first.length, say('link.leads', { unit: one })],
    [second.length, say('link.leads', { unit: other })],
    [neither.length, say('link.neither')],
  ]));
  if (isDifference()) showBySide(body, together, ids);
  else for (const task of together) body.append(taskCard(task, ids));
}

function showTask(top, body) {
  const task = taskOf.get(state.task);
  top.append(backButton(), element('h2', '', say('task.title', { number: numberOf(task) })));
  const [notice, section] = [noticeOf.get(task.notice), sectionOf.get(task.section)];
  top.append(element('div', 'hint', [PAGE.notices.length > 1 && noticeName(notice), section && sectionName(section)].filter(Boolean).join(' · ')));
  body.append(element('p', 'wording', task.text));
  const sharing = task.others.filter((id) => !task.cooperating.includes(id));
  showMembers(body, say('task.of.lead', { count: task.leads.length }), task.leads.map(unitButton), say('task.no-lead'));
  showMembers(body, say('task.of.share', { count: sharing.length }), sharing.map(unitButton));
  showMembers(body, say('task.of.cooperating', { count: task.cooperating.length }), task.cooperating.map(unitButton));
  showMembers(body, say('task.of.groups'), task.groups.map((name) => groupButton(name, name, 'link')));
  showMembers(body, say('task.of.through', { count: task.through.length }), task.through.map(unitButton));
  body.append(element('h3', '', say('task.clause')), element('blockquote', '', task.clause || say('task.no-clause')));
}

function showMembers(body, title, members, instead) {
  if (!members.length && !instead) return;
  const list = element('ul', 'members');
  for (const member of members.length ? members : [instead]) {
    const row = element('li');
    row.append(member);
    list.append(row);
  }
  body.append(element('h3', '', title), list);
}

function showGroup(top, body) {
  top.append(backButton(), element('h2', '', say('group.title', { group: state.group })));
  const tasks = view.tasks.filter((task) => task.groups.includes(state.group));
  top.append(element('div', 'hint', say('group.hint', { count: tasks.length })));
  for (const task of tasks) body.append(taskCard(task));
}

// What the right side hangs on: a slider that moves links leaves the ranking as it is, its scrolling and its focus too.
function panelWritten() {
  const { theme, colour, by, list, reading, relation, least, universal, kept } = state;
  const links = list === 'links' ? [relation, least, universal] : [];
  const chosen = Object.keys(NOTHING).map((name) => state[name]);
  return JSON.stringify([onPaper, theme, colour, by, list, reading, links, chosen, Object.values(kept).map((keys) => [...keys])]);
}

let panelShown = '';

function updatePanel() {
  const written = panelWritten();
  if (written === panelShown) return;
  panelShown = written;
  const panel = $('#panel');
  panel.textContent = '';
  const [top, body] = [element('div', 'top'), element('div', 'body')];
  panel.append(top, body);
  if (state.link) showLink(top, body);
  else if (state.group) showGroup(top, body);
  else if (state.task) showTask(top, body);
  else if (state.unit) showUnit(top, body);
  else showList(top, body);
}
