// Space and arrows drive the player, wherever the focus is that has no use for them itself.

const OWN_KEYS =
  "input, textarea, select, button, summary, dialog, [contenteditable=true], [role=tab], [role=listbox], [role=option]";
const STEP = 5;
const LOUDER = 0.1;

/** Let the keyboard drive the player of a stage. */
export function driveByKeys(stage) {
  // Before the player's own controls see it: they would do it a second time.
  document.addEventListener("keydown", (event) => onKey(event, stage.player), true);
}

function onKey(event, player) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !player.media) return;
  if (event.target.closest?.(OWN_KEYS)) return;
  const onPlayer = event.target === player.media;
  const act = {
    " ": () => player.toggle(),
    ArrowLeft: () => player.skip(-STEP),
    ArrowRight: () => player.skip(STEP),
    // Up and down scroll the page, save where the player itself has the focus.
    ArrowUp: onPlayer ? () => player.louder(LOUDER) : null,
    ArrowDown: onPlayer ? () => player.louder(-LOUDER) : null,
  }[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}
