(() => {
  const form = document.getElementById("filter");
  const text = document.getElementById("filter-text");
  const count = document.getElementById("filter-count");
  const boxes = Array.from(form.querySelectorAll("input[name=verdict]"));
  const rows = Array.from(document.querySelectorAll("table.survey tbody tr"));
  const apply = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const verdicts = boxes.filter((box) => box.checked).map((box) => box.value);
    let shown = 0;
    rows.forEach((row) => {
      const told = `${row.dataset.view} ${row.textContent}`.toLowerCase();
      const fits = verdicts.includes(row.dataset.verdict) && words.every((word) => told.includes(word));
      row.hidden = !fits;
      document.getElementById(row.querySelector("th a").hash.slice(1)).hidden = !fits;
      shown += fits ? 1 : 0;
    });
    count.textContent = `${shown} of ${rows.length} views`;
  };
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
})();
