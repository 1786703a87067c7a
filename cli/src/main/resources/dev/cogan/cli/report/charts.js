// Curves, by uPlot. One chart per kind of number; their cursors move together.
const SYNC = "steps";
// Of several runs with three domains or more: a run has a colour, a domain a dash.
const DASHES = [undefined, undefined, [8, 4], [2, 3], [8, 4, 2, 4]];
const DASH_NAMES = ["", "", " (dashes)", " (dots)", " (dashes and dots)"];
const TITLES = {
  loss_d: ["Discriminators' loss", "Binary cross-entropy on real and generated images, in nats; 1.386 is guessing."],
  loss_g: ["Generators' loss", "Non-saturating form, in nats; 0.693 is a discriminator that cannot tell."],
  d_right: ["Judged right", "Share of real and generated images that the discriminators tell apart; 0.5 is guessing."],
  agreement: ["Agreement of pairs", "Share of pixels in which the second image is what the known operator makes of the first."],
  labels: ["Label agreement", "Share of pairs that show the same digit, as the classifier in the program names them; generators that draw nothing agree in every pixel, and only reach chance here."],
  speed: ["Speed", "Real images of all domains per second, as the training's clock saw it."],
};

/** Groups columns such as loss_d_a, loss_d_b under one title. */
function chartSpecs(runs) {
  const specs = new Map(), many = runs.length > 1;
  const add = (kind, series) => {
    if (!specs.has(kind)) specs.set(kind, {kind, series: []});
    specs.get(kind).series.push(series);
  };
  runs.forEach((run, r) => {
    const names = domainNames(run), of = (table, key) => ({run, table, key});
    for (const kind of ["loss_d", "loss_g", "d_right"]) {
      names.forEach((name, d) => {
        const key = kind + "_" + name;
        if (run.stats[key] && !many) add(kind, {label: domainLabel(run, name), color: d, ...of("stats", key)});
      });
      if (many) add(kind, {label: run.name, color: r, values: () => mean(run, kind), run, table: "stats"});
    }
    for (const key of Object.keys(run.metrics)) {
      const match = /^(agreement|labels)_(.+?)(_chance|_blank)?$/.exec(key);
      if (!match) continue;
      const label = (many ? run.name + " " : "") + domainLabel(run, match[2]) + (match[3] ? " " + match[3].slice(1) : "");
      const domain = names.indexOf(match[2]);
      const line = many ? {label: label + (DASH_NAMES[domain] || ""), color: r, dash: DASHES[domain]} : {label, color: domain};
      if (!match[3]) add(match[1], {...line, points: true, ...of("metrics", key)});
      else if (!many) add(match[1], {label, color: 7, dash: match[3] === "_chance" ? [6, 4] : [2, 4], ...of("metrics", key)});
    }
    if (run.stats.seconds) add("speed", {label: many ? run.name : "images/s", color: many ? r : 2, values: () => speed(run), run, table: "stats"});
    const known = /^(step|seconds|loss_[dg](_.*)?|d_right(_.*)?|(agreement|labels)_.*)$/;
    for (const table of ["stats", "metrics"]) {
      for (const key of Object.keys(run[table])) {
        if (!known.test(key)) add(key, {label: many ? run.name : key, color: many ? r : 3, points: table === "metrics", ...of(table, key)});
      }
    }
  });
  const order = Object.keys(TITLES), rank = s => order.includes(s.kind) ? order.indexOf(s.kind) : order.length;
  return [...specs.values()].sort((a, b) => rank(a) - rank(b)).slice(0, 24);
}

/** What a loss is: cross-entropy, or another kind that the run was asked for; of several runs the mean over their domains. */
function lossText(spec, usual) {
  const kinds = [...new Set(spec.series.map(s => (s.run.options.training || {}).loss || "bce"))];
  const text = kinds.every(kind => kind === "bce") ? usual : "Kind of loss: " + kinds.join(", ") + ".";
  return spec.series.some(s => s.values) ? text + " Mean over the domains." : text;
}

/** The mean over the domains, so that runs of two and of three can be compared. */
function mean(run, kind) {
  const columns = domainNames(run).map(name => run.stats[kind + "_" + name]).filter(Boolean);
  return run.stats.step.map((_, i) => columns.length ? columns.reduce((sum, c) => sum + (c[i] ?? NaN), 0) / columns.length : null)
    .map(v => Number.isFinite(v) ? v : null);
}

/** Exponential smoothing that starts unbiased; 0 leaves the values as they are. */
function smooth(values, weight) {
  if (!weight) return values;
  let mean = 0, norm = 0;
  return values.map(v => {
    if (v === null || v === undefined) return null;
    mean = weight * mean + (1 - weight) * v;
    norm = weight * norm + (1 - weight);
    return mean / norm;
  });
}

