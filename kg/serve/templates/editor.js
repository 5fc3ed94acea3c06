'use strict';
(() => {
const LONGEST = 30000;
const MOST = 40;
const KEYWORDS = ('SELECT DISTINCT WHERE OPTIONAL UNION FILTER BIND VALUES GRAPH MINUS EXISTS CONSTRUCT DESCRIBE ASK PREFIX LIMIT OFFSET COUNT SUM '
  + 'AVG MIN MAX GROUP_CONCAT SAMPLE HAVING CONTAINS STRSTARTS REGEX LANG STR COALESCE').split(' ').concat(['ORDER BY', 'GROUP BY', 'NOT EXISTS']);
const data = JSON.parse(document.getElementById('editor-data').textContent);
const form = document.getElementById('editor');
const field = document.getElementById('query');
const run = document.getElementById('run');
const stop = document.getElementById('stop');
const copy = document.getElementById('copy');
let running = null;
let choices = null;

const say = (key, values = {}) => data.words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);

// The link to what stands in the editor.
function link() {
  const values = new URLSearchParams({ query: field.value });
  const lang = form.elements.lang;
  if (lang) values.set('lang', lang.value);
  return form.getAttribute('action') + '?' + values;
}

async function ask(event) {
  event.preventDefault();
  if (running) return;
  closeChoices();
  running = new AbortController();
  busy(true);
  const address = link();
  const long = address.length > LONGEST;
  const accept = { Accept: 'text/html' };
  try {
    const reply = await fetch(long ? form.getAttribute('action') : address, long
      ? { method: 'POST', headers: accept, body: new URLSearchParams(new FormData(form)), signal: running.signal }
      : { headers: accept, signal: running.signal });
    const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
    show(page.getElementById('answer') || failed(say('unreadable', { status: reply.status })));
    if (!long) history.pushState(null, '', address);
  } catch (error) {
    show(failed(error.name === 'AbortError' ? say('stopped') : say('unreachable')));
  } finally {
    busy(false);
    running = null;
  }
}

function busy(yes) {
  run.disabled = yes;
  stop.hidden = !yes;
  document.getElementById('answer').setAttribute('aria-busy', String(yes));
}

function show(answer) {
  const fresh = document.importNode(answer, true);
  document.getElementById('answer').replaceWith(fresh);
  goTo(fresh);
  fresh.focus({ preventScroll: true });
  if (fresh.getBoundingClientRect().top > innerHeight - 80) fresh.scrollIntoView({ block: 'start' });
}

function failed(words) {
  const section = document.createElement('section');
  section.id = 'answer';
  section.tabIndex = -1;
  section.setAttribute('aria-labelledby', 'answer-title');
  const title = document.createElement('h2');
  title.id = 'answer-title';
  title.textContent = say('failed');
  const text = document.createElement('p');
  text.className = 'problem';
  text.setAttribute('role', 'alert');
  text.textContent = words;
  section.append(title, text);
  return section;
}

// Mark the place where the parser stopped.
function goTo(answer) {
  const { line, column } = answer.dataset;
  if (!line) return;
  const lines = field.value.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const at = Math.min(before + Number(column) - 1, field.value.length);
  field.setSelectionRange(Math.max(0, at - 1), Math.min(at + 1, field.value.length));
}

// What is being written before the caret, or null inside texts, IRIs and comments.
function wordAt(text) {
  const line = text.slice(text.lastIndexOf('\n') + 1).replace(/\\./g, '').replace(/"[^"]*"|'[^']*'|<[^<>\s]*>/g, '');
  if (/["'#]/.test(line) || /<[^<>\s]*$/.test(line)) return null;
  return /(?:[?$][\w]*|[\w-]*:[\w-]*|[\w\u4e00-\u9fff-]+)$/.exec(text)?.[0] ?? null;
}

// What can follow, as [what to write, what it says].
function candidates(word, text) {
  const low = word.toLowerCase();
  if (/^[?$]/.test(word)) {
    const names = new Set(text.match(/[?$]\w+/g) || []);
    names.delete(word);
    return [...names].filter((name) => name.toLowerCase().startsWith(low)).sort().map((name) => [name, '']);
  }
  const terms = data.terms.filter(([name, label]) => name.toLowerCase().startsWith(low) || (!word.includes(':') && word.length > 0
    && (label.toLowerCase().includes(low) || name.split(':')[1].toLowerCase().startsWith(low))));
  if (word.includes(':')) return terms;
  const prefixes = Object.keys(data.prefixes).filter((name) => name.startsWith(low)).map((name) => [name + ':', data.prefixes[name]]);
  const words = KEYWORDS.filter((one) => one.toLowerCase().startsWith(low)).map((one) => [one, '']);
  return low.length < 2 ? prefixes : [...prefixes, ...words, ...terms];
}

function complete(asked) {
  const before = field.value.slice(0, field.selectionStart);
  const word = field.selectionStart === field.selectionEnd ? wordAt(before) : null;
  const found = word === null || (!asked && word.length < 2 && !word.endsWith(':')) ? [] : candidates(word, field.value);
  const rest = found.filter(([name]) => name !== word);
  if (!rest.length) closeChoices();
  else openChoices(word, rest.slice(0, MOST));
}

function openChoices(word, found) {
  closeChoices();
  const list = document.createElement('ul');
  list.className = 'choices';
  list.id = 'choices';
  list.tabIndex = 0;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', say('choices'));
  found.forEach(([name, label], at) => {
    const item = document.createElement('li');
    item.id = `choice-${at}`;
    item.setAttribute('role', 'option');
    const [left, right] = [document.createElement('span'), document.createElement('span')];
    left.textContent = name;
    right.textContent = label;
    item.append(left, right);
    item.addEventListener('mousedown', (event) => { event.preventDefault(); choices.at = at; accept(); });
    list.append(item);
  });
  field.parentElement.append(list);
  const place = caret();
  list.style.left = `${Math.max(0, Math.min(place.left, field.clientWidth - list.offsetWidth))}px`;
  list.style.top = `${place.top}px`;
  choices = { list, word, found, at: 0 };
  field.setAttribute('aria-controls', 'choices');
  choose(0);
}

function closeChoices() {
  if (!choices) return;
  choices.list.remove();
  choices = null;
  field.removeAttribute('aria-controls');
  field.removeAttribute('aria-activedescendant');
}

function choose(at) {
  const items = [...choices.list.children];
  choices.at = (at + items.length) % items.length;
  items.forEach((item, one) => item.setAttribute('aria-selected', String(one === choices.at)));
  items[choices.at].scrollIntoView({ block: 'nearest' });
  field.setAttribute('aria-activedescendant', items[choices.at].id);
}

function accept() {
  const { word, found, at } = choices;
  const end = field.selectionStart;
  closeChoices();
  field.setRangeText(found[at][0], end - word.length, end, 'end');
  declare(found[at][0].split(':')[0], found[at][0].includes(':'));
  field.focus();
  if (found[at][0].endsWith(':')) complete(true);
}

// A query that names its prefixes can be asked anywhere.
function declare(prefix, prefixed) {
  const base = prefixed && data.prefixes[prefix];
  if (!base || new RegExp(`PREFIX\\s+${prefix}:`, 'i').test(field.value)) return;
  field.setRangeText(`PREFIX ${prefix}: <${base}>\n`, 0, 0, 'preserve');
}

// Below the caret, measured in a copy of the field.
function caret() {
  const copyOf = document.createElement('div');
  const style = getComputedStyle(field);
  copyOf.className = 'mirror';
  for (const name of ['font', 'padding', 'border', 'letterSpacing', 'tabSize', 'lineHeight']) copyOf.style[name] = style[name];
  copyOf.style.width = `${field.clientWidth}px`;
  copyOf.textContent = field.value.slice(0, field.selectionStart);
  const mark = document.createElement('span');
  mark.textContent = '\u200b';
  copyOf.append(mark);
  field.parentElement.append(copyOf);
  const place = { left: mark.offsetLeft, top: mark.offsetTop + mark.offsetHeight - field.scrollTop + 4 };
  copyOf.remove();
  return place;
}

function onKey(event) {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === ' ' && event.ctrlKey) {
    event.preventDefault();
    complete(true);
  } else if (choices) {
    onChoiceKey(event);
  }
}

function onChoiceKey(event) {
  const moves = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in moves) choose(choices.at + moves[event.key]);
  else if (event.key === 'Enter' || event.key === 'Tab') accept();
  else if (event.key === 'Escape') closeChoices();
  else return;
  event.preventDefault();
}

// Units whose name holds what was typed so far.
async function suggestUnits(input) {
  const query = 'PREFIX kg: <https://w3id.org/govresp/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n'
    + 'SELECT DISTINCT ?label { { ?u a kg:Unit } UNION { ?u a kg:UnitGroup } ?u skos:prefLabel ?label '
    + `FILTER(CONTAINS(?label, ${JSON.stringify(input.value)})) } ORDER BY STRLEN(?label) ?label LIMIT 20`;
  const reply = await fetch('/sparql?' + new URLSearchParams({ query, format: 'json', timeout: '3' }));
  if (!reply.ok) return;
  const rows = (await reply.json()).results.bindings;
  input.list.replaceChildren(...rows.map((row) => Object.assign(document.createElement('option'), { value: row.label.value })));
}

function helpWithUnits(input) {
  const list = document.createElement('datalist');
  list.id = `${input.id}-list`;
  input.after(list);
  input.setAttribute('list', list.id);
  let waiting = 0;
  input.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => suggestUnits(input).catch(() => {}), 200);
  });
}

function filterQuestions(event) {
  const low = event.target.value.trim().toLowerCase();
  for (const item of document.querySelectorAll('#questions li')) item.hidden = !item.textContent.toLowerCase().includes(low);
}

async function copyLink() {
  await navigator.clipboard.writeText(new URL(link(), location.href).href);
  copy.textContent = say('copied');
}

function fillFromHash() {
  const query = new URLSearchParams(location.hash.slice(1)).get('query');
  if (query) field.value = query;
}

form.addEventListener('submit', ask);
field.addEventListener('keydown', onKey);
field.addEventListener('input', () => complete(false));
field.addEventListener('blur', closeChoices);
field.addEventListener('scroll', closeChoices);
stop.addEventListener('click', () => running?.abort());
addEventListener('popstate', () => location.reload());
addEventListener('hashchange', fillFromHash);
document.querySelector('.filter').hidden = false;
document.getElementById('filter').addEventListener('input', filterQuestions);
document.getElementById('hint').hidden = false;
if (navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener('click', copyLink);
}
document.querySelectorAll('input[data-kind="unit"]').forEach(helpWithUnits);
goTo(document.getElementById('answer'));
fillFromHash();
})();
