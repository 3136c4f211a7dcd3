// The map of a route. Its tables say the same, so a page without this script lacks no fact.

const { L } = globalThis;
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const byMouse = matchMedia("(pointer: fine)").matches; // a finger on the map scrolls the page

// Edges of the shapes are straight in longitude and latitude; here they stay straight. True to
// scale at 45° N.
const CHART = {
  ...L.CRS.EPSG4326,
  transformation: L.transformation(Math.SQRT1_2 / 180, 1, -1 / 180, 0.5),
};
const WINDOW = L.latLngBounds([28, 18], [60, 96]);

async function shapesAt(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return (await answer.json()).features;
}

// ---- Labels: at a place beside their spot that no other label has taken ---------------------------

const BESIDE = [[1, 0], [-1, 0], [0, -1], [0, 1]];
const AROUND = [...BESIDE, [1, -1], [-1, -1], [1, 1], [-1, 1]];
const WITHIN = [
  [0, 0], [0, -1.5], [0, 1.5], [-.8, 0], [.8, 0], [0, -3], [0, 3], [-.8, -1.5], [.8, 1.5],
];

class Labels {
  constructor(map) {
    this.map = map;
    this.pane = map.createPane("names");
    this.pane.setAttribute("aria-hidden", "true");
    this.all = [];
    this.points = [];
    this.track = [];
    map.on("zoomstart", () => { this.pane.hidden = true; });
    map.on("moveend", () => this.place());
  }

  /** Keep a name; `spot` gives its place in the view, if it has one there now, how far
      from it the name may lie, and in which `area`. */
  add(text, className, spot, place) {
    const node = L.DomUtil.create("span", `map-name ${className}`, this.pane);
    node.textContent = text;
    this.all.push({ node, spot, ...place });
    this.all.sort((one, other) => one.rank - other.rank);
  }

  /** `on` is the layer without which it is not named. */
  atPoint(text, className, point, place, on = null) {
    const spot = () =>
      on && !this.map.hasLayer(on) ? null : { at: this.map.latLngToContainerPoint(point), reach: 1 };
    this.add(text, className, spot, { gap: 8, overTrack: true, ...place });
  }

  /** `ring` is the edge of the area; of one that is hardly seen there is no name, in a large one
      there is more room beside the route. */
  inArea(text, className, ring, rank, on = null) {
    const spot = (size) => {
      if (on && !this.map.hasLayer(on)) return null;
      const seen = L.PolyUtil.clipPolygon(ring.map((at) => this.map.latLngToContainerPoint(at)), this.view);
      const { area, centre } = middle(seen);
      const room = area / (size.x * size.y);
      return room > 3 ? { at: centre, reach: Math.max(1, Math.sqrt(room) / 3), area: seen } : null;
    };
    this.add(text, className, spot, { rank, shifts: WITHIN, gap: 0, overTrack: false });
  }

  place() {
    this.pane.hidden = false;
    this.view = L.bounds([0, 0], this.map.getSize());
    this.lines = this.track.map((line) => line.map((at) => this.map.latLngToContainerPoint(at)));
    const taken = this.taken();
    for (const label of this.all) {
      const size = L.point(label.node.offsetWidth, label.node.offsetHeight);
      const spot = label.spot(size);
      const best = spot && this.best(label, spot, size, taken);
      label.node.style.visibility = best ? "" : "hidden";
      if (!best) continue;
      taken.push(best);
      L.DomUtil.setPosition(label.node, this.map.containerPointToLayerPoint(best.min));
    }
  }

  /** What no label may cover: the buttons and the points. */
  taken() {
    const box = this.map.getContainer();
    const { left, top } = box.getBoundingClientRect();
    const buttons = [...box.querySelectorAll(".leaflet-control")].map((node) => {
      const rect = node.getBoundingClientRect();
      return L.bounds([rect.left - left, rect.top - top], [rect.right - left, rect.bottom - top]);
    });
    const points = this.points.map((point) => this.map.latLngToContainerPoint(point));
    return [...buttons, ...points.map((at) => L.bounds(at.subtract([5, 5]), at.add([5, 5])))];
  }

  best(label, { at, reach, area }, size, taken) {
    const step = size.divideBy(2).add([label.gap, label.gap]).multiplyBy(reach);
    const places = label.shifts.map(([x, y], order) => {
      const centre = at.add([x * step.x, y * step.y]);
      const rect = L.bounds(centre.subtract(size.divideBy(2)), centre.add(size.divideBy(2)));
      return { rect, order, crossed: this.crossed(rect) };
    });
    return places
      .filter(({ rect }) => this.view.contains(rect) && !taken.some((other) => other.intersects(rect)))
      .filter(({ rect }) => !area || holds(area, rect.getCenter()))
      .filter(({ crossed }) => label.overTrack || !crossed)
      .sort((one, other) => one.order - other.order + 10 * (one.crossed - other.crossed))[0]?.rect;
  }

