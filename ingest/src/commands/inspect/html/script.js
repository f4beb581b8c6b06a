"use strict";
// A block of text and its box on the picture have the same number.
const pair = (n) => document.querySelectorAll(`[data-n="${n}"]`);
let lit = null;
const light = (n) => {
  if (n === lit) return;
  if (lit !== null) pair(lit).forEach((one) => one.classList.remove("on"));
  if (n !== null) pair(n).forEach((one) => one.classList.add("on"));
  lit = n;
};
document.addEventListener("mouseover", (event) => {
  const one = event.target.closest("[data-n]");
  light(one ? one.dataset.n : null);
});
document.addEventListener("click", (event) => {
  const one = event.target.closest(".box, .block");
  if (!one || String(window.getSelection())) return;
  const wanted = one.classList.contains("box") ? ".block" : ".box";
  for (const other of pair(one.dataset.n)) {
    if (other.matches(wanted)) other.scrollIntoView({ block: "center", behavior: "smooth" });
  }
});
document.querySelectorAll("[data-role]").forEach((box) => box.addEventListener("change", () => {
  document.querySelectorAll(`.box.${box.dataset.role}, .block.${box.dataset.role}`)
    .forEach((one) => one.classList.toggle("hidden", !box.checked));
}));
const zoom = document.getElementById("zoom");
if (zoom) zoom.addEventListener("input", () => {
  document.body.style.setProperty("--zoom", `${zoom.value}fr`);
  document.body.style.setProperty("--rest", `${100 - zoom.value}fr`);
});
const find = document.getElementById("find");
find.addEventListener("input", () => {
  const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  document.querySelectorAll(".find").forEach((card) => {
    const text = card.textContent.toLowerCase();
    card.classList.toggle("hidden", !words.every((word) => text.includes(word)));
  });
});
