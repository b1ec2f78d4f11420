// Suggests places while one is typed: the editable combobox with a list of the ARIA Authoring
// Practices. The form says where to ask (data-places), the field's frame what to say.

const WAIT = 150; // ms without a key
const frame = document.querySelector("[data-place-field]");

function start(input, words, address) {
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let active = -1;
  let timer = 0;
  let turn = 0;
  let request = null;
  let settled = input.value;

  list.id = `${input.id}-places`;
  list.className = "suggestions";
  list.hidden = true;
  status.className = "visually-hidden";
  for (const [element, attributes] of [
    [list, { role: "listbox", "aria-label": words.label }],
    [status, { role: "status" }],
    [input, {
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
      "aria-haspopup": "listbox",
      autocomplete: "off",
    }],
  ]) {
    for (const name of Object.keys(attributes)) element.setAttribute(name, attributes[name]);
  }
  frame.append(list, status);

  const mark = (number) => {
    active = number;
    Array.from(list.children).forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === active));
    });
    if (active < 0) {
      input.removeAttribute("aria-activedescendant");
    } else {
      input.setAttribute("aria-activedescendant", list.children[active].id);
      list.children[active].scrollIntoView({ block: "nearest" });
    }
  };
  const open = () => {
    list.hidden = !list.children.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };
  // Whatever is still on its way is not waited for.
  const close = () => {
    clearTimeout(timer);
    turn += 1;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    status.textContent = "";
    mark(-1);
  };
  const choose = (option) => {
    settled = input.value = option.dataset.value;
    close();
    list.textContent = "";
    input.dispatchEvent(new CustomEvent("chosen", { bubbles: true }));
  };

  const show = (places) => {
    list.textContent = "";
    places.forEach((place, at) => {
      const option = document.createElement("li");
      const name = document.createElement("span");
      name.dir = "auto";
      name.textContent = place.label;
      option.append(name);
      if (words[place.kind]) {
        const kind = document.createElement("span");
        kind.className = "suggestions__kind";
        kind.textContent = words[place.kind];
        option.append(" ", kind);
      }
      option.id = `${list.id}-${at}`;
      option.className = "suggestions__one";
      option.dataset.value = place.label;
      option.setAttribute("role", "option");
      list.append(option);
    });
    mark(-1);
    open();
    status.textContent = places.length ? words.count.replace("{}", places.length) : words.none;
  };
  const ask = async () => {
    const mine = ++turn;
    const typed = input.value.trim();
    if (request) request.abort();
    request = window.AbortController ? new AbortController() : null;
    try {
      const options = request ? { signal: request.signal } : {};
      const answer = await fetch(`${address}?q=${encodeURIComponent(typed)}`, options);
      const places = answer.ok ? (await answer.json()).places : [];
      if (mine === turn && document.activeElement === input) show(places);
    } catch (error) {
      if (mine === turn) close(); // it can be typed in full
    }
  };
  const soon = () => {
    close();
    const typed = input.value.trim();
    // One Latin letter begins thousands of names, one of another script may be a whole one.
    if (typed === settled || /^[\x00-\u024f]?$/.test(typed)) list.textContent = "";
    else timer = setTimeout(ask, WAIT);
  };

  const move = (step) => {
    if (list.hidden) open();
    const count = list.children.length;
    if (!count) return;
    const from = active < 0 && step < 0 ? count : active;
    mark((from + step + count) % count);
  };
  const keys = {
    ArrowDown: (event) => (event.altKey ? open() : move(1)),
    ArrowUp: (event) => (event.altKey ? close() : move(-1)),
    Escape: () => {
      if (list.hidden) input.value = "";
      close();
    },
    Enter: () => choose(list.children[active]),
  };
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" && active < 0) return close();
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key](event);
    } else if (event.key === "Tab") {
      close();
    } else if (active >= 0) {
      mark(-1); // letters, Home, End, Left and Right are the text's
    }
  });
  input.addEventListener("input", (event) => {
    if (!event.isComposing) soon();
  });
  input.addEventListener("compositionend", soon);
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
}

if (frame) {
  const input = frame.querySelector("input");
  if (input.form && input.form.dataset.places) start(input, frame.dataset, input.form.dataset.places);
}
