// The keyboard: whatever the pointer can do.
const PANS = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] };
const KEYS = {
  '/': () => $('#query').focus(),
  Escape: () => choose({}),
  f: () => state.view === 'map' && fit(),
  e: toggleEgo,
  m: () => showView(state.view === 'map' ? 'matrix' : 'map'),
  d: toggleTheme,
  '?': () => $('#keys').showModal(),
  '[': () => step(-1),
  ']': () => step(1),
  '+': () => $('#larger').click(),
  '=': () => $('#larger').click(),
  '-': () => $('#smaller').click(),
};

function pan(dx, dy) {
  const { x, y } = network.getViewPosition();
  network.moveTo({ position: { x: x + dx / network.getScale(), y: y + dy / network.getScale() } });
}

// The previous or next task where one is chosen, else the previous or next unit by rank.
function step(direction) {
  const turn = (things, at) => things[(at + direction + things.length + (at < 0 && direction < 0 ? 1 : 0)) % things.length];
  if (state.task) {
    choose({ task: turn(view.tasks, view.tasks.findIndex((task) => task.key === state.task))?.key ?? state.task });
    return;
  }
  const ranked = view.ranked.filter((unit) => state.view === 'matrix' || view.shown.has(unit.id) || unit.id === state.unit);
  if (ranked.length) choose({ unit: turn(ranked, ranked.findIndex((unit) => unit.id === state.unit)).id });
}

function listenToKeys() {
  document.addEventListener('keydown', (event) => {
    const typing = /TEXTAREA|SELECT/.test(event.target.tagName) || (event.target.tagName === 'INPUT' && event.target.type === 'search');
    const moving = event.target.tagName === 'INPUT' && PANS[event.key];
    if (typing || moving || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
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
  $('#theme').onclick = toggleTheme;
  $('#help').onclick = KEYS['?'];
  for (const tab of document.querySelectorAll('#views button')) tab.onclick = () => showView(tab.dataset.view);
}
