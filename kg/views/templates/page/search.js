// Search by characters, full pinyin, initials, other names, and the wording of tasks.
let marked = -1;

function unitHits(words) {
  const spelt = words.replace(/[\s']/g, '');
  const names = (node) => [node.label, ...node.aliases].map((name) => name.toLowerCase());
  const fits = (node) => names(node).some((name) => name.includes(words)) || (spelt && node.spelling.some((spelling) => spelling.includes(spelt)));
  const early = (node) => names(node).some((name) => name.startsWith(words)) || (spelt && node.spelling.some((spelling) => spelling.startsWith(spelt)));
  const found = NODES.filter(fits);
  const tasks = (node) => view.units.get(node.id)?.tasks.length ?? 0;
  return found.sort((one, other) => Boolean(early(other)) - Boolean(early(one)) || tasks(other) - tasks(one) || (one.id < other.id ? -1 : 1)).slice(0, 8);
}

function taskHits(words) {
  return words.length < 2 ? [] : view.tasks.filter((task) => task.text.toLowerCase().includes(words)).slice(0, 6);
}

function addHits(title, things, textOf, act) {
  if (!things.length) return;
  const group = element('ul', 'group');
  group.setAttribute('role', 'group');
  group.setAttribute('aria-label', title);
  const head = element('li', 'hint', title);
  head.setAttribute('role', 'presentation');
  group.append(head, ...things.map((thing) => hit(textOf(thing), () => act(thing))));
  $('#hits').append(group);
}

function hit([text, beside], act) {
  const made = element('li', '', text);
  made.setAttribute('role', 'option');
  made.setAttribute('aria-selected', 'false');
  made.id = `hit-${document.querySelectorAll('#hits [role="option"]').length}`;
  if (beside) made.append(element('span', 'hint', beside));
  made.onmousedown = (event) => {
    event.preventDefault();
    closeHits();
    act();
  };
  return made;
}

function showHits() {
  const words = $('#query').value.trim().toLowerCase();
  $('#hits').textContent = '';
  setMarked(-1);
  if (!words) {
    closeHits(false);
    return;
  }
  const [units, tasks] = [unitHits(words), taskHits(words)];
  addHits(say('search.units'), units, (node) => {
    const unit = view.units.get(node.id);
    return [node.label, unit ? say('tip.short', { led: unit.led, shared: unit.shared }) : ''];
  }, (node) => openUnit(node.id));
  addHits(say('search.tasks'), tasks, (task) => [say('task.wording', { number: numberOf(task), text: shorten(task.text, 40) })], (task) => choose({ task: task.key }));
  $('#nothing').hidden = Boolean(units.length || tasks.length);
  $('#hits').hidden = !$('#nothing').hidden;
  $('#query').setAttribute('aria-expanded', String(!$('#hits').hidden));
  [...document.querySelectorAll('#hits [role="option"]')].forEach((option, at) => { option.id = `hit-${at}`; });
}

// A unit that was searched for is brought to the middle of the map.
function openUnit(id) {
  choose({ unit: id });
  if (state.view === 'map' && view.shown.has(id) && !state.ego) {
    network.moveTo({ position: network.getPositions([id])[id], scale: Math.max(0.9, network.getScale()), animation: false });
  }
}

function closeHits(clear = true) {
  $('#hits').hidden = true;
  $('#nothing').hidden = true;
  $('#query').setAttribute('aria-expanded', 'false');
  $('#query').removeAttribute('aria-activedescendant');
  if (clear) $('#query').value = '';
}

function setMarked(at) {
  marked = at;
  const hits = [...document.querySelectorAll('#hits [role="option"]')];
  hits.forEach((one, place) => one.setAttribute('aria-selected', String(place === marked)));
  if (!hits[marked]) return $('#query').removeAttribute('aria-activedescendant');
  hits[marked].scrollIntoView({ block: 'nearest' });
  return $('#query').setAttribute('aria-activedescendant', hits[marked].id);
}

function moveInHits(event) {
  const hits = [...document.querySelectorAll('#hits [role="option"]')];
  if (event.key === 'Escape') {
    closeHits();
    $('#query').blur();
  } else if (event.key === 'Enter' && hits.length) {
    hits[Math.max(0, marked)].onmousedown(event);
    $('#panel').focus({ preventScroll: true });
  } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && hits.length) {
    event.preventDefault();
    setMarked((marked + (event.key === 'ArrowDown' ? 1 : -1) + hits.length) % hits.length);
  }
}
