// A table wider than its place is scrolled by the arrow keys too: without a link or field of its own it takes the focus itself.
function reach() {
  for (const wrap of document.querySelectorAll(".table-wrap")) {
    const hidden = wrap.scrollWidth > wrap.clientWidth && !wrap.querySelector("a, button, input, select, summary");
    if (hidden) wrap.tabIndex = 0;
    else wrap.removeAttribute("tabindex");
  }
}
for (const moment of ["resize", "load"]) addEventListener(moment, reach);
document.addEventListener("htmx:afterSettle", reach);
