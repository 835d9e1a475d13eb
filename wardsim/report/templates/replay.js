"use strict";
(function () {
  const box = document.getElementById("replay");
  const day = JSON.parse(document.getElementById("replay-day").textContent);
  const slider = document.getElementById("replay-time");
  const shown = document.getElementById("replay-clock");
  const play = document.getElementById("replay-play");
  const told = document.getElementById("replay-told");
  const floor = document.getElementById("replay-floor");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const STEP = calm ? 60 : 5, EVERY = calm ? 1500 : 250, HOUR = 60, LAST = 1439;
  let timer = 0;

  const lists = day.groups.concat(["patients on the ward (filled: with staff)", "patients on leave"]).map(function (words) {
    const part = document.createElement("div"), head = document.createElement("h4"), list = document.createElement("ul");
    head.textContent = words;
    if (words.startsWith("patients")) part.className = "chips";
    part.append(head, list);
    floor.append(part);
    return { words: words, head: head, list: list };
  });

  function clock(minute) {
    return String(Math.floor(minute / 60)).padStart(2, "0") + ":" + String(minute % 60).padStart(2, "0");
  }
  function hidden(words) {
    const span = document.createElement("span");
    span.className = "hidden";
    span.textContent = words;
    return span;
  }
  function at(spans, tenth) {
    return spans.find(function (span) { return span[0] <= tenth && tenth < span[1]; });
  }
  function show(minute) {
    const tenth = minute * 10, rows = lists.map(function () { return []; }), busy = new Set();
    for (const [name, duties, work] of day.people) {
      if (!at(duties, tenth)) continue;
      const now = at(work, tenth);
      if (!now) { rows[day.groups.length - 1].push([name, ""]); continue; }
      const [kind, group] = day.kinds[now[2]];
      if (now[3] > 0) busy.add(now[3]);
      rows[group].push([name, kind + (now[3] > 0 ? ", patient " + now[3] : "")]);
    }
    for (const [number, stays, leaves] of day.patients) {
      if (!at(stays, tenth)) continue;
      rows[day.groups.length + (at(leaves, tenth) ? 1 : 0)].push([String(number), busy.has(number) ? "with staff" : ""]);
    }
    lists.forEach(function (one, i) {
      one.head.textContent = one.words + ": " + rows[i].length;
      one.list.replaceChildren(...rows[i].map(function (row) {
        const item = document.createElement("li"), name = document.createElement("b");
        name.textContent = row[0];
        item.append(name);
        if (row[1] === "with staff") { item.className = "met"; item.append(hidden(", with staff")); }
        else if (row[1]) item.append(" " + row[1]);
        return item;
      }));
    });
    const recent = day.events.filter(function (e) { return e[0] <= tenth && e[0] > tenth - HOUR * 10; });
    told.textContent = recent.length
      ? "In the last hour: " + recent.map(function (e) { return clock(Math.floor(e[0] / 10)) + " " + e[1] + (e[2] ? " (" + e[2] + ")" : ""); }).join("; ") + "."
      : "Nothing happened in the last hour.";
    slider.value = String(minute);
    slider.setAttribute("aria-valuetext", clock(minute));
    shown.textContent = clock(minute);
  }
  function stop() {
    window.clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
    told.setAttribute("aria-live", "polite");
  }
  function go(minute) { show(Math.max(0, Math.min(LAST, minute))); }
  function step(by) { stop(); go(Number(slider.value) + by); }

  play.addEventListener("click", function () {
    if (timer) { stop(); return; }
    if (Number(slider.value) >= LAST) go(0);
    play.textContent = "Pause";
    told.setAttribute("aria-live", "off");
    timer = window.setInterval(function () {
      go(Number(slider.value) + STEP);
      if (Number(slider.value) >= LAST) stop();
    }, EVERY);
  });
  slider.addEventListener("input", function () { stop(); go(Number(slider.value)); });
  document.getElementById("replay-back").addEventListener("click", function () { step(-15); });
  document.getElementById("replay-on").addEventListener("click", function () { step(15); });
  document.getElementById("replay-next").addEventListener("click", function () {
    const now = Number(slider.value) * 10 + 9;
    const next = day.events.find(function (e) { return e[2] && e[0] > now; }) || day.events.find(function (e) { return e[2]; });
    stop();
    if (next) go(Math.ceil(next[0] / 10));
  });
  box.hidden = false;
  go(Number(slider.value));
})();
