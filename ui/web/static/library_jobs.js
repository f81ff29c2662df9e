// Rows that tell how far a new video has come: being sent, then read, transcribed, indexed.

import { clock, h } from "./dom.js";

const STAGES = {
  decode: "reading the sound",
  transcribe: "transcribing",
  embed: "reading what was said",
  index: "putting it into the index",
  convert: "converting",
};
const IN_SECONDS = new Set(["decode", "transcribe", "convert"]);

/** A row of a job on the server; `show(job)` brings it up to date. */
export function jobRow(job, { onRetry, onDrop }) {
  const parts = rowParts(job.name);
  const again = h(
    "button",
    {
      type: "button",
      class: "ph-quiet",
      "aria-label": `Try ${job.name} again`,
      onclick: () => onRetry("auto"),
    },
    "Try again",
  );
  const draft = h(
    "button",
    {
      type: "button",
      class: "ph-quiet",
      "aria-label": `Make a rough draft of ${job.name}`,
      onclick: () => onRetry("draft"),
    },
    "Make a rough draft",
  );
  const drop = h("button", { type: "button", class: "ph-quiet", onclick: onDrop });
  parts.element.append(draft, again, drop);
  const show = (now) => {
    const ended = now.state === "done" || now.state === "failed";
    parts.element.dataset.state = now.state;
    // Who listens to the page is told how it ended, not every second how far it is.
    parts.status.setAttribute("aria-live", ended ? "polite" : "off");
    parts.status.textContent = now.state === "failed" ? now.error : doing(now);
    parts.measure(now.state === "working" ? now.done : null, now.total);
    again.hidden = now.state !== "failed";
    draft.hidden = !now.needs_captions;
    drop.textContent = ended ? "✕" : "Stop";
    drop.setAttribute("aria-label", `${ended ? "Forget" : "Stop"} ${now.name}`);
  };
  return { element: parts.element, show };
}

/** A row of a file that is being sent; `stop` is the signal of its button. */
export function uploadRow(name) {
  const parts = rowParts(name);
  const control = new AbortController();
  const stop = h(
    "button",
    {
      type: "button",
      class: "ph-quiet",
      "aria-label": `Stop ${name}`,
      onclick: () => control.abort(),
    },
    "Stop",
  );
  parts.element.append(stop);
  parts.status.textContent = "waits to be sent";
  const progress = (done, total) => {
    parts.status.textContent =
      done < total ? `sending, ${Math.floor((100 * done) / total)} %` : "arriving";
    parts.measure(done, total);
  };
  const fail = (line) => {
    parts.element.dataset.state = "failed";
    parts.status.setAttribute("aria-live", "polite");
    parts.status.textContent = line;
    parts.measure(null);
    const forget = h(
      "button",
      {
        type: "button",
        class: "ph-quiet",
        "aria-label": `Forget ${name}`,
        onclick: () => parts.element.remove(),
      },
      "✕",
    );
    stop.replaceWith(forget);
  };
  return { element: parts.element, stop: control.signal, progress, fail };
}

function rowParts(name) {
  const status = h("span", { class: "ph-status", "aria-live": "off" });
  const bar = h("progress", { "aria-label": `Progress of ${name}`, max: 1 });
  const element = h(
    "li",
    { class: "ph-job", "data-state": "waiting" },
    h("strong", { title: name }, name),
    status,
    bar,
  );
  const measure = (done, total) => {
    bar.hidden = done === null || !total;
    bar.value = bar.hidden ? 0 : Math.min(1, done / total);
  };
  measure(null);
  return { element, status, measure };
}

function doing(job) {
  if (job.state === "waiting") return "waits";
  if (job.state === "done") return "is in the library";
  const stage = STAGES[job.stage] ?? "looking at it";
  if (!IN_SECONDS.has(job.stage) || !job.done) return stage;
  return `${stage}, ${clock(job.done)}${job.total ? ` of ${clock(job.total)}` : ""}`;
}
