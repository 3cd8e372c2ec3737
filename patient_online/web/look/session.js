// Warns a minute before the session ends, and takes the page away when it has. The server alone knows how long is left:
// it is asked, and asking gives no time. Nothing is kept in the browser; other tabs are told by a channel without data.
{
  const WARN = 60; // seconds before the end
  const ASK_EVERY = 10; // seconds, while the warning is shown
  const READ_EVERY = 15; // seconds between what a screen reader is told
  const words = document.querySelector("[data-session]")?.dataset;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;

  const make = (tag, given, ...children) => {
    const element = Object.assign(document.createElement(tag), given);
    element.append(...children);
    return element;
  };

  const watch = () => {
    let until = Date.now() + words.left * 1000;
    let canStay = true;
    let dialog = null;
    let timer = 0;
    let asked = 0;

    const left = () => Math.max(0, Math.ceil((until - Date.now()) / 1000));

    const ask = async () => {
      asked = Date.now();
      try {
        const answer = await fetch(words.ask, { cache: "no-store", headers: { Accept: "application/json" } });
        const told = await answer.json();
        until = Date.now() + told.left * 1000;
        if (told.left > 0) canStay = told.can_stay;
      } catch {
        // Without an answer our own clock counts.
      }
    };

    const look = async () => {
      clearTimeout(timer);
      if (left() <= WARN && (left() === 0 || Date.now() - asked >= ASK_EVERY * 1000)) await ask();
      clearTimeout(timer);
      if (left() === 0) return end();
      if (left() > WARN) hide();
      else warn();
      timer = setTimeout(look, left() > WARN ? (left() - WARN) * 1000 : 1000);
    };

    const stay = async () => {
      const token = document.querySelector("[name=csrfmiddlewaretoken]");
      const body = new URLSearchParams({ csrfmiddlewaretoken: token ? token.value : "" });
      const headers = { Accept: "application/json" };
      try {
        await fetch(words.stay, { method: "POST", body, headers, redirect: "manual" });
      } catch {
        // The next look tells whether it was heard.
      }
      await ask();
      channel?.postMessage("");
      look();
    };

    const signOut = () => {
      const form = [...document.forms].find((one) => one.classList.contains("nhsuk-header__account-form"));
      if (form) form.requestSubmit();
    };

    const show = () => {
      const button = (text, kind, press) => {
        const made = make("button", { type: "button", className: `nhsuk-button ${kind}`, textContent: text });
        made.addEventListener("click", press);
        return made;
      };
      const title = make("h2", { id: "session-title", className: "nhsuk-heading-m", textContent: words.title });
      const why = make("p", { id: "session-why", textContent: canStay ? words.why : words.whyLimit });
      const seen = make("p", { className: "app-session__left", ariaHidden: "true" });
      const read = make("p", { id: "session-left", className: "nhsuk-u-visually-hidden", ariaLive: "polite" });
      const first = canStay ? button(words.stayWords, "", stay) : button(words.goOnWords, "", () => dialog.close());
      const out = button(words.outWords, "nhsuk-button--secondary", signOut);
      const group = make("div", { className: "nhsuk-button-group" }, first, out);
      dialog = make("dialog", { className: "app-session" }, title, why, seen, read, group);
      dialog.setAttribute("role", "alertdialog");
      dialog.setAttribute("aria-labelledby", title.id);
      dialog.setAttribute("aria-describedby", `${why.id} ${read.id}`);
      dialog.addEventListener("cancel", (event) => {
        if (!canStay) return;
        event.preventDefault();
        stay();
      });
      document.body.append(dialog);
      dialog.showModal();
      first.focus();
    };

    const warn = () => {
      if (!dialog) show();
      const text = left() === 1 ? words.one : words.many.replace("{n}", left());
      dialog.querySelector(".app-session__left").textContent = text;
      const read = dialog.querySelector("[aria-live]");
      if (!read.textContent || left() % READ_EVERY === 0) read.textContent = text;
    };

    const hide = () => {
      dialog?.close(); // which gives the focus back to where it was
      dialog?.remove();
      dialog = null;
    };

    const end = () => {
      const asksFor = new URLSearchParams({ next: location.pathname + location.search });
      if (words.left > 0) asksFor.set("ended", canStay ? "idle" : "limit");
      const heading = make("h1", { className: "nhsuk-heading-l", tabIndex: -1, textContent: words.ended });
      const why = make("p", { textContent: words.endedWhy });
      const link = make("a", { href: `${words.signIn}?${asksFor}`, textContent: words.again });
      const main = make("main", { id: "maincontent", className: "nhsuk-main-wrapper" }, heading, why, make("p", {}, link));
      document.title = `${words.ended} - Patient Online`;
      document.body.replaceChildren(make("div", { className: "nhsuk-width-container" }, main));
      heading.focus();
    };

    channel?.addEventListener("message", () => ask().then(look));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
    window.addEventListener("pageshow", (event) => event.persisted && ask().then(look));
    look();
  };

  if (words) watch();
  else channel?.postMessage(""); // nobody is signed in here: other tabs may ask whether that is so for them
}
