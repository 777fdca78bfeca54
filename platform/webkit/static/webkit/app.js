/* Small helpers driven by data attributes. Every page works without them, only less comfortably. */
(function () {
  "use strict";

  var words = function (name) { return document.body.dataset[name] || ""; };

  /* The token goes with every htmx write; forms carry their own. */
  document.addEventListener("htmx:configRequest", function (event) {
    var token = document.querySelector('meta[name="csrf-token"]');
    if (token && event.detail.verb !== "get") { event.detail.headers["X-CSRFToken"] = token.content; }
  });

  function explainNetwork() {
    var place = document.getElementById("problem");
    if (!place) { return; }
    var note = document.createElement("div");
    note.className = "alert yz-alert yz-alert-danger";
    note.setAttribute("role", "alert");
    note.textContent = words("yzNetwork");
    place.replaceChildren(note);
  }
  document.addEventListener("htmx:sendError", explainNetwork);
  document.addEventListener("htmx:timeout", explainNetwork);

  /* One press, one request: a second press while the first is under way does nothing. */
  function markBusy(form, submitter) {
    form.dataset.busy = "yes";
    form.setAttribute("aria-busy", "true");
    if (submitter) { submitter.classList.add("yz-busy"); }
    window.setTimeout(function () {
      form.querySelectorAll('button[type="submit"], button:not([type]), input[type="submit"]').forEach(function (button) { button.disabled = true; });
    }, 0);
  }
  function markIdle(form) {
    delete form.dataset.busy;
    form.removeAttribute("aria-busy");
    form.querySelectorAll(".yz-busy").forEach(function (button) { button.classList.remove("yz-busy"); });
    form.querySelectorAll('button[type="submit"], button:not([type]), input[type="submit"]').forEach(function (button) { button.disabled = false; });
  }
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-busy]").forEach(markIdle);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.target.closest && event.target.closest("form[data-busy]");
    if (form) { markIdle(form); }
  });

  /* A question before the form is sent, in a dialog of the browser's own kind. */
  function ask(form, submitter) {
    var dialog = document.createElement("dialog");
    dialog.className = "yz-dialog";
    dialog.setAttribute("aria-labelledby", "yz-dialog-text");
    var text = document.createElement("p");
    text.id = "yz-dialog-text";
    text.textContent = form.dataset.confirm;
    var row = document.createElement("div");
    row.className = "yz-dialog-row";
    var no = document.createElement("button");
    no.type = "button"; no.className = "btn"; no.textContent = words("yzCancelLabel");
    var yes = document.createElement("button");
    yes.type = "button"; yes.className = "btn btn-primary"; yes.textContent = words("yzConfirmLabel");
    if (submitter && submitter.classList.contains("btn-danger")) { yes.className = "btn btn-danger"; }
    row.append(no, yes);
    dialog.append(text, row);
    document.body.append(dialog);
    no.addEventListener("click", function () { dialog.close(); });
    yes.addEventListener("click", function () {
      form.dataset.confirmed = "yes";
      dialog.close();
      if (submitter && submitter.form === form) { form.requestSubmit(submitter); } else { form.requestSubmit(); }
    });
    dialog.addEventListener("close", function () { dialog.remove(); if (submitter) { submitter.focus(); } });
    dialog.showModal();
    no.focus();
  }

  /* In the capture phase, so that htmx sees the event only after the answer. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!(form instanceof HTMLFormElement)) { return; }
    if (form.dataset.busy) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    if (form.dataset.confirm && form.dataset.confirmed !== "yes") {
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(form, event.submitter);
      return;
    }
    delete form.dataset.confirmed;
    if (form.method === "post" && !form.hasAttribute("data-many")) { markBusy(form, event.submitter); }
  }, true);

  document.addEventListener("change", function (event) {
    var field = event.target;
    if (field.matches && field.matches("[data-autosubmit]") && field.form) { field.form.requestSubmit(); }
  });

  document.addEventListener("click", function (event) {
    var target = event.target.closest ? event.target : null;
    if (!target) { return; }
    var copy = target.closest("[data-copy]");
    if (copy && navigator.clipboard) {
      navigator.clipboard.writeText(copy.dataset.copy).then(function () {
        var note = document.createElement("span");
        note.className = "yz-copied";
        note.setAttribute("role", "status");
        note.textContent = words("yzCopied");
        copy.after(note);
        window.setTimeout(function () { note.remove(); }, 1500);
      });
    }
    var dismiss = target.closest("[data-dismiss]");
    if (dismiss) { dismiss.closest(".yz-alert").remove(); }
    var print = target.closest("[data-print]");
    if (print) { window.print(); }
    var toggle = target.closest("[data-toggle-nav]");
    if (toggle) {
      var nav = document.getElementById(toggle.getAttribute("aria-controls"));
      var open = nav.classList.toggle("is-open");
      toggle.setAttribute("aria-expanded", open ? "true" : "false");
    }
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      if (!menu.contains(target)) { menu.open = false; }
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  /* Narrow screens show each row as a card: cells learn their column's name, and keep their roles,
     which display:block would take away. */
  function stack(root) {
    root.querySelectorAll("table.yz-stack:not(.is-stackable)").forEach(function (table) {
      var names = Array.from(table.querySelectorAll("thead th")).map(function (cell) { return cell.textContent.trim(); });
      if (!names.length) { return; }
      table.setAttribute("role", "table");
      table.querySelectorAll("thead, tbody, tfoot").forEach(function (part) { part.setAttribute("role", "rowgroup"); });
      table.querySelectorAll("tr").forEach(function (row) { row.setAttribute("role", "row"); });
      table.querySelectorAll("thead th").forEach(function (cell) { cell.setAttribute("role", "columnheader"); });
      table.querySelectorAll("tbody tr, tfoot tr").forEach(function (row) {
        var column = 0;
        Array.from(row.cells).forEach(function (cell) {
          cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
          if (cell.colSpan === 1 && names[column]) { cell.dataset.label = names[column]; }
          column += cell.colSpan;
        });
      });
      table.classList.add("is-stackable");
    });
  }
  document.addEventListener("htmx:load", function (event) {
    var table = event.target.closest && event.target.closest("table");
    if (table) { table.classList.remove("is-stackable"); }
    stack(document);
  });

  /* An error in the list names its field and leads to it, when the field is on this page. */
  function nameErrors() {
    document.querySelectorAll(".yz-errors a:not([data-named])").forEach(function (link) {
      link.dataset.named = "yes";
      var id = link.getAttribute("href").slice(1);
      var field = document.getElementById(id) || document.getElementById(id + "_0");
      if (!field) { link.replaceWith(link.textContent); return; }
      link.href = "#" + field.id;
      var group = field.type === "radio" && field.closest("fieldset");
      var label = group ? group.querySelector("legend") : document.querySelector('label[for="' + CSS.escape(id) + '"]');
      if (label) { link.prepend(label.firstChild.textContent.trim() + words("yzColon")); }
    });
  }
  document.addEventListener("htmx:afterSwap", nameErrors);

  /* A folded group of the menu shows the sum of the badges in it. */
  document.addEventListener("htmx:afterSwap", function (event) {
    var group = event.target.closest(".yz-nav-group");
    if (!group) { return; }
    var sum = Array.from(group.querySelectorAll("a .yz-nav-badge")).reduce(function (before, badge) {
      return before + (parseInt(badge.textContent, 10) || 0);
    }, 0);
    group.querySelector("[data-badges]").textContent = sum || "";
  });

  nameErrors();
  stack(document);
  var problem = document.getElementById("problem-alert");
  if (problem) { problem.focus({ preventScroll: false }); }
})();
