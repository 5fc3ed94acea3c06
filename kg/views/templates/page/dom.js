// Elements, built from text only, never from markup.
const SVG = 'http://www.w3.org/2000/svg';

function $(selector) {
  return document.querySelector(selector);
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function svgElement(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function button(text, className, act) {
  const made = element('button', className, text);
  made.type = 'button';
  made.onclick = act;
  return made;
}

function pageLink(href, text) {
  return Object.assign(element('a', 'link', text), { href });
}

// A button that stays pressed while what it stands for is chosen.
function toggle(text, className, pressed, act) {
  const made = button(text, className, act);
  made.setAttribute('aria-pressed', String(pressed));
  return made;
}

function say(key, values = {}) {
  return TEXTS[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
