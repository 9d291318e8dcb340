"use strict";
(() => {
  const all = (s, e) => [...(e || document).querySelectorAll(s)];
  const make = (n, p, t) => { const e = document.createElement(n); if (t) e.textContent = t; if (p) p.append(e); return e; };
  /* Tables: sorted by a button in each heading, and filtered. */
  all(".tools").forEach(box => {
    const table = box.querySelector("table"), body = table.tBodies[0], rows = [...body.rows];
    const label = make("label", null, "Filter "), input = make("input", label), count = make("output", label);
    label.className = "filter"; input.type = "search"; box.before(label);
    input.oninput = () => {
      const words = input.value.toLowerCase().split(/\s+/);
      let n = 0;
      rows.forEach(r => { const on = words.every(w => r.textContent.toLowerCase().includes(w)); r.hidden = !on; n += on; });
      count.textContent = n + " of " + rows.length;
    };
    all("thead th", table).forEach((th, i) => {
      const b = make("button", null, th.textContent); b.type = "button"; th.textContent = ""; th.append(b);
      b.onclick = () => {
        const down = th.getAttribute("aria-sort") === (th.className ? "descending" : "ascending") ? !th.className : !!th.className;
        all("thead th", table).forEach(o => o.removeAttribute("aria-sort"));
        th.setAttribute("aria-sort", down ? "descending" : "ascending");
        const key = r => { const c = r.cells[i]; return "k" in c.dataset ? +c.dataset.k : c.textContent; };
        const sign = down ? -1 : 1;
        [...rows].sort((p, q) => { const a = key(p), b = key(q); return sign * (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b))); })
          .forEach(r => body.append(r));
      };
    });
  });
  /* Charts: values under the pointer or the arrow keys; dragging, or + and -, shows a part of the time. */
  const pad = n => String(Math.floor(n)).padStart(2, "0");
  const clock = (s, fine) => (s >= 3600 ? Math.floor(s / 3600) + ":" + pad(s % 3600 / 60) : Math.floor(s / 60)) + ":" + pad(s % 60) + (fine ? "." + Math.floor(s % 1 * 10) : "");
  let from = 0, to = 1;
  const plots = all(".plot"), timed = plots.filter(p => p.dataset.s);
  const reset = make("button", null, "Show the whole run"); reset.className = "zoom"; reset.type = "button"; reset.hidden = true;
  if (timed.length) timed[0].closest("section").prepend(reset);
  const zoom = (a, b) => {
    if (b - a < 0.004) return;
    from = Math.max(0, a); to = Math.min(1, b); reset.hidden = from === 0 && to === 1;
    timed.forEach(p => {
      p.querySelector("svg").setAttribute("viewBox", from * 1000 + " 0 " + (to - from) * 1000 + " 200");
      const t0 = +p.dataset.t, span = +p.dataset.s;
      all(".x", p).forEach((x, i, l) => {
        const f = l.length > 1 ? i / (l.length - 1) : 0;
        x.className = "x" + (i === 0 ? " first" : i === l.length - 1 ? " last" : "");
        x.style.left = f * 100 + "%"; x.textContent = clock(t0 + (from + f * (to - from)) * span, (to - from) * span < 20);
      });
      all(".at", p).forEach(x => { const f = (+x.dataset.f - from) / (to - from); x.hidden = f < 0 || f > 1; x.style.left = f * 100 + "%"; });
    });
  };
  reset.onclick = () => zoom(0, 1);
  plots.forEach(p => {
    const svg = p.querySelector("svg"), xs = p.dataset.x.split(" ").map(Number), lines = all("[data-v]", p);
    const names = p.dataset.n ? p.dataset.n.split("|") : null, isTimed = !!p.dataset.s;
    const values = lines.map(l => l.dataset.v.split(" "));
    const read = make("p"); read.className = "read"; read.setAttribute("aria-live", "polite"); p.parentNode.append(read);
    p.tabIndex = 0; p.setAttribute("role", "group"); p.setAttribute("aria-label", svg.getAttribute("aria-label") + ". Arrow keys show values" + (isTimed ? ", plus and minus zoom." : "."));
    const cursor = document.createElementNS("http://www.w3.org/2000/svg", "path"); cursor.setAttribute("class", "cur"); svg.append(cursor);
    let at = -1, drag = null;
    const show = i => {
      at = Math.max(0, Math.min(xs.length - 1, i));
      cursor.setAttribute("d", "M" + xs[at] + " 0V200");
      let head = names ? names[at] : "";
      if (isTimed) {
        const s = +p.dataset.t + xs[at] / 1000 * p.dataset.s;
        head = clock(s, p.dataset.s < 60) + (p.dataset.w ? " (" + new Date(+p.dataset.w + s * 1000).toISOString().slice(0, 19).replace("T", " ") + " UTC)" : "");
      }
      read.textContent = head + "  " + lines.map((l, k) => l.dataset.l + " " + (values[k][at] === "-" ? "none" : values[k][at].replace(":", " to ") + " " + p.dataset.u)).join(" \u00b7 ");
    };
    const place = e => { const r = svg.getBoundingClientRect(), f = Math.max(0, Math.min(1, (e.clientX - r.left) / r.width)); return isTimed ? from + f * (to - from) : f; };
    const nearest = f => { let best = 0; xs.forEach((x, i) => { if (Math.abs(x - f * 1000) < Math.abs(xs[best] - f * 1000)) best = i; }); return best; };
    p.onpointermove = e => show(nearest(place(e)));
    p.onpointerdown = e => { drag = place(e); };
    p.onpointerup = e => { if (isTimed && drag !== null) { const f = place(e); if (Math.abs(f - drag) * 1000 / (to - from) > 15) zoom(Math.min(f, drag), Math.max(f, drag)); } drag = null; };
    p.onpointerleave = () => { cursor.removeAttribute("d"); drag = null; };
    p.onkeydown = e => {
      const step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10, Home: -1e9, End: 1e9 }[e.key];
      if (step) show(at + step);
      else if (isTimed && (e.key === "+" || e.key === "-")) { const c = at < 0 ? 0.5 : xs[at] / 1000, h = (to - from) * (e.key === "+" ? 0.25 : 1); zoom(c - h, c + h); }
      else if (e.key === "Escape") zoom(0, 1);
      else return;
      e.preventDefault();
    };
  });
})();
