// Deep links: what differs from the first view stands in the hash; what is unknown there is passed over.
const EMPTY = '-';
let known = '';

function writeHash() {
  const words = new URLSearchParams();
  if (state.unit) words.set('u', labelOf(state.unit));
  if (state.link) state.link.split('\n').forEach((id, at) => words.set('uv'[at], labelOf(id)));
  if (state.task) words.set('task', state.task);
  if (state.group) words.set('group', state.group);
  for (const name of [...Object.keys(CHOICES), 'least']) if (state[name] !== DEFAULTS[name]) words.set(name, state[name]);
  for (const name of ['universal', 'ego']) if (state[name] !== DEFAULTS[name]) words.set(name, state[name] ? '1' : '0');
  for (const [name, kept] of Object.entries(state.kept)) if (!isWhole(name)) words.set(name, [...kept].join(',') || EMPTY);
  // Inside a frame without an address, as in a notebook, there is nothing to write it to.
  // Somebody else's change of the address is read first.
  if (location.protocol === 'about:' || location.hash !== known) return;
  const hash = words.toString();
  history.replaceState(null, '', hash ? `#${hash}` : location.pathname + location.search);
  known = location.hash;
}

// The browser counts and slows down what is written to it: while a slider moves, its last place is enough.
let waiting = 0;

function writeHashSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(writeHash, 60);
}

function readHash() {
  known = location.hash;
  const words = new URLSearchParams(known.slice(1));
  for (const [name, values] of Object.entries(CHOICES)) state[name] = values.includes(words.get(name)) ? words.get(name) : DEFAULTS[name];
  state.least = Math.min(PAGE.most, Math.max(1, Math.round(Number(words.get('least'))) || DEFAULTS.least));
  state.universal = words.has('universal') ? words.get('universal') === '1' : DEFAULTS.universal;
  for (const [name, keys] of Object.entries(FILTERS)) state.kept[name] = keptIn(words.get(name), keys);
  Object.assign(state, NOTHING, chosenIn(words));
  state.ego = words.get('ego') === '1' && state.unit !== null;
}

function keptIn(word, keys) {
  if (word === EMPTY) return new Set();
  const wanted = new Set((word ?? '').split(','));
  const found = keys.filter((key) => wanted.has(key));
  return new Set(found.length ? found : keys);
}

// One thing is chosen at a time: a pair, a unit, a task or a collective reference.
function chosenIn(words) {
  const [one, other] = ['u', 'v'].map((name) => NODES.find((node) => node.label === words.get(name))?.id ?? null);
  if (one && other && measurePair(TASKS, one, other).together.length) return { link: pairKey(one, other) };
  if (one) return { unit: one };
  if (taskOf.has(words.get('task'))) return { task: words.get('task') };
  if (TASKS.some((task) => task.groups.includes(words.get('group')))) return { group: words.get('group') };
  return {};
}
