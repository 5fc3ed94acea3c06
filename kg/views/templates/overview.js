// Find the page of a unit by its name, full pinyin or initials.
(() => {
  'use strict';
  const SHOWN = 12;
  const { units, pages, packs } = JSON.parse(document.getElementById('index').textContent);
  const [query, hits] = [document.getElementById('query'), document.getElementById('hits')];

  function found(words) {
    const spelt = words.replace(/[\s']/g, '');
    const rank = ([label, others]) => {
      const name = label.toLowerCase();
      if (name.startsWith(words)) return 0;
      if (name.includes(words)) return 1;
      const typed = others.toLowerCase();
      return typed.split(' ').some((one) => one.startsWith(spelt)) ? 2 : typed.includes(spelt) ? 3 : 4;
    };
    return units.map((unit, at) => [rank(unit), at, unit]).filter(([order]) => order < 4).sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  }

  function entry([, , [label, , pack]]) {
    const row = document.createElement('li');
    const link = document.createElement('a');
    const place = document.createElement('span');
    link.href = `${pages[pack]}#${new URLSearchParams({ u: label })}`;
    link.append(label);
    place.append(packs[pack]);
    link.append(place);
    row.append(link);
    return row;
  }

  query.oninput = () => {
    const words = query.value.trim().toLowerCase();
    hits.textContent = '';
    if (!words) return;
    const all = found(words);
    hits.append(...all.slice(0, SHOWN).map(entry));
    const left = all.length - SHOWN;
    const note = !all.length ? hits.dataset.none : left > 0 ? hits.dataset.more.replace('{count}', left) : '';
    if (note) hits.append(Object.assign(document.createElement('li'), { textContent: note, className: 'note' }));
  };
  query.onkeydown = (event) => {
    if (event.key === 'Escape') {
      query.value = '';
      hits.textContent = '';
    }
    if (event.key === 'Enter') hits.querySelector('a')?.click();
  };
})();
