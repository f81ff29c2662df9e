// The conversation: a click on a citation plays it, thumbs are sent, an empty chat suggests.

import { h, request } from "./dom.js";
import { ask, whenThere } from "./gradio.js";

/** Let the conversation drive a stage. */
export function mountChat(stage) {
  document.addEventListener("click", (event) => {
    const chip = event.target.closest("a[data-citation]");
    if (chip && !event.ctrlKey && !event.metaKey && !event.shiftKey) onChip(event, chip, stage);
    const thumb = event.target.closest("button[data-thumb]");
    if (thumb) onThumb(thumb);
    const suggested = event.target.closest("button[data-suggested]");
    if (suggested) ask(suggested.textContent);
  });
  whenThere("#welcome", welcome);
  whenThere("[data-answer]", (answer) => onAnswer(answer, stage));
}

/** The moment that a citation points at, among all that its answer cites of the video. */
function momentOf(chip, play) {
  const videoId = chip.dataset.videoId;
  const scope = chip.closest(".ph-answer") ?? chip.parentElement;
  const chips = [...scope.querySelectorAll("a[data-citation]")].filter(
    (other) => other.dataset.videoId === videoId,
  );
  const spans = new Map(chips.map((other) => [other.dataset.start, span(other)]));
  return { videoId, ...span(chip), spans: [...spans.values()], play };
}

function span(chip) {
  return { start: Number(chip.dataset.start), end: Number(chip.dataset.end) };
}

function onChip(event, chip, stage) {
  event.preventDefault();
  document.querySelector("a[data-citation][aria-current]")?.removeAttribute("aria-current");
  chip.setAttribute("aria-current", "true");
  document.body.classList.add("ph-watching");
  stage.open(momentOf(chip, true)).catch((error) => stage.say(error.message));
}

// What a new answer cites is fetched before anybody clicks, and its first citation laid ready,
// unless something plays.
function onAnswer(answer, stage) {
  const cited = [...answer.querySelectorAll("a[data-citation]")].map(
    (chip) => chip.dataset.videoId,
  );
  for (const videoId of new Set(cited)) stage.lookUp(videoId).catch(() => {});
  const chip = answer.querySelector("a[data-citation]");
  const playing = stage.player.media && !stage.player.media.paused;
  if (chip && !playing && !("refused" in answer.dataset))
    stage.open(momentOf(chip, false)).catch(() => {});
}

async function onThumb(button) {
  const answer = button.closest("[data-answer]");
  const line = button.parentElement;
  const thumb = button.dataset.thumb;
  for (const other of line.querySelectorAll("[data-thumb]"))
    other.setAttribute("aria-pressed", String(other === button));
  line.querySelector("form")?.remove();
  if (thumb === "up") return send(line, answer, thumb, null);
  const word = h("input", {
    "aria-label": "What was wrong? (optional)",
    placeholder: "What was wrong? (optional)",
    maxlength: "500",
  });
  let isDone = false;
  const done = () => {
    // A form that goes loses the focus, and would be done again.
    if (isDone) return;
    isDone = true;
    form.remove();
    send(line, answer, thumb, word.value.trim() || null);
  };
  const form = h(
    "form",
    {
      onsubmit: (event) => {
        event.preventDefault();
        done();
      },
      // Who turns to something else has no word to add.
      onfocusout: (event) => line.contains(event.relatedTarget) || done(),
    },
    word,
    h("button", { type: "submit", class: "ph-quiet" }, "Send"),
  );
  line.append(form);
  word.focus();
}

async function send(line, answer, thumb, word) {
  line.querySelector("output")?.remove();
  const said = h("output", {});
  line.append(said);
  try {
    await request("POST", "/api/feedback", { answer: answer.dataset.answer, thumb, word });
    said.value = "Thank you.";
  } catch (error) {
    said.value = error.message;
  }
}

async function welcome(root) {
  root.append(h("h2", {}, "What would you like to know?"));
  try {
    const { questions } = await request("GET", "/api/suggestions");
    root.append(
      ...questions.map((question) =>
        h("button", { type: "button", class: "ph-suggested", "data-suggested": true }, question),
      ),
    );
    if (!questions.length)
      root.append(h("p", {}, "Add videos in the Library tab; then ask what was said in them."));
  } catch {
    // A page without suggestions is a page all the same.
  }
}
