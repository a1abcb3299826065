// Boxes that scroll sideways (wide formulas, tables, outputs) can be reached and moved with the keyboard.
window.addEventListener("load", async () => {
  await window.MathJax?.startup?.promise;
  await document.fonts.ready; // letters that arrive late change what fits
  const boxes = "div.math, mjx-container[display='true'], .scroll-box, .output.text_html, .bd-article p, .bd-article dd";
  const reach = () =>
    document.querySelectorAll(boxes).forEach((box) => {
      const larger = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
      const scrolls = larger && getComputedStyle(box).overflowX !== "visible";
      if (scrolls && box.clientWidth) box.tabIndex = 0;
    });
  reach();
  window.addEventListener("resize", reach);
});
