/* Keys of the whole product: ? shows them, f goes to the filters, / searches the definitions, g and a letter leads to a page.
   They wait while somebody types, and can be switched off (WCAG 2.1.4): then the page arrives with data-keys="off". */
"use strict";
(() => {
  const PATIENCE_MS = 1500;
  const on = document.documentElement.dataset.keys === "on";
  const dialog = document.getElementById("keys"), menu = document.querySelector(".menu"), filters = document.getElementById("filters");
  let leading = 0; // until when a letter after g counts

  function types(target) {
    return target instanceof Element && target.closest("input, select, textarea, [contenteditable]:not([contenteditable=false])") !== null;
  }

  function follow(link) {
    if (link) window.location.assign(link.href);
    return Boolean(link);
  }

  function toFilters() {
    if (!filters) return false;
    filters.open = true;
    filters.querySelector("select, input:not([type=hidden])").focus();
    return true;
  }

  function toSearch() {
    const field = document.getElementById("search");
    if (!field) return follow(dialog.querySelector("[data-search]"));
    field.focus();
    field.select();
    return true;
  }

  function show() {
    dialog.showModal();
    return true;
  }

  function act(event) {
    const led = leading > event.timeStamp;
    leading = 0;
    if (led) return follow(document.querySelector(`nav [data-key="${CSS.escape(event.key.toLowerCase())}"]`));
    if (event.key === "g") leading = event.timeStamp + PATIENCE_MS;
    const known = { "?": show, f: toFilters, "/": toSearch }[event.key];
    return known ? known() : false;
  }

  /* What opens over other things closes with Esc, and the focus goes back to what opened it. */
  function close() {
    const box = [menu, filters].find((item) => item && item.open && item.contains(document.activeElement)) || (menu && menu.open ? menu : null);
    if (!box) return;
    box.open = false;
    box.querySelector("summary").focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (dialog && dialog.open) return;
    if (event.key === "Escape") close();
    else if (on && dialog && !event.repeat && !types(event.target) && act(event)) event.preventDefault();
  });
  if (window.location.hash === "#search") toSearch();
})();
