// The one player: a video or audio element that goes to a moment and plays, or what stands in its
// place where the media is elsewhere, gone, or has to be prepared for browsers first.

import { clock, h, request } from "./dom.js";

const POLL = 700;

export class Player {
  /** `screen` is filled; `onTime(seconds)` is called as it plays. */
  constructor(screen, { onTime }) {
    this.screen = screen;
    this.onTime = onTime;
    this.media = null;
    this.videoId = null;
    this.wanted = null;
  }

  /** Show a video ({video, media, captions, poster}) at a moment, and play it if asked to. */
  show(about, start, play) {
    this.wanted = { start, play };
    if (this.videoId === about.video.id && this.media) return this.seek();
    this.leave();
    this.videoId = about.video.id;
    this.state(about, about.media);
  }

  /** Let go of what plays: an element that is taken off the page would be heard on. */
  leave() {
    const media = this.media;
    this.media = this.videoId = null;
    media?.pause();
    media?.removeAttribute("src");
    media?.load();
  }

  /** Where it is, in seconds. */
  get time() {
    return this.media ? this.media.currentTime : (this.wanted?.start ?? 0);
  }

  /** Play or pause. */
  toggle() {
    if (this.media?.paused) this.media.play().catch(() => {});
    else this.media?.pause();
  }

  /** Go so many seconds on, or back. */
  skip(seconds) {
    if (!this.media) return;
    const end = Number.isFinite(this.media.duration) ? this.media.duration : Infinity;
    this.media.currentTime = Math.min(end, Math.max(0, this.media.currentTime + seconds));
  }

  /** Louder or, below zero, quieter; the whole range is 1. */
  louder(by) {
    if (this.media) this.media.volume = Math.min(1, Math.max(0, this.media.volume + by));
  }

  state(about, media) {
    if (media.state === "ready" || (media.state === "elsewhere" && media.src))
      return this.load(about, media);
    if (media.state === "convert" || media.state === "converting")
      return this.prepare(about, media);
    if (media.state === "elsewhere") return this.away(about, media);
    this.note(about, media.error ?? "The media file is not where it was. What was said is below.");
  }

  load(about, media) {
    const kind = media.kind;
    const element = h(kind, {
      id: "player",
      controls: true,
      playsinline: true,
      preload: "auto",
      "data-video-id": about.video.id,
      "aria-label": about.video.title,
      poster: kind === "video" ? about.poster : null,
    });
    element.append(
      h("track", {
        kind: "captions",
        label: "Captions",
        src: about.captions,
        default: kind === "video",
        srclang: about.video.language ?? null,
      }),
    );
    const when = (event, act) =>
      element.addEventListener(event, () => element === this.media && act());
    when("timeupdate", () => this.onTime(element.currentTime));
    when("seeking", () => this.onTime(element.currentTime));
    when("error", () => this.failed(about, media));
    when("loadedmetadata", () => (this.canSeek() ? this.seek() : this.failed(about, media)));
    // The fragment takes it to the moment while it loads, before anything else is fetched.
    element.src = `${media.src}#t=${this.wanted.start}`;
    this.media = element;
    const cover =
      kind === "audio" && about.poster ? h("img", { src: about.poster, alt: "" }) : null;
    this.screen.replaceChildren(...[cover, element].filter(Boolean));
    if (this.wanted.play) this.play();
  }

  seek() {
    const { start, play } = this.wanted;
    if (this.media.readyState >= 1 && Math.abs(this.media.currentTime - start) > 0.01)
      this.media.currentTime = start;
    if (play) this.play();
  }

  // A server that knows no ranges would have every moment play from the start.
  canSeek() {
    const { seekable } = this.media;
    return this.wanted.start < 1 || (seekable.length > 0 && seekable.end(seekable.length - 1) > 0);
  }

  play() {
    // A page that nobody has clicked in yet may not play: then it waits at the moment.
    this.media.play().catch(() => {});
  }

  failed(about, media) {
    this.leave();
    if (media.state === "elsewhere") {
      about.media = { ...media, src: null };
      return this.away(about, about.media);
    }
    this.note(about, "The browser cannot play this file. What was said is below.");
  }

  away(about, media) {
    const { start } = this.wanted;
    const away = {
      class: "ph-away",
      href: momentLink(media.link, start),
      target: "_blank",
      rel: "noreferrer noopener",
    };
    const anchor = h("a", away, `Play at ${new URL(media.link).hostname}, from ${clock(start)}`);
    this.screen.replaceChildren(...this.picture(about), h("p", { class: "ph-instead" }, anchor));
    // It is shown anew, with another moment, whenever another sentence is chosen.
    this.videoId = null;
  }

  note(about, line) {
    this.videoId = null;
    this.screen.replaceChildren(
      ...this.picture(about),
      h("p", { class: "ph-instead", role: "status" }, line),
    );
  }

  async prepare(about, media) {
    const path = `/api/videos/${about.video.id}/playable`;
    const bar = h("progress", { "aria-label": "Preparing the video", max: "1" });
    const line = h(
      "p",
      { class: "ph-instead", role: "status" },
      "Preparing the video for the browser, once … ",
      bar,
    );
    this.screen.replaceChildren(...this.picture(about), line);
    // Whatever is asked for next, be it another moment of this video, has a watch of its own.
    const { wanted } = this;
    try {
      let now = media.state === "converting" ? media : await request("POST", path);
      while (this.wanted === wanted && (now.state === "converting" || now.state === "convert")) {
        if (now.total) bar.value = now.done / now.total;
        await new Promise((resolve) => setTimeout(resolve, POLL));
        if (this.wanted === wanted) now = await request("GET", path);
      }
      about.media = now;
      if (this.wanted === wanted) this.state(about, now);
    } catch (error) {
      if (this.wanted === wanted) this.note(about, error.message);
    }
  }

  picture(about) {
    return about.poster ? [h("img", { src: about.poster, alt: "" })] : [];
  }
}

/** A link of the server's to a video's start (…t=0s, …#t=0), to another moment. */
export function momentLink(link, start) {
  const seconds = Math.floor(start * 100) / 100;
  return link.replace(/([?&]t=)0s\b/, `$1${Math.floor(start)}s`).replace(/#t=0$/, `#t=${seconds}`);
}
