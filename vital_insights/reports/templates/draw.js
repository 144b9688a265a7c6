// Draws every figure at the width of its place, at most that of a sheet of paper, so that what is printed is what is seen.
const PAPER = 680, NARROW = 560;

function fitted(figure, width) {
  const layout = structuredClone(figure.layout), margin = layout.margin;
  layout.width = width;
  layout.autosize = false;
  layout.dragmode = false;
  if (width < NARROW && layout.xaxis.domain && layout.yaxis.scaleanchor) {
    // No room for the names beside the square; the table lists them.
    layout.annotations = layout.annotations.filter((each) => each.name !== "outcome");
    layout.xaxis.domain = [0, 1];
  }
  if (layout.yaxis.scaleanchor) {
    // Room for a note below the axis is needed only where there is one.
    if (!layout.annotations.some((each) => each.name === "note")) margin.b = Math.min(margin.b, 52);
    const [from, to] = layout.xaxis.domain || [0, 1];
    const side = (width - margin.l - margin.r) * (to - from);
    layout.height = Math.min(layout.height, side + margin.t + margin.b);
  }
  return layout;
}

const figures = [...document.querySelectorAll(".chart")].map((place) => {
  const figure = JSON.parse(place.querySelector("script").textContent);
  return { place, figure, width: 0 };
});

function draw() {
  for (const each of figures) {
    const width = Math.min(each.place.clientWidth, PAPER);
    if (width && width !== each.width) {
      each.width = width;
      Plotly.react(each.place, each.figure.data, fitted(each.figure, width), { displayModeBar: false, showTips: false });
    }
  }
  document.documentElement.dataset.drawn = figures.length;
}

draw();
addEventListener("resize", draw);
