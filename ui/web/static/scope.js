// Which videos the next questions are asked: chosen in the library, shown above the question box.

import { h } from "./dom.js";
import { setValue, whenThere } from "./gradio.js";

let chosen = [];

/** Show what is chosen, and let it be cleared. */
export function mountScope() {
  document.addEventListener("playhead:scope", (event) => {
    if (event.detail.videos === chosen) return;
    chosen = event.detail.videos;
    show();
  });
  // A video that is gone cannot be asked.
  document.addEventListener("playhead:library", (event) => {
    const there = new Set(event.detail.videos.map((video) => video.id));
    if (chosen.some((video) => !there.has(video.id)))
      choose(chosen.filter((video) => there.has(video.id)));
  });
  whenThere("#scope-shown", show);
}

function choose(videos) {
  document.dispatchEvent(new CustomEvent("playhead:scope", { detail: { videos } }));
}

function show() {
  const box = document.querySelector("#scope textarea, #scope input");
  const root = document.getElementById("scope-shown");
  if (!box || !root) return;
  setValue(box, chosen.map((video) => video.id).join(" "));
  const names = chosen.map((video) => video.title).join(", ");
  root.replaceChildren(
    ...(chosen.length
      ? [
          h("span", {}, `Asking only: ${names}`),
          h(
            "button",
            { type: "button", class: "ph-quiet", onclick: () => choose([]) },
            "Ask all videos",
          ),
        ]
      : []),
  );
}
