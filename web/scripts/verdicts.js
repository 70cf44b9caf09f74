// Keys 1 to 5 answer; they press the button, so everything else goes the same way.
import { isSingleKey } from "./keys.js";

export function answerByKeys() {
  document.addEventListener("keydown", (event) => {
    if (!isSingleKey(event)) return;
    document.querySelector(`form[data-verdict] button[data-key="${CSS.escape(event.key)}"]`)?.click();
  });
}
