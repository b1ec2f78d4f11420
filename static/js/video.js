// A video is a link to its page. Pressed, it becomes the player: nothing is asked of the video's
// host before. With a modifier key it stays a link, to be opened elsewhere.

function player(link) {
  const frame = document.createElement("iframe");
  frame.className = "video__player";
  frame.src = link.dataset.player;
  frame.title = link.dataset.title;
  frame.allow = "autoplay; fullscreen; encrypted-media; picture-in-picture";
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  return frame;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-player]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const frame = player(link);
  link.replaceWith(frame);
  frame.focus();
});
