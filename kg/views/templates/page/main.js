// Putting it together: every choice changes the state, and everything shown follows from the state.
function update(move = false) {
  deriveView();
  document.documentElement.dataset.theme = state.theme;
  document.body.dataset.view = state.view;
  document.body.classList.toggle('nothing-chosen', !Object.keys(NOTHING).some((name) => state[name]));
  for (const tab of document.querySelectorAll('#views button')) tab.setAttribute('aria-pressed', String(tab.dataset.view === state.view));
  updatePicture();
  updateMatrix();
  updatePanel();
  updateBadges();
  updateLegend();
  updateStatus();
  $('#ego').setAttribute('aria-pressed', String(state.ego));
  writeHashSoon();
  hideTip();
  if (move && state.view === 'map') fit();
}

// One thing is chosen at a time: a unit, a pair, a task, a collective reference, or nothing.
function choose(what) {
  const wasEgo = state.ego;
  const reading = document.activeElement?.closest('#panel, #badges');
  Object.assign(state, NOTHING, what);
  if (!state.unit) state.ego = false;
  update(wasEgo);
  $('#panel').scrollTop = 0;
  if (state.view === 'matrix') returnToCell();
  if (reading) $('#panel').focus({ preventScroll: true });
}

// The matrix was made anew; the keyboard stays in its cell.
function returnToCell() {
  const inside = document.activeElement === document.body;
  setCursor(cursor.row, cursor.column, inside);
}

function toggleEgo() {
  if (state.view !== 'map' || !view.shown.has(state.unit)) return;
  state.ego = !state.ego;
  update(true);
}

function toggleTheme() {
  state.theme = state.theme === 'dark' ? 'light' : 'dark';
  update();
}

function showView(name) {
  state.view = name;
  update();
  if (name === 'map') {
    fit();
  } else setCursor(cursor.row, cursor.column, false);
}

function start() {
  readHash();
  document.body.dataset.view = state.view;
  // vis draws as soon as it is made.
  deriveView();
  makeNetwork();
  fillFilters();
  listenToFilters();
  listenToPicture();
  listenToMatrix();
  listenToSaving();
  listenToKeys();
  update(true);
  if (state.view === 'matrix') setCursor(1, 0, false);
  addEventListener('pagehide', writeHash);
  addEventListener('hashchange', () => {
    readHash();
    fillFilters();
    update(true);
  });
  window.kgPage = {
    network, nodes, state, linkAt, linkShape, linkColour, choose, labels, svgPicture, unitTable, linkTable, taskTable, matrixTable, matrix: matrixView, radiusOf,
    view: () => view, loads: () => view.ranked, ready: true,
  };
}

start();
