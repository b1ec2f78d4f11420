// Menus: an open one closes by Escape and by whatever is pressed or reached beside it.

const menus = () => document.querySelectorAll(".submenu[open]");

const leave = ({ target }) => {
  for (const menu of menus()) if (!menu.contains(target)) menu.open = false;
};

document.addEventListener("click", leave);
document.addEventListener("focusin", leave);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    const held = menu.contains(document.activeElement);
    menu.open = false;
    if (held) menu.querySelector("summary").focus();
    event.preventDefault();
  }
});

// Signing up: the answer takes the form's place. Else it is sent as without this.

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

// A refusal stands above what was typed.
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
  } catch {
    form.submit();
  } finally {
    form.removeAttribute("aria-busy");
  }
});
