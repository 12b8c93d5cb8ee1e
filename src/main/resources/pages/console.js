"use strict";
// Pages contain times in UTC; this shows them in the time zone of the browser, except for those of a named zone.
(() => {
  const format = (...parts) => new Intl.DateTimeFormat(undefined, Object.assign({}, ...parts));
  const day = {weekday: "short", day: "numeric", month: "short", year: "numeric"};
  const minutes = {hour: "2-digit", minute: "2-digit"};
  const seconds = {second: "2-digit"};
  const near = [format(minutes), format(minutes, seconds)];
  const far = [format(day, minutes), format(day, minutes, seconds)];
  const exact = new Intl.DateTimeFormat(undefined, {dateStyle: "full", timeStyle: "long"});
  function localise(root) {
    for (const element of root.querySelectorAll("time[datetime]:not([data-local])")) {
      const time = new Date(element.dateTime);
      if (Number.isNaN(time.getTime())) {
        continue;
      }
      if (!element.closest("[data-zone]")) {
        const today = time.toDateString() === new Date().toDateString();
        const precision = time % 60000 === 0 ? 0 : 1;
        element.textContent = today ? "today, " + near[precision].format(time) : far[precision].format(time);
      }
      element.title = exact.format(time) + " (" + element.dateTime + ")";
      element.dataset.local = "";
    }
  }
  localise(document);
  const zone = document.getElementById("zone");
  if (zone) {
    zone.textContent = Intl.DateTimeFormat().resolvedOptions().timeZone || "your time zone";
  }
  document.addEventListener("htmx:afterSettle", event => localise(event.target.parentNode || document));
  // On a narrow screen, the navigation is wider than the page.
  const here = document.querySelector(".top nav [aria-current]");
  if (here) {
    here.parentNode.scrollLeft = here.offsetLeft - (here.parentNode.clientWidth - here.offsetWidth) / 2;
  }
  for (const field of document.querySelectorAll("[data-own-zone]")) {
    field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || field.value;
  }
  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    const done = () => { button.textContent = "Copied"; };
    button.hidden = false;
    button.addEventListener("click", () => {
      const text = field.value ?? field.textContent;
      if (field.select) {
        field.select();
      } else {
        getSelection().selectAllChildren(field);
      }
      // Only secure pages have a clipboard.
      if (navigator.clipboard) {
        navigator.clipboard.writeText(text).then(done, () => {});
      } else if (document.execCommand("copy")) {
        done();
      }
    });
  }
  // The runner of a task is that of its provider.
  document.querySelector("select[name=provider]")?.addEventListener("input", event => {
    const runner = event.target.selectedOptions[0].dataset.runner;
    const choice = runner && document.querySelector(`[name=runner][value="${CSS.escape(runner)}"]`);
    if (choice) {
      choice.checked = true;
    }
  });
  for (const field of document.querySelectorAll("[data-most]")) {
    field.addEventListener("change", () => {
      const isTooLarge = [...field.files].some(file => file.size > field.dataset.most);
      field.setCustomValidity(isTooLarge ? field.dataset.large : "");
      field.reportValidity();
    });
  }
  // A message that begins with the label of a field belongs to that field.
  for (const message of document.querySelectorAll("main .message[role=alert]")) {
    const [label, rest] = message.textContent.split(": ");
    const words = element => element.firstChild.textContent.trim();
    const field = rest && (
      [...document.querySelectorAll("main label.field")].find(element => words(element).startsWith(label))
        ?.querySelector("input, select, textarea")
      || document.querySelector(`main form[method=post] [name="${CSS.escape(label.toLowerCase().replaceAll(" ", "_"))}"]`));
    if (field) {
      message.id ||= "refusal";
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", message.id);
    }
  }
  // An answer with a secret is the answer to a form. Reloading it opens the page and does not send the form again.
  const made = document.querySelector("main [data-here]");
  if (made) {
    history.replaceState(null, "", made.dataset.here);
  }
  document.addEventListener("keydown", event => {
    const open = event.key === "Escape" && document.querySelector("details.switch[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });
  // Parts that refresh themselves report failures, and pause while text in them is selected, or a box is ticked.
  const refreshes = event => event.detail.elt.matches("[hx-trigger^='every ']");
  const tell = (lost, gone) => {
    document.getElementById("lost").hidden = !lost;
    document.getElementById("gone").hidden = !gone;
  };
  document.addEventListener("htmx:beforeRequest", event => {
    const selection = getSelection();
    const isSelected = !selection.isCollapsed && selection.containsNode(event.detail.elt, true);
    if (refreshes(event) && (isSelected || event.detail.elt.querySelector("[type=checkbox]:checked"))) {
      event.preventDefault();
    }
  });
  document.addEventListener("htmx:afterRequest", event => {
    const status = event.detail.xhr.status;
    if (refreshes(event) && status !== 401) {
      tell(status === 0 || status >= 500 || status === 429, status === 403 || status === 404 || status === 410);
    }
  });
  // What goes on counts its seconds from when the page was made.
  const lasting = ms => {
    const seconds = Math.floor(ms / 1000);
    const two = number => String(number).padStart(2, "0");
    return seconds < 60 ? `${seconds} s`
      : seconds < 3600 ? `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`
      : `${Math.floor(seconds / 3600)} h ${two(Math.floor(seconds / 60) % 60)} min`;
  };
  setInterval(() => {
    for (const element of document.querySelectorAll("[data-elapsed]")) {
      element.dataset.seen ??= performance.now();
      element.textContent = lasting(Number(element.dataset.elapsed) + performance.now() - element.dataset.seen);
    }
  }, 1000);
  // An entry that is streamed belongs to the call that it is part of, as in a page that is loaded.
  const entries = document.getElementById("entries");
  const placed = new WeakSet(entries ? entries.children : []);
  document.addEventListener("htmx:afterSettle", () => {
    for (const entry of entries ? [...entries.children] : []) {
      if (!placed.has(entry)) {
        placed.add(entry);
        const {use, call, tool} = entry.dataset;
        const open = [...entries.querySelectorAll(":scope > [data-use=call]")]
          .filter(each => each !== entry && !each.querySelector("[data-use=end]"));
        const mine = use === "log" ? open.filter(each => each.dataset.tool === tool)
          : use && use !== "call" ? open.filter(each => each.dataset.call === call).slice(-1) : [];
        if (mine.length === 1) {
          mine[0].append(entry);
        }
      }
    }
  });
  // A stream that reconnects may repeat entries that are already shown.
  document.addEventListener("htmx:sseBeforeMessage", event => {
    const id = event.detail.lastEventId;
    if (event.detail.type === "entry" && id && document.getElementById("entry-" + id)) {
      event.preventDefault();
    }
  });
  // What a person typed is kept in this tab until a page shows that it arrived, and is filled in again after
  // a sign-in, a problem or a lost connection. Keys, passwords and files are not kept.
  const user = document.querySelector("[data-user]")?.dataset.user;
  const place = location.pathname + location.search;
  const lasts = 12 * 60 * 60 * 1000;
  const filled = form => [...form.elements].filter(field => field.name && (field.name === "version"
    || !["hidden", "password", "file", "submit", "button", "fieldset"].includes(field.type)));
  const keep = form => {
    const fields = filled(form).map(field =>
      [field.name, field.value, ["checkbox", "radio"].includes(field.type) ? field.checked : null]);
    sessionStorage.removeItem("again");
    try {
      sessionStorage.setItem("sent", JSON.stringify({user, place, form: form.id, fields, at: Date.now()}));
    } catch {
      // It is too large to be kept.
      sessionStorage.removeItem("sent");
    }
  };
  // The fields that are left have no place in the form yet.
  const fill = (form, fields) => {
    const done = new Set();
    return fields.filter(([name, value, checked]) => {
      const field = filled(form).find(each =>
        !done.has(each) && each.name === name && (checked === null || each.value === value));
      if (!field) {
        return true;
      }
      done.add(field);
      if (checked === null ? field.value !== value : field.checked !== checked) {
        if (checked === null) {
          field.value = value;
        } else {
          field.checked = checked;
        }
        for (let part = field.closest("details"); part; part = part.parentNode.closest("details")) {
          part.open = true;
        }
        field.dispatchEvent(new Event("input", {bubbles: true}));
      }
      return false;
    });
  };
  const restore = kept => {
    const form = document.getElementById(kept.form);
    if (!form) {
      return;
    }
    let left = fill(form, kept.fields);
    const note = document.createElement("p");
    note.id = "restored";
    note.className = "message said";
    note.setAttribute("role", "status");
    note.textContent = "What you typed is back in the form, and is not saved yet."
      + (form.querySelector("[type=password], [type=file]") ? " Keys, passwords and files are not kept: give them again." : "");
    form.before(note);
    // Fields for parameters follow those of the prompt.
    document.addEventListener("htmx:afterSettle", () => {
      left = left.length ? fill(form, left) : left;
    });
  };
  if (user) {
    const kept = JSON.parse(sessionStorage.getItem("sent"));
    // Whoever reloads the page of a problem sends the form again, and this page shows that it arrived.
    const how = performance.getEntriesByType("navigation")[0]?.type;
    const again = how === "back_forward" || (how !== "reload" && sessionStorage.getItem("again"));
    sessionStorage.removeItem("sent");
    sessionStorage.removeItem("again");
    // The page of a form that was refused once may be below that of the form itself.
    const isHere = kept && (kept.place === place || kept.place.startsWith(location.pathname + "/"));
    if (again && isHere && kept.user === user && Date.now() - kept.at < lasts) {
      // Listeners of these fields are registered by then.
      document.addEventListener("DOMContentLoaded", () => restore(kept));
    }
    const isForm = form => form?.id && form.method === "post";
    let typed = null;
    document.addEventListener("input", event => {
      typed = isForm(event.target.form) ? event.target.form : typed;
    });
    document.addEventListener("submit", event => {
      if (isForm(event.target)) {
        keep(event.target);
      } else if (event.target.method === "post") {
        // The user signs out.
        sessionStorage.removeItem("sent");
      }
    });
    // A part of the page that finds no session leads to the sign-in, whatever is being typed.
    document.addEventListener("htmx:beforeOnLoad", event => {
      if (event.detail.xhr.status === 401 && typed?.isConnected) {
        keep(typed);
      }
    });
  } else if (sessionStorage.getItem("sent")) {
    const left = JSON.parse(sessionStorage.getItem("sent")).at + lasts - Date.now();
    const forget = () => {
      sessionStorage.removeItem("sent");
      show(false);
    };
    const show = isKept => document.querySelectorAll("#kept").forEach(words => {
      words.hidden = !isKept;
    });
    if (left > 0) {
      sessionStorage.setItem("again", "true");
      show(true);
      setTimeout(forget, left);
    } else {
      forget();
    }
  }
})();
