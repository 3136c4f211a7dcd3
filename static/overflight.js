// Everything here is a convenience: each page works without it.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const text = (name) => document.body.dataset[name] ?? "";
const set = (node, value) => {
  if (node.textContent !== value) node.textContent = value;
};

// ---- The exercise clock ----------------------------------------------------------------------

let clock = null;

function readClock() {
  const node = document.querySelector("[data-sim-now]");
  if (!node) return;
  const { simNow, simRate, wallNow } = node.dataset;
  if (clock?.simNow === simNow && clock.simRate === simRate && clock.wallNow === wallNow) return;
  const said = Date.parse(wallNow);
  const agrees = Math.abs(Date.now() - said) < 60_000;
  clock = { simNow, simRate, wallNow, from: agrees ? said : Date.now() };
}

function simulated() {
  if (!clock) return Date.now();
  return Date.parse(clock.simNow) + (Date.now() - clock.from) * Number(clock.simRate);
}

const two = (number) => String(number).padStart(2, "0");
const hourOf = (ms) => two(new Date(ms).getUTCHours());
const minuteOf = (ms) => two(new Date(ms).getUTCMinutes());

function dateOf(ms) {
  const parts = new Intl.DateTimeFormat(document.documentElement.lang, {
    weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC",
  }).formatToParts(ms);
  const pick = (type) => parts.find((part) => part.type === type).value;
  return ["weekday", "day", "month", "year"].map(pick).join(" ");
}

function duration(seconds) {
  const [d, h, min, s] = text("textUnits").split(" ");
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor((seconds % 86400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (days) return hours ? `${days} ${d} ${hours} ${h}` : `${days} ${d}`;
  if (hours) return minutes ? `${hours} ${h} ${minutes} ${min}` : `${hours} ${h}`;
  if (minutes) return `${minutes} ${min}`;
  return `${Math.floor(seconds)} ${s}`;
}

function showClock(now) {
  const rate = Number(clock.simRate);
  if (!rate) return;
  const seconds = rate < 60 ? `:${two(new Date(now).getUTCSeconds())}` : "";
  for (const node of all("[data-sim-utc]")) set(node, `${hourOf(now)}:${minuteOf(now)}${seconds}Z`);
  for (const node of all("[data-sim-zone]")) {
    const local = now + Number(node.dataset.simZone) * 1000;
    set(node, `${hourOf(local)}:${minuteOf(local)}`);
  }
  if (now - (now % 86_400_000) > Date.parse(clock.simNow)) {
    for (const node of all("[data-sim-date]")) set(node, dateOf(now));
  }
}

function showCountdown(node, now) {
  const left = Math.floor((Date.parse(node.dataset.countdown) - now) / 1000);
  const words = left < 0 ? text("textOverdue") : text("textLeft");
  set(node, words.replace("%s", duration(Math.abs(left))));
  const due = node.closest(".due");
  if (due && left < 0) {
    due.classList.remove("due-ok", "due-soon");
    due.classList.add("due-overdue");
  }
}

function tick() {
  readClock();
  if (!clock) return;
  const now = simulated();
  showClock(now);
  for (const node of all("[data-countdown]")) showCountdown(node, now);
}

tick();
setInterval(tick, 500);

// ---- Live parts: what the reader opened or typed survives an update -----------------------------

if (globalThis.Idiomorph) {
  Idiomorph.defaults.ignoreActiveValue = true;
  // A map that is drawn stays, until the route is another.
  Idiomorph.defaults.callbacks.beforeNodeMorphed = (node, fresh) =>
    !(node.dataset?.keep && node.dataset.keep === fresh.dataset?.keep);
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) =>
    !(name === "open" && node.matches("details, dialog")) &&
    !(name === "value" && node.type !== "hidden" && node.value !== node.defaultValue);
}
document.addEventListener("htmx:afterSwap", tick);
document.addEventListener("htmx:afterSettle", tick);

// ---- Dialogs, and a second thought before what cannot be undone ---------------------------------

for (const opener of all("[data-dialog]")) {
  opener.hidden = false;
  opener.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a link may lead there as well
    event.preventDefault();
    document.getElementById(opener.dataset.dialog).showModal();
  });
}

const confirmed = new WeakSet();
const submitters = (form) => [...form.elements].filter((node) => node.type === "submit");

function confirmFirst(event, form, asks) {
  const dialog = document.getElementById("confirm");
  event.preventDefault();
  const submitter = event.submitter;
  dialog.querySelector("[data-confirm-text]").textContent = asks;
  set(dialog.querySelector("[data-confirm-yes]"), submitter?.textContent.trim() ?? "");
  dialog.returnValue = "no";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return;
    confirmed.add(form);
    form.requestSubmit(submitter);
  }, { once: true });
  dialog.showModal();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.submitter?.matches("[data-only-shows]")) return;
  const asks = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (asks && !confirmed.has(form)) {
    confirmFirst(event, form, asks);
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => submitters(form).forEach((button) => { button.disabled = true; }));
});

addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of all("form[data-sent]")) {
    delete form.dataset.sent;
    confirmed.delete(form);
    submitters(form).forEach((button) => { button.disabled = false; });
  }
});

// ---- Leaving with unsaved work asks first --------------------------------------------------------

function isTouched(item) {
  if (item.type === "hidden") return false;
  if (item.type === "checkbox" || item.type === "radio") return item.checked !== item.defaultChecked;
  if (item.matches("input, textarea")) return item.value !== item.defaultValue;
  if (!item.matches("select:not([multiple])")) return false;
  const first = [...item.options].findIndex((option) => option.defaultSelected);
  return item.selectedIndex !== Math.max(first, 0);
}

const isUnsaved = (form) =>
  !form.dataset.sent && (form.dataset.guard === "unsaved" || [...form.elements].some(isTouched));

addEventListener("beforeunload", (event) => {
  if (all("form[data-guard]").some(isUnsaved)) event.preventDefault();
});
for (const link of all("[data-leave]")) {
  link.addEventListener("click", () => { link.closest("form").dataset.sent = "yes"; });
}

// ---- A link to an item of a form puts the cursor into it -----------------------------------------

function focusNamed() {
  const item = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!item) return;
  for (const details of all("details")) if (details.contains(item)) details.open = true;
  (item.matches("input, select, textarea, a, button") ? item : item.querySelector("input, select"))?.focus();
}
if (location.hash.startsWith("#id_")) focusNamed();
addEventListener("hashchange", () => { if (location.hash.startsWith("#id_")) focusNamed(); });

// ---- The rest of a case, in tabs: without the reload that a link makes, so typed words stay ------

function showTab(name) {
  document.querySelector("[data-tab]").dataset.tab = name;
  for (const link of all("[data-show-tab]")) {
    if (link.dataset.showTab === name) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-show-tab]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  showTab(link.dataset.showTab);
  history.replaceState(null, "", link.getAttribute("href"));
});
document.addEventListener("htmx:afterSwap", () => {
  const shown = document.querySelector("[data-tab]")?.dataset.tab;
  if (shown) showTab(shown);
});

// ---- Errors get the focus -----------------------------------------------------------------------

document.querySelector("[data-focus]")?.focus();

// ---- Menus close when the reader turns elsewhere --------------------------------------------------

const menus = () => all("details.seat-switch[open], .due details[open]");
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// ---- Colours --------------------------------------------------------------------------------------

for (const toggle of all("[data-theme-toggle]")) {
  const order = ["auto", "light", "dark"];
  const name = () => {
    const choice = document.documentElement.dataset.themeChoice;
    toggle.setAttribute("aria-label", toggle.dataset[`text${choice[0].toUpperCase()}${choice.slice(1)}`]);
    toggle.title = toggle.getAttribute("aria-label");
  };
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    const next = order[(order.indexOf(document.documentElement.dataset.themeChoice) + 1) % 3];
    localStorage.setItem("overflight.theme", next);
    dispatchEvent(new Event("overflight:theme"));
    name();
  });
  name();
}

// ---- Rows of a formset -------------------------------------------------------------------------------

for (const formset of all("[data-formset]")) {
  const total = formset.querySelector("[name$=-TOTAL_FORMS]");
  const rows = formset.querySelector("[data-rows]");
  const empty = formset.querySelector("template");
  const add = formset.querySelector("[data-add]");
  add.hidden = false;
  add.addEventListener("click", () => {
    rows.insertAdjacentHTML("beforeend", empty.innerHTML.replaceAll("__prefix__", total.value));
    total.value = Number(total.value) + 1;
    htmx.process(rows.lastElementChild);
    rows.lastElementChild.querySelector("input, select")?.focus();
  });
}

// What the table of dangerous goods says of a number stands below its line.
document.addEventListener("htmx:configRequest", ({ target, detail }) => {
  if (!target.matches("[data-look-up]")) return;
  detail.parameters = { q: target.querySelector("input").value };
});

// ---- Keyboard --------------------------------------------------------------------------------------

const KEYS = "overflight.keys";
const keysOn = () => localStorage.getItem(KEYS) !== "off";
let before = "";

for (const box of all("[data-keys-switch]")) {
  box.checked = keysOn();
  box.addEventListener("change", () => localStorage.setItem(KEYS, box.checked ? "on" : "off"));
}

function step(by) {
  const links = all("[data-row]").map((row) => row.querySelector("a[href]")).filter(Boolean);
  const at = links.findIndex((link) => link.closest("[data-row]").contains(document.activeElement));
  links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable], dialog");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !keysOn()) return;
  const pressed = before ? `${before} ${event.key}` : event.key;
  before = "";
  const link = all("[data-key]").find((node) => node.dataset.key === pressed);
  if (link) link.click();
  else if (pressed === "m") document.getElementById("moves")?.focus();
  else if (pressed === "/") document.querySelector("input[type=search]")?.focus();
  else if (pressed === "?") document.getElementById("keys").showModal();
  else if (pressed === "j") step(1);
  else if (pressed === "k") step(-1);
  else if (pressed === "g") before = "g";
  else return;
  event.preventDefault();
});