  /** How many pieces of the route run through a place. */
  crossed(rect) {
    let count = 0;
    for (const line of this.lines) {
      for (let at = 1; at < line.length; at += 1) {
        if (L.LineUtil.clipSegment(line[at - 1], line[at], rect)) count += 1;
      }
    }
    return count;
  }
}

function middle(ring) {
  let twice = 0;
  let x = 0;
  let y = 0;
  ring.forEach((one, at) => {
    const next = ring[(at + 1) % ring.length];
    const cross = one.x * next.y - next.x * one.y;
    twice += cross;
    x += (one.x + next.x) * cross;
    y += (one.y + next.y) * cross;
  });
  return { area: Math.abs(twice) / 2, centre: L.point(x / (3 * twice), y / (3 * twice)) };
}

/** Whether a place lies in a ring: a line to the east of it meets the edge an odd number of times. */
function holds(ring, { x, y }) {
  return ring.filter((one, at) => {
    const next = ring[(at + 1) % ring.length];
    return (one.y > y) !== (next.y > y)
      && x < one.x + (next.x - one.x) * (y - one.y) / (next.y - one.y);
  }).length % 2 === 1;
}

/** The largest outer ring among features, as [lat, lon]. */
function largestRing(features) {
  const rings = features.flatMap(({ geometry: { type, coordinates } }) =>
    (type === "Polygon" ? [coordinates] : coordinates).map(([outer]) => outer));
  const area = (ring) => middle(ring.map(([x, y]) => ({ x, y }))).area;
  return rings.sort((one, other) => area(other) - area(one))[0].map(([lon, lat]) => [lat, lon]);
}

// ---- What is drawn --------------------------------------------------------------------------------

const asShape = (className, pane, smoothFactor = 1) =>
  ({ className: `map-shape ${className}`, interactive: false, pane, smoothFactor });

function drawStates(map, labels, features, states) {
  const onRoute = new Map(states.map((state) => [state.code, state]));
  const order = ["sea", "territorial_sea", "land"];
  const sorted = features.sort((one, other) =>
    order.indexOf(one.properties.kind) - order.indexOf(other.properties.kind));
  L.geoJSON(sorted, {
    style: ({ properties: { kind, iso2 } }) => {
      const hue = onRoute.get(iso2)?.hue;
      return asShape(`map-${kind} ${hue ? `map-on-route hue-${hue}` : ""}`, "tilePane");
    },
  }).addTo(map);
  for (const feature of sorted.filter(({ properties: { kind } }) => kind === "sea")) {
    labels.inArea(feature.properties.name, "map-name-sea", largestRing([feature]), 3);
  }
  const land = new Map();
  for (const feature of sorted.filter(({ properties: { kind } }) => kind === "land")) {
    const { iso2 } = feature.properties;
    land.set(iso2, [...(land.get(iso2) ?? []), feature]);
  }
  for (const [code, parts] of land) {
    const state = onRoute.get(code);
    const name = state?.name ?? parts[0].properties.name;
    labels.inArea(name, state ? `map-name-state hue-${state.hue}` : "", largestRing(parts), state ? 1 : 2);
  }
}

function drawFirs(group, labels, features) {
  L.geoJSON(features, { style: () => asShape("map-fir", "firs") }).addTo(group);
  for (const feature of features) {
    labels.inArea(feature.properties.icao, "map-name-fir", largestRing([feature]), 1.5, group);
  }
}

function drawZones(group, labels, zones) {
  for (const { name, text, ring } of zones) {
    const zone = L.polygon(ring, { className: "map-shape map-zone", pane: "firs" });
    zone.bindTooltip(text, { sticky: true });
    zone.on("add", () => zone.getElement().setAttribute("tabindex", "-1"));
    zone.addTo(group);
    const middle = L.latLngBounds(ring).getCenter();
    labels.atPoint(name, "map-name-zone", middle, { rank: .7, shifts: AROUND }, group);
  }
}

function drawTrack(map, labels, track) {
  for (const { hue, line } of track) {
    const over = hue ? `hue-${hue}` : "map-track-outside";
    L.polyline(line, asShape("map-track-edge", "track", 0)).addTo(map);
    L.polyline(line, asShape(`map-track ${over}`, "track", 0)).addTo(map);
    labels.track.push(line);
  }
}

/** Which mark lies above which; a map reads from the north, so Leaflet counts in pixels of it. */
const DEPTHS = { declared: 0, border: 2000, point: 4000, handover: 6000 };

