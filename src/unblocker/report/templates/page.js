"use strict";
(() => {
  const toggle = document.getElementById("toggle-all");
  const views = Array.from(document.querySelectorAll("details.view"));
  if (views.length > 1) {
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      const open = views.some((view) => !view.open);
      views.forEach((view) => { view.open = open; });
      toggle.textContent = open ? "Close all" : "Open all";
    });
  }

  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target instanceof HTMLDetailsElement) { target.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", reveal);
  reveal();

  const key = (row, column) => {
    const text = row.cells[column].textContent.trim();
    const number = Number.parseFloat(text.replace(/,/g, ""));
    return row.cells[column].classList.contains("number") ? (Number.isNaN(number) ? -1 : number) : text;
  };
  const sort = (table, heading) => {
    const down = heading.getAttribute("aria-sort") !== "descending";
    const rows = Array.from(table.tBodies[0].rows);
    const order = (a, b) => {
      const [left, right] = [key(a, heading.cellIndex), key(b, heading.cellIndex)];
      return typeof left === "number" ? left - right : left.localeCompare(right);
    };
    rows.sort((a, b) => (down ? order(b, a) : order(a, b)));
    table.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    table.tBodies[0].append(...rows);
  };
  document.querySelectorAll("table.sortable").forEach((table) => {
    table.querySelectorAll("thead th:not(.unsorted)").forEach((heading) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => sort(table, heading));
    });
  });
})();
