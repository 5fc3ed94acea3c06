// What is listed as tables for a spreadsheet.
function csvTable(rows) {
  // A cell that a spreadsheet would take for a formula gets an apostrophe.
  const cell = (value) => `"${String(value).replace(/^(?=\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])(?!-?\d+(\.\d+)?$)/, "'").replace(/"/g, '""')}"`;
  return `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

const heads = (...names) => names.map((name) => say(`table.${name}`));

function unitTable() {
  const rows = view.ranked.map((unit) => [
    rankOf(unit.id),
    labelOf(unit.id),
    PAGE.kinds[nodeOf.get(unit.id).kind],
    unit.led,
    unit.shared,
    unit.relations,
    unit.bare ?? '',
    ...(isUnfiltered() ? nodeOf.get(unit.id).interval : ['', '', '']),
  ]);
  return csvTable([heads('rank', 'unit', 'kind', 'led', 'shared', 'relations', 'bare', 'printed', 'resolved', 'upper'), ...rows]);
}

function linkTable() {
  const rows = view.links.map((link) => [labelOf(link.from), labelOf(link.to), link.tasks.length, link.tasks.map(numberOf).join(' ')]);
  const names = state.relation === 'lead' ? heads('lead', 'other-unit', 'together', 'tasks') : heads('one', 'other', 'together', 'tasks');
  return csvTable([names, ...rows.sort((one, other) => other[2] - one[2])]);
}

function taskTable() {
  const names = (ids) => ids.map(labelOf).join(say('join'));
  const rows = view.tasks.map((task) => {
    const sharing = task.others.filter((id) => !task.cooperating.includes(id));
    const section = sectionOf.get(task.section);
    return [noticeName(noticeOf.get(task.notice)), section ? sectionName(section) : '', numberOf(task), task.text, names(task.leads), names(sharing), names(task.cooperating), task.groups.join(say('join')), task.clause];
  });
  return csvTable([heads('notice', 'section', 'number', 'text', 'leads', 'sharing', 'cooperating', 'groups', 'clause'), ...rows]);
}

function matrixTable() {
  const { units, tasks, marks } = matrixView();
  const symbol = (unit, task) => PAGE.marks[marks.get(unit.id).get(task.key)]?.symbol ?? '';
  const rows = units.map((unit) => [labelOf(unit.id), unit.led, unit.shared, ...tasks.map((task) => symbol(unit, task))]);
  return csvTable([[...heads('unit', 'led', 'shared'), ...tasks.map(numberOf)], ...rows]);
}
