// The stage: the player, where the answer lies in it, and its transcript, for one video at a time.

import { clock, h, request, watchPath } from "./dom.js";
import { Player } from "./player.js";
import { Timeline } from "./timeline.js";
import { transcriptPanel } from "./transcript.js";

export class Stage {
  /** `root` is filled. `titled`: the stage shows the video's title and a link to its own page. */
  constructor(root, { titled = true } = {}) {
    this.titled = titled;
    this.about = null;
    this.spans = [];
    this.panel = null;
    this.known = new Map();
    this.screen = h("div", { class: "ph-screen" });
    this.player = new Player(this.screen, { onTime: (seconds) => this.onTime(seconds) });
    this.timeline = new Timeline({ onPick: (span) => this.go(span.start, span) });
    this.heading = h("div", { class: "ph-heading" });
    this.words = h("div", { class: "ph-words" });
    this.element = h(
      "div",
      { class: "ph-stage" },
      this.screen,
      this.timeline.element,
      this.heading,
      this.words,
    );
    this.timeline.element.hidden = true;
    root.append(this.element);
  }

  /**
   * Show a video at a moment: {videoId, start, end, spans, play}. `spans` are all that the answer
   * cites of it. Where a newer call overtakes this one, this one does nothing.
   */
  async open(moment) {
    this.latest = moment;
    const about = await this.lookUp(moment.videoId);
    if (this.latest !== moment) return;
    const other = this.about?.video.id !== moment.videoId;
    this.about = about;
    this.spans = moment.spans ?? [];
    // The player first: everything else can wait until it loads.
    this.player.show(about, moment.start, moment.play);
    if (other) this.describe(about);
    this.panel.cite(this.spans);
    this.point(moment);
  }

  /** What the server knows of a video; asked once, unless that failed. */
  lookUp(videoId) {
    if (!this.known.has(videoId)) {
      const asked = request("GET", `/api/videos/${videoId}`);
      asked.catch(() => this.known.delete(videoId));
      this.known.set(videoId, asked);
    }
    return this.known.get(videoId);
  }

  /** Ask again for what may have changed. */
  forget() {
    this.known.clear();
  }

  /** Say something instead of showing a video. */
  say(line) {
    this.latest = this.about = null;
    this.player.leave();
    this.screen.replaceChildren(h("p", { class: "ph-instead", role: "status" }, line));
    this.timeline.element.hidden = true;
    this.heading.replaceChildren();
    this.words.replaceChildren();
  }

  go(start, span) {
    this.player.show(this.about, start, true);
    this.point({ start, end: span?.end });
  }

  point({ start, end }) {
    this.at = { start, end };
    this.timeline.show(this.spans, this.about.video.duration, this.at);
    this.timeline.at(start);
    this.panel.scrollTo(start);
  }

  onTime(seconds) {
    this.panel?.follow(seconds);
    this.timeline.at(seconds);
  }

  describe(about) {
    const { video, sentences } = about;
    this.panel = transcriptPanel(sentences, {
      onPick: (sentence) => this.go(sentence.start, sentence),
    });
    const draft = video.draft
      ? h("p", { class: "ph-draft" }, "A draft transcript: words may be wrong. Listen.")
      : null;
    this.words.replaceChildren(...[draft, this.panel.element].filter(Boolean));
    const copy = h(
      "button",
      { type: "button", class: "ph-quiet", onclick: () => this.copy(copy) },
      "Copy link",
    );
    const title = this.titled
      ? h("h2", {}, h("a", { href: `/watch/${video.id}`, title: "Its own page" }, video.title))
      : null;
    this.heading.replaceChildren(
      ...[title, h("small", {}, clock(video.duration)), copy].filter(Boolean),
    );
  }

  /** Copy the link to the moment that is cited, or that plays. */
  async copy(button) {
    const now = this.player.time;
    const cited =
      this.at && now >= this.at.start - 0.5 && now <= (this.at.end ?? this.at.start) + 0.5;
    const [start, end] = cited ? [this.at.start, this.at.end] : [now, undefined];
    const link = new URL(watchPath(this.about.video.id, start, end), location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      button.textContent = "Copied";
    } catch {
      // Only secure pages may write to the clipboard: let the reader copy it.
      button.replaceWith(
        h("input", {
          class: "ph-link",
          readonly: true,
          value: link,
          "aria-label": "Link to this moment",
          onfocus: (event) => event.target.select(),
        }),
      );
      return;
    }
    setTimeout(() => (button.textContent = "Copy link"), 2000);
  }
}
