// The data as pyvis and Python wrote them, what the reader has chosen, and the view that follows from both.
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const NODES = read('nodes');
const EDGES = read('edges');
const PAGE = read('page');
const TEXTS = read('texts');
const nodeOf = new Map(NODES.map((node) => [node.id, node]));
const taskOf = new Map(PAGE.tasks.map((task) => [task.key, task]));
const isTerritorial = (id) => nodeOf.get(id).territorial;
const labelOf = (id) => nodeOf.get(id).label;

const DEFAULTS = { relation: 'all', least: 2, universal: false, colour: 'load', unit: null, link: null, ego: false };
const state = {
  ...DEFAULTS,
  sections: new Set(PAGE.sections.map((section) => section.key)),
  notices: new Set(PAGE.notices.map((notice) => notice.id)),
  theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
};
let view = null;

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
    unit.universal = 2 * unit.tasks.length > tasks.length;
  }
  const all = measureLinks(tasks, state.relation);
  const seen = (id) => state.universal || !units.get(id).universal;
  const links = [...all.values()].filter((link) => link.tasks.length >= state.least && seen(link.from) && seen(link.to));
  const neighbours = new Map();
  for (const link of links) {
    for (const [one, other] of [[link.from, link.to], [link.to, link.from]]) {
      if (!neighbours.has(one)) neighbours.set(one, new Map());
      neighbours.get(one).set(other, link);
    }
  }
  const ranked = [...units.values()].sort(byLoad);
  view = { tasks, units, all, links, neighbours, ranked, shown: shownUnits(units, neighbours) };
}

function shownUnits(units, neighbours) {
  if (state.ego && state.unit) return new Set([state.unit, ...(neighbours.get(state.unit)?.keys() ?? [])]);
  const shown = [...units.values()].filter((unit) => (state.universal || !unit.universal) && (neighbours.has(unit.id) || unit.id === state.unit));
  return new Set(shown.map((unit) => unit.id));
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
  for (const name of ['relation', 'least', 'colour']) if (state[name] !== DEFAULTS[name]) words.set(name, state[name]);
  for (const name of ['universal', 'ego']) if (state[name]) words.set(name, '1');
  if (state.sections.size < PAGE.sections.length) words.set('sections', [...state.sections].join(','));
  if (state.notices.size < PAGE.notices.length) words.set('notices', [...state.notices].join(','));
  history.replaceState(null, '', `#${words}`);
}

function readHash() {
  const words = new URLSearchParams(location.hash.slice(1));
  const among = (name, values) => (values.includes(words.get(name)) ? words.get(name) : DEFAULTS[name]);
  state.relation = among('relation', ['all', 'lead', 'share']);
  state.colour = among('colour', ['load', 'community']);
  state.least = Math.min(10, Math.max(1, Math.round(Number(words.get('least'))) || DEFAULTS.least));
  state.universal = words.get('universal') === '1';
  state.unit = NODES.find((node) => node.label === words.get('u'))?.id ?? null;
  state.ego = words.get('ego') === '1' && state.unit !== null;
  const kept = (name, all) => {
    const wanted = (words.get(name) ?? '').split(',');
    const found = all.filter((key) => wanted.includes(key));
    return new Set(found.length ? found : all);
  };
  state.sections = kept('sections', PAGE.sections.map((section) => section.key));
  state.notices = kept('notices', PAGE.notices.map((notice) => notice.id));
}
