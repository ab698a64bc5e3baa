let socket = null, wait = 500;

function connect() {
  const url = new URL("chat", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  socket = new WebSocket(url);
  show("connecting", false);
  socket.onopen = () => {
    wait = 500;
    $("log").replaceChildren(); // once more, it all comes anew
    socket.send(name);
    show("connected as " + name, true);
  };
  socket.onmessage = event => {
    const message = JSON.parse(event.data);
    if (message.type === "members") {
      $("members").textContent = "Here: " + message.names.join(", ");
    } else {
      add(message);
    }
  };
  socket.onclose = event => {
    if (event.code === 4000) {
      leave(event.reason);
      return;
    }
    show("connection lost, trying again", false);
    setTimeout(connect, wait);
    wait = Math.min(wait * 2, 15000);
  };
}

function send(text) {
  if (socket.readyState === WebSocket.OPEN) {
    socket.send(text);
    $("input").value = "";
  }
}
