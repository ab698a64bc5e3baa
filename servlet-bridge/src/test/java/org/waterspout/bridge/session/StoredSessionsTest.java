// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.waterspout.bridge.SessionStore;
import org.waterspout.bridge.StoredSession;

/** Sessions that are in a store besides memory. */
class StoredSessionsTest {
  private static final List<String> EVENTS = Collections.synchronizedList(new ArrayList<>());

  private final AtomicLong clock = new AtomicLong(1_000_000);
  private final Store store = new Store();
  private Sessions sessions = sessions();

  /** A store as others would write it. */
  private static final class Store implements SessionStore {
    final Map<String, StoredSession> stored = new ConcurrentHashMap<>();
    final AtomicInteger loads = new AtomicInteger();
    final AtomicInteger saves = new AtomicInteger();
    volatile boolean fails;
    volatile boolean started;

    private void check() throws IOException {
      if (fails) {
        throw new IOException("the network is down");
      }
    }

    @Override
    public void start(String contextPath) throws IOException {
      check();
      started = true;
    }

    @Override
    public StoredSession load(String id) throws IOException {
      loads.incrementAndGet();
      check();
      return stored.get(id);
    }

    @Override
    public void save(StoredSession session) throws IOException {
      saves.incrementAndGet();
      check();
      stored.put(session.id(), session);
    }

    @Override
    public void delete(String id) throws IOException {
      check();
      stored.remove(id);
    }

    @Override
    public Collection<String> expired(Instant now) throws IOException {
      check();
      return stored.values().stream()
          .filter(session -> !session.expires().isAfter(now))
          .map(StoredSession::id)
          .toList();
    }

    @Override
    public void stop() {
      started = false;
    }
  }

