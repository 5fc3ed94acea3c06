// The data as pyvis and Python wrote them.
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const NODES = read('nodes');
const PAGE = read('page');
const TEXTS = read('texts');
const NONE = 'none';

const nodeOf = new Map(NODES.map((node) => [node.id, node]));
const labelOf = (id) => nodeOf.get(id).label;
const isTerritorial = (id) => nodeOf.get(id).territorial;
// Units that stand on another page: they are there for the figures of those on this one.
const isElsewhere = (id) => id in PAGE.elsewhere;
const isUniversal = (id) => nodeOf.get(id).universal;

// Tasks name units by their place; here they get the ids, and those who share are one list beside those who only cooperate.
const TASKS = PAGE.tasks.map(({ lead, responsible, cooperating, group, ...task }) => {
  const ids = (places) => places.map((at) => NODES[at].id);
  return { ...task, leads: ids(lead), others: ids([...responsible, ...cooperating]), cooperating: ids(cooperating), through: ids(group) };
});
const taskOf = new Map(TASKS.map((task) => [task.key, task]));
const numberOf = (task) => task.number || String(task.i);
const sectionOf = new Map(PAGE.sections.map((section) => [section.key, section]));
const noticeOf = new Map(PAGE.notices.map((notice) => [notice.id, notice]));
const noticeName = (notice) => notice.number || notice.title || notice.id;
const sectionName = (section) => [section.number, section.title].filter(Boolean).join(' ');

// What a filter can keep, each with all its keys; units without a level or a line of work stand under NONE.
function keysOf(words, values) {
  return [...Object.keys(words), ...(values.every(Boolean) ? [] : [NONE])];
}
const HERE = NODES.filter((node) => !isElsewhere(node.id));
const FILTERS = {
  notices: PAGE.notices.map((notice) => notice.id),
  sections: PAGE.sections.map((section) => section.key),
  kinds: Object.keys(PAGE.kinds),
  levels: keysOf(PAGE.levels, HERE.map((node) => node.level)),
  lines: keysOf(PAGE.lines, HERE.map((node) => node.lines.length)),
};
