"use strict";
// Small helpers. Text always goes into the page as text, never as markup.
const $ = id => document.getElementById(id);

/** An element with attributes; children are elements or texts. */
function el(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}

const color = i => getComputedStyle(document.documentElement).getPropertyValue("--c" + (i % 8)).trim();
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const whole = n => Math.round(n).toLocaleString("en");

/** A number with about four digits. */
function short(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 1000) return whole(value);
  if (size >= 100) return value.toFixed(1);
  if (size >= 10) return value.toFixed(2);
  if (size >= 0.001 || size === 0) return value.toFixed(3);
  return value.toExponential(2);
}

/** Seconds as 2:05 or 3:12:40. */
function duration(seconds) {
  const s = Math.round(seconds), two = n => String(n).padStart(2, "0");
  return s < 3600 ? Math.floor(s / 60) + ":" + two(s % 60)
    : Math.floor(s / 3600) + ":" + two(Math.floor(s / 60) % 60) + ":" + two(s % 60);
}

/** The last number of a column that is there. */
function last(column) {
  for (let i = column ? column.length - 1 : -1; i >= 0; i--) if (column[i] !== null) return column[i];
  return null;
}

/** Training time at every row: the clock starts again when a training is resumed. */
function elapsed(table) {
  const seconds = table.seconds || [];
  let before = 0, previous = 0;
  return seconds.map(s => {
    if (s === null) return before + previous;
    if (s < previous) before += previous;
    previous = s;
    return before + s;
  });
}

/** Real images of all domains per second, between neighbouring rows. */
function speed(run) {
  const steps = run.stats.step, time = elapsed(run.stats);
  const training = run.options.training || {};
  const perStep = (training.batch || 0) * domainNames(run).length;
  if (!perStep || !time.length) return null;
  return steps.map((step, i) => {
    const from = i ? i - 1 : null, t = time[i] - (from === null ? 0 : time[from]);
    if (from === null || t <= 0) return null;
    return perStep * (step - steps[from]) / t;
  });
}

function domainNames(run) {
  const model = run.options.model || {};
  return (model.domains || []).map(d => d.name);
}

/** What a domain shows, for people: "a: mnist". */
function domainLabel(run, name) {
  const at = domainNames(run).indexOf(name), specs = run.options.domains || [];
  return at >= 0 && specs[at] ? name + " " + brief(specs[at]) : name;
}

/** A domain's spec without the folders before its file; the provenance has it whole. */
function brief(spec) {
  return spec.replace(/^([a-z]+:)[^:]*\/([^:/]+)/, "$1$2");
}

/** Appends a row; rows from its step on are replaced, as after a training was set back. */
function addRow(table, row) {
  const steps = table.step;
  let keep = steps.length;
  while (keep > 0 && steps[keep - 1] >= row.step) keep--;
  for (const column of Object.values(table)) column.length = keep;
  for (const key of Object.keys(row)) if (!(key in table) && typeof row[key] === "number") table[key] = new Array(keep).fill(null);
  for (const key of Object.keys(table)) table[key].push(typeof row[key] === "number" ? row[key] : null);
  if (steps.length > 4000) {
    // Two into one: an overnight page stays as light as a new one.
    for (const key of Object.keys(table)) table[key] = table[key].filter((_, i) => i % 2 === 1 || i === table[key].length - 1);
  }
}
