// <why-panel token="…" lang="en" label="Why this decision">: shows, inside a desktop, why one decision was made.
//
// It only makes an iframe of the service this file came from and hands it the one-time token, which never stands in an
// address.  Attributes: token (set it again to show another decision), lang (else the page's), label (names the frame).
// Events: why-panel-shown; why-panel-refused, when a token was used or too old: ask for a fresh one.
"use strict";
(() => {
  const page = new URL("../embed/panel", document.currentScript.src);

  class WhyPanel extends HTMLElement {
    static observedAttributes = ["token"];
    #frame = null;
    #ready = false;
    #token = null;

    connectedCallback() {
      const frame = document.createElement("iframe");
      frame.src = page.href;
      frame.title = this.getAttribute("label") ?? "Why this decision";
      frame.referrerPolicy = "no-referrer";
      frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox");
      Object.assign(frame.style, { border: "0", width: "100%", height: "100%", minHeight: "20rem", display: "block", colorScheme: "light dark" });
      frame.addEventListener("load", () => { this.#ready = true; this.#send(); });
      addEventListener("message", this);
      this.#frame = frame;
      this.append(frame);
    }

    disconnectedCallback() {
      removeEventListener("message", this);
      this.#frame.remove();
      this.#ready = false;
    }

    attributeChangedCallback(_name, _old, token) {
      if (!token) return;
      this.#token = token;
      this.removeAttribute("token"); // used once: nobody finds it in the page later
      this.#send();
    }

    #send() {
      if (!this.#ready || !this.#token) return;
      const lang = this.closest("[lang]")?.lang ?? "";
      this.#frame.contentWindow.postMessage({ type: "why-panel:open", token: this.#token, lang }, page.origin);
      this.#token = null;
    }

    handleEvent(event) {
      if (event.source !== this.#frame.contentWindow || event.origin !== page.origin) return;
      const { type, height } = event.data ?? {};
      if (type === "why-panel:height" && height > 0) this.#frame.style.height = `${height}px`;
      if (type === "why-panel:shown" || type === "why-panel:refused") {
        this.dispatchEvent(new CustomEvent(type.replace(":", "-"), { bubbles: true }));
      }
    }
  }
  if (!customElements.get("why-panel")) customElements.define("why-panel", WhyPanel); // a desktop may load this file twice
})();
