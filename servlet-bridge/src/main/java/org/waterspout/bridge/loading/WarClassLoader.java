// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.loading;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads the classes of a WAR: its own first, but for those that {@link Visibility} gives to the JDK
 * and to the host. Its parent is the JDK's loader, so that nothing of the host is found by
 * accident.
 *
 * <p>Closed when the application has ended: its files are free then, and what it has loaded still
 * works. Safe for all threads.
 */
public final class WarClassLoader extends URLClassLoader {
  static {
    registerAsParallelCapable();
  }

  private final ClassLoader host;
  private final Visibility visibility;

  /**
   * @param name for messages and stacks
   * @param places directories and jars, in the order in which they are asked
   * @param host where the servlet API and what is shared come from
   */
  public WarClassLoader(String name, List<Path> places, ClassLoader host, Visibility visibility) {
    super(name, urls(places), ClassLoader.getPlatformClassLoader());
    this.host = host;
    this.visibility = visibility;
  }

  private static URL[] urls(List<Path> places) {
    List<URL> urls = new ArrayList<>();
    for (Path place : places) {
      try {
        urls.add(place.toUri().toURL());
      } catch (MalformedURLException e) {
        throw new IllegalArgumentException("not a file: " + place, e);
      }
    }
    return urls.toArray(URL[]::new);
  }

  @Override
  protected Class<?> loadClass(String className, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(className)) {
      Class<?> loaded = findLoadedClass(className);
      if (loaded == null) {
        loaded = find(className);
      }
      if (resolve) {
        resolveClass(loaded);
      }
      return loaded;
    }
  }

  private Class<?> find(String className) throws ClassNotFoundException {
    if (Visibility.isJDK(className)) {
      Class<?> found = orNull(getParent(), className);
      if (found != null) {
        return found;
      }
    }
    if (visibility.isHostOnly(className)) {
      return host.loadClass(className);
    }
    if (visibility.isHostFirst(className)) {
      Class<?> found = orNull(host, className);
      if (found != null) {
        return found;
      }
    }
    try {
      return findClass(className);
    } catch (ClassNotFoundException e) {
      // What the JDK does not export is the WAR's to bring, but the JDK loads some of it by name.
      return getParent().loadClass(className);
    }
  }

  private static @Nullable Class<?> orNull(ClassLoader loader, String className) {
    try {
      return loader.loadClass(className);
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  @Override
  public @Nullable URL getResource(String name) {
    URL own = findResource(name);
    if (own != null) {
      return own;
    }
    URL shown = visibility.showsResource(name) ? host.getResource(name) : null;
    return shown != null ? shown : getParent().getResource(name);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    List<URL> all = new ArrayList<>(Collections.list(findResources(name)));
    List<URL> jdk = Collections.list(getParent().getResources(name));
    if (visibility.showsResource(name)) {
      List<URL> shown = Collections.list(host.getResources(name));
      shown.removeAll(jdk);
      all.addAll(shown);
    }
    all.addAll(jdk);
    return Collections.enumeration(all);
  }

  /** The JDK's own way would close jars of the host that others read when this loader closes. */
  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    URL own = findResource(name);
    if (own == null) {
      InputStream shown = visibility.showsResource(name) ? host.getResourceAsStream(name) : null;
      return shown != null ? shown : getParent().getResourceAsStream(name);
    }
    try {
      URLConnection connection = own.openConnection();
      connection.setUseCaches(false);
      return connection.getInputStream();
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * Defines one of the engine's classes once more, as if it were the WAR's: for calls that the JDK
   * allows to classes of this loader only.
   */
  Class<?> defineHere(Class<?> engineClass) throws IOException {
    String resource = engineClass.getName().replace('.', '/') + ".class";
    ClassLoader loader = engineClass.getClassLoader();
    InputStream found = loader == null ? null : loader.getResourceAsStream(resource);
    if (found == null) {
      throw new FileNotFoundException(resource);
    }
    try (InputStream in = found) {
      byte[] bytes = in.readAllBytes();
      return defineClass(engineClass.getName(), bytes, 0, bytes.length);
    }
  }

  @Override
  public String toString() {
    return "WarClassLoader[" + getName() + "]";
  }
}
