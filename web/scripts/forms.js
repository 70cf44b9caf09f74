// Forms that destroy something ask first, those that take long say so; the menu of small screens opens and closes.
export function confirmBeforeSending() {
  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });
}

export function openMenu() {
  document.querySelector("[data-menu]")?.addEventListener("click", (event) => {
    const rail = event.target.closest(".rail");
    const isOpen = rail.classList.toggle("is-open");
    event.target.setAttribute("aria-expanded", String(isOpen));
  });
}

// A button with data-busy="word" says that word while its form is on its way, and is not pressed twice.
export function saySending() {
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (event.defaultPrevented && !event.target.hasAttribute("hx-post")) return;
    if (!button?.dataset.busy || button.dataset.word) return;
    button.dataset.word = button.textContent;
    button.textContent = button.dataset.busy;
    setTimeout(() => (button.disabled = true));
  });
  document.addEventListener("htmx:finally:request", rest);
  addEventListener("pageshow", rest);

  function rest() {
    for (const button of document.querySelectorAll("[data-busy][data-word]")) {
      button.textContent = button.dataset.word;
      button.disabled = false;
      delete button.dataset.word;
    }
  }
}
