/* Looks again every few seconds while something is being done, and puts the new words where the old ones stood. */
"use strict";
(() => {
  const EVERY_MS = 3000;
  async function again() {
    const box = document.getElementById("progress");
    if (!box || !box.hasAttribute("data-moving")) return;
    const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (answer && answer.ok) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("progress");
      if (fresh && fresh.innerHTML !== box.innerHTML) box.replaceChildren(...fresh.childNodes);
      if (fresh && !fresh.hasAttribute("data-moving")) box.removeAttribute("data-moving");
    }
    setTimeout(again, EVERY_MS);
  }
  setTimeout(again, EVERY_MS);
})();
