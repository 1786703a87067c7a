// Key figures, settings and provenance.
function figures(run, many) {
  const time = elapsed(run.stats), total = time.length ? time[time.length - 1] : 0;
  const step = Math.max(run.step, last(run.stats.step) || 0, last(run.metrics.step) || 0);
  const steps = run.options.steps, training = run.options.training || {};
  const facts = [["Step", whole(step), steps ? "of " + whole(steps) : ""]];
  if (total) {
    const rows = run.stats.step.length, perStep = total / run.stats.step[rows - 1];
    facts.push(["Training time", duration(total), short(1000 * perStep) + " ms per step"]);
    const rate = speed(run), recent = rate ? rate.filter(v => v !== null).slice(-20).sort((a, b) => a - b) : [];
    if (recent.length) facts.push(["Speed", whole(recent[Math.floor(recent.length / 2)]) + " img/s", "real images, lately"]);
  }
  for (const name of domainNames(run)) {
    const value = last(run.metrics["agreement_" + name]);
    if (value !== null) {
      facts.push(["Agreement " + name, value.toFixed(3), "chance " + short(last(run.metrics["agreement_" + name + "_chance"]))]);
    }
    const labels = last(run.metrics["labels_" + name]);
    if (labels !== null) {
      facts.push(["Labels " + name, labels.toFixed(3), "chance " + short(last(run.metrics["labels_" + name + "_chance"]))]);
    }
  }
  const right = mean(run, "d_right");
  // Of several runs the means over their domains, as in the charts: runs of two and of three are beside each other.
  const loss = kind => short(last(many ? mean(run, kind) : run.stats[kind]));
  if (last(run.stats.loss_d) !== null) facts.push(["Loss D / G" + (many ? ", mean" : ""), loss("loss_d") + " / " + loss("loss_g"),
    last(right) === null ? "" : "D right " + (100 * last(right)).toFixed(0) + " %"]);
  facts.push(["Batch", whole(training.batch || 0), "seed " + (training.seed ?? "–")]);
  return facts;
}

function drawFacts(root, runs) {
  if (runs.length === 1) {
    root.replaceChildren(el("dl", {class: "facts"}, ...figures(runs[0], false).map(([name, value, more]) =>
      el("div", {class: "card"}, el("dt", {}, name), el("dd", {}, value, el("small", {}, more))))));
    return;
  }
  const all = runs.map(run => figures(run, true)), names = [...new Set(all.flat().map(f => f[0]))];
  const cell = (facts, name) => {
    const found = facts.find(f => f[0] === name);
    return el("td", {class: "n"}, found ? found[1] : "–");
  };
  root.replaceChildren(el("div", {class: "card scroll", tabindex: 0, role: "region", "aria-label": "Key figures of the runs"}, el("table", {},
    el("thead", {}, el("tr", {}, el("th", {scope: "col"}, "run"), ...names.map(n => el("th", {scope: "col", class: "n"}, n)))),
    el("tbody", {}, ...runs.map((run, r) => el("tr", {}, el("th", {scope: "row"}, el("span", {class: "chip k" + r % 8}), run.name),
      ...names.map(name => cell(all[r], name))))))));
}

/** Nested settings as lines "training.generator.rate" -> "0.003". */
function flatten(value, path, out) {
  if (Array.isArray(value) && value.every(v => v === null || typeof v !== "object")) out.set(path, value.join(", "));
  else if (value !== null && typeof value === "object") {
    for (const [key, inner] of Object.entries(value)) {
      flatten(inner, path ? path + (Array.isArray(value) ? "[" + key + "]" : "." + key) : key, out);
    }
  } else out.set(path, String(value));
  return out;
}

function drawSettings(root, runs) {
  root.querySelectorAll(".card").forEach(node => node.remove());
  const many = runs.length > 1;
  const table = (title, maps) => {
    const names = [...new Set(maps.flatMap(m => [...m.keys()]))];
    const rows = names.map(name => {
      const values = maps.map(m => m.has(name) ? m.get(name) : "–");
      return el("tr", {class: many && new Set(values).size > 1 ? "differs" : null}, el("th", {scope: "row"}, name.replace(/_/g, " ")),
        ...values.map(v => el("td", {class: "text"}, v)));
    });
    return el("div", {class: "scroll"}, el("h3", {}, title), el("table", {},
      many ? el("thead", {}, el("tr", {}, el("td", {}), ...runs.map((run, r) => el("th", {scope: "col"}, el("span", {class: "chip k" + r % 8}), run.name)))) : null,
      el("tbody", {}, ...rows)));
  };
  root.append(
    el("div", {class: "card"}, table("Provenance", runs.map(run => flatten(run.provenance, "", new Map())))),
    el("div", {class: "card"}, el("details", many ? {open: true} : {}, el("summary", {}, "All settings" + (many ? "; those that differ are marked" : "")),
      table("", runs.map(run => flatten(run.options, "", new Map()))))));
  root.querySelectorAll("h3").forEach(h => { if (!h.textContent) h.remove(); });
}
