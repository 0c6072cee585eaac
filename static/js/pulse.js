/* The page works without this. It takes the code from behind # of a link and out of the address, and lets an answer be taken back. */
"use strict";
(() => {
  const field = document.getElementById("code");
  if (field && location.hash.length > 1) {
    let code = location.hash.slice(1);
    try { code = decodeURIComponent(code); } catch { /* as it stands, then */ }
    field.value = code;
    history.replaceState(null, "", location.pathname + location.search);
  }
  const form = document.querySelector("form[data-clear]");
  if (!form) return;
  for (const question of form.querySelectorAll("fieldset.question")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain clear";
    button.textContent = form.dataset.clear;
    const show = () => { button.hidden = !question.querySelector("input:checked"); };
    button.addEventListener("click", () => {
      for (const input of question.querySelectorAll("input:checked")) input.checked = false;
      show();
      question.querySelector("input").focus();
    });
    question.addEventListener("change", show);
    question.append(button);
    show();
  }
})();
