// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The example with Spring Boot, started as the README says: by what is on its own class path. */
final class SpringBootTest {
  private static final String FOLDER = "examples/spring-boot/target/";
  private static final Pattern PORT = Pattern.compile("Tomcat started on port ([0-9]+)");

  @Test
  void servesNewAndOldFromItsOwnClassPath() throws Exception {
    var temporary = ContractWar.cleanFolder("containers", "spring-boot");
    var command = new ArrayList<String>();
    command.add(ServerProcess.java());
    command.addAll(ServerProcess.OPTIONS);
    command.addAll(List.of("-Djava.io.tmpdir=" + temporary, "@examples/jvm.args"));
    command.addAll(List.of("-cp", FOLDER + "classes:" + FOLDER + "lib/*"));
    command.addAll(List.of("org.waterspout.examples.spring.SpringBootServer", "--port=0"));
    var root = Path.of("..").toAbsolutePath().normalize();
    try (var server = new ServerProcess(root, command, Map.of(), PORT)) {
      assertThat(get(server.port(), "/new/hello/you")).isEqualTo("Hello, you!\n");
      assertThat(get(server.port(), "/old")).isEqualTo("Hello, controller!\n");
      assertThat(server.output(0)).contains("runs in Tomcat").doesNotContain("Exception");
    }
  }

  private static String get(int port, String path) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + port + path);
    var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
    return Contract.CLIENT.send(request, BodyHandlers.ofString()).body();
  }
}
