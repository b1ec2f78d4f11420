// Shows, while a list is being imported, how far it is; at the end it loads the whole report.

const EVERY = 1000; // milliseconds

async function look(panel) {
  const answer = await fetch(panel.dataset.importProgress, { credentials: "same-origin" }).catch(() => null);
  if (answer && answer.ok && !answer.redirected) {
    panel.innerHTML = await answer.text();
    if (!panel.querySelector("[data-running]")) return location.reload();
  }
  setTimeout(look, EVERY, panel);
}

for (const panel of document.querySelectorAll("[data-import-progress]:has([data-running])")) {
  setTimeout(look, EVERY, panel);
}
