// Saving while a person writes: what could not be saved is kept in this browser and offered again.
"use strict";
(() => {
  // A page that says "saved" answers the form that was sent before it: what was kept until then may go.
  const sentNames = JSON.parse(sessionStorage.getItem("pipia-sent") ?? "[]");
  sessionStorage.removeItem("pipia-sent");
  if (document.querySelector(".messages .notice.good")) sentNames.forEach((name) => localStorage.removeItem(name));

  const form = document.querySelector("form[data-pipia]");
  if (!form) return;
  const auto = form.querySelector("[data-autosave]");
  const state = form.querySelector("[data-state]");
  const words = form.dataset;
  const prefix = `pipia:${words.pipia}:${form.action}:`;
  const texts = () => form.querySelectorAll("textarea[name^='text-']");
  const stored = new Map([...texts()].map((area) => [area.name, area.defaultValue]));
  let sent = new Map();
  let busy = false;
  let wanted = null;
  let retry = 0;

  const say = (sentence, isBad) => {
    state.textContent = sentence;
    state.classList.toggle("warn", isBad);
  };
  const unsaved = () => [...texts()].filter((area) => area.value !== (stored.get(area.name) ?? area.defaultValue));
  const keep = (area) => {
    try { localStorage.setItem(prefix + area.name, area.value); } catch { /* no room: the text stays in the page */ }
  };
  const forget = (name) => localStorage.removeItem(prefix + name);

  // What was kept is offered, never put in by itself.
  for (const area of texts()) {
    const kept = localStorage.getItem(prefix + area.name);
    if (kept === null) continue;
    if (kept === area.value) { forget(area.name); continue; }
    const place = form.querySelector(`[data-kept="${CSS.escape(area.name)}"]`);
    const note = document.createElement("p");
    note.textContent = words.kept;
    const quote = document.createElement("blockquote");
    quote.textContent = kept;
    const button = (label, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "button small";
      made.textContent = label;
      made.addEventListener("click", () => { act(); forget(area.name); place.hidden = true; });
      return made;
    };
    const back = button(words.back, () => { area.value = kept; area.dispatchEvent(new Event("input", { bubbles: true })); });
    place.replaceChildren(note, quote, back, button(words.drop, () => {}));
    place.hidden = false;
  }

  const failed = () => {
    unsaved().forEach(keep);
    say(words.unsaved, true);
    window.clearTimeout(retry);
    retry = window.setTimeout(() => window.htmx.trigger(auto, "again"), 10000);
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target !== auto) return;
    busy = true;
    window.clearTimeout(retry);
    sent = new Map([...texts()].map((area) => [area.name, area.value]));
    say(words.saving, false);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== auto) return;
    busy = false;
    // A page of the sign-in comes with success too: only the save itself says that it saved.
    if (event.detail.xhr.getResponseHeader("X-Saved")) {
      const conflicts = event.detail.xhr.getResponseHeader("X-Conflicts").split(",");
      for (const [name, text] of sent) {
        if (conflicts.includes(name)) continue;
        stored.set(name, text);
        forget(name);
      }
      unsaved().forEach(keep);
      say(conflicts[0] ? "" : words.saved, false);
    } else failed();
    if (wanted) { form.requestSubmit(wanted); wanted = null; }
  });
  window.addEventListener("online", () => { if (unsaved().length) window.htmx.trigger(auto, "again"); });

  // The button waits for a save under way, else the page would be in conflict with itself.
  form.addEventListener("submit", (event) => {
    if (busy) {
      event.preventDefault();
      wanted = event.submitter;
      return;
    }
    sessionStorage.setItem("pipia-sent", JSON.stringify(unsaved().map((area) => prefix + area.name)));
    unsaved().forEach(keep);
    for (const area of texts()) stored.set(area.name, area.value);
  });
  window.addEventListener("beforeunload", (event) => { if (unsaved().length) event.preventDefault(); });
})();
