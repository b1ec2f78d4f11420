// Sends a sign-up without leaving the page and puts the answer in the form's place. Where that
// fails, the form is sent as it would be without this.

async function ask(form) {
  const body = new URLSearchParams(new FormData(form));
  body.set("place", form.dataset.signUp);
  const headers = { Accept: "text/vnd.cmsc.fragment+html" };
  const answer = await fetch(form.action, { method: "POST", body, headers });
  const parsed = document.createElement("template");
  parsed.innerHTML = await answer.text();
  const fresh = parsed.content.firstElementChild;
  if (!fresh || !fresh.matches("form[data-sign-up], [data-answer]")) throw new Error("no answer");
  return fresh;
}

// A refusal stands above what was typed; whatever else is answered takes the form's place.
function show(form, fresh) {
  if (fresh.matches("[role=alert]")) {
    const former = form.querySelector(".sign-up__refusal");
    if (former) former.remove();
    form.prepend(fresh);
  } else {
    form.replaceWith(fresh);
  }
  (fresh.querySelector("[autofocus]") || fresh).focus();
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-sign-up]")) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  form.elements.waited.value = Math.round(performance.now());
  try {
    show(form, await ask(form));
  } catch (error) {
    form.submit();
  } finally {
    form.removeAttribute("aria-busy");
  }
});
