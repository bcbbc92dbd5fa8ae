// Comfort on a slow line: the photo is made small before it is sent, and a lost connection loses nothing.
// Without this file the form sends the photo as it was taken.
"use strict";
(() => {
  const LONGEST = 1600; // pixels: enough to read a sign
  const QUALITY = 0.8;
  const PAUSES = [2000, 5000, 10000]; // milliseconds between attempts; the last one repeats
  const PATIENCE = 120000;
  const HEAD = 262144; // bytes of a photo in which its Exif block stands

  const form = document.querySelector("form.inspect");
  const input = form.querySelector("input[type=file]");
  const canvas = form.querySelector("canvas");
  const say = form.querySelector(".say");
  const bar = form.querySelector("progress");
  let photo = null;
  let sending = false;

  input.addEventListener("change", () => {
    const file = input.files[0];
    canvas.hidden = true;
    tell("");
    photo = file ? shrink(file).catch(() => file) : null;
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (sending) return;
    const result = event.submitter ? event.submitter.value : "conspicuous";
    if (result === "conspicuous" && !input.files.length) {
      tell(form.dataset.missing, true);
      return;
    }
    setSending(true);
    send(result, 0);
  });

  async function send(result, attempt) {
    const body = new FormData(form);
    body.set("result", result);
    if (photo) {
      const small = await photo;
      body.set("photo", small, small.name || "photo.jpg");
    }
    tell(form.dataset.sending);
    const request = new XMLHttpRequest();
    request.open("POST", location.href);
    request.setRequestHeader("Accept", "application/json");
    request.timeout = PATIENCE;
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("load", () => answered(request, result, attempt));
    for (const end of ["error", "timeout"]) request.addEventListener(end, () => again(result, attempt));
    request.send(body);
  }

  function answered(request, result, attempt) {
    // The portal is not there for the moment.
    if ([502, 503, 504].includes(request.status)) {
      again(result, attempt);
      return;
    }
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      // A page instead of an answer: signed out, or refused.
    }
    if (answer.to) {
      location.assign(answer.to);
      return;
    }
    setSending(false);
    tell(answer.errors ? answer.errors.join(" ") : form.dataset.refused, true);
  }

  // The ticket in the form makes a second sending the same inspection.
  function again(result, attempt) {
    tell(form.dataset.lost, true);
    bar.value = 0;
    const go = () => {
      window.clearTimeout(timer);
      window.removeEventListener("online", go);
      send(result, attempt + 1);
    };
    const timer = window.setTimeout(go, PAUSES[Math.min(attempt, PAUSES.length - 1)]);
    window.addEventListener("online", go);
  }

  function setSending(is) {
    sending = is;
    bar.hidden = !is;
    for (const button of form.querySelectorAll("button")) {
      if (is) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
  }

  function tell(words, isError) {
    say.textContent = "";
    if (!words) return;
    const line = document.createElement("span");
    line.className = isError ? "error" : "";
    line.textContent = words;
    say.append(line);
  }

  async function shrink(file) {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.hidden = false;
    const drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    const exif = exifOf(new Uint8Array(await file.slice(0, HEAD).arrayBuffer()));
    const small = exif ? new Blob([drawn.slice(0, 2), exif, drawn.slice(2)], { type: "image/jpeg" }) : drawn;
    return small.size < file.size ? small : file;
  }

  // The canvas forgets what the camera wrote down: the day of capture is the proof, so it goes along.
  function exifOf(bytes) {
    const view = new DataView(bytes.buffer);
    if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return null;
    let at = 2;
    while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda) {
      const end = at + 2 + view.getUint16(at + 2);
      const isExif = bytes[at + 1] === 0xe1 && end <= bytes.length && view.getUint32(at + 4) === 0x45786966;
      if (isExif) {
        setUpright(new DataView(bytes.buffer, at + 10, end - at - 10));
        return bytes.slice(at, end);
      }
      at = end;
    }
    return null;
  }

  // The canvas is drawn upright already.
  function setUpright(tiff) {
    const little = tiff.getUint16(0) === 0x4949;
    const start = tiff.getUint32(4, little);
    const entries = tiff.getUint16(start, little);
    for (let index = 0; index < entries; index += 1) {
      const entry = start + 2 + 12 * index;
      if (tiff.getUint16(entry, little) === 0x0112) tiff.setUint16(entry + 8, 1, little);
    }
  }
})();
