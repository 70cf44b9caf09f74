// Before anything is painted: what only works with script may show itself.
document.documentElement.classList.add("has-script");
