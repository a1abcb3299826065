// The ledger's filter: shows the rows of one chapter, one verdict or both. Without this script the whole table is shown.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form.ledger-filter");
  const rows = document.querySelectorAll("table.ledger-all tr.claim");
  if (!form) return;
  const matches = (row, kind) => !form[kind].value || row.classList.contains(`${kind}-${form[kind].value}`);
  const apply = () => {
    let shown = 0;
    rows.forEach((row) => {
      row.hidden = !(matches(row, "chapter") && matches(row, "verdict"));
      shown += row.hidden ? 0 : 1;
    });
    form.querySelector("output").textContent = `${shown} of ${rows.length} claims`;
  };
  form.hidden = false;
  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
});
