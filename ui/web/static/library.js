// The Library tab: what there is, found by title, chosen for questions, and kept up to date.

import { h, request } from "./dom.js";
import { Adder } from "./library_add.js";
import { card } from "./library_card.js";
import { askRemoval, showTranscript } from "./library_dialogs.js";
import { fold } from "./transcript.js";

// How often to look for news, in milliseconds: while something is being taken in, and otherwise.
const BUSY = 1000;
const IDLE = 3000;

/** Fill the element of the tab, and keep it up to date as long as it is there. */
export function mountLibrary(root) {
  const library = new Library();
  root.replaceChildren(library.element);
  library.watch(root);
}

class Library {
  constructor() {
    this.tag = null;
    this.videos = [];
    this.cards = new Map();
    this.chosen = new Set();
    this.adder = new Adder({ onNews: () => this.look() });
    this.search = h("input", {
      type: "search",
      placeholder: "Search by title",
      "aria-label": "Search videos by title",
      oninput: () => this.filter(),
    });
    this.count = h("output", { class: "ph-found", "aria-live": "polite" });
    this.scope = h("p", { class: "ph-chosen", role: "status", hidden: true });
    this.list = h("ul", { class: "ph-cards", "aria-label": "Videos" });
    this.note = h("p", { class: "ph-empty", role: "status" }, "Looking…");
    this.bar = h(
      "div",
      { class: "ph-library-bar" },
      h("p", { class: "ph-search" }, this.search, this.count),
      this.adder.opener,
    );
    this.element = h(
      "section",
      { class: "ph-library", "aria-label": "Library" },
      this.bar,
      this.note,
      this.adder.element,
      this.scope,
      this.list,
    );
    this.adder.acceptDrops(this.element);
    document.addEventListener("playhead:scope", (event) => this.onScope(event.detail.videos));
  }

  /** Look for news again and again, but not behind a page that nobody sees. */
  async watch(root) {
    while (root.isConnected) {
      if (!document.hidden) await this.look();
      await new Promise((resolve) => setTimeout(resolve, this.adder.busy ? BUSY : IDLE));
    }
  }

  /** Look for news once. */
  async look() {
    try {
      const [response] = await Promise.all([
        fetch("/api/videos", { cache: "no-cache" }),
        this.adder.look(),
      ]);
      if (!response.ok) throw new Error((await response.json()).detail);
      const tag = response.headers.get("ETag");
      if (tag === this.tag) return;
      const { videos } = await response.json();
      this.tag = tag;
      this.show(videos);
      document.dispatchEvent(new CustomEvent("playhead:library", { detail: { videos } }));
    } catch (error) {
      this.note.textContent = `The library cannot be read. ${error.message}`;
      this.note.hidden = false;
      this.tag = null;
    }
  }

  show(videos) {
    const before = this.cards;
    this.videos = videos;
    this.cards = new Map(
      videos.map((video) => [video.id, this.cardOf(video, before.get(video.id))]),
    );
    this.list.replaceChildren(...[...this.cards.values()].map(({ element }) => element));
    this.bar.hidden = !videos.length;
    // Who has nothing yet is shown how to add; who opened it himself keeps it open.
    if (!videos.length) this.adder.open(true);
    this.note.textContent =
      "Nothing here yet. Add a video or a recording; then ask what was said in it.";
    this.note.hidden = videos.length > 0;
    this.filter();
    if ([...this.chosen].some((id) => !this.cards.has(id)))
      this.choose([...this.chosen].filter((id) => this.cards.has(id)));
  }

  // A card stays the same element while its video does: nothing flickers, and the focus stays.
  cardOf(video, known) {
    const content = JSON.stringify(video);
    if (known?.content === content) return known;
    const { element, tick } = card(video, {
      onOpen: () => showTranscript(video),
      onChoose: (on) =>
        this.choose(
          on ? [...this.chosen, video.id] : [...this.chosen].filter((id) => id !== video.id),
        ),
      onRemove: () => askRemoval(video, () => this.remove(video)),
    });
    tick(this.chosen.has(video.id));
    return { content, element, tick, folded: fold(video.title) };
  }

  filter() {
    const words = fold(this.search.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { element, folded } of this.cards.values()) {
      element.hidden = !words.every((word) => folded.includes(word));
      if (!element.hidden) count += 1;
    }
    const all = this.cards.size === 1 ? "1 video" : `${this.cards.size} videos`;
    this.count.value = words.length ? `${count} of ${all}` : all;
  }

  /** Ask only these videos from now on; none of them means all. Everybody on the page is told. */
  choose(ids) {
    const videos = this.videos
      .filter((video) => ids.includes(video.id))
      .map(({ id, title }) => ({ id, title }));
    document.dispatchEvent(new CustomEvent("playhead:scope", { detail: { videos } }));
  }

  onScope(videos) {
    this.chosen = new Set(videos.map((video) => video.id));
    for (const [id, { tick }] of this.cards) tick(this.chosen.has(id));
    this.scope.hidden = !videos.length;
    const said =
      videos.length === 1
        ? "Questions go to this one video."
        : `Questions go to these ${videos.length} videos.`;
    this.scope.replaceChildren(
      h("span", {}, said),
      h("button", { type: "button", class: "ph-quiet", onclick: toAsk }, "Ask"),
      h(
        "button",
        { type: "button", class: "ph-quiet", onclick: () => this.choose([]) },
        "All videos again",
      ),
    );
  }

  async remove(video) {
    await request("DELETE", `/api/videos/${video.id}`);
    await this.look();
    this.search.focus();
  }
}

// The tabs are Gradio's.
function toAsk() {
  const tab = [...document.querySelectorAll("[role=tab]")].find(
    (button) => button.textContent.trim() === "Ask",
  );
  tab?.click();
  document.querySelector("#question textarea")?.focus();
}
