// Writing a rule: numbers changed where they stand, clauses moved about, words picked, mistakes
// mended by one press. What it means is the server's business: every change asks it again.
(() => {
  "use strict";

  // The same numbers, in the same order, that the server finds: see thresholds.py.
  const COMPARED = /'[^']*'|(<=|>=|<>|!=|<|>|=)(\s*)(\d+(?:\.\d+)?(?:[eE]\d+)?)(\s*\*)?/g;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const form = () => document.getElementById("rule-form");
  const recheck = () => document.body.dispatchEvent(new CustomEvent("recheck"));
  const textOf = (key) => document.querySelector(`[data-text="${key}"]`);

  // Numbers ------------------------------------------------------------------------------------
  function plain(figure) {
    return figure.replace(/[,，\s]/g, "").replace(/．/g, ".");
  }

  // Multiplied as whole numbers, so that 0.3 % stays 0.003 and not 0.0030000000000000005.
  function times(figure, factor) {
    const places = (text) => (text.split(".")[1] || "").length;
    const digits = (text) => BigInt(text.replace(".", ""));
    const all = places(figure) + places(factor);
    const product = (digits(figure) * digits(factor)).toString().padStart(all + 1, "0");
    const whole = all ? product.slice(0, -all) : product;
    const rest = all ? product.slice(-all).replace(/0+$/, "") : "";
    return rest ? `${whole}.${rest}` : whole;
  }

  // The sentence says the number too; it follows.
  function sayInName(field, typed) {
    const name = document.querySelector(`[name="name-${field.dataset.threshold}"]`);
    const was = field.dataset.was || field.defaultValue;
    const [whole, rest] = typed.split(".");
    const now = Number(whole).toLocaleString("en") + (rest ? `.${rest}` : "");
    if (!name || !name.value.includes(was)) return;
    name.value = name.value.replace(was, now);
    field.dataset.was = now;
  }

  function onNumber(field) {
    const typed = plain(field.value);
    const text = textOf(field.dataset.threshold);
    if (!text || !/^\d{1,15}(\.\d{1,9})?$/.test(typed)) {
      field.setAttribute("aria-invalid", "true");
      return;
    }
    field.removeAttribute("aria-invalid");
    sayInName(field, typed);
    let place = -1;
    text.value = text.value.replace(COMPARED, (found, order, gap, number, share) => {
      if (!order) return found;
      place += 1;
      if (place !== Number(field.dataset.place)) return found;
      return `${order}${gap}${times(typed, field.dataset.factor)}${share || ""}`;
    });
    recheck();
  }

  // Clauses ------------------------------------------------------------------------------------
  function renumber() {
    all("#clauses > .clause .place").forEach((place, at) => { place.textContent = at + 1; });
  }

  function freshKey() {
    return `n${Date.now().toString(36)}${all("#clauses > .clause").length}`;
  }

  function addClause(group) {
    const key = freshKey();
    const list = document.getElementById("clauses");
    const holder = document.createElement("ol");
    holder.innerHTML = document.getElementById("blank-clause").innerHTML.replaceAll("__k__", key);
    const row = holder.firstElementChild;
    list.append(row);
    if (group) row.querySelector(`#any_of-${key}`).value = group;
    renumber();
    return row;
  }

  function add(what) {
    const taken = all("[id^=any_of-]").map((field) => Number(field.value) || 0);
    const group = what === "group" ? Math.max(0, ...taken) + 1 : null;
    const row = addClause(group);
    if (group) addClause(group);
    row.querySelector("input[name^=name-]").focus();
    row.scrollIntoView({ block: "nearest" });
    recheck();
  }

  function move(key, step) {
    const row = document.querySelector(`[data-clause-row="${key}"]`);
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (step < 0) other.before(row);
    else other.after(row);
    renumber();
    recheck();
  }

  // Mistakes -----------------------------------------------------------------------------------
  function repair(button) {
    const text = textOf(button.dataset.repair);
    text.setRangeText(button.dataset.with, Number(button.dataset.start), Number(button.dataset.end), "end");
    text.focus();
    recheck();
  }

  // Words --------------------------------------------------------------------------------------
  let writing = null;
  function pick(id) {
    writing = document.getElementById(id);
    const dialog = document.getElementById("word-picker");
    const search = document.getElementById("word-search");
    dialog.showModal();
    const head = writing.value.slice(0, writing.selectionStart).match(/[\w]*$/)[0];
    search.value = head;
    search.select();
    window.htmx.trigger(search, "opened");
  }

  function take(button) {
    const head = writing.value.slice(0, writing.selectionStart).match(/[\w]*$/)[0];
    const from = writing.selectionStart - head.length;
    writing.setRangeText(button.dataset.word, from, writing.selectionEnd, "end");
    document.getElementById("word-picker").close();
    writing.focus();
    recheck();
  }

  function onPickerKey(event) {
    const words = all("#word-list button");
    if (!words.length) return;
    const present = words.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const next = present + step;
      if (next < 0) document.getElementById("word-search").focus();
      else words[Math.min(next, words.length - 1)].focus();
    } else if (event.key === "Enter" && present < 0) {
      event.preventDefault();
      take(words[0]);
    }
  }

  // Events -------------------------------------------------------------------------------------
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-threshold]")) onNumber(event.target);
    else if (event.target.form && event.target.form === form()) recheck();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-drop]")) {
      event.target.closest(".clause").classList.toggle("going", event.target.checked);
    }
  });
  document.addEventListener("click", (event) => {
    const within = (selector) => event.target.closest(selector);
    const adding = within("[data-add]");
    if (adding) { event.preventDefault(); add(adding.dataset.add); }
    const moving = within("[data-move]");
    if (moving) move(moving.dataset.clause, Number(moving.dataset.move));
    if (within("[data-repair]")) repair(within("[data-repair]"));
    if (within("[data-pick]")) pick(within("[data-pick]").dataset.pick);
    if (within("#word-list [data-word]")) take(within("[data-word]"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("#word-picker")) onPickerKey(event);
    else if (event.key === " " && event.ctrlKey && event.target.matches("textarea[data-text]")) {
      event.preventDefault();
      pick(event.target.id);
    } else if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key)) {
      const row = event.target.closest("[data-clause-row]");
      if (!row || !document.querySelector(".clauses.editable")) return;
      event.preventDefault();
      const field = event.target;
      move(row.dataset.clauseRow, event.key === "ArrowUp" ? -1 : 1);
      field.focus();
    } else if (event.key === "Enter" && event.target.matches("[data-threshold], #rule-form input")) {
      // Enter in a number asks; it never keeps a draft by accident.
      event.preventDefault();
      recheck();
    }
  });
  // What one is typing in is not taken from under one's hands.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    if (event.detail.target.contains(document.activeElement)) event.detail.shouldSwap = false;
  });
})();
