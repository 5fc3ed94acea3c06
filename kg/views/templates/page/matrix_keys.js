// Moving through the matrix by pointer and by keyboard; one cell at a time can be reached with the tab key.
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
let cursor = { row: 0, column: 0 };

const matrixRows = () => [...document.querySelectorAll('#cells .numbers, #cells tbody tr')];

function setCursor(row, column, focus) {
  const rows = matrixRows();
  if (!rows.length) return;
  cursor = { row: Math.max(0, Math.min(rows.length - 1, row)), column: Math.max(0, Math.min(rows[0].cells.length - 1, column)) };
  document.querySelector('#cells [tabindex="0"]')?.removeAttribute('tabindex');
  const cell = rows[cursor.row].cells[cursor.column];
  cell.tabIndex = 0;
  if (!focus) return;
  cell.focus({ preventScroll: true });
  cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

const taskAt = (cell) => shownMatrix.tasks[cell.cellIndex - 3];

// A name opens its unit, a number its task, a mark the task with its unit still in sight.
function openCell(cell) {
  const unit = cell.parentElement.dataset.unit;
  const task = taskAt(cell);
  if (cell.closest('.bands')) return;
  if (task && (!unit || cell.textContent)) choose({ task: task.key });
  else if (unit) choose({ unit });
}

function cellText(cell) {
  const unit = cell.parentElement.dataset.unit;
  const task = taskAt(cell);
  const mark = unit && ['lead', 'responsible', 'cooperating', 'group'].find((name) => cell.classList.contains(name));
  if (!task) return '';
  const wording = say('task.wording', { number: numberOf(task), text: shorten(task.text, 60) });
  return unit ? `${labelOf(unit)}${mark ? ` ${PAGE.marks[mark].symbol} ${PAGE.marks[mark].name}` : ''}\n${wording}` : wording;
}

function pointAt(event) {
  const cell = event.target.closest('td, th');
  for (const column of document.querySelectorAll('#cells col.on')) column.classList.remove('on');
  if (!cell || cell.closest('.bands') || !taskAt(cell)) {
    hideTip();
    return;
  }
  document.querySelectorAll('#cells col')[cell.cellIndex].classList.add('on');
  const [at, main] = [cell.getBoundingClientRect(), $('main').getBoundingClientRect()];
  placeTip(cellText(cell), at.right - main.left, at.bottom - main.top);
}

function listenToMatrix() {
  const cells = $('#cells');
  cells.onmouseover = pointAt;
  cells.onmouseleave = hideTip;
  cells.onclick = (event) => {
    const cell = event.target.closest('td, th');
    if (!cell) return;
    setCursor(matrixRows().indexOf(cell.parentElement), cell.cellIndex, false);
    openCell(cell);
  };
  cells.onkeydown = (event) => {
    const step = STEPS[event.key];
    if (step) setCursor(cursor.row + step[0], cursor.column + step[1], true);
    else if (event.key === 'Home') setCursor(cursor.row, 0, true);
    else if (event.key === 'End') setCursor(cursor.row, Infinity, true);
    else if (event.key === 'Enter' || event.key === ' ') openCell(event.target.closest('td, th'));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  for (const radio of document.querySelectorAll('[name="order"]')) {
    radio.onchange = () => {
      state.order = radio.value;
      update();
    };
  }
  addEventListener('resize', () => state.view === 'matrix' && sizeCells());
}
