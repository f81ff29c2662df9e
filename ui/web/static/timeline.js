// The bar under the player: where in the video the answer lies, and where it plays.

import { clock, h } from "./dom.js";

export class Timeline {
  /** `onPick(span)` is called for a click on a mark. */
  constructor({ onPick }) {
    this.onPick = onPick;
    this.head = h("i", { class: "ph-head", "aria-hidden": "true" });
    this.marks = h("div", { class: "ph-marks" });
    this.element = h(
      "div",
      { class: "ph-timeline", role: "group", "aria-label": "Where the answer lies" },
      this.marks,
      this.head,
    );
    this.duration = 0;
  }

  /** Mark spans ({start, end}) of a video so many seconds long; `active` is the one that plays. */
  show(spans, duration, active) {
    this.duration = Math.max(duration, ...spans.map((span) => span.end), 1e-3);
    this.element.hidden = spans.length === 0;
    this.marks.replaceChildren(...spans.map((span) => this.mark(span, active)));
  }

  /** Show where it plays. */
  at(seconds) {
    this.head.style.left = `${(100 * seconds) / this.duration}%`;
  }

  mark(span, active) {
    const button = h("button", {
      type: "button",
      class: "ph-mark",
      "aria-label": `Cited at ${clock(span.start)}`,
      title: clock(span.start),
      "aria-current": span.start === active?.start ? "true" : null,
      onclick: () => this.onPick(span),
    });
    button.style.left = `${(100 * span.start) / this.duration}%`;
    button.style.width = `${(100 * (span.end - span.start)) / this.duration}%`;
    return button;
  }
}
