// Units × tasks: the marks and the order of rows are those of kg.analysis.matrix.
const CELL = { least: 8, most: 18 };

// The mark of every unit in every chosen task that has one.
function matrixMarks() {
  const marks = new Map();
  const put = (id, task, mark) => {
    if (!view.counted(id)) return;
    if (!marks.has(id)) marks.set(id, new Map());
    marks.get(id).set(task.key, mark);
  };
  for (const task of view.tasks) {
    for (const id of task.through) put(id, task, 'group');
    for (const id of task.others) put(id, task, task.cooperating.includes(id) ? 'cooperating' : 'responsible');
    for (const id of task.leads) put(id, task, 'lead');
  }
  return marks;
}

function matrixView() {
  const marks = matrixMarks();
  const nothing = (id) => ({ id, led: 0, shared: 0, relations: 0, tasks: [] });
  const units = [...marks.keys()].map((id) => view.units.get(id) ?? nothing(id)).sort((one, other) => isTerritorial(one.id) - isTerritorial(other.id) || byLoad(one, other));
  return { units: orderedRows(units, marks), tasks: view.tasks, marks };
}

// By load as they come, by the section in which a unit stands most often, or by kind in the order of the heaviest of each.
function orderedRows(units, marks) {
  if (state.order === 'load') return units;
  const place = new Map(units.map((unit, at) => [unit.id, at]));
  if (state.order === 'kind') {
    const first = new Map();
    for (const unit of units) if (!first.has(nodeOf.get(unit.id).kind)) first.set(nodeOf.get(unit.id).kind, place.get(unit.id));
    const ofKind = (unit) => first.get(nodeOf.get(unit.id).kind);
    return [...units].sort((one, other) => ofKind(one) - ofKind(other) || place.get(one.id) - place.get(other.id));
  }
  const chief = new Map(units.map((unit) => [unit.id, chiefSection(marks.get(unit.id))]));
  const territory = (unit) => Number(isTerritorial(unit.id));
  return [...units].sort((one, other) => territory(one) - territory(other) || chief.get(one.id) - chief.get(other.id) || place.get(one.id) - place.get(other.id));
}

function chiefSection(marked) {
  const counts = new Map();
  for (const key of marked.keys()) {
    const at = FILTERS.sections.indexOf(taskOf.get(key).section);
    const section = at < 0 ? FILTERS.sections.length : at;
    counts.set(section, (counts.get(section) ?? 0) + 1);
  }
  return [...counts].sort((one, other) => other[1] - one[1] || one[0] - other[0])[0][0];
}

let shownMatrix = null;

function updateMatrix() {
  if (state.view !== 'matrix') return;
  shownMatrix = matrixView();
  const { units, tasks, marks } = shownMatrix;
  const table = element('table', 'matrix');
  table.setAttribute('role', 'grid');
  table.setAttribute('aria-label', say('matrix.label'));
  table.style.setProperty('--tasks', tasks.length);
  const body = element('tbody');
  const blank = blankRow(tasks);
  units.forEach((unit, at) => body.append(matrixRow(unit, marks.get(unit.id), tasks, blank, at > 0 && isTerritorial(unit.id) !== isTerritorial(units[at - 1].id))));
  table.append(matrixColumns(tasks), matrixHead(tasks), body);
  const { scrollLeft, scrollTop } = $('#cells');
  $('#cells').replaceChildren(table);
  sizeCells();
  $('#cells').scrollTo(scrollLeft, scrollTop);
  markChosen();
}

function matrixColumns(tasks) {
  const columns = element('colgroup');
  for (const name of ['unit', 'count', 'count']) columns.append(element('col', name));
  tasks.forEach((task, at) => columns.append(element('col', startsSection(tasks, at) ? 'cell start' : 'cell')));
  return columns;
}

const startsSection = (tasks, at) => at > 0 && (tasks[at].section !== tasks[at - 1].section || tasks[at].notice !== tasks[at - 1].notice);

