// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sends the steps of a script, with the cookies and the values that answers have brought. */
final class ScriptClient {
  private static final int DEADLINE_MILLIS = 90_000; // the first to ask has pages compiled

  private final int port;
  private final Map<String, String> cookies = new LinkedHashMap<>();
  private final Map<String, String> taken = new LinkedHashMap<>();

  ScriptClient(int port) {
    this.port = port;
  }

  /** Puts keys for what was taken from answers. */
  String mask(String text) {
    var masked = text;
    for (var each : taken.entrySet()) {
      masked = masked.replace(each.getValue(), each.getKey());
    }
    return masked;
  }

  /** Sends it, and keeps what the answer brings. */
  WireAnswer send(Step step) {
    var answer = answer(step);
    answer.values("Set-Cookie").forEach(this::keep);
    if (!step.takes().isEmpty()) {
      take(step, answer);
    }
    return answer;
  }

  private WireAnswer answer(Step step) {
    try (var client = new RawClient(port, DEADLINE_MILLIS)) {
      client.send(step.bytes(String.join("; ", cookies.values()), taken));
      return WireAnswer.of(client.readBytesToEnd(), step.isHead());
    } catch (SocketTimeoutException e) {
      throw new AssertionError("no end of the answer to " + step.name(), e);
    } catch (IOException e) {
      return WireAnswer.NONE; // it does not even say no
    }
  }

  private void keep(String setCookie) {
    var pair = setCookie.split(";")[0];
    var name = pair.substring(0, pair.indexOf('='));
    if (setCookie.contains("Max-Age=0")) {
      cookies.remove(name);
    } else {
      cookies.put(name, pair);
    }
  }

  private void take(Step step, WireAnswer answer) {
    var text =
        String.join("\n", answer.fields())
            + "\n\n"
            + new String(answer.body(), StandardCharsets.ISO_8859_1);
    step.takes()
        .forEach(
            (key, pattern) -> {
              var found = pattern.matcher(text);
              if (!found.find()) {
                throw new AssertionError(
                    "no " + key + " in the answer to " + step.name() + ":\n" + text);
              }
              taken.put(key, found.group(1));
            });
  }
}
