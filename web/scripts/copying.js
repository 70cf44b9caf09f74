// A button with data-copy="selector" copies that element's text and says so.
export function copyOnPress() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.querySelector(button.dataset.copy);
    const word = button.textContent;
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = button.dataset.copied;
    } catch {
      getSelection().selectAllChildren(source); // no access to the clipboard: the text is ready to be copied by hand
    }
    setTimeout(() => (button.textContent = word), 2000);
  });
}