function drawMarks(groups, labels, marks) {
  for (const { kind, label, text, at } of marks) {
    const icon = L.divIcon({ className: `map-mark map-mark-${kind}`, iconSize: [24, 24] });
    const marker = L.marker(at, { icon, riseOnHover: true, zIndexOffset: DEPTHS[kind], keyboard: false });
    marker.bindTooltip(text, { offset: [8, 0] });
    marker.on("add", () => {
      marker.getElement().setAttribute("role", "img");
      marker.getElement().tabIndex = -1;
      marker.getElement().setAttribute("aria-label", text);
    });
    marker.addTo(groups[kind === "declared" ? "declared" : "marks"]);
    labels.points.push(at);
    const place = kind === "border" ? { rank: .5, shifts: BESIDE } : { rank: 0, shifts: AROUND };
    if (label) labels.atPoint(label, `map-name-${kind}`, at, place);
  }
}

// ---- The page around it ---------------------------------------------------------------------------

function open(box, bounds) {
  const { textZoomIn: zoomInTitle, textZoomOut: zoomOutTitle } = box.dataset;
  const map = L.map(box, {
    crs: CHART,
    maxBounds: WINDOW,
    minZoom: 2,
    maxZoom: 9,
    zoomSnap: .25,
    zoomDelta: 1,
    scrollWheelZoom: false,
    dragging: byMouse,
    zoomControl: false,
    attributionControl: false, // the caption says it, on paper too
    zoomAnimation: false,
    inertia: !still,
  });
  // Leaflet rounds to whole pixels, and a curve of short pieces would tremble.
  map.latLngToLayerPoint = (at) => map.project(L.latLng(at)).subtract(map.getPixelOrigin());
  const fit = () => map.fitBounds(bounds, { padding: [28, 28], maxZoom: 7, animate: false });
  fit(); // Leaflet wants a view before its first layer
  L.control.zoom({ position: "bottomright", zoomInTitle, zoomOutTitle }).addTo(map);
  for (const button of box.querySelectorAll(".leaflet-control a")) button.tabIndex = -1;
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") map.eachLayer((layer) => layer.closeTooltip?.());
    const step = { PageDown: 1, PageUp: -1 }[event.key];
    if (step && stepTo(box, step)) event.preventDefault();
  });
  return { map, fit };
}

/** The map is one tab stop; Page Up and Page Down go from mark to mark, as the route does, and from
    zone to zone. */
function stepTo(box, by) {
  const marks = [...box.querySelectorAll(".map-mark, .map-zone")];
  const at = marks.indexOf(document.activeElement);
  const next = marks[at < 0 && by < 0 ? marks.length - 1 : at + by];
  next?.focus();
  return Boolean(next);
}

function onPaper(box, map, fit) {
  const resize = () => {
    map.invalidateSize({ animate: false });
    fit();
  };
  addEventListener("beforeprint", () => {
    box.classList.add("map-on-paper");
    resize();
  });
  addEventListener("afterprint", () => {
    box.classList.remove("map-on-paper");
    resize();
  });
}

async function show(figure) {
  const box = figure.querySelector("[data-map]");
  const data = JSON.parse(document.getElementById(box.dataset.map).textContent);
  for (const node of figure.querySelectorAll("[hidden]")) node.hidden = false;

  const bounds = L.latLngBounds(data.track.flatMap(({ line }) => line));
  const { map, fit } = open(box, bounds);
  for (const [pane, depth] of [["firs", 410], ["track", 420]]) map.createPane(pane).style.zIndex = depth;
  const labels = new Labels(map);
  const groups = Object.fromEntries(
    ["firs", "zones", "declared", "marks"].map((name) => [name, L.layerGroup()]));
  drawTrack(map, labels, data.track);
  drawMarks(groups, labels, data.marks);
  drawZones(groups.zones, labels, data.zones);
  groups.marks.addTo(map);
  onPaper(box, map, fit);

  let firs = null;
  const follow = async ({ dataset: { mapLayer: name }, checked }) => {
    if (name === "firs" && checked && !firs) {
      firs = shapesAt(box.dataset.firs).then((features) => drawFirs(groups.firs, labels, features));
    }
    await firs;
    groups[name][checked ? "addTo" : "removeFrom"](map);
    labels.place();
  };
  for (const layer of figure.querySelectorAll("[data-map-layer]")) {
    layer.addEventListener("change", () => follow(layer));
    follow(layer);
  }
  figure.querySelector("[data-map-whole]").addEventListener("click", fit);

  drawStates(map, labels, await shapesAt(box.dataset.states), data.states);
  labels.place();
}

for (const figure of document.querySelectorAll("[data-map-figure]")) show(figure);
