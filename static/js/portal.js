// Comfort only: every page works without this file.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      const search = document.querySelector("[data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    }
    const arrow = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    const free = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey && !event.target.closest("input, select, textarea, [role=tablist]");
    const leaf = arrow && free && document.querySelector(`[data-arrows] [rel=${arrow}]`);
    if (leaf) leaf.click();
    if (free && ["j", "k", "x"].includes(event.key)) walk(event);
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details.menu[open]")) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    }
  });

  // j and k go down and up the rows of the page's lists, Enter opens the row, x ticks it.
  function walk(event) {
    const stop = (row) => (row.matches("tr") ? row.querySelector("th :is(a, button)") : row);
    const rows = [...document.querySelectorAll("main .bundle > summary, main tbody tr, main .entry")]
      .filter((row) => row.checkVisibility() && stop(row));
    const here = document.activeElement;
    const at = rows.findIndex((row) => row === here || (row.matches("tr") && row.contains(here)));
    if (event.key === "x") {
      rows[at]?.querySelector("[type=checkbox]")?.click();
      return;
    }
    const next = rows[Math.min(Math.max(event.key === "j" ? at + 1 : at - 1, 0), rows.length - 1)];
    if (next) {
      event.preventDefault();
      stop(next).focus();
    }
  }

  // What a reader folds or unfolds stays so, on this machine.
  const folds = () => JSON.parse(window.localStorage.getItem("folds") || "{}");
  const keyOf = (fold) => `${location.pathname} ${fold.dataset.fold}`;
  try {
    const known = folds();
    for (const fold of document.querySelectorAll("details[data-fold]")) {
      if (!location.search && keyOf(fold) in known) fold.open = known[keyOf(fold)];
      fold.querySelector("summary").addEventListener("click", () => {
        window.localStorage.setItem("folds", JSON.stringify({ ...folds(), [keyOf(fold)]: !fold.open }));
      });
    }
  } catch {
    // Without storage the page opens as the server wrote it.
  }

  document.addEventListener("click", async (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".notice").remove();
    const print = event.target.closest("[data-print]");
    if (print) window.print();
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      await navigator.clipboard.writeText(copy.dataset.copy);
      const status = copy.parentElement.querySelector("[role=status]");
      status.textContent = copy.dataset.done;
      window.setTimeout(() => { status.textContent = ""; }, 2000);
    }
  });

  // A second press on a button that already sent its form is ignored, until the page comes back from the history.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // A post that answers with a file leaves the page standing.
    window.setTimeout(() => release(form), 8000);
    for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
      button.setAttribute("aria-disabled", "true");
    }
  });
  function release(form) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled=true]")) button.removeAttribute("aria-disabled");
  }
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest("form[data-sent]");
    if (form) release(form);
  });

  document.addEventListener("change", (event) => {
    const all = event.target.dataset.all;
    if (all) {
      for (const box of event.target.form.querySelectorAll(`[type=checkbox][name="${all}"]`)) box.checked = event.target.checked;
    }
    const form = event.target.closest("form[data-autosubmit]");
    if (form) form.requestSubmit();
  });

  // A fragment that could not be fetched is never silent.
  const failed = () => {
    const place = document.querySelector(".messages");
    if (!place || place.querySelector("[data-failed]")) return;
    const notice = document.createElement("div");
    notice.className = "notice warn";
    notice.dataset.failed = "";
    notice.textContent = document.body.dataset.failed;
    place.append(notice);
  };
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
})();
