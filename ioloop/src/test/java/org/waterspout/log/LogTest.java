// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exceptions that quote a client, as they stand in a log. */
class LogTest {
  private static String printed(Throwable thrown) {
    var text = new StringWriter();
    Log.cleaned(thrown).printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void leavesExceptionsAsTheyAreIfNothingHasToBeEscaped() {
    var plain = new IOException("Grüße\tan alle", new IllegalStateException());
    plain.addSuppressed(new RuntimeException("too"));

    assertThat(Log.cleaned(plain)).isSameAs(plain);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\u000b", "\u001b", "\u007f", "\u0085", "\u2028", "\u2029"})
  void escapesWhatEndsALineOrMovesTheCursor(String evil) {
    var thrown = new NumberFormatException("a" + evil + "SEVERE forged");
    String escape = String.format("a\\u%04xSEVERE forged", (int) evil.charAt(0));

    assertThat(Log.cleaned(thrown)).hasMessage(escape);
    assertThat(Log.cleaned(thrown)).hasToString("java.lang.NumberFormatException: " + escape);
    assertThat(Log.cleaned(thrown).getStackTrace()).isEqualTo(thrown.getStackTrace());
  }

  @Test
  void escapesWhatCausesAndSuppressedOnesSay() {
    var thrown = new IOException("whole", new IOException("cause\nSEVERE"));
    thrown.getCause().addSuppressed(new IOException("suppressed\nSEVERE"));

    assertThat(printed(thrown))
        .startsWith("java.io.IOException: whole\n")
        .contains("Caused by: java.io.IOException: cause\\u000aSEVERE\n")
        .contains("Suppressed: java.io.IOException: suppressed\\u000aSEVERE\n")
        .doesNotContain("\nSEVERE");
  }

  @Test
  void endsWhereCausesGoRoundInACircle() {
    var first = new IOException("first\n");
    var second = new IOException("second\n", first);
    first.initCause(second);
    first.addSuppressed(second);

    assertThat(printed(first)).contains("first\\u000a", "Caused by: ", "second\\u000a");
  }

  @Test
  void namesExceptionsThatCannotSayWhatTheyAre() {
    class Mute extends RuntimeException {
      private static final long serialVersionUID = 1L;

      @Override
      public String toString() {
        throw new IllegalStateException("a\nb");
      }
    }

    assertThat(Log.cleaned(new Mute())).hasToString(Mute.class.getName()).hasMessage(null);
  }

  @Test
  void survivesCausesWithoutEnd() {
    Throwable deep = new IOException("innermost\n");
    for (int i = 0; i < 100_000; i++) {
      deep = new IOException("outer", deep);
    }

    assertThat(Log.cleaned(deep)).hasToString("java.io.IOException");
  }
}
