// Filters of long tables (ledger, notation) by choices and words, kept in the page's address. Without this script every row is shown.
(() => {
  const form = document.querySelector("form.table-filter");
  if (!form) return;
  const table = document.querySelector("table.filtered");
  const rows = [...table.tBodies[0].rows];
  const texts = rows.map((row) => row.innerHTML.replace(/<[^>]*>/g, " ")); // before formulas are drawn
  const begins = (word) => new RegExp(`(^|[^\\p{L}\\p{N}])${word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}`, "iu"); // eta, but not beta
  const fields = [...form.elements].filter((field) => field.name);

  // A table that is drawn as blocks on a phone stays a table for those who hear it.
  const roles = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", th: "columnheader", td: "cell" };
  Object.entries(roles).forEach(([tag, role]) =>
    [table, ...table.querySelectorAll(tag)].filter((part) => part.matches(tag)).forEach((part) => part.setAttribute("role", role)),
  );

  const show = () => {
    const words = form.elements.words.value.split(/\s+/).filter(Boolean).map(begins);
    const chosen = fields.filter((field) => field.matches("select") && field.value).map((field) => `${field.name}-${field.value}`);
    rows.forEach((row, number) => {
      row.hidden = !chosen.every((name) => row.classList.contains(name)) || !words.every((word) => word.test(texts[number]));
    });
    const shown = rows.filter((row) => !row.hidden).length;
    form.querySelector("output").textContent = `${shown} of ${rows.length} ${form.dataset.what}`;
  };
  const keep = () => {
    const kept = new URLSearchParams(fields.filter((field) => field.value).map((field) => [field.name, field.value]));
    history.replaceState(null, "", kept.size ? `#${kept}` : location.pathname);
    show();
  };
  const read = () => {
    const kept = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
    fields.forEach((field) => (field.value = kept.get(field.name) ?? ""));
    show();
  };
  // Pages are listed by their titles, as the rows call them.
  [...form.elements.page.options].forEach((option) => {
    const link = option.value && table.querySelector(`a[href$="/${option.value}.html"]`);
    if (link) option.textContent = `\u00a0\u00a0${link.textContent}`;
  });

  form.hidden = false;
  form.addEventListener("input", keep);
  form.addEventListener("reset", () => setTimeout(keep));
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", read);
  read();
})();
