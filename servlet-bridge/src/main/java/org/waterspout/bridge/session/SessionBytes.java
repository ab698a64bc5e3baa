// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.session;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.lang.System.Logger.Level;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.waterspout.log.Log;

/**
 * Attributes as bytes, by Java's serialisation, all of a session in one stream: what two of them
 * share, they share again. What cannot be serialised is left out. Safe for all threads.
 */
final class SessionBytes {
  /** Deeper than what applications keep, shallow enough for every stack. */
  private static final int MAX_DEPTH = 500;

  private final ClassLoader loader;

  /** The classes that have been complained of. */
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  SessionBytes(ClassLoader loader) {
    this.loader = loader;
  }

  /**
   * Writes attributes.
   *
   * @throws IOException if that fails for all of them together, as when one is changed meanwhile
   */
  byte[] write(Map<String, Object> attributes) throws IOException {
    Map<String, Object> written = new LinkedHashMap<>(attributes);
    written.entrySet().removeIf(attribute -> !isSerializable(attribute));
    try {
      return bytes(written);
    } catch (IOException | RuntimeException | Error e) {
      if (!written.entrySet().removeIf(attribute -> !canBeWritten(attribute))) {
        throw e;
      }
      return bytes(written);
    }
  }

  private boolean isSerializable(Map.Entry<String, Object> attribute) {
    if (attribute.getValue() instanceof Serializable) {
      return true;
    }
    complain(attribute.getValue(), new NotSerializableException("not Serializable"));
    return false;
  }

  private boolean canBeWritten(Map.Entry<String, Object> attribute) {
    try {
      var _ = bytes(Map.of(attribute.getKey(), attribute.getValue()));
      return true;
    } catch (IOException | RuntimeException | Error e) {
      complain(attribute.getValue(), e);
      return false;
    }
  }

  private void complain(Object value, Throwable reason) {
    String type = value.getClass().getName();
    if (known.add(type)) {
      Log.GENERAL.log(
          Level.WARNING,
          "session attributes of {0} are in memory only, and a restart loses them: {1}",
          type,
          Log.cleaned(reason).toString());
    }
  }

  private static byte[] bytes(Map<String, Object> attributes) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeInt(attributes.size());
      for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
        out.writeObject(attribute.getKey());
        out.writeObject(attribute.getValue());
      }
    }
    return bytes.toByteArray();
  }

  /**
   * Reads attributes, with the application's classes.
   *
   * @throws IOException if the bytes are none of {@link #write}, or more than they say
   * @throws ClassNotFoundException if a class is gone
   */
  Map<String, Object> read(byte[] bytes) throws IOException, ClassNotFoundException {
    try (var in = new Reader(new ByteArrayInputStream(bytes))) {
      // Ours would take the place of the one that the JVM was started with.
      ObjectInputFilter ours = info -> check(info, bytes.length);
      in.setObjectInputFilter(ObjectInputFilter.merge(ours, in.getObjectInputFilter()));
      Map<String, Object> attributes = new LinkedHashMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        attributes.put((String) in.readObject(), in.readObject());
      }
      return attributes;
    }
  }

  /** No array is larger than its bytes allow; a hash table has at most four places for an entry. */
  private static ObjectInputFilter.Status check(ObjectInputFilter.FilterInfo info, int length) {
    boolean tooMuch = info.depth() > MAX_DEPTH || info.arrayLength() > Math.max(64L, 4L * length);
    return tooMuch ? ObjectInputFilter.Status.REJECTED : ObjectInputFilter.Status.UNDECIDED;
  }

  /** Finds classes where the application finds them. */
  private final class Reader extends ObjectInputStream {
    Reader(InputStream in) throws IOException {
      super(in);
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description) throws ClassNotFoundException {
      Class<?> primitive = Class.forPrimitiveName(description.getName());
      return primitive != null ? primitive : Class.forName(description.getName(), false, loader);
    }

    @Override
    protected Class<?> resolveProxyClass(String[] names) throws ClassNotFoundException {
      Class<?>[] interfaces = new Class<?>[names.length];
      for (int i = 0; i < names.length; i++) {
        interfaces[i] = Class.forName(names[i], false, loader);
      }
      try {
        return Proxy.newProxyInstance(loader, interfaces, (proxy, method, arguments) -> null)
            .getClass();
      } catch (IllegalArgumentException e) {
        throw new ClassNotFoundException("no proxy of " + String.join(", ", names), e);
      }
    }
  }
}
