// The one entry: each module does one thing, finds its own elements by data attributes, and works on fragments that arrive later.
import "./keyboard.js";
import "./scanner.js";
import "./forms.js";
import "./errors.js";
import "./panel.js";
import "./rows.js";
import "./pick.js";
import "./htmx-answers.js";
import "./palette.js";
import "./live.js";
import "./settings.js";
import "./reach.js";
