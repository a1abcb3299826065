// "Be the network": ten Euler layers sort labelled boundary values, and the reader sets their weights h_n, the metric.
const beTheNetwork = {
  step: -0.09, m2: -1, lam: 1, window: 0.1,
  // What arrives at the horizon.
  propagate(h, phi, pi) {
    for (const weight of h) {
      const force = this.m2 * phi + this.lam * phi ** 3;
      [phi, pi] = [phi + this.step * pi, pi - this.step * (weight * pi - force)];
    }
    return [phi, pi];
  },
  // Whether each point [phi, pi, label] gets its own label: 0, possible, when pi vanishes at the horizon, else 1.
  sorts(h, points) {
    return points.map(([phi, pi, label]) => (Math.abs(this.propagate(h, phi, pi)[1]) <= this.window) === (label === 0));
  },
};

document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-script=be-the-network]").forEach((stage) => {
  const { points, depths, metrics } = JSON.parse(stage.dataset.given);
  const [low, high] = [-2, 10], truth = Object.values(metrics)[0], h = [...truth];
  const line = (values) => values.map((value, n) => `${10 * n + 5},${100 * (high - value) / (high - low)}`).join(" ");
  const game = document.createElement("div");
  game.className = "game";
  game.innerHTML = `
    <p>h in each layer, from the boundary (left) to the horizon; dashed, the black hole that made the labels; grey, 0 and 5</p>
    <div class="weights">
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        ${[0, 5].map((value) => `<path class="level" d="M0 ${100 * (high - value) / (high - low)}H100"/>`).join("")}
        <polyline class="truth" points="${line(truth)}"/><polyline class="now"/></svg>
      ${depths.map((depth) => `<input type="range" min="${low}" max="${high}" step="any" aria-label="h at depth ${depth.toFixed(2)}">`).join("")}
      ${depths.map(() => "<output></output>").join("")}
    </div>
    <p class="choices">${Object.keys(metrics).map((name) => `<button type="button">${name}</button>`).join(" ")}</p>
    <p class="score" role="status"></p>
    <p>The boundary values, &phi; to the right and &pi; upwards: labelled <span class="possible">possible</span>,
      <span class="impossible">impossible</span>; <span class="wrong">sorted wrongly</span> by your network</p>
    <svg class="plane" viewBox="0 0 150 60" role="img" aria-label="Boundary values; the wrongly sorted ones lie beside the critical curve">
      ${points.map(([phi, pi, label]) => `<circle cx="${100 * phi}" cy="${30 - 150 * pi}" class="${label ? "impossible" : "possible"}"/>`).join("")}
    </svg>`;
  stage.append(game);
  stage.classList.add("playing");
  const [sliders, values, dots] = ["input", "output", "circle"].map((name) => [...game.querySelectorAll(name)]);
  const show = () => {
    const right = beTheNetwork.sorts(h, points), count = right.filter(Boolean).length;
    dots.forEach((dot, i) => dot.classList.toggle("wrong", !right[i]));
    sliders.forEach((slider, n) => {
      slider.value = h[n];
      values[n].textContent = h[n].toFixed(1);
      slider.setAttribute("aria-valuetext", h[n].toFixed(2));
    });
    game.querySelector(".now").setAttribute("points", line(h));
    const off = Math.max(...h.map((value, n) => Math.abs(value - truth[n])));
    game.querySelector(".score").textContent =
      `Accuracy ${(count / points.length).toFixed(4)}: ${count} of ${points.length} sorted correctly. h is off by up to ${off.toFixed(2)}.`;
  };
  sliders.forEach((slider, n) => slider.addEventListener("input", () => { h[n] = Number(slider.value); show(); }));
  game.querySelectorAll("button").forEach((button) => button.addEventListener("click", () => {
    h.splice(0, h.length, ...metrics[button.textContent]);
    show();
  }));
  show();
}));
