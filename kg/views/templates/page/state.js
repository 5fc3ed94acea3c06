// The data as pyvis and Python wrote them, what the reader has chosen, and the view that follows from both.
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const NODES = read('nodes');
const EDGES = read('edges');
const PAGE = read('page');
const TEXTS = read('texts');
const nodeOf = new Map(NODES.map((node) => [node.id, node]));
const isTerritorial = (id) => nodeOf.get(id).territorial;
const labelOf = (id) => nodeOf.get(id).label;

const isUniversal = (id) => nodeOf.get(id).universal;
const EVERY_LINK = measureLinks(PAGE.tasks, 'all');

const DEFAULTS = {
  relation: 'all',
  ...firstSight(),
  colour: 'load',
  theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
};
const NOTHING = { unit: null, link: null, group: null };
const state = {
  ...DEFAULTS,
  ...NOTHING,
  ego: false,
  sections: new Set(PAGE.sections.map((section) => section.key)),
  notices: new Set(PAGE.notices.map((notice) => notice.id)),
};
let view = null;

// At least two shared tasks, and units that stand nearly everywhere left out: unless nothing at all would be seen.
function firstSight() {
  const usual = [...EVERY_LINK.values()].some((link) => link.tasks.length > 1 && !isUniversal(link.from) && !isUniversal(link.to));
  return { least: usual ? 2 : 1, universal: NODES.every((node) => node.universal) };
}

function say(key, values = {}) {
  return TEXTS[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function $(selector) {
  return document.querySelector(selector);
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function isFiltered() {
  return state.sections.size < PAGE.sections.length || state.notices.size < PAGE.notices.length;
}

function chosenTasks() {
  return PAGE.tasks.filter((task) => state.notices.has(task.notice) && (!task.section || state.sections.has(task.section)));
}

function deriveView() {
  const tasks = chosenTasks();
  const units = measureUnits(tasks);
  const bare = measureUnits(withoutTerritories(tasks, isTerritorial));
  for (const unit of units.values()) {
    unit.bare = isTerritorial(unit.id) ? null : bare.get(unit.id)?.relations ?? 0;
  }
  const all = measureLinks(tasks, state.relation);
  const seen = (id) => state.universal || !isUniversal(id);
  const links = [...all.values()].filter((link) => link.tasks.length >= state.least && seen(link.from) && seen(link.to));
  const neighbours = neighboursOf(links);
  const shown = shownUnits([...units.keys()].filter(seen), neighbours);
  const drawn = links.filter((link) => shown.has(link.from) && shown.has(link.to));
  const ranked = [...units.values()].sort(byLoad);
  const chosen = (state.link ? state.link.split('\n') : [state.unit]).filter((id) => shown.has(id));
  view = { tasks, units, all, links, neighbours, shown, drawn, ranked, chosen, groups: countGroups(tasks) };
}

function neighboursOf(links) {
  const neighbours = new Map();
  for (const link of links) {
    for (const [one, other] of [[link.from, link.to], [link.to, link.from]]) {
      if (!neighbours.has(one)) neighbours.set(one, new Map());
      neighbours.get(one).set(other, link);
    }
  }
  return neighbours;
}

function shownUnits(seen, neighbours) {
  if (state.ego && seen.includes(state.unit)) return new Set([state.unit, ...(neighbours.get(state.unit)?.keys() ?? [])]);
  return new Set(seen.filter((id) => neighbours.has(id) || id === state.unit));
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

// Deep links: what differs from the first view stands in the hash; what is unknown there is passed over.
function writeHash() {
  const words = new URLSearchParams();
  if (state.unit) words.set('u', labelOf(state.unit));
  if (state.link) state.link.split('\n').forEach((id, at) => words.set('uv'[at], labelOf(id)));
  if (state.group) words.set('group', state.group);
  for (const name of ['relation', 'least', 'colour', 'theme']) if (state[name] !== DEFAULTS[name]) words.set(name, state[name]);
  if (state.universal !== DEFAULTS.universal) words.set('universal', state.universal ? '1' : '0');
  if (state.ego) words.set('ego', '1');
  if (state.sections.size < PAGE.sections.length) words.set('sections', [...state.sections].join(','));
  if (state.notices.size < PAGE.notices.length) words.set('notices', [...state.notices].join(','));
  // Inside a frame without an address, as in a notebook, there is nothing to write it to.
  if (location.protocol === 'about:') return;
  const hash = words.toString();
  history.replaceState(null, '', hash ? `#${hash}` : location.pathname + location.search);
}

function readHash() {
  const words = new URLSearchParams(location.hash.slice(1));
  const among = (name, values) => (values.includes(words.get(name)) ? words.get(name) : DEFAULTS[name]);
  state.relation = among('relation', ['all', 'lead', 'share']);
  state.colour = among('colour', ['load', 'community']);
  state.theme = among('theme', ['light', 'dark']);
  state.least = Math.min(10, Math.max(1, Math.round(Number(words.get('least'))) || DEFAULTS.least));
  state.universal = words.has('universal') ? words.get('universal') === '1' : DEFAULTS.universal;
  Object.assign(state, NOTHING);
  const [one, other] = ['u', 'v'].map((name) => NODES.find((node) => node.label === words.get(name))?.id ?? null);
  const pair = one && other && pairKey(one, other);
  if (pair && EVERY_LINK.has(pair)) state.link = pair;
  else state.unit = one;
  if (!state.unit && !state.link && PAGE.tasks.some((task) => task.groups.includes(words.get('group')))) state.group = words.get('group');
  state.ego = words.get('ego') === '1' && state.unit !== null;
  const kept = (name, all) => {
    const wanted = (words.get(name) ?? '').split(',');
    const found = all.filter((key) => wanted.includes(key));
    return new Set(found.length ? found : all);
  };
  state.sections = kept('sections', PAGE.sections.map((section) => section.key));
  state.notices = kept('notices', PAGE.notices.map((notice) => notice.id));
}
