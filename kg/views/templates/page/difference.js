// Two sides in one picture: what each unit and each link had before and has after. Nothing here without PAGE.sides.
const SIDES = PAGE.sides;
const SIDE_OF = new Map(SIDES ? Object.entries(SIDES).flatMap(([side, { notices }]) => notices.map((notice) => [notice, side])) : []);
// Blue and orange are told apart by every kind of colour vision; what stays the same is grey.
const CHANGES = { gained: '#0072B2', lost: '#D55E00', same: '#8A8F96' };
const DIFFERENCE = {
  light: ['#B35806', '#FDB863', '#EDEDED', '#92C5DE', '#2166AC'],
  dark: ['#E08214', '#8C5A1E', '#4A525C', '#2F6B96', '#6CB2FF'],
};
const STEP = 5;

const isDifference = () => Boolean(SIDES) && state.side === 'both';
const isOfSide = (task) => !SIDES || state.side === 'both' || SIDE_OF.get(task.notice) === state.side;
const tasksOf = (tasks, side) => tasks.filter((task) => SIDE_OF.get(task.notice) === side);

// What a unit carried on the old side and carries on the new one.
function addSides(units, links, measured) {
  const [before, after] = ['old', 'new'].map((side) => measureUnits(tasksOf(measured, side)));
  const figures = (unit) => ({ led: unit?.led ?? 0, shared: unit?.shared ?? 0, relations: unit?.relations ?? 0, tasks: unit?.tasks.length ?? 0 });
  for (const unit of units.values()) Object.assign(unit, { before: figures(before.get(unit.id)), after: figures(after.get(unit.id)) });
  for (const link of links.values()) Object.assign(link, { before: tasksOf(link.tasks, 'old').length, after: tasksOf(link.tasks, 'new').length });
}

const weightOf = (link) => (isDifference() ? Math.max(link.before, link.after) : link.tasks.length);
const sizeOf = (unit) => (isDifference() ? Math.max(unit.before.tasks, unit.after.tasks) : unit.tasks.length);
const changeOf = ({ before, after }) => after.relations - before.relations;

function fateOf(unit) {
  if (!unit.before.tasks) return 'gained';
  return unit.after.tasks ? 'same' : 'lost';
}

function fateOfLink(link) {
  if (!link.before) return 'gained';
  return link.after ? 'same' : 'lost';
}

function changeClass(difference) {
  if (!difference) return 2;
  if (difference < 0) return difference < -STEP ? 0 : 1;
  return difference > STEP ? 4 : 3;
}

const changeColour = (unit) => DIFFERENCE[inkTheme()][changeClass(changeOf(unit))];
const CLASS_TEXTS = [`< −${STEP}`, `−${STEP}…−1`, '0', `1…${STEP}`, `> ${STEP}`];
const signed = (number) => (number > 0 ? `+${number}` : String(number).replace('-', '−'));
const arrowed = (before, after) => (before === after ? String(after) : say('difference.arrow', { before, after }));

// How many tasks there are, on each side where two are shown: nobody has as many as both together.
const countText = (tasks) => (isDifference() ? arrowed(tasksOf(tasks, 'old').length, tasksOf(tasks, 'new').length) : tasks.length);

function differenceLegend() {
  const keys = Object.entries(CHANGES).map(([fate, colour]) => legendKey(
    legendDrawing(svgElement('line', { x1: 1, x2: 17, y1: 9, y2: 9, stroke: colour, 'stroke-width': 3 })),
    say(`difference.link.${fate}`),
  ));
  const scale = element('div', 'scale');
  DIFFERENCE[state.theme].forEach((colour, at) => {
    const cell = element('div');
    const drawing = svgElement('svg', { 'aria-hidden': 'true' });
    drawing.append(svgElement('rect', { width: '100%', height: 12, fill: colour, stroke: 'currentColor', 'stroke-opacity': 0.25 }));
    cell.append(drawing, CLASS_TEXTS[at]);
    scale.append(cell);
  });
  return [element('div', 'hint', say('difference.colour')), scale, ...keys];
}

// Every unit before and after, the greatest change first.
function differenceTable(units) {
  const table = element('table', 'ranking');
  table.append(element('caption', '', say('difference.table')));
  const head = element('thead');
  head.append(tableRow([
    { text: say('ranking.unit') }, { text: say('difference.tasks'), number: true }, { text: say('difference.relations'), number: true },
    { text: say('difference.change'), number: true },
  ], 'th'));
  const body = element('tbody');
  const ordered = [...units].sort((one, other) => Math.abs(changeOf(other)) - Math.abs(changeOf(one)) || byLoad(one, other));
  fillRows(body, ordered, (unit) => tableRow([
    { node: namedGlyph(unit), className: 'name' },
    { text: arrowed(unit.before.tasks, unit.after.tasks), number: true },
    { text: arrowed(unit.before.relations, unit.after.relations), number: true },
    { text: fateOf(unit) === 'same' ? signed(changeOf(unit)) : say(`difference.unit.${fateOf(unit)}`), number: true },
  ]), 150);
  table.append(head, body);
  return table;
}

function differenceFigures({ before, after }) {
  return figures(['tasks', 'led', 'shared', 'relations'].map((name) => [arrowed(before[name], after[name]), say(`difference.figure.${name}`)]));
}

// The tasks of something, one side after the other.
function showBySide(body, tasks, ids) {
  for (const side of ['old', 'new']) {
    const own = tasksOf(tasks, side);
    showTasks(body, say('difference.tasks-of', { side: SIDES[side].label, count: own.length }), own, ids);
  }
}

function fillSides() {
  $('#sides').hidden = !SIDES;
  if (!SIDES) return;
  $('#notices-filter').classList.add('told');
  for (const side of ['old', 'new']) $(`#sides [value="${side}"] + span`).textContent = say('side.only', { side: SIDES[side].label });
}
