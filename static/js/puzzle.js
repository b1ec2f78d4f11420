// Gives ALTCHA's widget its solver, says in words what it does, and lets a form go on when the
// puzzle cannot be solved: such a sign-up waits until someone has looked at it.

const algorithms = globalThis.$altcha.algorithms;
algorithms.set("PBKDF2/SHA-256", () => {
  return new Worker(document.querySelector("altcha-widget").dataset.solver);
});

function goOn(form) {
  if (form.requestSubmit) form.requestSubmit();
  else form.submit();
}

function follow(event) {
  const widget = event.target;
  if (!(widget instanceof Element) || !widget.matches("altcha-widget")) return;
  const words = widget.parentElement.querySelector("[data-solving]");
  words.textContent = event.detail.state === "verifying" ? words.dataset.solving : "";
  if (event.detail.state === "expired") widget.reset();
  if (event.detail.state === "error") goOn(widget.closest("form"));
}

document.addEventListener("statechange", follow, true); // it does not bubble
