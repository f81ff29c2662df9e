// A transcript beside its player: follows along, shows what is cited, each sentence a button.

import { clock, h } from "./dom.js";

// How long the list stays where a reader scrolled it to, in milliseconds.
const LEFT_ALONE = 4000;
// What stands beside words that the recogniser may have made up.
const LOW_CONFIDENCE = "low-confidence audio: listen";

/**
 * A panel of sentences ({start, end, text, speaker}, in order of time) with search inside it.
 * `onPick(sentence)` is called for a click. Returns {element, follow, cite, scrollTo}.
 */
export function transcriptPanel(sentences, { onPick }) {
  const rows = sentences.map((sentence, index) => row(sentence, sentences[index - 1], onPick));
  const list = h("ol", { class: "ph-sentences", "aria-label": "Transcript" }, rows);
  const search = searchBox(rows, sentences);
  const element = h(
    "section",
    { class: "ph-transcript", "aria-label": "Transcript" },
    search,
    list,
  );
  if (rows.length) rows[0].firstChild.tabIndex = 0;

  let current = -1;
  let scrolledAt = -Infinity;
  for (const type of ["wheel", "touchmove", "pointerdown"])
    list.addEventListener(type, () => (scrolledAt = performance.now()), { passive: true });
  list.addEventListener("keydown", (event) => walk(event, rows));

  function show(index) {
    const button = rows[index].firstChild;
    // Only the list scrolls: the page stays where its reader is.
    const top = button.offsetTop - (list.clientHeight - button.offsetHeight) / 3;
    list.scrollTo({ top, behavior: calm() ? "auto" : "smooth" });
  }

  function mark(index) {
    if (index === current) return;
    const before = rows[current]?.firstChild;
    before?.removeAttribute("data-current");
    before?.removeAttribute("aria-current");
    current = index;
    const button = rows[index]?.firstChild;
    button?.setAttribute("data-current", "");
    button?.setAttribute("aria-current", "true");
  }

  /** Highlight what is said at a time. */
  function follow(seconds) {
    const index = indexAt(sentences, seconds);
    if (index === current) return;
    mark(index);
    if (index >= 0 && performance.now() - scrolledAt > LEFT_ALONE) show(index);
  }

  /** Highlight and show the sentence at a time, whoever scrolled. */
  function scrollTo(seconds) {
    const index = Math.max(0, indexAt(sentences, seconds));
    if (!rows.length) return;
    mark(index);
    scrolledAt = -Infinity;
    show(index);
  }

  /** Mark the sentences that spans ({start, end}, in seconds) overlap. */
  function cite(spans) {
    rows.forEach((item, index) => {
      const { start, end } = sentences[index];
      const cited = spans.some((span) => span.start < end - 0.01 && span.end > start + 0.01);
      item.firstChild.classList.toggle("ph-cited", cited);
    });
  }

  return { element, follow, cite, scrollTo };
}

/** Where in sorted sentences a time is: the last one that began by then, or -1. */
export function indexAt(sentences, seconds) {
  let [low, high] = [0, sentences.length];
  // A player may stop a few milliseconds before the time that it was sent to.
  const at = seconds + 0.05;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sentences[middle].start <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function row(sentence, before, onPick) {
  const named = sentence.speaker && sentence.speaker !== before?.speaker;
  return h(
    "li",
    {},
    h(
      "button",
      {
        type: "button",
        tabindex: "-1",
        "data-start": sentence.start,
        "data-end": sentence.end,
        onclick: () => onPick(sentence),
      },
      h("time", {}, clock(sentence.start)),
      h(
        "span",
        { dir: "auto" },
        named ? h("b", {}, `${sentence.speaker}: `) : null,
        h("span", { class: "ph-said" }, sentence.text),
        sentence.doubt ? h("small", { class: "ph-doubt" }, ` ${LOW_CONFIDENCE}`) : null,
      ),
    ),
  );
}

// Tab reaches the list once; the arrow keys walk inside it.
function walk(event, rows) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const button = event.target.closest("button");
  if (!step || !button) return;
  event.preventDefault();
  event.stopPropagation();
  const shown = rows.filter((item) => !item.hidden).map((item) => item.firstChild);
  const next = shown[shown.indexOf(button) + step];
  if (!next) return;
  button.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

function searchBox(rows, sentences) {
  const found = h("output", { class: "ph-found", "aria-live": "polite" });
  const folded = sentences.map((sentence) => fold(`${sentence.speaker ?? ""} ${sentence.text}`));
  const input = h("input", {
    type: "search",
    placeholder: "Search in this transcript",
    "aria-label": "Search in this transcript",
    oninput: () => {
      const words = fold(input.value).split(/\s+/).filter(Boolean);
      let count = 0;
      rows.forEach((item, index) => {
        item.hidden = !words.every((word) => folded[index].includes(word));
        if (!item.hidden) count += 1;
      });
      found.value = words.length ? `${count} of ${rows.length}` : "";
    },
  });
  return h("p", { class: "ph-search" }, input, found);
}

/** Text as it is searched: without capitals and accents. */
export function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
