// A task in short, with the clause that gives it to its units.
function roleOf(task, id) {
  if (task.leads.includes(id)) return 'lead';
  if (task.cooperating.includes(id)) return 'cooperating';
  return task.others.includes(id) ? 'share' : 'group';
}

function roleTag(task, id, named) {
  const role = roleOf(task, id);
  const text = named ? say('role.of', { unit: labelOf(id), role: say(`role.${role}`) }) : say(`role.${role}`);
  return element('span', role === 'lead' ? 'tag lead' : 'tag', text);
}

function taskCard(task, ids = []) {
  const card = element('div', 'task');
  card.dataset.task = task.key;
  if (ids.length === 1) card.dataset.role = roleOf(task, ids[0]) === 'lead' ? 'lead' : 'share';
  const wording = taskButton(task, say('task.wording', { number: numberOf(task), text: task.text }));
  wording.prepend(...ids.map((id) => roleTag(task, id, ids.length > 1)));
  card.append(wording, aboutTask(task), clauseOf(task));
  return card;
}

function aboutTask(task) {
  const about = element('div', 'about');
  about.append(say('task.leads'));
  if (!task.leads.length) about.append(say('task.no-lead'));
  task.leads.forEach((lead, at) => about.append(...(at ? [say('join')] : []), unitButton(lead)));
  about.append(say('task.others', { count: task.others.length }));
  if (task.groups.length) about.append(say('task.groups', { groups: task.groups.join(say('join')) }));
  return about;
}

function clauseOf(task) {
  const source = element('details');
  source.append(element('summary', '', say('task.clause')), element('blockquote', '', task.clause || say('task.no-clause')));
  return source;
}

function showTasks(body, title, tasks, ids) {
  if (!tasks.length) return;
  body.append(element('h3', '', title));
  for (const task of tasks) body.append(taskCard(task, ids));
}
