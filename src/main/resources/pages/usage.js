"use strict";
// Draws what the tables below show without scripts.
const usd = new Intl.NumberFormat(undefined, {style: "currency", currency: "USD", maximumSignificantDigits: 3});
const count = new Intl.NumberFormat(undefined, {notation: "compact"});
const date = new Intl.DateTimeFormat("en", {month: "short", day: "numeric", timeZone: "UTC"});
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const show = (place, from, plots) => {
  const days = plots[0][2][2].map((_, day) => Date.parse(from) / 1000 + day * 86400);
  let drawn = [];
  const draw = () => {
    drawn.forEach(plot => plot.destroy());
    place.replaceChildren();
    // All sections share the width.
    const places = plots.map(([title]) => {
      const add = (to, name) => to.appendChild(document.createElement(name));
      const section = add(place, "section");
      section.className = "panel";
      add(section, "h2").textContent = title;
      return add(section, "div");
    });
    const line = {stroke: colour("--line"), width: 1};
    const axis = {stroke: colour("--soft"), grid: line, ticks: line};
    const bars = uPlot.paths.bars({size: [0.7, 48]});
    drawn = plots.map(([, format, ...series], number) => new uPlot({
      width: places[number].clientWidth,
      height: 200,
      tzDate: time => uPlot.tzDate(new Date(time * 1000), "UTC"),
      cursor: {drag: {x: false, y: false}, points: {show: false}},
      scales: {
        x: {range: (plot, low, high) => [low - 43200, high + 43200]},
        y: {range: (plot, low, high) => [0, high > 0 ? high * 1.1 : 1]}
      },
      axes: [
        {...axis, values: (plot, times) => times.map(time => time % 86400 ? "" : date.format(time * 1000))},
        {...axis, size: 64, values: (plot, values) => values.map(value => format.format(value))}
      ],
      series: [
        {label: "Day", value: (plot, time) => time ? date.format(time * 1000) : "–"},
        ...series.map(([label, name, values, dash, told = values]) => ({
          label,
          stroke: colour(name),
          ...(dash ? {width: 2, dash} : {width: 0, fill: colour(name), paths: bars}),
          points: {show: false},
          value: (plot, value, index, at) => told[at] == null ? "–" : format.format(told[at])
        }))
      ]
    }, [days, ...series.map(([, , values]) => values)], places[number]));
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  let width;
  new ResizeObserver(() => {
    if (window.uPlot && place.clientWidth !== width) {
      width = place.clientWidth;
      draw();
    }
  }).observe(place);
};
const used = document.getElementById("plots");
if (used) {
  const {from, cost, tokens, ready, failed} = JSON.parse(used.dataset.plot);
  show(used, from, [
    ["Cost by day", usd, ["Cost", "--bar-model", cost]],
    ["Tokens by day", count, ["Tokens", "--bar-model", tokens]],
    // Stacked.
    ["Runs by day", count, ["Failed", "--bar-bad", ready.map((runs, day) => runs + failed[day]), null, failed], ["Done", "--bar-tool", ready]],
    ["Errors by day", count, ["Failed", "--bar-bad", failed]]
  ]);
}
const course = document.getElementById("course");
if (course) {
  const {from, sums, plots} = JSON.parse(course.dataset.plot);
  show(course, from, plots.map(plot => [
    plot.title,
    plot.usd ? usd : count,
    ["Spent", "--bar-model", plot.values, sums && []],
    ["Limit", "--bar-bad", plot.values.map(() => plot.limit), []],
    ...(plot.forecast ? [["Forecast", "--bar-wait", plot.forecast, [6, 5]]] : [])
  ]));
}
