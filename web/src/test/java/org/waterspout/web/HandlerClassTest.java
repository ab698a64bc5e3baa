// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPConnection;
import org.waterspout.ioloop.LoopFuture;

/** What is read off handler classes. None of these handlers ever runs. */
class HandlerClassTest {
  static class Plain extends RequestHandler {
    @Override
    protected void get() {
      setStatus(200);
      write("plain");
    }
  }

  static class Flushing extends RequestHandler {
    @Override
    protected void get() {
      var _ = flush();
    }

    @Override
    protected void onConnectionClose() {}
  }

  static class Inheriting extends Flushing {
    @Override
    protected void post() {
      detach();
    }
  }

  static class InLambdas extends RequestHandler {
    @Override
    protected void get() throws Exception {
      Callable<Object> lambda = () -> detach();
      Supplier<LoopFuture<Void>> reference = this::flush;
      Runnable anonymous =
          new Runnable() {
            @Override
            public void run() {
              Runnable inner = () -> setStatus(200, "inner");
              inner.run();
            }
          };
      lambda.call();
      reference.get();
      anonymous.run();
    }
  }

  static class OfOtherObjects extends RequestHandler {
    static final class Limits {
      static void set(HTTPConnection connection) {
        connection.setBodyTimeout(Duration.ofSeconds(1));
      }
    }

    @Override
    protected void prepare() {
      Limits.set(request().connection());
    }
  }

  static class NeverInitialised extends RequestHandler {
    static final class Trap {
      static {
        if (true) {
          throw new AssertionError("initialised");
        }
      }

      static void touch() {}
    }

    @Override
    protected void get() {
      Trap.touch();
    }
  }

  @StreamRequestBody
  static class Streaming extends RequestHandler {
    @Override
    protected void dataReceived(byte[] chunk) {}
  }

  @Requires({Capability.LONG_POLLING, Capability.DETACH})
  static class Declared extends RequestHandler {}

  @Prefers(Capability.DETACH)
  static class Redeclared extends Declared {}

  private static List<String> uses(Class<? extends RequestHandler> type) {
    return HandlerClass.of(type).uses().stream()
        .map(use -> use.capability() + " " + use.where())
        .toList();
  }

  static class Hidden extends RequestHandler {
    @Override
    @Asynchronous
    @Authenticated
    public void get() {}
  }

  /** Has a bridge to the method that it inherits, with that one's annotations. */
  public static class Shown extends Hidden {}

  @Test
  void takesNoBridgeForAMethod() {
    assertThat(Shown.class.getDeclaredMethods()).singleElement().matches(Method::isBridge);
    var facts = HandlerClass.of(Shown.class);
    assertThat(facts.isAsynchronous("GET")).isTrue();
    assertThat(facts.requiresUser("GET")).isTrue();
  }

  @Test
  void findsNothingWhereThereIsNothing() {
    assertThat(uses(Plain.class)).isEmpty();
  }

  @Test
  void findsCallsAndOverriddenHooks() {
    assertThat(uses(Flushing.class))
        .containsExactlyInAnyOrder(
            "STREAMING_RESPONSE get() calls flush", "CLOSE_DETECTION overrides onConnectionClose");
  }

  @Test
  void findsWhatSuperclassesDo() {
    assertThat(uses(Inheriting.class))
        .containsExactlyInAnyOrder(
            "DETACH post() calls detach",
            "STREAMING_RESPONSE get() calls flush",
            "CLOSE_DETECTION overrides onConnectionClose");
  }

  @Test
  void findsWhatStandsInLambdasReferencesAndNestedClasses() {
    assertThat(uses(InLambdas.class))
        .containsExactlyInAnyOrder(
            "DETACH get() calls detach",
            "STREAMING_RESPONSE get() calls flush",
            "CUSTOM_REASON_PHRASE 1.run() calls setStatus");
    assertThat(uses(OfOtherObjects.class))
        .containsExactly("PER_REQUEST_LIMITS Limits.set() calls setBodyTimeout");
  }

  @Test
  void initialisesNoClass() {
    assertThat(uses(NeverInitialised.class)).isEmpty();
  }

  @Test
  void readsAnnotations() {
    assertThat(uses(Streaming.class))
        .containsExactly("STREAMING_REQUEST_BODY is annotated @StreamRequestBody");
    assertThat(uses(Declared.class))
        .containsExactly(
            "DETACH is annotated @Requires(DETACH)",
            "LONG_POLLING is annotated @Requires(LONG_POLLING)");
    assertThat(HandlerClass.of(Declared.class).firstMissing(EnumSet.of(Capability.LONG_POLLING)))
        .isEqualTo(Capability.DETACH);
  }

  @Test
  void letsASubclassCopeWithWhatItsParentRequires() {
    var facts = HandlerClass.of(Redeclared.class);

    assertThat(facts.prefers()).containsExactly(Capability.DETACH);
    assertThat(facts.firstMissing(EnumSet.of(Capability.LONG_POLLING))).isNull();
    assertThat(facts.firstMissing(EnumSet.of(Capability.DETACH)))
        .isEqualTo(Capability.LONG_POLLING);
  }

  @Test
  void listsTheVerbsThatAreOverridden() {
    assertThat(HandlerClass.of(Inheriting.class).allow()).isEqualTo("GET, POST");
  }

  @Test
  void takesTheMostDerivedMethodsWordOnBeingAsynchronous() {
    class Base extends RequestHandler {
      @Override
      @Asynchronous
      protected void get() {}

      @Override
      @Asynchronous
      protected void put() {}
    }
    class Derived extends Base {
      @Override
      protected void get() {}
    }

    assertThat(HandlerClass.of(Base.class).isAsynchronous("GET")).isTrue();
    assertThat(HandlerClass.of(Derived.class).isAsynchronous("GET")).isFalse();
    assertThat(HandlerClass.of(Derived.class).isAsynchronous("PUT")).isTrue();
  }

  @Test
  void refusesAsynchronousWhereItWouldDoNothing() {
    class Wrong extends RequestHandler {
      @Override
      @Asynchronous
      protected void prepare() {}
    }

    assertThatThrownBy(() -> HandlerClass.of(Wrong.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("prepare is annotated @Asynchronous");
  }

  @Test
  void refusesBodiesThatNobodyWouldGet() {
    @StreamRequestBody
    class Deaf extends RequestHandler {}
    class NotStreaming extends RequestHandler {
      @Override
      protected void dataReceived(byte[] chunk) {}
    }

    assertThatThrownBy(() -> HandlerClass.of(Deaf.class)).hasMessageContaining("not overridden");
    assertThatThrownBy(() -> HandlerClass.of(NotStreaming.class))
        .hasMessageContaining("without @StreamRequestBody");
  }

  @Test
  void refusesToRequireAndPreferTheSame() {
    @Requires(Capability.DETACH)
    @Prefers(Capability.DETACH)
    class Undecided extends RequestHandler {}

    assertThatThrownBy(() -> HandlerClass.of(Undecided.class)).hasMessageContaining("both");
  }
}