function matrixHead(tasks) {
  const head = element('thead');
  const [bands, numbers] = [element('tr', 'bands'), element('tr', 'numbers')];
  bands.append(headCell('', { colSpan: 3, className: 'corner' }));
  for (const band of bandsOf(tasks)) bands.append(headCell(band.text, { colSpan: band.count, title: band.text, scope: 'colgroup' }));
  for (const name of ['unit', 'led', 'shared']) numbers.append(headCell(say(`ranking.${name}`), { scope: 'col', className: name === 'unit' ? 'corner' : 'count' }));
  for (const task of tasks) {
    const cell = headCell('', { scope: 'col', className: 'number' });
    cell.dataset.task = task.key;
    cell.append(element('span', '', numberOf(task)));
    numbers.append(cell);
  }
  head.append(bands, numbers);
  return head;
}

function headCell(text, properties) {
  return Object.assign(element('th', '', text), properties);
}

function bandsOf(tasks) {
  const bands = [];
  tasks.forEach((task, at) => {
    const section = sectionOf.get(task.section);
    const text = [PAGE.notices.length > 1 && noticeName(noticeOf.get(task.notice)), section && sectionName(section)].filter(Boolean).join(' ');
    if (at && !startsSection(tasks, at)) bands.at(-1).count += 1;
    else bands.push({ text, count: 1 });
  });
  return bands;
}

function blankRow(tasks) {
  const row = element('tr');
  row.append(...tasks.map((task, at) => element('td', startsSection(tasks, at) ? 'start' : '')));
  return row;
}

function matrixRow(unit, marked, tasks, blank, apart) {
  const row = blank.cloneNode(true);
  row.dataset.unit = unit.id;
  if (apart) row.className = 'apart';
  tasks.forEach((task, at) => {
    const mark = marked.get(task.key);
    if (!mark) return;
    row.cells[at].classList.add(mark);
    row.cells[at].textContent = PAGE.marks[mark].symbol;
  });
  const name = headCell('', { scope: 'row' });
  name.append(element('span', '', labelOf(unit.id)));
  row.prepend(name, element('td', 'count led', unit.led || ''), element('td', 'count', unit.shared || ''));
  return row;
}

// As wide as the room allows, so that a whole notice is seen at once where it can be.
function sizeCells() {
  const table = $('#cells table');
  if (!table) return;
  const room = ($('#cells').clientWidth - table.querySelector('.numbers .corner').offsetWidth - 2 * 30 - 16) / Math.max(1, shownMatrix.tasks.length);
  const cell = Math.max(CELL.least, Math.min(CELL.most, Math.floor(room * 10) / 10));
  table.style.setProperty('--cell', `${cell}px`);
  table.style.setProperty('--mark', `${Math.min(10, Math.floor(cell) - 1)}px`);
}

function markChosen() {
  for (const cell of document.querySelectorAll('#cells .chosen')) cell.classList.remove('chosen');
  const units = state.link ? state.link.split('\n') : state.unit ? [state.unit] : [];
  for (const row of document.querySelectorAll('#cells tbody tr')) row.classList.toggle('chosen', units.includes(row.dataset.unit));
  const at = shownMatrix.tasks.findIndex((task) => task.key === state.task);
  if (at >= 0) {
    document.querySelectorAll('#cells col')[at + 3].classList.add('chosen');
    document.querySelectorAll('#cells .numbers th')[at + 3].classList.add('chosen');
  }
}

function matrixStatus() {
  const { units, tasks, marks } = shownMatrix;
  const counts = Object.fromEntries(Object.keys(PAGE.marks).map((mark) => [mark, 0]));
  for (const marked of marks.values()) for (const mark of marked.values()) counts[mark] += 1;
  const said = Object.entries(counts).filter(([, count]) => count).map(([mark, count]) => `${PAGE.marks[mark].symbol}${PAGE.marks[mark].name} ${count}`);
  return [say('matrix.status', { units: units.length, tasks: tasks.length }), said.join(say('matrix.join'))];
}