  private static final class Recorder implements HttpSessionListener {
    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
      EVENTS.add("destroyed " + event.getSession().getAttribute("a"));
    }
  }

  /** An attribute that wants to know. */
  private static final class Traveller implements HttpSessionActivationListener, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public void sessionWillPassivate(HttpSessionEvent event) {
      EVENTS.add("passivate " + event.getSession().getAttribute("a"));
    }

    @Override
    public void sessionDidActivate(HttpSessionEvent event) {
      EVENTS.add("activate " + event.getSession().getAttribute("a"));
    }
  }

  private Sessions sessions() {
    EVENTS.clear();
    var context =
        (ServletContext)
            Proxy.newProxyInstance(
                StoredSessionsTest.class.getClassLoader(),
                new Class<?>[] {ServletContext.class},
                (proxy, method, arguments) -> null);
    return new Sessions(
        context,
        new SessionEvents(List.of(new Recorder())),
        Duration.ofMinutes(1),
        clock::get,
        store,
        StoredSessionsTest.class.getClassLoader());
  }

  private void restart() {
    sessions.stop();
    sessions = sessions();
  }

  /** A session that no request is in. */
  private Session create(Map<String, Object> attributes) {
    Session session = sessions.create();
    attributes.forEach(session::setAttribute);
    session.leave();
    return session;
  }

  @Test
  void outlivesARestart() throws Exception {
    Session before = create(Map.of("a", "x", "n", 7));
    before.setMaxInactiveInterval(99);
    String id = before.getId();
    clock.addAndGet(1000);
    restart();
    assertThat(EVENTS).as("nobody is told of an end").isEmpty();
    assertThat(before.isValid()).isFalse();
    clock.addAndGet(1000);
    Session after = sessions.join(id);
    assertThat(after).isNotSameAs(before);
    assertThat(after.getAttribute("a")).isEqualTo("x");
    assertThat(after.getAttribute("n")).isEqualTo(7);
    assertThat(after.getMaxInactiveInterval()).isEqualTo(99);
    assertThat(after.getCreationTime()).isEqualTo(1_000_000);
    assertThat(after.getLastAccessedTime()).isEqualTo(1_000_000);
    assertThat(after.isNew()).isFalse();
    assertThat(sessions.join(id)).as("in memory from then on").isSameAs(after);
    assertThat(store.loads).hasValue(1);
  }

  @Test
  void savesWhatHasChangedWhenTheLastRequestLeaves() throws Exception {
    Session session = create(Map.of("a", "x"));
    assertThat(store.saves).hasValue(1);
    sessions.join(session.getId());
    session.leave();
    assertThat(store.saves).as("nothing has changed").hasValue(1);
    sessions.join(session.getId());
    sessions.join(session.getId());
    session.setAttribute("a", "y");
    session.leave();
    assertThat(store.saves).as("another request is inside").hasValue(1);
    session.leave();
    assertThat(store.saves).hasValue(2);
    for (Runnable change :
        List.<Runnable>of(
            () -> session.removeAttribute("a"),
            () -> session.setMaxInactiveInterval(5),
            () -> sessions.changeId(session))) {
      int saves = store.saves.get();
      sessions.join(session.getId());
      change.run();
      session.leave();
      assertThat(store.saves).hasValue(saves + 1);
    }
  }

  @Test
  void savesAccessesFromTimeToTime() throws Exception {
    Session session = create(Map.of());
    clock.addAndGet(500);
    sessions.join(session.getId());
    session.leave();
    sessions.sweep();
    assertThat(store.stored.get(session.getId()).lastAccessed().toEpochMilli())
        .isEqualTo(1_000_500);
    int saves = store.saves.get();
    sessions.sweep();
    assertThat(store.saves).as("no access since").hasValue(saves);
  }

  @Test
  void savesASessionThatIsNeverLeftFromTimeToTime() {
    Session session = sessions.create();
    session.setAttribute("a", "x");
    sessions.sweep();
    assertThat(store.stored).containsKey(session.getId());
  }

  @Test
  void isDeletedWithItsEnd() throws Exception {
    Session session = create(Map.of("a", "x"));
    session.invalidate();
    assertThat(store.stored).isEmpty();
    assertThat(EVENTS).containsExactly("destroyed x");
    assertThat(sessions.join(session.getId())).isNull();
    Session timedOut = create(Map.of("a", "y"));
    clock.addAndGet(60_000);
    sessions.sweep();
    assertThat(store.stored).isEmpty();
    assertThat(EVENTS).containsExactly("destroyed x", "destroyed y");
    assertThat(sessions.join(timedOut.getId())).isNull();
  }

  @Test
  void isNotSavedAgainByARequestThatIsStillInside() throws Exception {
    Session session = sessions.create();
    session.setAttribute("a", "x");
    sessions.join(session.getId());
    session.invalidate();
    session.leave();
    session.leave();
    assertThat(store.stored).isEmpty();
  }

  @Test
  void tellsListenersOfSessionsThatTimedOutInTheStore() throws Exception {
    String id = create(Map.of("a", "x")).getId();
    restart();
    clock.addAndGet(59_999);
    sessions.sweep();
    assertThat(EVENTS).isEmpty();
    clock.addAndGet(1);
    assertThat(sessions.join(id)).as("timed out, not yet swept").isNull();
    sessions.sweep();
    assertThat(EVENTS).containsExactly("destroyed x");
    assertThat(store.stored).isEmpty();
  }

  @Test
  void leavesNothingBehindItsOldId() throws Exception {
    Session session = create(Map.of("a", "x"));
    String old = session.getId();
    sessions.join(old);
    sessions.changeId(session);
    assertThat(store.stored).doesNotContainKey(old);
    assertThat(sessions.join(old)).isNull();
    session.leave();
    String id = session.getId();
    restart();
    assertThat(sessions.join(old)).isNull();
    assertThat(sessions.join(id).getAttribute("a")).isEqualTo("x");
  }

  // ---- attributes

  @Test
  void tellsAttributesOfTheirTravel() throws Exception {
    String id = create(Map.of("a", "x", "t", new Traveller())).getId();
    assertThat(EVENTS).as("it goes on here").containsExactly("passivate x", "activate x");
    EVENTS.clear();
    sessions.stop();
    assertThat(EVENTS).containsExactly("passivate x");
    sessions = sessions();
    sessions.join(id);
    assertThat(EVENTS).containsExactly("activate x");
  }

  @Test
  void keepsWhatAttributesShare() throws Exception {
    List<String> cart = new ArrayList<>(List.of("tea"));
    String id = create(Map.of("cart", cart, "order", new ArrayList<>(List.of(cart)))).getId();
    restart();
    Session session = sessions.join(id);
    assertThat(session.getAttribute("cart")).isEqualTo(List.of("tea"));
    assertThat(((List<?>) session.getAttribute("order")).getFirst())
        .isSameAs(session.getAttribute("cart"));
  }

  @Test
  void leavesOutWhatCannotBeSerialised() throws Exception {
    Session session =
        create(
            Map.of(
                "plain",
                new Object(),
                "within",
                new ArrayList<>(List.of(new Object())),
                "deep",
                deep(100_000),
                "a",
                "x"));
    assertThat(session.getAttribute("plain")).as("still in memory").isNotNull();
    String id = session.getId();
    restart();
    assertThat(Collections.list(sessions.join(id).getAttributeNames())).containsExactly("a");
  }

  private static Serializable deep(int depth) {
    Object[] inner = {};
    for (int i = 0; i < depth; i++) {
      inner = new Object[] {inner};
    }
    return inner;
  }

  @Test
  void losesASessionThatCannotBeRead() throws Exception {
    String id = create(Map.of("a", "x")).getId();
    restart();
    StoredSession whole = store.stored.get(id);
    byte[] bytes = whole.attributes().clone();
    bytes[bytes.length / 2] ^= 0x55;
    for (byte[] broken : List.of(new byte[0], new byte[] {1, 2, 3}, bytes, bomb())) {
      store.save(
          new StoredSession(id, whole.created(), whole.lastAccessed(), whole.timeout(), broken));
      assertThat(sessions.join(id)).isNull();
      assertThat(store.stored).doesNotContainKey(id);
    }
  }

  /** A few bytes that speak of an array of two thousand million places. */
  private static byte[] bomb() throws IOException {
    byte[] bytes =
        new SessionBytes(StoredSessionsTest.class.getClassLoader()).write(Map.of("a", new int[0]));
    bytes[bytes.length - 4] = 0x7f;
    return bytes;
  }

  /** An attribute whose class fails at one of the things that are done with it. */
  private static final class Failing implements HttpSessionActivationListener, Serializable {
    private static final long serialVersionUID = 1L;
    private static volatile Error onTravel;
    private static volatile Error onWrite;
    private static volatile Error onRead;

    private static void fail(Error error) {
      if (error != null) {
        throw error;
      }
    }

    @Override
    public void sessionWillPassivate(HttpSessionEvent event) {
      fail(onTravel);
    }

    @Override
    public void sessionDidActivate(HttpSessionEvent event) {
      fail(onTravel);
    }

    private void writeObject(ObjectOutputStream out) {
      fail(onWrite);
    }

    private void readObject(ObjectInputStream in) {
      fail(onRead);
    }
  }

  @AfterEach
  void failNoMore() {
    Failing.onTravel = null;
    Failing.onWrite = null;
    Failing.onRead = null;
  }

  @Test
  void savesTheOthersIfAnAttributeFailsWhenItIsToldOfItsTravel() throws Exception {
    Session failing = create(Map.of("f", new Failing()));
    String good = create(Map.of("a", "x")).getId();
    Failing.onTravel = new AssertionError("of the test");
    failing.setAttribute("a", "y");
    sessions.sweep();
    assertThat(failing.isUnsaved()).isTrue();
    restart();
    assertThat(sessions.join(good).getAttribute("a")).isEqualTo("x");
  }

  @Test
  void leavesOutAnAttributeThatFailsWhenItIsWritten() throws Exception {
    Failing.onWrite = new AssertionError("of the test");
    String id = create(Map.of("f", new Failing(), "a", "x")).getId();
    restart();
    assertThat(Collections.list(sessions.join(id).getAttributeNames())).containsExactly("a");
  }

  @Test
  void isJoinedEvenIfAnAttributeFailsWhenItIsToldOfItsArrival() throws Exception {
    String id = create(Map.of("f", new Failing(), "a", "x")).getId();
    restart();
    Failing.onTravel = new AssertionError("of the test");
    assertThat(sessions.join(id).getAttribute("a")).isEqualTo("x");
  }

  @Test
  void losesASessionWithAnAttributeThatFailsWhenItIsRead() throws Exception {
    String id = create(Map.of("f", new Failing())).getId();
    restart();
    Failing.onRead = new AssertionError("of the test");
    assertThat(sessions.join(id)).isNull();
    assertThat(store.stored).isEmpty();
  }

  @Test
  void isNotLostWhereThereIsNoRoomForItNow() throws Exception {
    String id = create(Map.of("f", new Failing())).getId();
    restart();
    Failing.onRead = new OutOfMemoryError("of the test");
    assertThatThrownBy(() -> sessions.join(id)).isInstanceOf(IOException.class);
    Failing.onRead = null;
    assertThat(sessions.join(id)).isNotNull();
  }

  private static final class Forbidden implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void hasNoObjectsThatTheFilterOfTheJVMForbids() throws Exception {
    ObjectInputFilter.Config.setSerialFilter(
        info ->
            info.serialClass() == Forbidden.class
                ? ObjectInputFilter.Status.REJECTED
                : ObjectInputFilter.Status.UNDECIDED);
    String id = create(Map.of("f", new Forbidden())).getId();
    String other = create(Map.of("a", "x")).getId();
    restart();
    assertThat(sessions.join(id)).isNull();
    assertThat(sessions.join(other).getAttribute("a")).isEqualTo("x");
  }

  // ---- a store that fails

  @Test
  void doesNotGoOnWithoutASessionThatTheStoreDoesNotGive() throws Exception {
    String id = create(Map.of("a", "x")).getId();
    restart();
    store.fails = true;
    assertThatThrownBy(() -> sessions.join(id)).isInstanceOf(IOException.class);
    store.fails = false;
    assertThat(sessions.join(id)).isNotNull();
  }

  @Test
  void savesAgainWhatCouldNotBeSaved() {
    store.fails = true;
    Session session = create(Map.of("a", "x"));
    assertThat(session.isValid()).isTrue();
    store.fails = false;
    sessions.sweep();
    assertThat(store.stored).containsKey(session.getId());
  }

  @Test
  void isOverEvenIfTheStoreDoesNotDeleteIt() throws Exception {
    Session session = create(Map.of("a", "x"));
    String id = session.getId();
    store.fails = true;
    session.invalidate();
    store.fails = false;
    assertThat(store.stored).containsKey(id);
    assertThat(sessions.join(id)).isNull();
    sessions.sweep();
    assertThat(store.stored).isEmpty();
  }

  @Test
  void sweepsWhateverTheStoreDoes() {
    Session session = create(Map.of("a", "x"));
    store.fails = true;
    clock.addAndGet(60_000);
    sessions.sweep();
    assertThat(session.isValid()).isFalse();
    assertThat(EVENTS).containsExactly("destroyed x");
  }

  @Test
  void isStoppedOnlyIfItWasStarted() throws Exception {
    store.fails = true;
    assertThatThrownBy(() -> sessions.start("/app")).isInstanceOf(IOException.class);
    store.fails = false;
    store.started = true;
    sessions.stop();
    assertThat(store.started).isTrue();
    sessions.start("/app");
    sessions.stop();
    assertThat(store.started).isFalse();
  }

  // ---- who comes

  @Test
  void asksTheStoreForNothingThatIsNoId() throws Exception {
    for (String id :
        List.of(
            "", "x", "../../../../etc/passwd..", "A".repeat(23), "A".repeat(25), "ä".repeat(24))) {
      assertThat(sessions.join(id)).isNull();
    }
    assertThat(store.loads).hasValue(0);
    assertThat(sessions.join("A".repeat(24))).isNull();
    assertThat(store.loads).hasValue(1);
  }

  @Test
  void isLoadedOnceForManyRequestsAtATime() throws Exception {
    String id = create(Map.of("a", "x")).getId();
    restart();
    var barrier = new CyclicBarrier(8);
    var seen = ConcurrentHashMap.<Session>newKeySet();
    var failure = new AtomicReference<Throwable>();
    var done = new CountDownLatch(8);
    for (int i = 0; i < 8; i++) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  barrier.await();
                  seen.add(sessions.join(id));
                } catch (Exception e) {
                  failure.set(e);
                } finally {
                  done.countDown();
                }
              });
    }
    done.await();
    assertThat(failure).hasNullValue();
    assertThat(seen).hasSize(1);
    assertThat(store.loads).hasValue(1);
  }

  @Test
  void doesNotComeBackFromTheStoreWhileItEnds() throws Exception {
    for (int round = 0; round < 200; round++) {
      Session session = create(Map.of("a", "x"));
      String id = session.getId();
      var barrier = new CyclicBarrier(3);
      List<Thread> threads = new ArrayList<>();
      for (Runnable task :
          List.<Runnable>of(session::invalidate, () -> joinAndLeave(id), () -> joinAndLeave(id))) {
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        barrier.await();
                        task.run();
                      } catch (Exception e) {
                        EVENTS.add(e.toString());
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(sessions.join(id)).isNull();
      assertThat(store.stored).isEmpty();
    }
    assertThat(EVENTS).containsOnly("destroyed x");
  }

  private void joinAndLeave(String id) {
    try {
      Session joined = sessions.join(id);
      if (joined != null) {
        joined.setAttribute("b", "y");
        joined.leave();
      }
    } catch (IllegalStateException e) {
      // It has ended meanwhile.
    } catch (IOException e) {
      EVENTS.add(e.toString());
    }
  }
}
