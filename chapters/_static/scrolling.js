// A formula that is too wide for a phone is set smaller, down to three quarters, and a table down to four fifths.
// Boxes that still scroll sideways (tables, outputs, code) can be reached and moved with the keyboard.
window.addEventListener("load", async () => {
  await window.MathJax?.startup?.promise;
  await document.fonts.ready; // letters that arrive late change what fits
  const boxes = "div.math, mjx-container[display='true'], .scroll-box, .output.text_html, .bd-article p, .bd-article dd";
  const fit = () =>
    document.querySelectorAll("mjx-container[display='true'], .numbers").forEach((box) => {
      box.style.removeProperty("--fit");
      const share = box.clientWidth / box.scrollWidth;
      const least = box.matches(".numbers") ? 0.8 : 0.75;
      if (share >= least && share < 1) box.style.setProperty("--fit", Math.floor(99 * share) / 100);
    });
  const reach = () =>
    document.querySelectorAll(boxes).forEach((box) => {
      const larger = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
      const scrolls = larger && getComputedStyle(box).overflowX !== "visible";
      if (scrolls && box.clientWidth) box.tabIndex = 0;
    });
  const look = () => {
    fit();
    reach();
  };
  look();
  window.addEventListener("resize", look);
  document.addEventListener("toggle", look, true); // what was folded had no width
});
