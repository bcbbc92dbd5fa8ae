// Comfort only: the copy-out's fields by keyboard. j and k go down and up, c copies, d ticks.
"use strict";
(() => {
  const lines = () => [...document.querySelectorAll("[data-copyout] [data-line]")];
  const current = () => document.activeElement?.closest("[data-line]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const all = lines();
    const at = all.indexOf(current());
    if (event.key === "j" || event.key === "k") {
      const next = all[event.key === "j" ? Math.min(at + 1, all.length - 1) : Math.max(at - 1, 0)];
      if (!next) return;
      event.preventDefault();
      next.focus();
      next.scrollIntoView({ block: "nearest" });
    }
    if (at < 0) return;
    if (event.key === "c") all[at].querySelector("[data-copy]")?.click();
    if (event.key === "d") all[at].querySelector("[data-tick]")?.click();
  });

  // The line that was ticked is a new one: the keyboard goes on from it.
  document.addEventListener("htmx:afterSwap", (event) => {
    const line = event.detail.requestConfig?.elt?.closest?.("[data-line]");
    const id = line?.id || event.target.id;
    if (id && id.startsWith("line-")) document.getElementById(id)?.focus();
  });
})();
