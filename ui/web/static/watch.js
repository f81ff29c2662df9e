// The page of one video, "/watch/<id>#t=start,end": opens at the moment that its link names.

import { driveByKeys } from "./keys.js";
import { Stage } from "./stage.js";

const root = document.getElementById("stage");
const stage = new Stage(root, { titled: false });
driveByKeys(stage);

/** The moment in an address's fragment; the start of the video where there is none. */
function moment(fragment) {
  const [, start, end] = fragment.match(/[#&]t=([\d.]+)(?:,([\d.]+))?/) ?? [];
  const from = Number(start) || 0;
  return { start: from, end: Number(end) || from };
}

function open() {
  const { start, end } = moment(location.hash);
  const spans = end > start ? [{ start, end }] : [];
  stage
    .open({ videoId: root.dataset.videoId, start, end, spans, play: start > 0 })
    .catch((error) => stage.say(error.message));
}

addEventListener("hashchange", open);
open();
