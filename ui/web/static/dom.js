// What every module of the page stands on: elements, times, requests.
// Text goes in as text nodes only: nothing from a title or a transcript is ever read as HTML.

/** An element: h("a", {href: "/", onclick: f, "data-x": 1}, "text", child). */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Seconds as a person reads them: 1:05, 1:02:03. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [
    Math.floor(whole / 3600),
    Math.floor(whole / 60) % 60,
    whole % 60,
  ];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** The path of the page that plays a video from a moment. */
export function watchPath(videoId, start, end) {
  const until = end === undefined ? "" : `,${end.toFixed(2)}`;
  return `/watch/${videoId}#t=${start.toFixed(2)}${until}`;
}

/** The JSON that a request comes to; throws an Error with the server's own line. */
export async function request(method, path, body) {
  const options = { method, headers: { Accept: "application/json" } };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await fetch(path, options);
  const text = await response.text();
  const reply = text ? JSON.parse(text) : null;
  if (!response.ok) throw new Error(reply?.detail ?? `The server says ${response.status}.`);
  return reply;
}
