// Which videos the next questions are asked: chosen in the library, shown above the question box.

import { setValue, whenThere } from "./chat.js";
import { h } from "./dom.js";

let chosen = [];

/** Show what is chosen, and let it be cleared. */
export function mountScope() {
  document.addEventListener("playhead:scope", (event) => {
    if (event.detail.videos === chosen) return;
    chosen = event.detail.videos;
    show();
  });
  whenThere("#scope-shown", show);
}

function show() {
  const box = document.querySelector("#scope textarea, #scope input");
  const root = document.getElementById("scope-shown");
  if (!box || !root) return;
  setValue(box, chosen.map((video) => video.id).join(" "));
  const clear = () => document.dispatchEvent(new CustomEvent("playhead:scope", { detail: { videos: [] } }));
  const names = chosen.map((video) => video.title).join(", ");
  root.replaceChildren(
    ...(chosen.length
      ? [
          h("span", {}, `Asking only: ${names}`),
          h("button", { type: "button", class: "ph-quiet", onclick: clear }, "Ask all videos"),
        ]
      : []),
  );
}
