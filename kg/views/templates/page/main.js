// Putting it together: every choice changes the state, and everything shown follows from the state.
function update(move = false) {
  deriveView();
  document.documentElement.dataset.theme = state.theme;
  updatePicture();
  updatePanel();
  updateBadges();
  updateLegend();
  updateStatus();
  $('#ego').setAttribute('aria-pressed', String(state.ego));
  writeHash();
  if (move) fit();
}

// One thing is chosen at a time: a unit, a pair, a collective reference, or nothing.
function choose(what) {
  const wasEgo = state.ego;
  const reading = document.activeElement?.closest('#panel, #badges');
  Object.assign(state, NOTHING, what);
  if (!state.unit) state.ego = false;
  update(wasEgo);
  $('#panel').scrollTop = 0;
  if (reading) $('#panel').focus({ preventScroll: true });
}

function selectUnit(id, look = false) {
  choose({ unit: id });
  if (look && id && view.shown.has(id) && !state.ego) {
    network.moveTo({ position: network.getPositions([id])[id], scale: Math.max(0.9, network.getScale()), animation: false });
  }
}

function selectLink(key) {
  choose({ link: key });
}

function selectGroup(name) {
  choose({ group: name });
}

function toggleEgo() {
  if (!view.shown.has(state.unit)) return;
  state.ego = !state.ego;
  update(true);
}

function toggleTheme() {
  state.theme = state.theme === 'dark' ? 'light' : 'dark';
  update();
}

function step(direction) {
  const ranked = view.ranked.filter((unit) => view.shown.has(unit.id) || unit.id === state.unit);
  if (!ranked.length) return;
  const at = ranked.findIndex((unit) => unit.id === state.unit);
  selectUnit(ranked[(at + direction + ranked.length) % ranked.length].id);
}

function checkboxes(holder, rows, chosen) {
  for (const row of rows) {
    const label = element('label');
    const box = element('input');
    Object.assign(box, { type: 'checkbox', value: row.key, checked: chosen.has(row.key) });
    box.onchange = () => {
      if (box.checked) chosen.add(row.key);
      else chosen.delete(row.key);
      update();
    };
    const text = element('span', '', row.text);
    label.title = row.text;
    label.append(box, text);
    holder.append(label);
  }
}

function noticeName(notice) {
  return notice.number || notice.title || notice.id;
}

function fillFilters() {
  for (const radio of document.querySelectorAll('[name="relation"], [name="colour"]')) {
    radio.checked = state[radio.name] === radio.value;
  }
  $('#least').value = state.least;
  $('#least-shown').textContent = state.least;
  $('#universal').checked = state.universal;
  $('#sections').textContent = '';
  $('#notices').textContent = '';
  const many = PAGE.notices.length > 1;
  checkboxes($('#notices'), PAGE.notices.map((notice) => ({ key: notice.id, text: noticeName(notice) })), state.notices);
  $('#notice-filter').hidden = !many;
  for (const notice of PAGE.notices) {
    const own = PAGE.sections.filter((section) => section.notice === notice.id);
    if (many && own.length) $('#sections').append(element('div', 'hint', noticeName(notice)));
    checkboxes($('#sections'), own.map((section) => ({ key: section.key, text: `${section.number} ${section.title}` })), state.sections);
  }
  $('#section-filter').hidden = !PAGE.sections.length;
}

function listenToFilters() {
  for (const radio of document.querySelectorAll('[name="relation"], [name="colour"]')) {
    radio.onchange = () => {
      state[radio.name] = radio.value;
      update();
    };
  }
  $('#least').oninput = (event) => {
    state.least = Number(event.target.value);
    $('#least-shown').textContent = state.least;
    update();
  };
  $('#universal').onchange = (event) => {
    state.universal = event.target.checked;
    update(true);
  };
}

function listenToPicture() {
  network.on('click', ({ nodes: [id], edges: [key] }) => {
    if (id !== undefined) selectUnit(id);
    else if (key !== undefined) selectLink(key);
    else if (state.unit || state.link || state.group) choose({});
  });
  network.on('doubleClick', ({ nodes: [id] }) => {
    if (id === undefined) return;
    Object.assign(state, NOTHING, { unit: id, ego: true });
    update(true);
  });
  network.on('hoverNode', ({ node }) => showTip(node));
  for (const event of ['blurNode', 'dragStart', 'zoom']) network.on(event, () => { $('#tip').hidden = true; });
  $('#larger').onclick = () => network.moveTo({ scale: network.getScale() * 1.3 });
  $('#smaller').onclick = () => network.moveTo({ scale: network.getScale() / 1.3 });
  $('#fit').onclick = fit;
  $('#ego').onclick = toggleEgo;
}

function pan(dx, dy) {
  const { x, y } = network.getViewPosition();
  network.moveTo({ position: { x: x + dx / network.getScale(), y: y + dy / network.getScale() } });
}

const KEYS = {
  '/': () => $('#query').focus(),
  Escape: () => choose({}),
  f: fit,
  e: toggleEgo,
  d: toggleTheme,
  '?': () => $('#keys').showModal(),
  '[': () => step(-1),
  ']': () => step(1),
  '+': () => $('#larger').click(),
  '-': () => $('#smaller').click(),
};
const PANS = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] };

function listenToKeys() {
  document.addEventListener('keydown', (event) => {
    if (/INPUT|SELECT|TEXTAREA/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey || $('#keys').open) return;
    if (PANS[event.key] && event.target === $('#map')) {
      event.preventDefault();
      pan(...PANS[event.key]);
    } else if (KEYS[event.key]) {
      event.preventDefault();
      KEYS[event.key]();
    }
  });
  $('#query').oninput = showHits;
  $('#query').onkeydown = moveInHits;
  $('#query').onblur = () => closeHits(false);
  $('#save').onchange = (event) => {
    const what = event.target.value;
    event.target.value = '';
    save(what);
  };
  $('#theme').onclick = toggleTheme;
  $('#help').onclick = KEYS['?'];
}

function start() {
  readHash();
  makeNetwork();
  fillFilters();
  listenToFilters();
  listenToPicture();
  listenToKeys();
  update(true);
  addEventListener('hashchange', () => {
    readHash();
    fillFilters();
    update(true);
  });
  window.kgPage = { network, nodes, edges, state, choose, labels, svgPicture, unitTable, linkTable, loads: () => view.ranked, view: () => view, ready: true };
}

start();
