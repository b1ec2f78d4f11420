// Shows what a search for teachers finds without leaving the page. Where that fails, the browser
// asks for the page as it would without this. What may change stands in #teacher-results and, with
// an id, in the form's [data-live].

const form = document.querySelector("form[data-teacher-search]");
const status = document.createElement("p");
let shown = location.pathname + location.search;
let latest = 0;

function addressOfForm() {
  const asked = new URLSearchParams();
  new FormData(form).forEach((value, name) => {
    if (value.trim()) asked.append(name, value.trim());
  });
  if (!asked.get("near")) asked.delete("distance"); // which says nothing without a place
  const query = asked.toString();
  return form.action.replace(/[?#].*/, "") + (query ? `?${query}` : "");
}

// What has the focus may be replaced; its successor has the same id, or name and value.
function keepFocus(change) {
  const held = document.activeElement;
  change();
  if (!held || held.isConnected || !held.name) return;
  const successor = Array.from(form.elements).find(
    (one) => one.name === held.name && one.value === held.value
  );
  if (successor) successor.focus();
}

function refresh(fresh) {
  for (const part of form.querySelectorAll("[data-live][id]")) {
    const successor = fresh.getElementById(part.id);
    if (!successor) continue;
    const lists = () => Array.from(part.querySelectorAll(".options__list"));
    const scrolled = lists().map((list) => list.scrollTop);
    part.innerHTML = successor.innerHTML;
    lists().forEach((list, at) => (list.scrollTop = scrolled[at] || 0));
  }
  const results = document.getElementById("teacher-results");
  results.innerHTML = fresh.getElementById("teacher-results").innerHTML;
  document.title = fresh.title;
}

// Back and forward lead to other questions, which the form then asks.
function refill(fresh) {
  for (const field of fresh.querySelectorAll("form[data-teacher-search] input:not([type=checkbox])")) {
    if (field.name && form.elements[field.name]) form.elements[field.name].value = field.value;
  }
}

// On a phone the results are below the form, out of sight.
function reveal(results) {
  const top = results.getBoundingClientRect().top;
  if (top < 0 || top > innerHeight * 0.7) results.scrollIntoView();
}

// `isNew`: the address bar does not say it yet. `moves`: what was pressed is gone afterwards.
async function show(address, { isNew = true, moves = false, reveals = false } = {}) {
  const turn = ++latest;
  const results = document.getElementById("teacher-results");
  results.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== latest) return;
    if (!fresh.getElementById("teacher-results")) throw new Error("no results");
    if (isNew && address !== location.href.replace(/#.*/, "")) history.pushState(null, "", address);
    shown = location.pathname + location.search;
    if (!isNew) refill(fresh);
    keepFocus(() => refresh(fresh));
    results.removeAttribute("aria-busy");
    const total = results.querySelector("[data-total]");
    status.textContent = total ? total.textContent : "";
    if (moves && total) {
      total.tabIndex = -1;
      total.focus();
    }
    if (reveals) reveal(results);
  } catch (error) {
    if (turn === latest) location.assign(address);
  }
}

if (form && window.DOMParser && window.URLSearchParams) {
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  form.append(status);
  // Beside the results there is room for all choices.
  const more = form.querySelector("[data-finder-more]");
  if (more && matchMedia("(min-width: 62rem)").matches) more.open = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show(addressOfForm(), { reveals: true });
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, [type=checkbox], [type=radio]")) show(addressOfForm());
  });
  form.addEventListener("chosen", () => show(addressOfForm(), { reveals: true }));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#teacher-results .pagination a[href]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    show(link.href.replace(/#.*/, ""), { moves: true });
  });
  window.addEventListener("popstate", () => {
    if (location.pathname + location.search !== shown) show(location.href, { isNew: false });
  });
}
