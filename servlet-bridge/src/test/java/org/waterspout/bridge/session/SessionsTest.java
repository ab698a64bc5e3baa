// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong clock = new AtomicLong(1_000_000);
  private final ServletContext context =
      (ServletContext)
          Proxy.newProxyInstance(
              SessionsTest.class.getClassLoader(),
              new Class<?>[] {ServletContext.class},
              (proxy, method, arguments) -> null);
  private final Sessions sessions =
      new Sessions(
          context,
          new SessionEvents(List.of(new Recorder("1"), new Recorder("2"))),
          Duration.ofMinutes(1),
          clock::get,
          null,
          SessionsTest.class.getClassLoader());

  private final class Recorder
      implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {
    private final String name;

    Recorder(String name) {
      this.name = name;
    }

    @Override
    public void sessionCreated(HttpSessionEvent event) {
      events.add("created " + name);
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
      events.add("destroyed " + name + " " + event.getSession().getAttribute("a"));
    }

    @Override
    public void attributeAdded(HttpSessionBindingEvent event) {
      events.add("added " + name + " " + event.getName() + "=" + event.getValue());
    }

    @Override
    public void attributeReplaced(HttpSessionBindingEvent event) {
      events.add("replaced " + name + " " + event.getName() + "=" + event.getValue());
    }

    @Override
    public void attributeRemoved(HttpSessionBindingEvent event) {
      events.add("removed " + name + " " + event.getName() + "=" + event.getValue());
    }

    @Override
    public void sessionIdChanged(HttpSessionEvent event, String oldId) {
      events.add("renamed " + name);
    }
  }

  private final class Bound implements HttpSessionBindingListener {
    @Override
    public void valueBound(HttpSessionBindingEvent event) {
      events.add("bound, visible " + (event.getSession().getAttribute(event.getName()) == this));
    }

    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
      events.add("unbound");
    }

    @Override
    public String toString() {
      return "B";
    }
  }

  @Test
  void makesIdsThatCannotBeGuessed() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      ids.add(sessions.create().getId());
    }

    assertThat(ids).hasSize(1000).allMatch(id -> id.matches("[A-Za-z0-9_-]{24}"));
  }

  @Test
  void tellsListenersInOrderAndEndsInReverse() {
    Session session = sessions.create();
    session.setAttribute("a", "x");
    session.setAttribute("a", "y");
    session.invalidate();

    assertThat(events)
        .containsExactly(
            "created 1",
            "created 2",
            "added 1 a=x",
            "added 2 a=x",
            "replaced 1 a=x",
            "replaced 2 a=x",
            "destroyed 2 y",
            "destroyed 1 y",
            "removed 1 a=y",
            "removed 2 a=y");
  }

  @Test
  void bindsBeforeAValueIsVisibleAndUnbindsAfter() {
    Session session = sessions.create();
    events.clear();
    session.setAttribute("b", new Bound());
    session.removeAttribute("b");

    assertThat(events)
        .containsExactly(
            "bound, visible false",
            "added 1 b=B",
            "added 2 b=B",
            "unbound",
            "removed 1 b=B",
            "removed 2 b=B");
  }

  @Test
  void timesOutOnlyWhenNobodyIsInside() throws Exception {
    Session session = sessions.create();
    clock.addAndGet(120_000);
    sessions.sweep();
    assertThat(session.isValid()).as("a request is inside").isTrue();

    session.leave();
    clock.addAndGet(59_999);
    sessions.sweep();
    assertThat(session.isValid()).as("one millisecond is left").isTrue();

    clock.addAndGet(1);
    assertThat(sessions.join(session.getId())).as("timed out, not yet swept").isNull();
    sessions.sweep();
    assertThat(session.isValid()).isFalse();
    assertThat(events).contains("destroyed 1 null");
  }

  @Test
  void neverTimesOutWithAnIntervalOfZero() {
    Session session = sessions.create();
    session.setMaxInactiveInterval(0);
    session.leave();
    clock.addAndGet(Duration.ofDays(1000).toMillis());
    sessions.sweep();

    assertThat(session.isValid()).isTrue();
  }

  @Test
  void isNewUntilTheClientJoins() throws Exception {
    Session session = sessions.create();
    assertThat(session.isNew()).isTrue();
    session.leave();
    clock.addAndGet(5_000);

    assertThat(sessions.join(session.getId())).isSameAs(session);
    assertThat(session.isNew()).isFalse();
    assertThat(session.getLastAccessedTime()).isEqualTo(1_000_000);
    session.leave();
    clock.addAndGet(5_000);
    sessions.join(session.getId());
    assertThat(session.getLastAccessedTime()).isEqualTo(1_005_000);
  }

  @Test
  void isGoneOnceInvalidated() throws Exception {
    Session session = sessions.create();
    String id = session.getId();
    session.invalidate();

    assertThat(sessions.join(id)).isNull();
    assertThat(sessions.knows(id)).isFalse();
    assertThatThrownBy(() -> session.getAttribute("a")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> session.setAttribute("a", 1))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(session::invalidate).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(session::isNew).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void changesItsIdAndForgetsTheOldOne() throws Exception {
    Session session = sessions.create();
    String old = session.getId();
    session.setAttribute("a", 1);
    sessions.changeId(session);

    assertThat(session.getId()).isNotEqualTo(old);
    assertThat(sessions.join(old)).isNull();
    assertThat(sessions.join(session.getId())).isSameAs(session);
    assertThat(session.getAttribute("a")).isEqualTo(1);
    assertThat(events).contains("renamed 1", "renamed 2");
  }

  @Test
  void givesAccessFromOutsideARequest() {
    Session session = sessions.create();
    var accessor = session.getAccessor();
    session.leave();
    accessor.access(s -> s.setAttribute("a", 1));
    assertThat(session.getAttribute("a")).isEqualTo(1);
    session.invalidate();

    assertThatThrownBy(() -> accessor.access(s -> {})).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void survivesConcurrentUseAndInvalidation() throws Exception {
    for (int round = 0; round < 200; round++) {
      Session session = sessions.create();
      var start = new CountDownLatch(1);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int number = i;
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        start.await();
                        if (number == 0) {
                          session.invalidate();
                        } else {
                          session.setAttribute("a" + number, new Bound());
                        }
                      } catch (IllegalStateException | InterruptedException e) {
                        // The session may be over.
                      }
                    }));
      }
      events.clear();
      start.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(events.stream().filter(e -> e.startsWith("bound")).count())
          .as("every value that was bound has been unbound")
          .isEqualTo(events.stream().filter("unbound"::equals).count());
    }
  }

  @Test
  void keepsOneIdWhenItIsChangedByManyAtOnce() throws Exception {
    Set<String> oldIds = ConcurrentHashMap.newKeySet();
    HttpSessionIdListener recorder = (event, oldId) -> oldIds.add(oldId);
    var recorded =
        new Sessions(
            context,
            new SessionEvents(List.of(recorder)),
            Duration.ofMinutes(1),
            clock::get,
            null,
            SessionsTest.class.getClassLoader());
    for (int round = 0; round < 200; round++) {
      Session session = recorded.create();
      var start = new CountDownLatch(1);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      try {
                        start.await();
                        recorded.changeId(session);
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                    }));
      }
      start.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(recorded.knows(session.getId())).isTrue();
    }
    assertThat(oldIds).hasSize(800).noneMatch(recorded::knows);
  }
}
