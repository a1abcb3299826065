// Words of the glossary show their definition in a card: on hover, on focus, on the first touch. Without this script they are links.
document.addEventListener("DOMContentLoaded", () => {
  const links = document.querySelectorAll("a[data-definition]");
  if (!links.length) return;
  const card = document.createElement("div");
  Object.assign(card, { id: "term-card", className: "term-card", role: "tooltip", hidden: true });
  document.querySelector("main").append(card);
  let owner = null, timer, touched = false;

  const place = () => {
    if (!owner) return;
    const word = owner.getClientRects()[0], room = document.documentElement.clientWidth - card.offsetWidth - 8;
    const below = word.bottom + 6, above = word.top - card.offsetHeight - 6;
    card.style.left = `${Math.max(8, Math.min(word.left, room))}px`;
    card.style.top = `${below + card.offsetHeight > window.innerHeight && above > 0 ? above : below}px`;
  };
  const hide = () => {
    clearTimeout(timer);
    owner?.removeAttribute("aria-describedby");
    owner = null;
    card.hidden = true;
  };
  const hideSoon = () => { timer = setTimeout(hide, 250); };
  const show = (link) => {
    hide();
    owner = link;
    const name = document.createElement("strong");
    name.textContent = link.textContent;
    card.replaceChildren(name, link.dataset.definition);
    card.hidden = false;
    link.setAttribute("aria-describedby", card.id);
    place();
  };

  for (const link of links) {
    link.addEventListener("pointerenter", (event) => { if (event.pointerType !== "touch") show(link); });
    link.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") hideSoon(); });
    link.addEventListener("focus", () => show(link));
    link.addEventListener("blur", hide);
    link.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch" && owner !== link; });
    link.addEventListener("click", (event) => { // the first touch shows the card, the second follows the link
      if (touched) { event.preventDefault(); show(link); }
      touched = false;
    });
  }
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  card.addEventListener("pointerleave", hideSoon);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("pointerdown", (event) => { if (!card.contains(event.target) && event.target.closest("a") !== owner) hide(); });
  window.addEventListener("scroll", place, { passive: true });
  window.addEventListener("resize", place);
});
