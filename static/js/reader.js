/* Figures from the keyboard: left and right move a reader over the points, up and down change the line, Home and End go to its ends; what
   stands there is said aloud with its interval, a saving never without its companions. All words arrived with the figure. */
"use strict";
(() => {
  const STEPS = { ArrowRight: 1, ArrowLeft: -1 }, LINES = { ArrowDown: 1, ArrowUp: -1 };
  const COMPANIONS = ["customer", "wellbeing", "resolution"];
  const locale = (document.documentElement.lang || "en").replace(/^en$/, "en-GB");
  const days = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

  function text(trace, at) {
    const found = (trace.customdata || trace.text || [])[at];
    return typeof found === "string" ? found : "";
  }

  /* What is drawn in pieces is read as one line: its points from left to right, those without words left out. */
  function lines(box) {
    const found = new Map();
    (box.data || []).forEach((trace, number) => (trace.x || []).forEach((x, at) => {
      if (!text(trace, at)) return;
      const key = trace.type === "scatter" ? `${trace.meta.role} ${trace.yaxis || "y"}` : "bars";
      if (!found.has(key)) found.set(key, []);
      found.get(key).push({ number, at, x, trace });
    }));
    return [...found.values()].map((points) => (points[0].trace.type === "scatter" ? points.sort((a, b) => (a.x < b.x ? -1 : 1)) : points));
  }

  function named({ trace, at, x }) {
    if (trace.type === "waterfall") return trace.orientation === "h" ? trace.y[at] : x;
    const unit = trace.meta.unit ? `${trace.meta.unit}, ` : "";
    return trace.type === "scatter" && /^\d{4}-\d\d-\d\d$/.test(x) ? unit + days.format(new Date(`${x}T00:00:00Z`)) : "";
  }

  function beside(box, point) {
    if (point.trace.meta.role !== "savings") return [];
    if (point.trace.type !== "scatter") return [box.dataset.beside];
    return lines(box).filter((line) => COMPANIONS.includes(line[0].trace.meta.role) && line[0].trace.xaxis === point.trace.xaxis).map((line) => line.find((other) => other.x === point.x)).filter(Boolean).map((other) => text(other.trace, other.at));
  }

  function show(box, state) {
    const found = lines(box), line = found[state.line];
    if (!line) return;
    state.place = Math.max(0, Math.min(state.place, line.length - 1));
    const point = line[state.place];
    state.out.textContent = [[named(point), text(point.trace, point.at)].filter(Boolean).join(": "), ...beside(box, point)].filter(Boolean).join(" · ");
    if (point.trace.type !== "scatter" || point.trace.meta.unit) return; // of several units the words are enough
    const there = found.flatMap((each) => each.filter((other) => other.x === point.x && other.trace.xaxis === point.trace.xaxis));
    window.Plotly.Fx.hover(box, there.map((each) => ({ curveNumber: each.number, pointNumber: each.at })));
  }

  function press(event, box, state) {
    const found = lines(box), line = found[state.line];
    if (!line || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in STEPS) state.place += state.started ? STEPS[event.key] : 0;
    else if (event.key in LINES) {
      const { x } = line[state.place];
      state.line = (state.line + LINES[event.key] + found.length) % found.length;
      const same = found[state.line].findIndex((point) => point.x === x);
      state.place = same < 0 ? state.place : same;
    } else if (event.key === "Home") state.place = 0;
    else if (event.key === "End") state.place = line.length - 1;
    else return;
    event.preventDefault();
    event.stopPropagation();
    state.started = true;
    show(box, state);
  }

  document.querySelectorAll(".figure[data-figure]").forEach((box) => {
    const out = document.createElement("p");
    out.className = "reader";
    out.setAttribute("aria-live", "polite");
    box.after(out);
    box.tabIndex = 0;
    const state = { line: 0, place: 0, started: false, out };
    box.addEventListener("keydown", (event) => press(event, box, state));
    box.addEventListener("focus", () => { if (!state.started) out.textContent = box.dataset.keys || ""; });
    box.addEventListener("blur", () => { state.started = false; out.textContent = ""; if (window.Plotly && box.data) window.Plotly.Fx.unhover(box); });
  });
})();
