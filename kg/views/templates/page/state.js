// What the reader has chosen, and the view that follows from it.
const NOTHING = { unit: null, link: null, task: null, group: null };
const CHOICES = {
  view: ['map', 'matrix'],
  side: PAGE.sides ? ['both', 'old', 'new'] : ['whole'],
  relation: ['all', 'lead', 'share'],
  reading: ['whole', 'chosen'],
  colour: ['load', 'community'],
  list: ['units', 'links', 'tasks'],
  by: ['relations', 'bare', 'tasks', 'led', 'shared'],
  order: ['load', 'section', 'kind'],
  theme: ['light', 'dark'],
};
const DEFAULTS = {
  ...Object.fromEntries(Object.entries(CHOICES).map(([name, values]) => [name, values[0]])),
  ...PAGE.first,
  theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
  ego: false,
};
const state = { ...DEFAULTS, ...NOTHING, kept: keepAll() };
let view = null;

function keepAll() {
  return Object.fromEntries(Object.entries(FILTERS).map(([name, keys]) => [name, new Set(keys)]));
}

const isWhole = (name) => state.kept[name].size === FILTERS[name].length;
const everyUnit = () => ['kinds', 'levels', 'lines'].every(isWhole);

// Whether every figure is that of the whole table, as Python counted it.
function isUnfiltered() {
  return !SIDES && isWhole('notices') && isWhole('sections') && (everyUnit() || state.reading === 'whole');
}

function isCounted(id) {
  const { kind, level, lines } = nodeOf.get(id);
  const { kept } = state;
  const ofLine = isWhole('lines') || (lines.length ? lines.some((line) => kept.lines.has(line)) : kept.lines.has(NONE));
  return kept.kinds.has(kind) && kept.levels.has(level || NONE) && ofLine;
}

function chosenTasks() {
  const { notices, sections } = state.kept;
  return TASKS.filter((task) => isOfSide(task) && notices.has(task.notice) && (task.section ? sections.has(task.section) : isWhole('sections')));
}

function deriveView() {
  const counted = (id) => !isElsewhere(id) && (everyUnit() || isCounted(id));
  const tasks = chosenTasks();
  const measured = everyUnit() || state.reading === 'whole' ? tasks : takenOut(tasks, (id) => isElsewhere(id) || isCounted(id));
  const units = measuredUnits(measured);
  const all = measureLinks(measured, state.relation);
  if (isDifference()) addSides(units, all, measured);
  const seen = (id) => counted(id) && (state.universal || !isUniversal(id));
  const links = [...all.values()].filter((link) => weightOf(link) >= state.least && seen(link.from) && seen(link.to));
  const neighbours = neighboursOf(links);
  const shown = shownUnits([...units.keys()].filter(seen), neighbours);
  const drawn = links.filter((link) => shown.has(link.from) && shown.has(link.to));
  const ranked = [...units.values()].filter((unit) => counted(unit.id)).sort(byLoad);
  view = { counted, tasks, measured, units, all, links, neighbours, shown, drawn, ranked, groups: countGroups(tasks) };
  view.focus = focusOf();
}

function measuredUnits(tasks) {
  const units = measureUnits(tasks);
  const bare = measureUnits(takenOut(tasks, (id) => !isTerritorial(id)));
  for (const unit of units.values()) unit.bare = isTerritorial(unit.id) ? null : bare.get(unit.id)?.relations ?? 0;
  return units;
}

// For every unit those it is linked with, and in how many tasks.
function neighboursOf(links) {
  const neighbours = new Map();
  for (const { from, to, tasks } of links) {
    for (const [one, other] of [[from, to], [to, from]]) {
      if (!neighbours.has(one)) neighbours.set(one, new Map());
      neighbours.get(one).set(other, (neighbours.get(one).get(other) ?? 0) + tasks.length);
    }
  }
  return neighbours;
}

function shownUnits(seen, neighbours) {
  if (state.ego && seen.includes(state.unit)) return new Set([state.unit, ...(neighbours.get(state.unit)?.keys() ?? [])]);
  return new Set(seen.filter((id) => neighbours.has(id) || id === state.unit));
}

// What is chosen (3) and what stands near it (2); null where nothing in the picture is chosen.
function focusOf() {
  const { unit, link, task } = state;
  const focus = new Map();
  const add = (ids, nearness) => ids.filter((id) => view.shown.has(id) && !focus.has(id)).forEach((id) => focus.set(id, nearness));
  if (link) add(link.split('\n'), 3);
  else if (task) {
    add(taskOf.get(task).leads, 3);
    add(taskOf.get(task).others, 2);
  } else if (unit && view.shown.has(unit)) {
    add([unit], 3);
    add([...(view.neighbours.get(unit)?.keys() ?? [])], 2);
  }
  return focus.size ? focus : null;
}

const nearness = (id) => (view.focus ? view.focus.get(id) ?? 0 : 2);

function isLit(link) {
  if (state.link) return link.pair === state.link;
  if (state.task) return link.tasks.some((task) => task.key === state.task);
  return link.from === state.unit || link.to === state.unit;
}

// Collective references with the number of tasks that print them, the most frequent first.
function countGroups(tasks) {
  const counts = new Map();
  for (const task of tasks) for (const group of new Set(task.groups)) counts.set(group, (counts.get(group) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
}

function rankOf(id) {
  const own = view.units.get(id);
  const kind = isTerritorial(id);
  return 1 + view.ranked.filter((unit) => isTerritorial(unit.id) === kind && unit.relations > own.relations).length;
}
