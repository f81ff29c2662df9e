// A video as a card: its picture, what it is, and what can be done with it.

import { clock, h } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const BARS = 32;

/** A card, and `tick(on)`, which shows whether the video is chosen. */
export function card(video, { onOpen, onChoose, onRemove }) {
  const box = h("input", {
    type: "checkbox",
    "aria-label": `Ask only ${video.title}`,
    onchange: () => onChoose(box.checked),
  });
  const open = h(
    "button",
    {
      type: "button",
      class: "ph-open",
      title: video.title,
      "aria-label": `Transcript of ${video.title} ${clock(video.duration)}`,
      onclick: onOpen,
    },
    h("span", { class: "ph-title" }, video.title),
    " ",
    // Shown first, but read second, as the button's name has it.
    h(
      "span",
      { class: "ph-poster" },
      picture(video),
      h("span", { class: "ph-duration" }, clock(video.duration)),
    ),
  );
  const element = h(
    "li",
    { class: "ph-card", "data-video-id": video.id },
    open,
    h("p", { class: "ph-about" }, about(video)),
    h(
      "p",
      { class: "ph-actions" },
      h("label", {}, box, "Ask only this"),
      h(
        "a",
        {
          href: video.watch,
          target: "_blank",
          rel: "noopener",
          "aria-label": `Watch ${video.title}`,
        },
        "Watch",
      ),
      h(
        "button",
        {
          type: "button",
          class: "ph-quiet",
          "aria-label": `Remove ${video.title}`,
          onclick: onRemove,
        },
        "Remove",
      ),
    ),
  );
  const tick = (on) => {
    box.checked = on;
    element.toggleAttribute("data-chosen", on);
  };
  return { element, tick };
}

/** When a video came and how it was transcribed, as parts of a line. */
export function about(video) {
  const when = new Date(video.added);
  const date = Number.isNaN(when.valueOf())
    ? []
    : [
        h(
          "time",
          { datetime: video.added },
          when.toLocaleDateString(undefined, { dateStyle: "medium" }),
        ),
        " · ",
      ];
  const draft = video.draft
    ? [
        " ",
        h(
          "span",
          { class: "ph-badge", title: "Roughly transcribed: listen before you trust it" },
          "draft",
        ),
      ]
    : [];
  return [...date, h("span", {}, engine(video.engine)), ...draft];
}

function engine(name) {
  const [kind, model] = name.split(":");
  if (kind === "captions") return model === "track" ? "captions in the file" : "captions";
  return kind === "whisper" ? `Whisper ${model ?? ""}`.trim() : name;
}

function picture(video) {
  if (video.poster)
    return h("img", { src: video.poster, alt: "", loading: "lazy", width: 320, height: 180 });
  return video.media === "audio" ? waves(video.id) : triangle();
}

// For a recording: a wave of its own, drawn from its id, so that one knows it again.
function waves(id) {
  const bars = Array.from({ length: BARS }, (_, number) => {
    const digit =
      parseInt(id[number % id.length], 16) + parseInt(id[(number * 7 + 3) % id.length], 16);
    const height = 12 + digit * 3;
    return svg("rect", { x: 32 + number * 8, y: 90 - height / 2, width: 4, height, rx: 2 });
  });
  return svg("svg", { viewBox: "0 0 320 180", "aria-hidden": "true" }, ...bars);
}

function triangle() {
  const shape = svg("path", {
    d: "M140 62 L184 90 L140 118 Z",
    "stroke-width": 8,
    "stroke-linejoin": "round",
    stroke: "currentColor",
  });
  return svg("svg", { viewBox: "0 0 320 180", "aria-hidden": "true" }, shape);
}

function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
