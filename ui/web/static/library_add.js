// Adding videos: files by button or drag and drop, paths on this machine, and how far each has come.

import { h, request } from "./dom.js";
import { jobRow, uploadRow } from "./library_jobs.js";
import { captionsFor, send } from "./library_upload.js";

export class Adder {
  /** `onNews()` is called when the library may have changed. */
  constructor({ onNews }) {
    this.onNews = onNews;
    this.busy = false;
    this.jobs = new Map();
    this.sending = Promise.resolve();
    this.waiting = 0;
    this.site = request("GET", "/api/site");
    this.choose = h("input", {
      type: "file",
      multiple: true,
      hidden: true,
      "aria-label": "Videos, recordings and captions",
      onchange: () => {
        this.send([...this.choose.files]);
        this.choose.value = "";
      },
    });
    this.asr = h(
      "select",
      {},
      h("option", { value: "auto" }, "recognise speech (Whisper)"),
      h("option", { value: "draft" }, "make a rough draft (pocketsphinx)"),
    );
    this.places = h("div", { hidden: true });
    this.rows = h("ul", { class: "ph-jobs", "aria-label": "Being added" });
    this.more = h("p", { class: "ph-found", hidden: true });
    this.panel = h(
      "div",
      { class: "ph-drop", id: "library-add", hidden: true },
      h(
        "p",
        {},
        h(
          "button",
          { type: "button", class: "ph-primary", onclick: () => this.choose.click() },
          "Choose files",
        ),
        " or drop them here: videos and recordings, with their captions (.vtt, .srt) if you have them.",
      ),
      this.choose,
      this.places,
      h("p", {}, h("label", {}, "Without captions: ", this.asr)),
    );
    this.opener = h(
      "button",
      {
        type: "button",
        class: "ph-primary",
        "aria-expanded": "false",
        "aria-controls": "library-add",
        onclick: () => this.open(this.panel.hidden),
      },
      "Add videos",
    );
    this.element = h("div", { class: "ph-adder" }, this.panel, this.rows, this.more);
    this.site.then(
      (site) => this.onSite(site),
      () => {},
    );
    addEventListener("beforeunload", (event) => this.waiting && event.preventDefault());
  }

  /** Show or hide where videos are added; `opener` is the button that does so. */
  open(wanted) {
    this.panel.hidden = !wanted;
    this.opener.setAttribute("aria-expanded", String(wanted));
  }

  onSite(site) {
    this.choose.accept = [...site.suffixes, ...site.caption_suffixes].join(",");
    if (!site.local) return;
    this.places.hidden = false;
    const path = h("input", {
      placeholder: "/home/me/talks",
      "aria-label": "A file or folder on this machine",
      required: true,
      spellcheck: "false",
      autocomplete: "off",
    });
    const said = h("output", { class: "ph-trouble-line", role: "status" });
    this.places.append(
      h(
        "form",
        {
          class: "ph-path",
          onsubmit: async (event) => {
            event.preventDefault();
            said.value = "";
            try {
              await request("POST", "/api/videos/path", { path: path.value, asr: this.asr.value });
              path.value = "";
              this.onNews();
            } catch (error) {
              said.value = error.message;
            }
          },
        },
        h("label", {}, "Or a file or folder on this machine: ", path),
        h("button", { type: "submit", class: "ph-quiet" }, "Add"),
        said,
      ),
    );
  }

  /** Take files that are dropped on an element. */
  acceptDrops(element) {
    const carries = (event) => event.dataTransfer?.types.includes("Files");
    element.addEventListener("dragover", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      element.classList.add("ph-dropping");
    });
    element.addEventListener("dragleave", (event) => {
      if (!element.contains(event.relatedTarget)) element.classList.remove("ph-dropping");
    });
    element.addEventListener("drop", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      element.classList.remove("ph-dropping");
      this.send([...event.dataTransfer.files]);
    });
  }

  /** Send files one after the other, captions along with the video of their name. */
  async send(files) {
    const site = await this.site;
    const asr = this.asr.value;
    for (const { media, captions, problem } of captionsFor(files, site)) {
      const row = uploadRow((media ?? captions).name);
      this.rows.append(row.element);
      if (problem) {
        row.fail(problem);
        continue;
      }
      this.waiting += 1;
      this.sending = this.sending.then(() => this.sendOne(row, media, captions, asr));
    }
  }

  async sendOne(row, media, captions, asr) {
    try {
      const token =
        captions && !row.stop.aborted ? (await send(captions, {}, row)).captions : undefined;
      await send(media, { asr, captions: token }, row);
      await this.onNews();
      row.element.remove();
    } catch (error) {
      if (error.name === "AbortError") row.element.remove();
      else row.fail(error.message);
    } finally {
      this.waiting -= 1;
    }
  }

  /** See how far the work on the server is. */
  async look() {
    const { jobs, waiting } = await request("GET", "/api/jobs");
    this.busy = jobs.some((job) => job.state === "working" || job.state === "waiting");
    const before = this.jobs;
    this.jobs = new Map();
    for (const job of jobs) {
      const row =
        before.get(job.id) ??
        jobRow(job, { onRetry: (asr) => this.retry(job.id, asr), onDrop: () => this.drop(job.id) });
      if (!row.element.isConnected) this.rows.append(row.element);
      row.show(job);
      this.jobs.set(job.id, row);
    }
    for (const [id, row] of before) if (!this.jobs.has(id)) row.element.remove();
    const hidden = waiting - jobs.filter((job) => job.state === "waiting").length;
    this.more.hidden = hidden <= 0;
    this.more.textContent = `and ${hidden} more that wait`;
  }

  async retry(id, asr) {
    await request("POST", `/api/jobs/${id}/retry`, { asr });
    await this.onNews();
  }

  async drop(id) {
    await request("DELETE", `/api/jobs/${id}`);
    await this.onNews();
  }
}
