// What our modules have to know of the page that Gradio renders, and nothing else does.

/** Ask as if it had been typed. */
export function ask(question) {
  const box = document.querySelector("#question textarea");
  setValue(box, question);
  // Gradio takes the value over when it has rendered.
  requestAnimationFrame(() =>
    box.dispatchEvent(new KeyboardEvent("keypress", { key: "Enter", bubbles: true })),
  );
}

/** Set a Gradio text box's value as a person would. */
export function setValue(box, value) {
  const prototype = Object.getPrototypeOf(box);
  Object.getOwnPropertyDescriptor(prototype, "value").set.call(box, value);
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Call for every element that fits a selector, now and whenever Gradio renders one. */
export function whenThere(selector, callback) {
  const done = new WeakSet();
  const look = () => {
    for (const element of document.querySelectorAll(selector)) {
      if (done.has(element)) continue;
      done.add(element);
      callback(element);
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  look();
}
