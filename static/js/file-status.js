// Looks, while an uploaded file is being checked, how far the check is, and shows what came of it.

const EVERY = 1000; // milliseconds
const AT_MOST = 180; // times, after which the page's own link "Look again" is left

async function look(panel, left) {
  const answer = await fetch(panel.dataset.fileStatus, { credentials: "same-origin" }).catch(() => null);
  if (answer && answer.ok && !answer.redirected) {
    const text = await answer.text();
    if (!text.includes("filing-file__state")) {
      panel.innerHTML = text;
      return;
    }
  }
  if (left > 0) setTimeout(look, EVERY, panel, left - 1);
}

for (const panel of document.querySelectorAll("[data-file-status][data-waiting=yes]")) {
  setTimeout(look, EVERY, panel, AT_MOST);
}
