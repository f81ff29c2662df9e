// The page at "/": joins the conversation, the stage and the library.

import { mountChat } from "./chat.js";
import { h } from "./dom.js";
import { whenThere } from "./gradio.js";
import { driveByKeys } from "./keys.js";
import { mountLibrary } from "./library.js";
import { mountScope } from "./scope.js";
import { Stage } from "./stage.js";

whenThere("#masthead", (root) =>
  root.append(
    h("h1", {}, "Playhead"),
    h("p", {}, "Ask your videos. Every answer shows where it was said."),
  ),
);
whenThere("#stage", (root) => {
  const stage = new Stage(root);
  stage.say("A click on a citation plays the moment it was said.");
  driveByKeys(stage);
  mountChat(stage);
  document.addEventListener("playhead:library", () => stage.forget());
});
whenThere("#library", (root) => mountLibrary(root));
mountScope();
