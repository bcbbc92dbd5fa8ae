// Draws the outline of a capture area on its plan; the field below keeps the corners, and works without this file.
"use strict";
(() => {
  const SIDE = 1000, MOST = 40, FEWEST = 3, STEP = 5, LEAP = 25;
  const drawing = document.querySelector("[data-outline]");
  const field = drawing && document.getElementById(drawing.dataset.outline);
  if (!field) return;
  const plan = drawing.querySelector(".plan");
  const sheet = plan.querySelector("svg");
  const areas = sheet.querySelectorAll("polygon");
  const status = drawing.querySelector("[role=status]");
  let corners = [];
  let handles = [];

  const read = () => [...field.value.matchAll(/(\d{1,4})\s*[,，]\s*(\d{1,4})/g)]
    .slice(0, MOST).map((found) => [inside(found[1]), inside(found[2])]);
  const inside = (value) => Math.min(Math.max(Math.round(Number(value)), 0), SIDE);
  const written = () => corners.map((corner) => corner.join(",")).join(" ");

  function element(name, attributes, parent) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent.append(made);
    return made;
  }

  // Where a corner stands, in its mark, in the area and in the field.
  function place(at) {
    const [x, y] = corners[at];
    for (const mark of handles[at].children) {
      const [left, top] = mark.localName === "text" ? ["x", "y"] : ["cx", "cy"];
      mark.setAttribute(left, `${x / 10}%`);
      mark.setAttribute(top, `${y / 10}%`);
    }
    const values = { n: at + 1, all: corners.length, x: Math.round(x / 10), y: Math.round(y / 10) };
    handles[at].setAttribute("aria-label", drawing.dataset.corner.replace(/\{(\w+)\}/g, (_whole, name) => values[name]));
  }

  function join() {
    for (const area of areas) area.setAttribute("points", written());
  }

  function draw(focused) {
    for (const handle of handles) handle.remove();
    handles = corners.map((_corner, at) => {
      const handle = element("g", { class: "corner", tabindex: "0", role: "button", "data-at": at }, sheet);
      element("circle", { class: "plan-hit", r: 15 }, handle);
      element("circle", { class: "plan-dot", r: 6 }, handle);
      element("text", { dx: 10, dy: -8 }, handle).textContent = at + 1;
      return handle;
    });
    corners.forEach((_corner, at) => place(at));
    join();
    const words = corners.length >= MOST ? "most" : corners.length < FEWEST && corners.length ? "few" : "tally";
    status.textContent = corners.length ? drawing.dataset[words].replace("{n}", corners.length) : "";
    if (handles[focused]) handles[focused].focus();
  }

  function change(next, focused) {
    corners = next.slice(0, MOST);
    field.value = written();
    draw(focused);
  }

  function move(at, x, y) {
    corners[at] = [inside(x), inside(y)];
    field.value = written();
    place(at);
    join();
  }

  function under(event) {
    const box = sheet.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height].map((part) => part * SIDE);
  }

  // Half way along the longest side; the first ones around the middle.
  function between() {
    const start = [[350, 350], [650, 350], [650, 650]][corners.length];
    if (start) return [corners.length, start];
    const length = (at) => {
      const [[x, y], [nextX, nextY]] = [corners[at], corners[(at + 1) % corners.length]];
      return Math.hypot(nextX - x, nextY - y);
    };
    const longest = corners.map((_corner, at) => at).reduce((best, at) => (length(at) > length(best) ? at : best), 0);
    const [one, other] = [corners[longest], corners[(longest + 1) % corners.length]];
    return [longest + 1, [inside((one[0] + other[0]) / 2), inside((one[1] + other[1]) / 2)]];
  }

  plan.classList.add("live");
  sheet.removeAttribute("aria-hidden");
  for (const [key, value] of Object.entries({ role: "group", "aria-label": drawing.dataset.name, tabindex: "-1" })) sheet.setAttribute(key, value);
  let dragged = null;

  sheet.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest(".corner");
    if (!handle || event.button) return;
    dragged = Number(handle.dataset.at);
    handle.setPointerCapture(event.pointerId);
    handle.focus();
    event.preventDefault();
  });
  sheet.addEventListener("pointermove", (event) => {
    if (dragged !== null) move(dragged, ...under(event));
  });
  for (const end of ["pointerup", "pointercancel"]) sheet.addEventListener(end, () => { dragged = null; });

  sheet.addEventListener("click", (event) => {
    if (event.target.closest(".corner") || corners.length >= MOST) return;
    change([...corners, under(event).map(inside)]);
    sheet.focus({ preventScroll: true });
  });

  drawing.addEventListener("keydown", (event) => {
    const handle = event.target.closest(".corner");
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (handle && way) {
      const at = Number(handle.dataset.at), step = event.shiftKey ? LEAP : STEP;
      move(at, corners[at][0] + way[0] * step, corners[at][1] + way[1] * step);
    } else if (handle && ["Delete", "Backspace"].includes(event.key)) {
      const at = Number(handle.dataset.at);
      change(corners.filter((_corner, other) => other !== at), Math.max(at - 1, 0));
    } else if (event.key === "Backspace") {
      change(corners.slice(0, -1));
    } else {
      return;
    }
    event.preventDefault();
  });

  drawing.addEventListener("click", (event) => {
    const act = event.target.closest("[data-do]")?.dataset.do;
    if (act === "undo") change(corners.slice(0, -1));
    if (act === "clear") change([]);
    if (act === "add" && corners.length < MOST) {
      const [at, corner] = between();
      change([...corners.slice(0, at), corner, ...corners.slice(at)], at);
    }
  });

  field.addEventListener("input", () => { corners = read(); draw(); });
  corners = read();
  draw();
})();
