let cursor = "", polling = false;

function connect() {
  show("connecting", false);
  if (!polling) {
    polling = true;
    poll();
  }
}

async function poll() {
  let wait = 500;
  while (true) {
    try {
      await whenVisible();
      // The first answer comes at once if anything was said before; to be open is to be asking.
      const asked = fetch("messages?after=" + encodeURIComponent(cursor));
      show("connected as " + name, true);
      const answer = await asked;
      if (!answer.ok) {
        throw new Error(answer.statusText);
      }
      take(await answer.json());
      wait = 500;
    } catch (error) {
      show("connection lost, trying again", false);
      await new Promise(resolve => setTimeout(resolve, wait));
      wait = Math.min(wait * 2, 15000);
    }
  }
}

// Browsers have six connections for all tabs of a site, and each poll takes one. A hidden tab
// catches up when it is looked at.
function whenVisible() {
  return new Promise(resolve => {
    const look = () => {
      if (!document.hidden) {
        document.removeEventListener("visibilitychange", look);
        resolve();
      }
    };
    document.addEventListener("visibilitychange", look);
    look();
  });
}

function take(news) {
  cursor = news.cursor;
  if (news.missed > 0) {
    note(news.missed + " messages are no longer there");
  }
  news.messages.forEach(add);
}

async function send(text) {
  $("input").value = "";
  try {
    const form = new URLSearchParams({name, text});
    const answer = await fetch("messages", {method: "POST", body: form});
    if (!answer.ok) {
      throw new Error(answer.statusText);
    }
  } catch (error) {
    note("not sent: " + error.message);
    $("input").value ||= text;
  }
}
