// Files, paper, and the address of what is on the screen.
const FILES = {
  png: () => savePng(),
  svg: () => download('govresp.svg', 'image/svg+xml', svgPicture()),
  units: () => download('govresp-units.csv', 'text/csv', unitTable()),
  links: () => download('govresp-links.csv', 'text/csv', linkTable()),
  tasks: () => download('govresp-tasks.csv', 'text/csv', taskTable()),
  matrix: () => download('govresp-matrix.csv', 'text/csv', matrixTable()),
  print: () => print(),
  address: () => showAddress(),
};

function download(name, type, content) {
  const anchor = element('a');
  anchor.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 5000);
}

function savePng() {
  const image = new Image();
  image.onload = () => {
    const canvas = element('canvas');
    // Three dots for one, as far as a browser makes canvases.
    const times = Math.min(3, 8000 / Math.max(image.width, image.height));
    [canvas.width, canvas.height] = [image.width * times, image.height * times];
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => download('govresp.png', 'image/png', blob));
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgPicture())}`;
}

// The clipboard is closed to files and to plain http: the address stands there selected, and is copied where it may be.
function showAddress() {
  writeHash();
  const field = $('#address input');
  field.value = location.href;
  $('#address').showModal();
  field.select();
  navigator.clipboard?.writeText(location.href).catch(() => {});
}

// On paper: the drawing in full instead of the canvas, in the colours of paper.
function toPaper() {
  onPaper = true;
  updatePanel();
  const drawing = new DOMParser().parseFromString(svgPicture(), 'image/svg+xml').documentElement;
  drawing.removeAttribute('width');
  drawing.removeAttribute('height');
  $('#paper').replaceChildren(document.importNode(drawing, true));
}

function fromPaper() {
  onPaper = false;
  $('#paper').replaceChildren();
  updatePanel();
}

function listenToSaving() {
  const menu = $('#save');
  for (const choice of menu.querySelectorAll('[data-save]')) {
    choice.onclick = () => {
      menu.open = false;
      FILES[choice.dataset.save]();
    };
  }
  menu.onkeydown = (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    menu.open = false;
    menu.querySelector('summary').focus();
    event.stopPropagation();
  };
  document.addEventListener('click', (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  addEventListener('beforeprint', toPaper);
  addEventListener('afterprint', fromPaper);
}
