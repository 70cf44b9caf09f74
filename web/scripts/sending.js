// Sends a file as it is. tell: called with {sent, size, seconds} as it goes.
// The answer: {goTo} where it worked, {fragment} with the server's own words, {isCancelled}, or {} if the line broke.
export function send(address, file, token, tell) {
  const request = new XMLHttpRequest();
  const began = performance.now();
  const told = (sent) => tell({ sent, size: file.size, seconds: (performance.now() - began) / 1000 });
  const answer = new Promise((resolve) => {
    request.upload.addEventListener("progress", (event) => told(event.loaded));
    request.upload.addEventListener("load", () => told(file.size));
    request.addEventListener("load", () => {
      const goTo = request.getResponseHeader("HX-Redirect");
      resolve(goTo ? { goTo } : { fragment: request.responseText });
    });
    request.addEventListener("error", () => resolve({}));
    request.addEventListener("abort", () => resolve({ isCancelled: true }));
  });
  request.open("POST", address);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.setRequestHeader("HX-Request", "true");
  request.setRequestHeader("X-Form-Token", token);
  request.send(file);
  return { answer, cancel: () => request.abort() };
}
