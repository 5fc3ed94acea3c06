// What stands on the right while nothing is chosen: units by load, links, tasks. Whatever the map says is said here too.
function listTabs() {
  const tabs = element('div', 'tabs');
  tabs.setAttribute('role', 'group');
  tabs.setAttribute('aria-label', say('list.title'));
  for (const name of CHOICES.list) {
    tabs.append(toggle(say(`list.${name}`), '', state.list === name, () => {
      state.list = name;
      update();
      $('#panel').querySelector('[aria-pressed="true"]').focus();
    }));
  }
  return tabs;
}

function showList(top, body) {
  top.append(listTabs());
  ({ units: showRanking, links: showLinks, tasks: showTaskList })[state.list](top, body);
}

function sortHead(name) {
  if (!CHOICES.by.includes(name)) return say(`ranking.${name}`);
  return button(say(`ranking.${name}`), 'sort', () => {
    state.by = name;
    update();
    $('#panel').querySelector(`[data-by="${name}"]`)?.focus();
  });
}

function rankingHead(columns) {
  const head = element('thead');
  head.append(tableRow(columns.map(([name, number]) => {
    const node = sortHead(name);
    if (node.dataset) node.dataset.by = name;
    return { node, number, title: say(`ranking.${name}.title`), sort: state.by === name ? 'descending' : undefined };
  }), 'th'));
  return head;
}

function rankingTable(units, caption, territorial) {
  const table = element('table', 'ranking');
  table.append(element('caption', '', caption));
  const columns = [['rank', true], ['unit'], ['tasks'], ['led', true], ['shared', true], ['relations', true], ...(territorial ? [] : [['bare', true]]), ['interval', true]];
  const body = element('tbody');
  const most = Math.max(...units.map((unit) => unit.tasks.length));
  const make = (unit) => tableRow([
    { text: rankOf(unit.id), number: true },
    { node: namedGlyph(unit), className: 'name' },
    { node: bar(unit, most) },
    { text: unit.led, number: true },
    { text: unit.shared, number: true },
    { text: unit.relations, number: true },
    ...(territorial ? [] : [{ text: unit.bare, number: true }]),
    { text: isUnfiltered() ? nodeOf.get(unit.id).interval.join('–') : '', number: true, className: 'interval' },
  ]);
  fillRows(body, units, make, 150);
  table.append(rankingHead(columns), body);
  return table;
}

function namedGlyph(unit) {
  const name = element('span', 'named');
  name.append(glyph(unit), unitButton(unit.id));
  return name;
}

function sorted(units) {
  const value = (unit) => (state.by === 'tasks' ? unit.tasks.length : unit[state.by] ?? unit.relations);
  return [...units].sort((one, other) => value(other) - value(one) || byLoad(one, other));
}

function showRanking(top, body) {
  if (isDifference()) {
    top.append(element('h2', '', say('difference.head')), element('div', 'hint', say('difference.hint')));
    body.append(differenceTable(view.ranked));
    return;
  }
  top.append(element('h2', '', say('ranking.title')), element('div', 'hint', say('ranking.hint')));
  for (const territorial of [false, true]) {
    const units = sorted(view.ranked.filter((unit) => isTerritorial(unit.id) === territorial));
    if (units.length) body.append(rankingTable(units, say(territorial ? 'ranking.territories' : 'ranking.others'), territorial));
  }
  if (view.groups.length) body.append(groupTable());
  if (!view.ranked.length) body.append(element('p', 'hint', say('panel.nobody')));
}

function groupTable() {
  const table = element('table');
  table.append(element('caption', '', say('ranking.groups')));
  const rows = element('tbody', 'groups');
  for (const [name, count] of view.groups) rows.append(tableRow([{ node: groupButton(name, name, 'link') }, { text: say('panel.together', { count }), number: true }]));
  table.append(rows);
  return table;
}

function showLinks(top, body) {
  const arrow = say(`list.arrow.${state.relation}`);
  top.append(element('h2', '', say(`relation.${state.relation}`)), element('div', 'hint', say('list.links.hint', { least: state.least, count: view.links.length })));
  const table = element('table', 'pairs');
  const rows = element('tbody');
  const links = [...view.links].sort((one, other) => other.tasks.length - one.tasks.length || (one.key < other.key ? -1 : 1));
  fillRows(rows, links, (link) => tableRow([
    { node: unitButton(link.from) },
    { text: arrow },
    { node: unitButton(link.to) },
    { node: button(say('panel.together', { count: link.tasks.length }), 'link', () => choose({ link: link.pair })), number: true },
  ]), 100);
  table.append(rows);
  body.append(table);
}

function showTaskList(top, body) {
  top.append(element('h2', '', say('list.tasks')), element('div', 'hint', say('list.tasks.hint', { count: view.tasks.length })));
  const table = element('table', 'tasks');
  const rows = element('tbody');
  fillRows(rows, view.tasks, (task) => tableRow([
    { text: numberOf(task), number: true },
    { node: taskButton(task, shorten(task.text, 44)) },
    { text: task.leads.map(labelOf).join(say('join')) || say('task.no-lead'), className: 'leads' },
    { text: task.leads.length + task.others.length, number: true, title: say('list.tasks.size') },
  ]), 200);
  table.append(rows);
  body.append(table);
}

const shorten = (text, length) => (text.length > length ? `${text.slice(0, length)}…` : text);
