// The left side: what is asked for. Each list says how many it keeps while it is closed.
const NAMES = {
  notices: (key) => noticeName(noticeOf.get(key)),
  sections: (key) => sectionName(sectionOf.get(key)),
  kinds: (key) => PAGE.kinds[key],
  levels: (key) => PAGE.levels[key] ?? say('filter.none.levels'),
  lines: (key) => PAGE.lines[key] ?? say('filter.none.lines'),
};

// How many tasks a notice or section has, or how many units are of a kind, level or line.
function countOf(name, key) {
  if (name === 'notices') return TASKS.filter((task) => task.notice === key).length;
  if (name === 'sections') return TASKS.filter((task) => task.section === key).length;
  const values = { kinds: (node) => [node.kind], levels: (node) => [node.level || NONE], lines: (node) => (node.lines.length ? node.lines : [NONE]) }[name];
  return HERE.filter((node) => values(node).includes(key)).length;
}

function fillFilter(name) {
  const holder = $(`#${name}`);
  holder.textContent = '';
  for (const key of FILTERS[name]) {
    const label = element('label');
    const box = Object.assign(element('input'), { type: 'checkbox', value: key, checked: state.kept[name].has(key) });
    box.onchange = () => {
      if (box.checked) state.kept[name].add(key);
      else state.kept[name].delete(key);
      updateFilter(name);
      update();
    };
    label.title = NAMES[name](key);
    label.append(box, element('span', 'text', NAMES[name](key)), element('span', 'hint', countOf(name, key)));
    if (name === 'sections' && PAGE.notices.length > 1) label.dataset.notice = noticeName(noticeOf.get(sectionOf.get(key).notice));
    holder.append(label);
  }
  // What offers no choice is not offered.
  $(`#${name}-filter`).hidden = FILTERS[name].length < 2;
}

function updateFilter(name) {
  const [kept, all] = [state.kept[name].size, FILTERS[name].length];
  $(`#${name}-filter summary output`).textContent = kept === all ? say('filter.all') : `${kept}/${all}`;
  $(`#${name}-filter .all`).disabled = kept === all;
  $(`#${name}-filter .none`).disabled = !kept;
  $('#reading').hidden = everyUnit();
}

function keepEvery(name, keys) {
  state.kept[name] = new Set(keys);
  for (const box of document.querySelectorAll(`#${name} input`)) box.checked = keys.includes(box.value);
  updateFilter(name);
  update();
}

function fillFilters() {
  fillSides();
  for (const radio of document.querySelectorAll('#filters [type="radio"], [name="order"]')) radio.checked = state[radio.name] === radio.value;
  $('#least').max = PAGE.most;
  $('#least').value = state.least;
  $('#least-shown').textContent = state.least;
  $('#universal').checked = state.universal;
  for (const name of Object.keys(FILTERS)) {
    fillFilter(name);
    updateFilter(name);
    if (!isWhole(name)) $(`#${name}-filter`).open = true;
  }
}

function listenToFilters() {
  for (const radio of document.querySelectorAll('#filters [type="radio"]')) {
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
  for (const name of Object.keys(FILTERS)) {
    $(`#${name}-filter .all`).onclick = () => keepEvery(name, FILTERS[name]);
    $(`#${name}-filter .none`).onclick = () => keepEvery(name, []);
  }
  $('#filters-open').onclick = () => {
    const open = document.body.classList.toggle('filters-open');
    $('#filters-open').setAttribute('aria-expanded', String(open));
  };
}
