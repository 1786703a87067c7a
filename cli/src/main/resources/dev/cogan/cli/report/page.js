// Puts the page together, and follows a training where a server tells of one.
const page = JSON.parse($("data").textContent);
const runs = page.runs;
const single = runs.length === 1;

function heading() {
  const title = single ? runs[0].name : runs.length + " runs";
  $("title").textContent = title;
  document.title = title + " – CoGAN";
  $("kind").textContent = page.live ? "dashboard" : "report";
  $("subtitle").textContent = single ? (runs[0].options.domains || []).map(brief).join(" and ") + (runs[0].options.preset ? ", preset " + runs[0].options.preset : "")
    : "side by side";
  $("footer").textContent = page.program + ". Charts by uPlot. This page asks for nothing from the network"
    + (page.live ? " but this program on this machine." : ".");
}

function notes() {
  $("notes").replaceChildren(...runs.flatMap(run => run.notes.map(text => el("p", {class: "note"}, (single ? "" : run.name + ": ") + text))));
}

heading();
notes();
drawFacts($("facts"), runs);
const film = new Film($("film"), runs);
const charts = new Charts($("curves"), runs, step => film.toStep(step));
drawSharing($("sharing"), runs);
drawSettings($("settings"), runs);

function follow(live) {
  const run = runs[0];
  let dirty = false;
  let closed = false;
  const status = (kind, text) => {
    $("status").hidden = false;
    if ($("status").className !== kind) $("status").className = kind;
    if ($("status").textContent !== text) $("status").textContent = text;
  };
  const redraw = () => {
    if (!dirty || document.hidden) return;
    dirty = false;
    drawFacts($("facts"), runs);
    charts.update();
  };
  setInterval(redraw, 500);
  document.addEventListener("visibilitychange", redraw);
  let after = live.after, source;
  const handlers = {};
  const on = (name, handle) => { handlers[name] = handle; };
  const connect = () => {
    source = new EventSource("events?after=" + after + "&server=" + live.server);
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, event => {
        after = event.lastEventId || after;
        handle(JSON.parse(event.data));
      });
    }
    source.onopen = () => status("live", "live");
    source.onerror = () => {
      if (closed) return;
      if (source.readyState !== EventSource.CLOSED) {
        status("lost", "connection lost; trying again");
        return;
      }
      // The browser gives up for good where it is refused.
      status("lost", "too many pages follow this training; trying again");
      setTimeout(connect, 10000);
    };
  };
  status("", "connecting");
  on("stats", ({seconds_left: left, ...row}) => {
    addRow(run.stats, row);
    dirty = true;
    status("live", "live, step " + whole(row.step) + (left === undefined ? "" : ", " + duration(left) + " left"));
  });
  on("metrics", row => {
    addRow(run.metrics, row);
    dirty = true;
  });
  on("frame", frame => {
    run.frames = run.frames.filter(f => f.step < frame.step);
    run.frames.push(frame);
    film.refresh(false);
  });
  // This page has missed something, the training went back, or another one answers at this address.
  // Not at once: where the end follows, nobody is left to answer.
  on("reload", () => setTimeout(() => { if (!closed) location.reload(); }, 500));
  on("end", end => {
    closed = true;
    source.close();
    status("", end.text);
  });
  connect();
}

if (page.live) follow(page.live);
