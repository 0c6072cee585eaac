/* Draws the figures that arrived with the page. The theme is read from the style sheet; a figure is drawn anew when the
   colour scheme or the width changes. Nothing is computed and nothing is fetched here. */
"use strict";
(() => {
  const CONFIG = {
    displayModeBar: false, displaylogo: false, showSendToCloud: false, responsive: false, doubleClick: false, showTips: false,
    modeBarButtonsToRemove: ["sendChartToCloud", "lasso2d", "select2d"],
  };
  const NARROW = 640;
  const parts = new Intl.NumberFormat(document.documentElement.lang || "en").formatToParts(1.5);
  const SEPARATORS = `${(parts.find((part) => part.type === "decimal") || { value: "." }).value}\u202f`;
  const PAPER = document.documentElement.classList.contains("pdf"); // as narrow as a tablet: lines carry numbers as on a phone
  const ROLES = ["customer", "wellbeing", "resolution", "savings", "ink", "muted", "line", "card", "soft"];

  function palette() {
    const style = getComputedStyle(document.documentElement);
    return { ...Object.fromEntries(ROLES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])), font: style.getPropertyValue("--font").trim() };
  }

  function faint(colour, part) {
    const at = Math.round(part * 255).toString(16).padStart(2, "0");
    return /^#[0-9a-f]{6}$/i.test(colour) ? colour + at : colour;
  }

  function paint(trace, colours, narrow) {
    const { role, part } = trace.meta, colour = colours[role];
    if (part === "band") return { ...trace, fillcolor: faint(colour, 0.15) };
    if (part === "young") return { ...trace, fillcolor: faint(colour, 0.04), fillpattern: { shape: "/", size: 6, solidity: 0.22, fgcolor: faint(colour, 0.6), bgcolor: faint(colour, 0.04) } };
    if (part === "centre" || part === "limits") return { ...trace, line: { color: faint(colour, part === "centre" ? 0.45 : 0.75), width: 1, dash: part === "centre" ? "solid" : "dash", shape: "linear" } };
    if (part === "signal") return { ...trace, marker: { ...trace.marker, size: narrow ? 9 : 14, color: colours.ink, line: { color: colours.ink, width: 1.6 } } };
    if (part === "block") return { ...trace, marker: { color: colour, line: { color: colours.card, width: 2 } }, insidetextfont: { color: colours.card, size: narrow ? 11.5 : 13 }, textangle: 0, constraintext: "none", textfont: { color: colours.ink, size: 12 } };
    if (part === "funnel") return { ...trace, marker: { color: [0.15, 0.28, 0.42, 0.55].map((level) => faint(colour, level)), line: { width: 0 } }, connector: { fillcolor: faint(colour, 0.12), line: { width: 0 } }, insidetextfont: { color: colours.ink, size: 12.5 }, outsidetextfont: { color: colours.ink, size: 12.5 } };
    if (part === "waterfall") {
      return {
        ...trace,
        increasing: { marker: { color: faint(colours.muted, 0.75) } }, decreasing: { marker: { color: colour } },
        totals: { marker: { color: faint(colours.muted, 0.4) } }, connector: { line: { color: colours.line, width: 1 } },
        textfont: { color: colours.ink, size: 13 },
      };
    }
    const line = { color: colour, width: part === "contacts" ? 1.6 : 2, dash: part === "provisional" ? "dot" : "solid" };
    const marker = { ...trace.marker, color: colour, line: { color: colour, width: 1.4 } };
    return { ...trace, line, marker };
  }

  function shape(item, colours) {
    const looks = {
      annotation: { line: { color: faint(colours.muted, 0.7), width: 1, dash: "dash" } },
      span: { fillcolor: faint(colours.muted, 0.13), line: { width: 0 } },
      break: { line: { color: colours.ink, width: 2, dash: "dot" } },
      target: { fillcolor: faint(colours.muted, 0.13), line: { width: 0 } },
      bound: { line: { color: faint(colours.ink, 0.75), width: 1.3, dash: "longdashdot" } },
      turn: { line: { color: colours.ink, width: 1.6 } },
      growth: { fillcolor: faint(colours.wellbeing, 0.12), line: { width: 0 } },
      after: { fillcolor: faint(colours.savings, 0.18), line: { width: 0 } },
      period: { fillcolor: faint(colours.muted, 0.07), line: { width: 0 } },
    };
    return { ...item, ...looks[item.name] };
  }

  /* On a phone a line carries the number of its sentence in the list below. */
  function phoneLabel(item, colours, role) {
    const turn = role === "turn", right = turn && item.x > item.middle;
    const text = turn ? item.text.replace(/, .*(?=<)/, "") : String(item.number);
    return { ...item, text, xanchor: turn ? (right ? "right" : "left") : "center", font: { size: 11.5, color: turn ? colours.ink : colours.muted }, yshift: turn ? 36 : 20, bgcolor: colours.card };
  }

  function words(item, colours, narrow) {
    const [kind, role] = item.name.split(":");
    if (kind === "strip") return { ...item, font: { size: narrow ? 12 : 13, color: colours[role] }, yshift: 3 };
    if (kind === "inside") return { ...item, font: { size: narrow ? 11 : 12, color: colours.ink }, xshift: 4, yshift: 2 };
    const row = Number(kind.slice(4)), side = item.xanchor === "right" ? -3 : 3;
    if (narrow || PAPER) return phoneLabel(item, colours, role);
    return { ...item, font: { size: 11.5, color: role === "turn" ? colours.ink : colours.muted }, yshift: 22 + row * 15, xshift: side, bgcolor: colours.card };
  }

  function numbered(given) {
    let number = 0;
    const range = (given.xaxis || {}).range || [], middle = typeof range[0] === "string" ? new Date((Date.parse(range[0]) + Date.parse(range[1])) / 2).toISOString() : "";
    return (given.annotations || []).map((item) => ({ ...item, middle, number: item.name.endsWith(":annotation") ? (number += 1) : 0 }));
  }

  function layoutOf(figure, colours, narrow, box) {
    const given = figure.layout, { rows = 0, room = narrow ? 8 : 20 } = given.meta || {};
    const axis = { gridcolor: faint(colours.line, 0.8), linecolor: colours.line, zeroline: false, tickfont: { color: colours.muted, size: 11.5 }, automargin: true, title: { font: { size: 11.5, color: colours.muted }, standoff: 6 } };
    const layout = {
      ...given, separators: SEPARATORS, width: box.clientWidth, height: box.clientHeight, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: colours.font, size: 12, color: colours.ink }, margin: { l: 40, r: room, t: 26 + (narrow || PAPER ? Math.min(rows, 2) : rows) * 15, b: 34 },
      hoverlabel: { bgcolor: colours.card, bordercolor: colours.line, font: { family: colours.font, size: 12, color: colours.ink }, align: "left" },
      shapes: (given.shapes || []).map((item) => shape(item, colours)),
      annotations: numbered(given).map((item) => words(item, colours, narrow)),
    };
    Object.keys(given).filter((name) => /^[xy]axis\d*$/.test(name)).forEach((name) => {
      layout[name] = { ...axis, showgrid: name.startsWith("y"), ...given[name], title: { ...axis.title, ...(given[name].title || {}) } };
    });
    if (layout.xaxis && layout.xaxis.type === "date") Object.assign(layout.xaxis, { nticks: narrow || (given.meta || {}).grid ? 4 : 10, ticks: "outside", tickcolor: colours.line, unifiedhovertitle: { text: "Week of %{x|%-d %b %Y}" } });
    return layout;
  }

  /* On a phone the steps run downwards, so that their names can be read. */
  function turned(figure) {
    const [trace] = figure.data, { xaxis, yaxis } = figure.layout;
    return {
      data: [{ ...trace, x: trace.y, y: trace.x, orientation: "h" }],
      layout: { ...figure.layout, meta: { ...figure.layout.meta, room: 44 }, xaxis: { ...yaxis, side: "bottom" }, yaxis: { ...xaxis, autorange: "reversed" } },
    };
  }

  /* On a phone the blocks of a bar stand under each other, each beside its name. */
  function spread(figure) {
    const data = figure.data.map((trace) => ({ ...trace, y: [trace.name], text: [trace.customdata[0].split(": ").pop()], textposition: "auto" }));
    const ends = [0, ...data.flatMap((trace) => trace.x)], low = Math.min(...ends), high = Math.max(...ends), room = 0.3 * (high - low);
    const xaxis = { ...figure.layout.xaxis, range: [low < 0 ? low - room : 0, high + room / 4] };
    return { data, layout: { ...figure.layout, xaxis, barmode: "overlay", bargap: 0.35, yaxis: { ...figure.layout.yaxis, visible: true, type: "category", autorange: "reversed", ticklabelstandoff: 4 } } };
  }

  /* A step of a funnel says on a phone which share is left; how many stands in the table. */
  function shortened(figure) {
    return { ...figure, data: figure.data.map((trace) => ({ ...trace, text: trace.text.map((text) => text.split(" · ").pop()) })) };
  }

  const NARROWED = { waterfall: turned, bar: spread, funnel: shortened };

  /* On a phone the units stand under each other, each with its four together. */
  function stacked(figure) {
    const [rows, columns] = figure.layout.meta.grid, layout = { ...figure.layout }, step = 1 / (rows * columns);
    for (let column = 0; column < columns; column += 1) {
      const x = `xaxis${column ? column + 1 : ""}`;
      layout[x] = { ...layout[x], domain: [0, 1], nticks: 4 };
      for (let row = 0; row < rows; row += 1) {
        const number = row * columns + column + 1, y = `yaxis${number > 1 ? number : ""}`, top = 1 - (column * rows + row) * step;
        layout[y] = { ...layout[y], domain: [top - 0.72 * step, top - 0.22 * step] };
      }
    }
    return { ...figure, layout };
  }

  function draw(box) {
    const narrow = box.clientWidth < NARROW, colours = palette();
    let figure = JSON.parse(document.getElementById(box.dataset.figure).textContent);
    if (narrow && (figure.layout.meta || {}).grid) figure = stacked(figure);
    else if (narrow && figure.data[0].type in NARROWED) figure = NARROWED[figure.data[0].type](figure);
    return window.Plotly.react(box, figure.data.map((trace) => paint(trace, colours, narrow)), layoutOf(figure, colours, narrow, box), CONFIG);
  }

  /* The colours of paper, whatever the page is drawn in now. */
  function onPaper() {
    const rules = [...document.styleSheets].filter((sheet) => (sheet.href || "").includes("tokens")).flatMap((sheet) => [...sheet.cssRules]);
    const root = rules.find((rule) => rule.selectorText === ":root");
    return { ...palette(), ...Object.fromEntries(ROLES.map((name) => [name, root ? root.style.getPropertyValue(`--${name}`).trim() : ""]).filter((pair) => pair[1])) };
  }

  const plain = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

  function wrapped(text, most) {
    const lines = [""];
    text.split(" ").forEach((word) => { (lines[lines.length - 1] + word).length > most && lines[lines.length - 1] ? lines.push(word) : lines[lines.length - 1] += (lines[lines.length - 1] ? " " : "") + word; });
    return lines;
  }

  /* A figure that can be read alone: its title, what it is about, all four measures and where they come from are in the picture. */
  function picture(box, said) {
    const figure = JSON.parse(document.getElementById(box.dataset.figure).textContent), colours = onPaper();
    const width = 1200, tall = figure.data.some((trace) => trace.type === "waterfall") ? 380 : Math.min(box.clientHeight || 620, 780);
    const head = [said.scope, ...wrapped(said.four, 150)], foot = [...(said.key ? wrapped(said.key, 170) : []), ...wrapped(said.source, 170)];
    const above = 44 + head.length * 17, below = 14 + foot.length * 15;
    const layout = layoutOf(figure, colours, false, { clientWidth: width, clientHeight: tall + above + below });
    const margin = { ...layout.margin, l: 64, r: 30, t: layout.margin.t + above, b: layout.margin.b + below };
    const line = (text, size, colour) => `<span style="font-size:${size}px;color:${colour}">${plain(text)}</span>`;
    const label = { xref: "paper", x: 0, xanchor: "left", showarrow: false, align: "left", xshift: -50 };
    const annotations = [...layout.annotations,
      { ...label, yref: "paper", y: 1, yanchor: "bottom", yshift: layout.margin.t + 6, text: [`<b>${line(said.title, 17, colours.ink)}</b>`, ...head.map((text, at) => line(text, 12.5, at ? colours.ink : colours.muted))].join("<br>") },
      { ...label, yref: "paper", y: 0, yanchor: "top", yshift: -layout.margin.b - 2, text: foot.map((text) => line(text, 11, colours.muted)).join("<br>") }];
    return {
      figure: { data: figure.data.map((trace) => paint(trace, colours, false)), layout: { ...layout, margin, annotations, paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff" }, config: CONFIG },
      width, height: tall + above + below,
    };
  }

  function button(tools, format) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = tools.dataset[format];
    made.addEventListener("click", () => {
      const { figure, width, height } = picture(document.getElementById(tools.dataset.of), tools.dataset);
      return window.Plotly.downloadImage(figure, { format, width, height, scale: format === "png" ? 2 : 1, filename: tools.dataset.name });
    });
    return made;
  }

  document.querySelectorAll(".figure-tools[data-of]").forEach((tools) => tools.prepend(button(tools, "png"), button(tools, "svg")));

  const boxes = [...document.querySelectorAll(".figure[data-figure]")];
  boxes.forEach((box) => box.classList.add("drawn"));
  const drawAll = () => Promise.all(boxes.map(draw)).then(() => { document.documentElement.dataset.charts = "ready"; });
  let last = window.innerWidth, waiting = 0;
  const again = () => { clearTimeout(waiting); waiting = setTimeout(drawAll, 120); };
  window.addEventListener("resize", () => { if (window.innerWidth !== last) { last = window.innerWidth; again(); } });
  if (!PAPER) {
    window.addEventListener("beforeprint", () => { boxes.forEach((box) => { box.style.width = "680px"; }); drawAll(); });
    window.addEventListener("afterprint", () => { boxes.forEach((box) => { box.style.width = ""; }); drawAll(); });
  }
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  drawAll();
})();
