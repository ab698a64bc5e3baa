// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Command lines, as the programs take them. */
@Timeout(60)
final class OptionsTest {
  @ParameterizedTest
  @ValueSource(
      classes = {
        ChatDemo.class,
        EchoServer.class,
        FileUpload.class,
        HelloWorld.class,
        LongPollChat.class,
        MountServlet.class,
        MountWar.class,
        RequestInspector.class,
        Strangler.class
      })
  void everyServerExplainsItsOptions(Class<?> example) throws Exception {
    assertThat(ExampleProcess.outputOf(example, "--help"))
        .matches("(?s)[^\n]{20,80}\\.\n\n.*")
        .contains(
            "\n  --port=8888\n      the port",
            "\n  --tls-cert=\n",
            "\n  --tls-key=\n",
            "\n  --xheaders=false\n");
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        Demo.class,
        JettyCore.class,
        JettyWar.class,
        TCPEchoClient.class,
        TCPEchoServer.class,
        UndertowCore.class,
        WebSpider.class
      })
  void allOthersDoToo(Class<?> example) throws Exception {
    assertThat(ExampleProcess.outputOf(example, "--help")).contains(".\n", "\n  --port=");
  }

  @Test
  void theWebSocketClientDoesToo() throws Exception {
    assertThat(ExampleProcess.outputOf(WebSocketClient.class, "--help"))
        .contains(".\n", "\n  --url=ws://", "\n  --trust=");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--prot=1",
        "port=1",
        "--port",
        "--port=65536",
        "--port=-1",
        "--port=",
        "--tls-key=x.pem",
        "--xheaders=yes",
        "--tls-cert=/not/there.pem"
      })
  void saysWhatIsWrongInOneLine(String argument) throws Exception {
    assertThat(ExampleProcess.outputOf(HelloWorld.class, argument).lines())
        .singleElement()
        .satisfies(line -> assertThat(line).doesNotContain("Exception"));
  }

  @Test
  void keepsDefaultsAndTakesTheLastOfTwo() {
    var options =
        Options.of("x").port("port", 7, "p").option("a", "b=c", "d").parse(args("--port=8"));
    assertThat(options.port("port")).isEqualTo(8);
    assertThat(options.text("a")).isEqualTo("b=c");
    assertThat(options.parse(args("--a=", "--a=x=y")).text("a")).isEqualTo("x=y");
    assertThat(options.parse(args("--a", "two words", "--port", "9")).text("a"))
        .isEqualTo("two words");
    assertThat(options.port("port")).isEqualTo(9);
  }

  private static String[] args(String... args) {
    return args;
  }
}
