// What each unit carries and each pair shares, counted from the task list: the same rules as in Python (kg.analysis.load).
function pairKey(one, other) {
  return one < other ? `${one}\n${other}` : `${other}\n${one}`;
}

function measureUnits(tasks) {
  const units = new Map();
  const entry = (id) => {
    if (!units.has(id)) units.set(id, { id, led: 0, shared: 0, relations: 0, leadRelations: 0, tasks: [] });
    return units.get(id);
  };
  for (const task of tasks) {
    for (const id of task.leads) {
      const unit = entry(id);
      unit.led += 1;
      unit.leadRelations += task.others.length + task.leads.length - 1;
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

function withoutTerritories(tasks, isTerritorial) {
  const kept = (ids) => ids.filter((id) => !isTerritorial(id));
  return tasks.map((task) => ({ ...task, leads: kept(task.leads), others: kept(task.others) }));
}

// relation: all shared tasks, lead with the others, or the others with each other.
function measureLinks(tasks, relation) {
  const links = new Map();
  const add = (task, one, other) => {
    const key = pairKey(one, other);
    if (!links.has(key)) {
      const [from, to] = key.split('\n');
      links.set(key, { key, from, to, tasks: [], fromLeads: 0, toLeads: 0 });
    }
    const link = links.get(key);
    link.tasks.push(task);
    if (task.leads.includes(link.from)) link.fromLeads += 1;
    if (task.leads.includes(link.to)) link.toLeads += 1;
  };
  for (const task of tasks) {
    const team = [...task.leads, ...task.others];
    team.forEach((one, at) => {
      for (const other of team.slice(at + 1)) {
        const leads = task.leads.includes(one) || task.leads.includes(other);
        if (relation === 'all' || (relation === 'lead') === leads) add(task, one, other);
      }
    });
  }
  return links;
}

function byLoad(one, other) {
  return other.relations - one.relations || other.tasks.length - one.tasks.length || other.led - one.led || (one.id < other.id ? -1 : 1);
}
