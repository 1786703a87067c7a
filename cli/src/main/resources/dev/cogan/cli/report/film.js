// The generated pictures over the steps: one slider for all runs, one film for each.
class Film {
  constructor(root, runs) {
    this.runs = runs;
    this.at = 0;
    this.playing = null;
    this.slider = el("input", {type: "range", min: 0, step: 1, id: "frame", "aria-label": "Step of the pictures",
      oninput: () => this.show(Number(this.slider.value))});
    this.out = el("output", {for: "frame"});
    this.play = el("button", {type: "button", "aria-pressed": "false", onclick: () => this.toggle()}, "Play");
    this.controls = el("div", {class: "controls"},
      el("button", {type: "button", "aria-label": "Previous pictures", onclick: () => this.show(this.at - 1)}, "◀"),
      this.slider,
      el("button", {type: "button", "aria-label": "Next pictures", onclick: () => this.show(this.at + 1)}, "▶"),
      this.play, this.out);
    this.films = runs.map((run, r) => this.film(run, r));
    root.append(this.controls, el("div", {class: "films"}, ...this.films.map(f => f.node)));
    this.refresh(true);
  }

  film(run, r) {
    const many = this.runs.length > 1;
    const big = el("img", {class: "big", alt: ""});
    const caption = el("figcaption");
    const strip = el("div", {class: "strip", role: "group", "aria-label": "All pictures of " + run.name});
    const reals = el("div", {class: "reals"}, ...run.reals.map(real => el("figure", {},
      el("img", {src: real.src, alt: "Real images of domain " + domainLabel(run, real.domain), loading: "lazy"}),
      el("figcaption", {}, "real: " + domainLabel(run, real.domain)))));
    const left = el("div", {}, el("figure", {}, big, caption), strip);
    const node = el("div", {class: "card film"},
      many ? el("h3", {}, el("span", {class: "chip k" + r % 8}), run.name) : null,
      many ? left : el("div", {class: "two"}, left, reals),
      many ? el("details", {}, el("summary", {}, "Real images"), reals) : null);
    return {run, node, big, caption, strip, shown: -1};
  }

  /** After frames were added; follows the newest if the newest was shown. */
  refresh(follow) {
    const atEnd = follow || this.at >= (this.steps ? this.steps.length - 1 : 0);
    const all = new Set();
    this.runs.forEach(run => run.frames.forEach(f => all.add(f.step)));
    this.steps = [...all].sort((a, b) => a - b);
    this.slider.max = Math.max(0, this.steps.length - 1);
    this.controls.hidden = this.steps.length === 0;
    for (const film of this.films) {
      film.strip.replaceChildren(...film.run.frames.map(f => el("button",
        {type: "button", "aria-label": "Pictures of step " + whole(f.step), onclick: () => this.toStep(f.step)},
        el("img", {src: f.src, alt: "", loading: "lazy"}), whole(f.step))));
      film.shown = -1;
    }
    this.show(atEnd ? this.steps.length - 1 : this.at);
  }

  /** Shows what is nearest to a step. */
  toStep(step) {
    let best = 0;
    this.steps.forEach((s, i) => { if (Math.abs(s - step) < Math.abs(this.steps[best] - step)) best = i; });
    this.show(best);
  }

  show(index) {
    this.at = Math.min(Math.max(0, index), Math.max(0, this.steps.length - 1));
    const step = this.steps[this.at];
    this.slider.value = this.at;
    if (step === undefined) {
      this.films.forEach(f => { f.caption.textContent = "No pictures yet."; f.big.hidden = true; });
      return;
    }
    this.out.textContent = "step " + whole(step);
    this.slider.setAttribute("aria-valuetext", "step " + whole(step));
    for (const film of this.films) {
      const frames = film.run.frames;
      let i = frames.length - 1;
      while (i > 0 && frames[i].step > step) i--;
      if (i < 0) {
        film.caption.textContent = "No pictures yet.";
        film.big.hidden = true;
        continue;
      }
      if (i === film.shown) continue;
      film.shown = i;
      film.big.hidden = false;
      film.big.src = frames[i].src;
      film.big.alt = "Generated images of " + domainNames(film.run).length + " domains side by side, at step " + whole(frames[i].step);
      film.caption.textContent = "Generated at step " + whole(frames[i].step) + ", always from the same random vectors; domains side by side.";
      [...film.strip.children].forEach((b, k) => {
        b.setAttribute("aria-current", k === i ? "true" : "false");
        // Only the strip is scrolled, never the page.
        if (k === i) film.strip.scrollLeft = b.offsetLeft - film.strip.offsetLeft - film.strip.clientWidth / 2 + b.clientWidth / 2;
      });
    }
  }

  toggle() {
    if (this.playing) {
      clearInterval(this.playing);
      this.playing = null;
    } else {
      if (this.at >= this.steps.length - 1) this.show(0);
      this.playing = setInterval(() => this.at >= this.steps.length - 1 ? this.toggle() : this.show(this.at + 1), 350);
    }
    this.play.setAttribute("aria-pressed", String(Boolean(this.playing)));
    this.play.textContent = this.playing ? "Stop" : "Play";
  }
}
