// What every page needs once it is there. Pages read and work without it.
import { keepTimesLocal } from "./times.js";
import { walkRows } from "./rows.js";
import { openSheets } from "./sheets.js";
import { copyOnPress } from "./copying.js";
import { confirmBeforeSending, openMenu, saySending } from "./forms.js";
import { listenToKeys } from "./keys.js";
import { openPalette } from "./palette.js";
import { goOffline } from "./offline/here.js";
import { answerByKeys } from "./verdicts.js";
import { serveOffline } from "./installing.js";
import { followStreams } from "./streams.js";

keepTimesLocal(document);
walkRows();
openSheets();
copyOnPress();
confirmBeforeSending();
openMenu();
saySending();
listenToKeys();
openPalette();
answerByKeys();
goOffline();
serveOffline();
followStreams();

document.addEventListener("htmx:after:swap", () => {
  keepTimesLocal(document);
  drawCharts();
});
drawCharts();

// Charts and their libraries are heavy: they are loaded where there is one to draw.
function drawCharts() {
  if (document.querySelector("[data-chart]:not([data-drawn])")) {
    import("./charts.js").then(({ drawAll }) => drawAll(document));
  }
}