class Charts {
  constructor(root, runs, onStep) {
    this.root = root;
    this.runs = runs;
    this.onStep = onStep;
    this.charts = [];
    this.weight = 0;
    this.grid = el("div", {class: "charts"});
    const slider = el("input", {type: "range", min: 0, max: 0.98, step: 0.02, value: 0, id: "smooth",
      oninput: () => { this.weight = Number(slider.value); out.textContent = this.weight ? this.weight.toFixed(2) : "off"; this.update(); }});
    const out = el("output", {for: "smooth"}, "off");
    root.append(el("div", {class: "controls"}, el("label", {for: "smooth"}, "Smoothing"), slider, out), this.grid);
    this.build();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.build());
    new ResizeObserver(() => this.resize()).observe(this.grid);
  }

  build() {
    this.charts.forEach(c => c.plot.destroy());
    this.grid.replaceChildren();
    const specs = chartSpecs(this.runs).filter(s => s.series.some(one => this.raw(one).some(v => v !== null && v !== undefined)));
    this.kinds = specs.map(s => s.kind + s.series.length).join();
    this.charts = specs.map(spec => this.chart(spec));
    if (!specs.length) this.grid.append(el("p", {class: "card"}, "No numbers yet: the first come after ten steps."));
  }

  raw(series) {
    return (series.values ? series.values() : series.run[series.table][series.key]) || [];
  }

  /** All series of a chart on one axis of steps. */
  data(spec) {
    const tables = spec.series.map(s => [s.run[s.table].step, smooth(this.raw(s), this.weight)]);
    // Copies: the chart must not see rows that are added before it is told of them.
    return uPlot.join(tables.map(t => [t[0].slice(), t[1].slice()]));
  }

  chart(spec) {
    const [title, usual] = Object.keys(TITLES).includes(spec.kind) ? TITLES[spec.kind] : [spec.kind.replace(/_/g, " "), ""];
    const text = spec.kind.startsWith("loss_") ? lossText(spec, usual) : usual;
    const holder = el("div", {role: "img"});
    const figure = el("figure", {class: "card"}, el("h3", {}, title), text ? el("p", {}, text) : null, holder);
    this.grid.append(figure);
    const axis = {stroke: css("--soft"), grid: {stroke: css("--grid"), width: 1}, ticks: {stroke: css("--grid"), width: 1},
      font: "12px system-ui, sans-serif"};
    const options = {
      width: this.width(holder), height: 230,
      cursor: {sync: {key: SYNC, setSeries: false}, drag: {x: true, y: false}, points: {size: 6}},
      scales: {x: {time: false}},
      legend: {live: true},
      series: [{label: "step", value: (_, v) => v === null ? "–" : whole(v)}].concat(spec.series.map(s => ({
        label: s.label, stroke: color(s.color), width: 1.6, dash: s.dash, spanGaps: true,
        points: {show: Boolean(s.points), size: 5}, value: (_, v) => short(v)}))),
      axes: [{...axis, values: (_, ticks) => ticks.map(t => t >= 10000 ? t / 1000 + "k" : t)},
        {...axis, size: 54, values: (_, ticks) => ticks.map(t => Math.abs(t) >= 10000 ? t / 1000 + "k" : t)}],
      hooks: {ready: [u => u.over.addEventListener("click", () => {
        if (u.cursor.idx !== null && u.cursor.idx !== undefined) this.onStep(u.data[0][u.cursor.idx]);
      })]},
    };
    const plot = new uPlot(options, this.data(spec), holder);
    const chart = {spec, plot, holder, title};
    this.label(chart);
    return chart;
  }

  /** The chart in words, for those who do not see it. */
  label(chart) {
    const parts = chart.spec.series.map(s => s.label + ": " + short(last(this.raw(s))));
    chart.holder.setAttribute("aria-label", chart.title + ", chart over steps. Last values: " + parts.join("; "));
  }

  width(holder) {
    return Math.max(200, Math.floor(holder.getBoundingClientRect().width));
  }

  resize() {
    for (const c of this.charts) {
      const width = this.width(c.holder);
      if (width !== c.plot.width) c.plot.setSize({width, height: 230});
    }
  }

  /** After the data changed; a chart that somebody has zoomed into stays where it is. */
  update() {
    const kinds = chartSpecs(this.runs).filter(s => s.series.some(one => this.raw(one).some(v => v !== null && v !== undefined)))
      .map(s => s.kind + s.series.length).join();
    if (kinds !== this.kinds) {
      this.build();
      return;
    }
    for (const c of this.charts) {
      const x = c.plot.scales.x, steps = c.plot.data[0];
      const zoomed = steps.length && (x.min > steps[0] || x.max < steps[steps.length - 1]);
      c.plot.setData(this.data(c.spec), !zoomed);
      if (zoomed) c.plot.redraw();
      this.label(c);
    }
  }
}
