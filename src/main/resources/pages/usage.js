"use strict";
// Draws the usage by day, and how a budget is spent. The tables below show the same without scripts.
(() => {
  if (!window.uPlot) {
    return;
  }
  const usd = new Intl.NumberFormat(undefined, {style: "currency", currency: "USD", maximumSignificantDigits: 3});
  const count = new Intl.NumberFormat(undefined, {notation: "compact"});
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const days = (from, number) => Array.from({length: number}, (_, day) => Date.parse(from + "T00:00:00Z") / 1000 + day * 86400);
  function show(place, times, plots) {
    let drawn = [];
    function draw() {
      drawn.forEach(plot => plot.destroy());
      place.replaceChildren();
      // Add all sections before drawing, since they share the width.
      const places = plots.map(({title}) => {
        const section = document.createElement("section");
        section.className = "panel";
        const heading = document.createElement("h2");
        heading.textContent = title;
        const inner = document.createElement("div");
        section.append(heading, inner);
        place.append(section);
        return inner;
      });
      drawn = plots.map(({format, series}, number) => {
        const inner = places[number];
        const axis = {stroke: colour("--soft"), grid: {stroke: colour("--line"), width: 1}, ticks: {stroke: colour("--line"), width: 1}};
        const bars = uPlot.paths.bars({size: [0.7, 48]});
        return new uPlot({
          width: inner.clientWidth,
          height: 200,
          tzDate: time => uPlot.tzDate(new Date(time * 1000), "Etc/UTC"),
          cursor: {drag: {x: false, y: false}, points: {show: false}},
          scales: {
            x: {range: (plot, low, high) => [low - 43200, high + 43200]},
            y: {range: (plot, low, high) => [0, high > 0 ? high * 1.1 : 1]}
          },
          axes: [
            {...axis, values: (plot, times) => times.map(time => time % 86400 ? "" : uPlot.fmtDate("{MMM} {D}")(new Date(time * 1000 + new Date(time * 1000).getTimezoneOffset() * 60000)))},
            {...axis, size: 64, values: (plot, values) => values.map(value => format.format(value))}
          ],
          series: [
            {label: "Day", value: (plot, time) => time ? new Date(time * 1000).toISOString().slice(0, 10) : "–"},
            ...series.map(([label, name, values, told, line]) => ({
              label,
              stroke: colour(name),
              ...(line ? {width: 2, ...line} : {fill: colour(name), width: 0, paths: bars}),
              points: {show: false},
              value: (plot, value, index, at) => at == null ? "–" : told[at] == null ? "–" : format.format(told[at])
            }))
          ]
        }, [times, ...series.map(([, , values]) => values)], inner);
      });
    }
    draw();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    let width = place.clientWidth;
    new ResizeObserver(() => {
      if (place.clientWidth !== width) {
        width = place.clientWidth;
        draw();
      }
    }).observe(place);
  }
  const used = document.getElementById("plots");
  if (used) {
    const data = JSON.parse(used.dataset.plot);
    const all = data.ready.map((ready, day) => ready + data.failed[day]);
    show(used, days(data.from, data.tokens.length), [
      {title: "Cost by day", format: usd, series: [["Cost", "--bar-model", data.cost, data.cost]]},
      {title: "Tokens by day", format: count, series: [["Tokens", "--bar-model", data.tokens, data.tokens]]},
      // Failed runs are stacked on top of those that are done.
      {title: "Runs by day", format: count, series: [["Failed", "--bar-bad", all, data.failed], ["Done", "--bar-tool", data.ready, data.ready]]},
      {title: "Errors by day", format: count, series: [["Failed", "--bar-bad", data.failed, data.failed]]}
    ]);
  }
  const course = document.getElementById("course");
  if (course) {
    const data = JSON.parse(course.dataset.plot);
    const length = Math.max(...data.plots.map(({values, forecast}) => Math.max(values.length, forecast ? forecast.length : data.days)));
    const whole = values => Array.from({length}, (_, day) => values[day] ?? null);
    show(course, days(data.from, length), data.plots.map(({title, usd: isUsd, limit, values, forecast}) => {
      const spent = whole(values);
      const most = Array.from({length}, () => limit);
      const series = [["Spent", "--bar-model", spent, spent, data.sums ? {} : null]];
      if (forecast) {
        series.push(["Forecast", "--bar-wait", whole(forecast), forecast, {dash: [6, 5]}]);
      }
      series.push(["Limit", "--bar-bad", most, most, {}]);
      return {title, format: isUsd ? usd : count, series};
    }));
  }
})();
