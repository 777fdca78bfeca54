/* News from the live process: fetch the badges again, and the list where it is open. Every page works without it. */
(function () {
  "use strict";
  var place = document.querySelector("[data-live-url]");
  if (!place || !place.dataset.liveUrl || !window.EventSource || !window.htmx) { return; }
  var source = new EventSource(place.dataset.liveUrl);
  source.addEventListener("inbox", function () {
    window.htmx.trigger(document.body, "yz:badges");
    window.htmx.trigger(document.body, "yz:inbox");
  });
  /* A ticket lasts ten minutes; after a refusal the page is as good as one without news. */
  source.addEventListener("error", function () { if (source.readyState === EventSource.CLOSED) { source.close(); } });
  window.addEventListener("pagehide", function () { source.close(); });
})();
