// The networks as stacks: a layer that all domains share is one wide box, others stand side by side.
function drawSharing(root, runs) {
  root.querySelectorAll(".sharing").forEach(node => node.remove());
  runs.forEach((run, r) => {
    if (!run.model) return;
    const nets = el("div", {class: "nets"},
      team(run, "generators", "Generators", "z", "image"),
      team(run, "discriminators", "Discriminators", "image", "real or generated"));
    const parts = [
      el("p", {class: "key"}, totals(run.model), " ", el("span", {class: "shared"}, "shared by all domains"), " ",
        el("span", {class: "own"}, "one per domain")),
      nets,
      el("details", {}, el("summary", {}, "All parameters"), parameterTable(run.model))];
    const box = el("div", {class: "sharing"});
    if (runs.length === 1) box.append(...parts);
    else box.append(el("details", {class: "card"}, el("summary", {}, el("span", {class: "chip k" + r % 8}), run.name), ...parts));
    root.append(box);
  });
}

function totals(model) {
  let all = 0, shared = 0;
  for (const p of model.parameters) {
    all += p.count;
    if (p.used_by.length > 1) shared += p.count;
  }
  return whole(all) + " parameters, " + whole(shared) + " of them (" + (all ? (100 * shared / all).toFixed(1) : 0) + " %) in shared layers.";
}

function team(run, name, title, start, end) {
  const net = run.model[name], n = run.model.domains.length;
  const rows = [];
  const cell = (layer, kind, span) => el("td", {class: kind, colspan: span, title: layer.text}, layer.text,
    layer.count ? el("small", {}, whole(layer.count) + " parameters") : null);
  const shared = () => net.shared.forEach(layer => rows.push(el("tr", {}, cell(layer, "shared", n))));
  const own = () => {
    const depth = Math.max(0, ...net.own.map(part => part.length));
    for (let i = 0; i < depth; i++) {
      rows.push(el("tr", {}, ...net.own.map(part => part[i] ? cell(part[i], "own", 1) : el("td", {}))));
    }
  };
  const ends = text => el("tr", {}, ...run.model.domains.map(d => el("td", {class: "end"}, text + " " + domainLabel(run, d))));
  if (net.shared_first) {
    rows.push(el("tr", {}, el("td", {class: "end", colspan: n}, start)));
    shared();
    own();
    rows.push(ends(end));
  } else {
    rows.push(ends(start));
    own();
    shared();
    rows.push(el("tr", {}, el("td", {class: "end", colspan: n}, end)));
  }
  return el("div", {class: "card"}, el("h3", {}, title),
    el("div", {class: "scroll"}, el("table", {class: "net"}, el("caption", {class: "off"},
      title + ", from input to output; wide cells are layers that all domains share"), el("tbody", {}, ...rows))));
}

function parameterTable(model) {
  const most = Math.max(1, ...model.parameters.map(p => p.count));
  const body = model.parameters.map(p => {
    const bar = el("span", {class: "bar k" + (p.used_by.length > 1 ? 0 : 1)});
    bar.style.width = Math.max(1, 100 * p.count / most) + "%";
    return el("tr", {}, el("th", {scope: "row"}, p.name), el("td", {class: "n"}, p.shape.join(" × ")), el("td", {class: "n"}, whole(p.offset)),
      el("td", {class: "n"}, whole(p.count)), el("td", {}, p.used_by.join(" ") + (p.used_by.length > 1 ? " (shared)" : ""), bar));
  });
  return el("div", {class: "scroll", tabindex: 0, role: "region", "aria-label": "Table of parameters"}, el("table", {},
    el("thead", {}, el("tr", {}, el("th", {scope: "col"}, "parameter"), el("th", {scope: "col", class: "n"}, "shape"),
      el("th", {scope: "col", class: "n"}, "offset"), el("th", {scope: "col", class: "n"}, "numbers"), el("th", {scope: "col"}, "used by"))),
    el("tbody", {}, ...body)));
}
