"use strict";
// Times stand in the page in UTC; here they become those of the reader's zone.
(() => {
  const near = new Intl.DateTimeFormat(undefined, {hour: "2-digit", minute: "2-digit", second: "2-digit"});
  const far = new Intl.DateTimeFormat(undefined, {
    day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit"
  });
  const exact = new Intl.DateTimeFormat(undefined, {dateStyle: "full", timeStyle: "long"});
  function localise(root) {
    for (const element of root.querySelectorAll("time[datetime]:not([data-local])")) {
      const time = new Date(element.dateTime);
      if (Number.isNaN(time.getTime())) {
        continue;
      }
      const today = time.toDateString() === new Date().toDateString();
      element.textContent = (today ? near : far).format(time);
      element.title = exact.format(time) + " (" + element.dateTime + ")";
      element.dataset.local = "";
    }
  }
  localise(document);
  document.addEventListener("htmx:afterSettle", event => localise(event.target.parentNode || document));
  for (const field of document.querySelectorAll("[data-own-zone]")) {
    field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || field.value;
  }
  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    const done = () => { button.textContent = "Copied"; };
    button.hidden = false;
    button.addEventListener("click", () => {
      field.select();
      // Only secure pages have a clipboard.
      if (navigator.clipboard) {
        navigator.clipboard.writeText(field.value).then(done, () => {});
      } else if (document.execCommand("copy")) {
        done();
      }
    });
  }
  // A stream that was cut off may begin again with entries that are there already.
  document.addEventListener("htmx:sseBeforeMessage", event => {
    const id = event.detail.lastEventId;
    if (event.detail.type === "entry" && id && document.getElementById("entry-" + id)) {
      event.preventDefault();
    }
  });
})();
