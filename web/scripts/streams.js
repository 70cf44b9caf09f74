// What follows a stream is connected once the extension for it is there: htmx may have begun before it came.
export function followStreams() {
  for (const element of document.querySelectorAll("[hx-sse\\:connect]")) window.htmx?.process(element);
}
