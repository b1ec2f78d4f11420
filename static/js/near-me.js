// Offers to search where the browser is. It is asked only when the button is pressed, and what it
// says is rounded to a tenth of a degree, about 11 km, before it leaves this page.

const offered = document.querySelector("[data-near-me]");

const rounded = (degrees) => String(Math.round(degrees * 10) / 10);

function start(part) {
  const button = part.querySelector("button");
  const said = part.querySelector("[role=status]");
  const { waiting, denied, failed } = part.dataset;
  const input = part.parentNode.querySelector("input");

  // Its room was kept by the stylesheet, so that nothing moves.
  part.removeAttribute("data-near-me");
  button.addEventListener("click", () => {
    if (said.textContent === waiting) return;
    said.textContent = waiting;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        said.textContent = "";
        input.value = `${rounded(coords.latitude)}, ${rounded(coords.longitude)}`;
        const submit = new Event("submit", { bubbles: true, cancelable: true });
        if (input.form.dispatchEvent(submit)) input.form.submit();
      },
      (error) => {
        said.textContent = error.code === error.PERMISSION_DENIED ? denied : failed;
      },
      { timeout: 15000, maximumAge: 600000 }
    );
  });
}

if (offered && navigator.geolocation && window.isSecureContext) {
  start(offered);
} else if (offered) {
  offered.remove();
}
