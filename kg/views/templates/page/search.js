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

function addHit(text, choose) {
  const hit = element('li', '', text);
  hit.setAttribute('role', 'option');
  hit.setAttribute('aria-selected', 'false');
  hit.onmousedown = (event) => {
    event.preventDefault();
    closeHits();
    choose();
  };
  $('#hits').append(hit);
}

function showHits() {
  const words = $('#query').value.trim().toLowerCase();
  $('#hits').textContent = '';
  marked = -1;
  if (!words) {
    closeHits(false);
    return;
  }
  const [units, tasks] = [unitHits(words), taskHits(words)];
  if (units.length) $('#hits').append(element('li', 'group', say('search.units')));
  for (const node of units) {
    const unit = view.units.get(node.id);
    addHit(`${node.label}　${unit ? say('tip.short', { led: unit.led, shared: unit.shared }) : ''}`, () => selectUnit(node.id, true));
  }
  if (tasks.length) $('#hits').append(element('li', 'group', say('search.tasks')));
  for (const task of tasks) {
    const text = task.text.length > 36 ? `${task.text.slice(0, 36)}…` : task.text;
    addHit(`${task.number || task.i}. ${text}`, () => showTask(task));
  }
  if (!units.length && !tasks.length) $('#hits').append(element('li', 'group', say('search.none')));
  $('#hits').hidden = false;
  $('#query').setAttribute('aria-expanded', 'true');
}

function showTask(task) {
  const id = task.leads[0] ?? task.others[0];
  if (!id) return;
  selectUnit(id, true);
  document.querySelector(`[data-task="${CSS.escape(task.key)}"]`)?.scrollIntoView({ block: 'center' });
}

function closeHits(clear = true) {
  $('#hits').hidden = true;
  $('#query').setAttribute('aria-expanded', 'false');
  if (clear) $('#query').value = '';
}

function moveInHits(event) {
  const hits = [...document.querySelectorAll('#hits [role="option"]')];
  if (event.key === 'Escape') {
    closeHits();
    $('#query').blur();
  } else if (event.key === 'Enter' && hits.length) {
    hits[Math.max(0, marked)].onmousedown(event);
    $('#query').blur();
  } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && hits.length) {
    event.preventDefault();
    marked = (marked + (event.key === 'ArrowDown' ? 1 : -1) + hits.length) % hits.length;
    hits.forEach((hit, at) => hit.setAttribute('aria-selected', String(at === marked)));
    hits[marked].scrollIntoView({ block: 'nearest' });
  }
}
