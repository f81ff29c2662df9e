// Sending a file: which captions go with which video, and the request itself, with its progress.

/** Files as they belong together: [{media, captions, problem}]; a problem is one line. */
export function captionsFor(files, site) {
  const isCaptions = (file) => site.caption_suffixes.includes(suffix(file.name));
  const spare = new Set(files.filter(isCaptions));
  const media = files.filter((file) => !isCaptions(file));
  const pairs = media.map((file) => {
    if (!site.suffixes.includes(suffix(file.name)))
      return {
        media: file,
        problem: "This is no video, no recording and no captions, by its name.",
      };
    if (file.size > site.max_upload)
      return {
        media: file,
        problem: `This is larger than ${size(site.max_upload)}, the most here.`,
      };
    const captions = [...spare].find((other) => belongs(other.name, file.name));
    spare.delete(captions);
    return { media: file, captions };
  });
  const alone = [...spare].map((captions) => ({
    captions,
    problem: "Captions come along with their video: choose both at once, talk.mp4 and talk.vtt.",
  }));
  return [...pairs, ...alone];
}

/** Send a file; `row` shows the progress and can stop it. Throws an Error with the server's line. */
export function send(file, { asr, captions }, row) {
  const query = new URLSearchParams({ name: file.name });
  if (asr) query.set("asr", asr);
  if (captions) query.set("captions", captions);
  return new Promise((resolve, reject) => {
    const stopped = () => reject(new DOMException("stopped", "AbortError"));
    if (row.stop.aborted) return stopped();
    // fetch cannot tell how much was sent.
    const request = new XMLHttpRequest();
    request.open("POST", `/api/videos?${query}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) => row.progress(event.loaded, event.total);
    request.onload = () =>
      request.status < 300
        ? resolve(JSON.parse(request.response))
        : reject(new Error(lineOf(request)));
    request.onerror = () => reject(new Error("The connection broke. Try again."));
    request.onabort = stopped;
    row.stop.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

function lineOf(request) {
  try {
    const { detail } = JSON.parse(request.response);
    if (typeof detail === "string") return detail;
  } catch {
    // Not the application's own reply.
  }
  return `The server says ${request.status}.`;
}

// talk.vtt and talk.en.vtt belong to talk.mp4.
function belongs(captions, media) {
  const stem = withoutSuffix(media);
  const own = withoutSuffix(captions);
  return own === stem || (own.startsWith(`${stem}.`) && !own.slice(stem.length + 1).includes("."));
}

function suffix(name) {
  return name.slice(Math.max(0, name.lastIndexOf("."))).toLowerCase();
}

function withoutSuffix(name) {
  return name.slice(0, name.length - suffix(name).length);
}

function size(bytes) {
  return bytes >= 2 ** 30
    ? `${(bytes / 2 ** 30).toFixed(1)} GB`
    : `${Math.round(bytes / 2 ** 20)} MB`;
}
