// On paper every theme is light, and what was folded to keep the lesson short is open: case files and checks.
(() => {
  const root = document.documentElement;
  let theme = null;
  let opened = [];
  const before = () => {
    if (theme !== null) return;
    theme = root.dataset.theme || "light";
    root.dataset.theme = "light";
    opened = [...document.querySelectorAll("details.case-file:not([open]), details.checks:not([open])")];
    opened.forEach((box) => { box.open = true; });
  };
  const after = () => {
    if (theme === null) return;
    root.dataset.theme = theme;
    theme = null;
    opened.forEach((box) => { box.open = false; });
  };
  window.addEventListener("beforeprint", before);
  window.addEventListener("afterprint", after);
  window.matchMedia("print").addEventListener("change", (event) => (event.matches ? before() : after()));
})();
