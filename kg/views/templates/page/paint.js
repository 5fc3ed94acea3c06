// Colours, shapes and widths: one meaning for canvas, SVG, table and legend.
const HEAT = {
  light: ['#FFF3CF', '#FDD283', '#F59A3C', '#D65A10', '#862A04'],
  dark: ['#5c4a2c', '#8d6526', '#c78420', '#f2a93d', '#ffdf9a'],
};
// Okabe and Ito 2008, told apart by every kind of colour vision; the last is for whoever has no community of its own.
const GROUPS = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00', '#8A8F96'];
const INKS = {
  light: { ink: '#1b2330', soft: '#586474', paper: '#ffffff', edge: 'rgba(0,0,0,.45)', link: '70,90,115', lead: '#0b5cad', share: '#b9c4d0', guide: '#dfe5ec' },
  dark: { ink: '#e8edf3', soft: '#a3afbd', paper: '#12171e', edge: 'rgba(255,255,255,.28)', link: '150,170,190', lead: '#6cb2ff', share: '#5a6673', guide: '#26303b' },
};
const FONT = '"Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "Hiragino Sans GB", "WenQuanYi Micro Hei", sans-serif';
const LETTER = 12.5;
const [GAP, RING] = [1.4, 3];
let onPaper = false;

// Paper is white, whatever the screen is.
const inkTheme = () => (onPaper ? 'light' : state.theme);
const ink = () => INKS[inkTheme()];
const radiusOf = (tasks) => 6.4 * Math.sqrt(tasks);
const radius = (unit) => radiusOf(sizeOf(unit));
const outerRadius = (unit) => radius(unit) + GAP + RING;

function loadClass(relations) {
  const at = PAGE.classes.findIndex((bound) => relations <= bound);
  return at < 0 ? PAGE.classes.length : at;
}

function groupOf(id) {
  const { community } = nodeOf.get(id);
  return community < 0 ? GROUPS.length - 1 : Math.min(community, GROUPS.length - 1);
}

function fill(unit) {
  if (isDifference()) return changeColour(unit);
  return state.colour === 'load' ? HEAT[inkTheme()][loadClass(unit.relations)] : GROUPS[groupOf(unit.id)];
}

// Corners of a shape inside a circle of radius one; none for a disc. Areas are those of their circle as nearly as the ring allows.
const CORNERS = {
  square: [[-0.8, -0.8], [0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]],
  diamond: [[0, -1], [1, 0], [0, 1], [-1, 0]],
  triangle: [[0, -1], [0.9, 0.62], [-0.9, 0.62]],
  hexagon: [[-0.5, -0.87], [0.5, -0.87], [1, 0], [0.5, 0.87], [-0.5, 0.87], [-1, 0]],
  disc: [],
};
const cornersAt = (mark, x, y, r) => CORNERS[mark].map(([dx, dy]) => [x + dx * r, y + dy * r]);

function outline(context, mark, x, y, r) {
  context.beginPath();
  for (const [left, top] of cornersAt(mark, x, y, r)) context.lineTo(left, top);
  if (!CORNERS[mark].length) context.arc(x, y, r, 0, 2 * Math.PI);
  context.closePath();
}

function arc(context, x, y, r, share, width, colour) {
  context.beginPath();
  context.arc(x, y, r, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * share);
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke();
}

// Disc and ring: what vis asks for when it draws a unit. One that is not shown is not painted and takes no room:
// telling vis to hide it takes ten times as long.
function drawUnit({ ctx: context, id, x, y }) {
  const unit = view.shown.has(id) && view.units.get(id);
  const size = unit ? 2 * outerRadius(unit) : 0;
  return { drawNode: () => unit && paintUnit(context, unit, x, y), nodeDimensions: { width: size, height: size } };
}

function paintUnit(context, unit, x, y) {
  const [r, colours, near] = [radius(unit), ink(), nearness(unit.id)];
  context.save();
  context.beginPath();
  context.arc(x, y, outerRadius(unit) + 1, 0, 2 * Math.PI);
  context.fillStyle = colours.paper;
  context.fill();
  context.globalAlpha = near ? 1 : 0.16;
  arc(context, x, y, r + GAP + RING / 2, 1, RING, colours.share);
  if (unit.led) arc(context, x, y, r + GAP + RING / 2, unit.led / unit.tasks.length, RING, colours.lead);
  outline(context, nodeOf.get(unit.id).mark, x, y, r);
  context.fillStyle = fill(unit);
  context.fill();
  context.lineWidth = 0.9;
  context.strokeStyle = colours.edge;
  context.stroke();
  if (near === 3) arc(context, x, y, outerRadius(unit) + 4, 1, 2.6, colours.lead);
  context.restore();
}
