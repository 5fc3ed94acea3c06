// The search of the documentation: every word of the query must stand in a section, titles first. It takes the place of the index
// of whole words that mkdocs comes with, for Chinese has no blanks between words and would never be found. Messages are mkdocs' own.
"use strict";
const MOST = 30;
let sections = [];

async function open() {
  const answer = await fetch("search_index.json");
  const { config, docs } = await answer.json();
  sections = docs.map((doc) => ({ ...doc, inTitle: doc.title.toLowerCase(), inText: doc.text.toLowerCase() }));
  postMessage({ config });
  postMessage({ allowSearch: true });
}

function find(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return sections
    .map((section) => ({ section, score: scoreOf(section, words) }))
    .filter((found) => found.score > 0)
    .sort((one, other) => other.score - one.score)
    .slice(0, MOST)
    .map(({ section }) => ({ location: section.location, title: section.title, summary: around(section, words[0]) }));
}

function scoreOf(section, words) {
  let score = 0;
  for (const word of words) {
    const here = (section.inTitle.includes(word) ? 100 : 0) + section.inText.split(word).length - 1;
    if (here === 0) return 0;
    score += here;
  }
  return score;
}

function around(section, word) {
  const at = Math.max(0, section.inText.indexOf(word) - 60);
  return section.text.slice(at, at + 200);
}

onmessage = (event) => {
  if (event.data.init) open();
  else if (event.data.query) postMessage({ results: find(event.data.query) });
};
