"use strict";
// The code of an invitation is in the fragment of the address, which browsers do not send.
(() => {
  const form = document.getElementById("invitation");
  const ways = document.getElementById("ways");
  function show() {
    const link = /^#invitations\/([A-Za-z0-9_-]+)$/.exec(location.hash);
    if (!link || !ways) {
      return;
    }
    document.getElementById("title").textContent = "Choose a password";
    form.elements.code.value = link[1];
    form.hidden = false;
    ways.hidden = true;
    form.elements.password.focus();
  }
  function compare() {
    const same = form.elements.password.value === form.elements.again.value;
    form.elements.again.setCustomValidity(same ? "" : "The two passwords differ.");
  }
  form.addEventListener("input", compare);
  addEventListener("hashchange", show);
  show();
})();
