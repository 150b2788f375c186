// The page inside <why-panel>: takes a one-time token from the desktop around it and shows the panel that the token opens.
"use strict";
const desktops = document.getElementById("frame").dataset.desktops.split(" ");
const trouble = document.getElementById("waiting").dataset.trouble;
let desktop = null; // origin of the page around this one, once it has said a token
let newest = null; // the question that was asked last: only its answer is shown

const tell = (type, more) => desktop && parent.postMessage({ type: `why-panel:${type}`, ...more }, desktop);
const tellHeight = () => tell("height", { height: Math.ceil(document.body.getBoundingClientRect().height) });

// What the server answers has no script, and this page's policy would not run one.
function show(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  document.title = page.title;
  document.documentElement.lang = page.documentElement.lang;
  document.body.className = page.body.className;
  document.body.replaceChildren(...page.body.childNodes);
}

async function open(token, lang) {
  newest?.abort(); // of an earlier case, whose answer may come late and must not stand where the agent reads this one
  const asked = (newest = new AbortController());
  try {
    const said = new URLSearchParams({ token, origin: desktop });
    const how = { method: "POST", body: said, credentials: "omit", signal: asked.signal };
    const answer = await fetch(`panel?lang=${encodeURIComponent(lang)}`, how);
    const text = await answer.text();
    if (asked !== newest) return;
    show(text);
    tell(answer.ok ? "shown" : "refused");
  } catch {
    if (asked !== newest) return;
    const said = document.createElement("main");
    said.className = "page";
    said.textContent = trouble;
    document.body.replaceChildren(said);
    tell("refused");
  }
  tellHeight();
}

addEventListener("message", (event) => {
  if (parent === window || event.source !== parent || !desktops.includes(event.origin)) return;
  if (event.data?.type !== "why-panel:open" || typeof event.data.token !== "string") return;
  desktop = event.origin;
  open(event.data.token, String(event.data.lang ?? ""));
});
new ResizeObserver(tellHeight).observe(document.body);
