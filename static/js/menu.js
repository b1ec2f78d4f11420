// The menus work without this. It closes an open submenu when Escape is pressed, when something
// else is pressed, and when the keyboard moves on.

const openSubmenus = () => document.querySelectorAll(".submenu[open]");

document.addEventListener("click", (event) => {
  for (const submenu of openSubmenus()) {
    if (!submenu.contains(event.target)) submenu.open = false;
  }
});

document.addEventListener("focusin", (event) => {
  for (const submenu of openSubmenus()) {
    if (!submenu.contains(event.target)) submenu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const submenu of openSubmenus()) {
    const held = submenu.contains(document.activeElement);
    submenu.open = false;
    if (held) submenu.querySelector("summary").focus();
    event.preventDefault();
  }
});
