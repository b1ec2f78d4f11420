// Tells how long the page was open before a form was sent, which robots rarely wait.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("form[data-waits]")) {
    form.elements.waited.value = Math.round(performance.now());
  }
});
