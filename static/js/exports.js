/* Looks how far the exports of this page are, and opens the page anew when one has ended. Without it there is a link. */
"use strict";
(() => {
  const box = document.querySelector("[data-watch]");
  if (!box) return;
  const EVERY = 1500, SLOWER = 6000;

  function tell(item) {
    const row = box.querySelector(`[data-export="${item.id}"]`);
    if (!row) return;
    const bar = row.querySelector("progress");
    if (bar) bar.value = item.progress;
    row.querySelector(".words").textContent = item.words;
  }

  async function look() {
    let wait = EVERY;
    try {
      const answer = await fetch(box.dataset.watch, { headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = (await answer.json()).exports;
      found.forEach(tell);
      if (found.some((item) => !item.open && box.querySelector(`[data-export="${item.id}"] progress`))) return window.location.reload();
    } catch {
      wait = SLOWER;
    }
    setTimeout(look, document.hidden ? SLOWER : wait);
    return undefined;
  }
  setTimeout(look, EVERY);
})();
