// What opens above the library: a video's transcript, and the question before one is removed.

import { clock, h, request, watchPath } from "./dom.js";
import { about } from "./library_card.js";
import { transcriptPanel } from "./transcript.js";

/** Show what was said in a video; a click on a sentence plays it on the video's own page. */
export async function showTranscript(video) {
  const words = h("div", { class: "ph-words" }, h("p", { role: "status" }, "Looking…"));
  const dialog = h(
    "dialog",
    { class: "ph-dialog ph-reading", "aria-label": `Transcript of ${video.title}` },
    h("header", {}, h("h2", {}, video.title), closing()),
    h(
      "p",
      { class: "ph-about" },
      `${clock(video.duration)} · `,
      about(video),
      " · ",
      h("a", { href: video.watch, target: "_blank", rel: "noopener" }, "Watch"),
    ),
    words,
  );
  show(dialog);
  try {
    const { sentences } = await request("GET", `/api/videos/${video.id}`);
    const play = ({ start, end }) =>
      window.open(watchPath(video.id, start, end), "_blank", "noopener");
    words.replaceChildren(transcriptPanel(sentences, { onPick: play }).element);
    words.querySelector("input")?.focus();
  } catch (error) {
    words.replaceChildren(h("p", { role: "alert" }, error.message));
  }
}

/** Ask before a video is removed; `remove` is called, and what it throws is shown. */
export function askRemoval(video, remove) {
  const trouble = h("p", { class: "ph-trouble", role: "alert", hidden: true });
  const sure = h(
    "button",
    {
      type: "button",
      class: "ph-sure",
      onclick: async () => {
        sure.disabled = true;
        try {
          await remove();
          dialog.close();
        } catch (error) {
          Object.assign(trouble, { textContent: error.message, hidden: false });
          sure.disabled = false;
        }
      },
    },
    "Remove",
  );
  const dialog = h(
    "dialog",
    { class: "ph-dialog", "aria-label": `Remove ${video.title}?` },
    h("h2", {}, "Remove this video?"),
    h("p", {}, h("strong", {}, video.title)),
    h(
      "p",
      {},
      "Its transcript is deleted, and the copy that was uploaded here if there is one. A file that lies elsewhere stays where it is.",
    ),
    trouble,
    h(
      "p",
      { class: "ph-buttons" },
      h(
        "button",
        { type: "button", class: "ph-quiet", autofocus: true, onclick: () => dialog.close() },
        "Keep it",
      ),
      sure,
    ),
  );
  show(dialog);
}

function closing() {
  return h(
    "button",
    {
      type: "button",
      class: "ph-quiet",
      "aria-label": "Close",
      onclick: (event) => event.target.closest("dialog").close(),
    },
    "✕",
  );
}

function show(dialog) {
  dialog.addEventListener("close", () => dialog.remove());
  // A click beside it closes it; inside it, the target is what was clicked.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
}
