// What each unit carries and each pair shares, counted from the task list: the same rules as in Python (kg.analysis.load).
function pairKey(one, other) {
  return one < other ? `${one}\n${other}` : `${other}\n${one}`;
}

function measureUnits(tasks) {
  const units = new Map();
  const entry = (id) => {
    if (!units.has(id)) units.set(id, { id, led: 0, shared: 0, relations: 0, tasks: [] });
    return units.get(id);
  };
  for (const task of tasks) {
    for (const id of task.leads) {
      const unit = entry(id);
      unit.led += 1;
      unit.relations += task.others.length + task.leads.length - 1;
      unit.tasks.push(task);
    }
    for (const id of task.others) {
      const unit = entry(id);
      unit.shared += 1;
      unit.relations += task.leads.length;
      unit.tasks.push(task);
    }
  }
  return units;
}

// Every unit that is not kept taken out of every task first (kg.analysis.selection.select).
function takenOut(tasks, kept) {
  const only = (ids) => ids.filter(kept);
  return tasks.map((task) => ({ ...task, leads: only(task.leads), others: only(task.others) }));
}

// Ordered pairs of one task: all pairs and the others among themselves once, lead and other as lead first.
function pairsOf(task, relation) {
  const pairs = [];
  if (relation === 'lead') {
    for (const lead of task.leads) for (const other of task.others) pairs.push([lead, other]);
    return pairs;
  }
  const team = relation === 'share' ? task.others : [...task.leads, ...task.others];
  team.forEach((one, at) => {
    for (const other of team.slice(at + 1)) pairs.push(one < other ? [one, other] : [other, one]);
  });
  return pairs;
}

// relation: all shared tasks, lead to other (directed), or the others with each other.
function measureLinks(tasks, relation) {
  const links = new Map();
  for (const task of tasks) {
    for (const [from, to] of pairsOf(task, relation)) {
      const key = relation === 'lead' ? `${from}\n${to}\n>` : `${from}\n${to}`;
      if (!links.has(key)) links.set(key, { key, pair: pairKey(from, to), from, to, tasks: [] });
      links.get(key).tasks.push(task);
    }
  }
  return links;
}

// The tasks of two units, by who leads.
function measurePair(tasks, one, other) {
  const found = { together: [], first: [], second: [], neither: [] };
  for (const task of tasks) {
    const roles = [one, other].map((id) => (task.leads.includes(id) ? 'lead' : task.others.includes(id) && 'share'));
    if (!roles[0] || !roles[1]) continue;
    found.together.push(task);
    if (roles[0] === 'lead') found.first.push(task);
    if (roles[1] === 'lead') found.second.push(task);
    if (!roles.includes('lead')) found.neither.push(task);
  }
  return found;
}

function byLoad(one, other) {
  return other.relations - one.relations || other.tasks.length - one.tasks.length || other.led - one.led || (one.id < other.id ? -1 : 1);
}
