import {setText} from './text.js';

const HALF = 70;
const LEFT = 48;
const LEAST_WIDTH = 240;
const LINE = 16;

function svg(name, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  element.append(...children);
  return element;
}

/** Joins upwards, leaves downwards; both as numbers a second. */
export function drawRates(place, caption, {interval, joins, leaves}) {
  const perSecond = values => values.map(value => value / interval);
  const up = perSecond(joins);
  const down = perSecond(leaves);
  const top = Math.max(1, ...up, ...down);
  const width = Math.max(LEAST_WIDTH, place.clientWidth);
  const step = (width - LEFT) / joins.length;
  const axis = LINE + HALF;
  const bars = (values, downwards) => values
      .map((value, i) => ({x: LEFT + i * step, height: value / top * HALF}))
      .filter(bar => bar.height > 0)
      .map(({x, height}) => `M${x.toFixed(1)} ${axis}v${(downwards ? height : -height).toFixed(1)}h${step.toFixed(2)}V${axis}z`)
      .join('');
  const text = describe(up, down);
  const number = Number(top.toFixed(1)).toString();
  const minutes = Math.round(joins.length * interval / 60);
  const label = (x, y, words, anchor) => svg('text', {x, y, 'text-anchor': anchor}, words);
  place.replaceChildren(svg('svg', {width, height: 2 * HALF + 3 * LINE, role: 'img', 'aria-label': text},
      svg('path', {class: 'joins', d: bars(up, false)}),
      svg('path', {class: 'leaves', d: bars(down, true)}),
      svg('line', {x1: LEFT, x2: width, y1: axis, y2: axis}),
      label(LEFT - 6, LINE, `${number}/s`, 'end'),
      label(LEFT, LINE - 4, '▲ joins', 'start'),
      label(LEFT - 6, axis + 4, '0', 'end'),
      label(LEFT - 6, axis + HALF, `${number}/s`, 'end'),
      label(LEFT, axis + HALF + LINE, '▼ leaves', 'start'),
      label((width + LEFT) / 2, axis + HALF + LINE, `the last ${minutes} minutes`, 'middle'),
      label(width, axis + HALF + LINE, 'now', 'end')));
  setText(caption, text);
}

function describe(up, down) {
  const latest = values => (values[values.length - 1] ?? 0).toFixed(1);
  const most = values => Math.max(0, ...values).toFixed(1);
  return `Joins: ${latest(up)} a second now, ${most(up)} at most in 15 minutes.`
      + ` Leaves: ${latest(down)} a second now, ${most(down)} at most.`;
}
