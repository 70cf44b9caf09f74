// Libraries of charts are loaded when the first chart needs them, from the folder this script came from.
const loading = new Map();

export function library(name) {
  if (!loading.has(name)) loading.set(name, load(new URL(`../../libraries/${name}`, import.meta.url).href));
  return loading.get(name);
}

function load(address) {
  const isStyle = address.endsWith(".css");
  const element = document.createElement(isStyle ? "link" : "script");
  return new Promise((done, failed) => {
    element.onload = done;
    element.onerror = () => failed(new Error(`${address} did not load`));
    if (isStyle) Object.assign(element, { rel: "stylesheet", href: address });
    else element.src = address;
    document.head.append(element);
  });
}
