// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.Capability;

/**
 * What is read off a handler's class once: its verbs, annotations and the capabilities it uses.
 * Immutable, callable from any thread.
 */
final class HandlerClass {
  private static final ClassValue<HandlerClass> FACTS =
      new ClassValue<>() {
        @Override
        protected HandlerClass computeValue(Class<?> type) {
          return new HandlerClass(type.asSubclass(RequestHandler.class));
        }
      };

  private final Class<? extends RequestHandler> type;
  private final boolean streamsBody;
  private final Set<String> verbs = new TreeSet<>();
  private final String allow;
  private final Set<String> asynchronousVerbs = new TreeSet<>();
  private final Set<String> slashAdding = new TreeSet<>();
  private final Set<String> slashRemoving = new TreeSet<>();
  private final Set<String> authenticatedVerbs = new TreeSet<>();
  private final boolean authenticated; // whatever the verb
  private final Set<Capability> requires = EnumSet.noneOf(Capability.class);
  private final Set<Capability> prefers = EnumSet.noneOf(Capability.class);
  private volatile @Nullable Needed needed; // null until it is asked for

  private record Needed(List<CapabilityScan.Use> uses, Set<Capability> required) {}

  private HandlerClass(Class<? extends RequestHandler> type) {
    this.type = type;
    this.streamsBody = type.isAnnotationPresent(StreamRequestBody.class);
    this.authenticated = type.isAnnotationPresent(Authenticated.class);
    readVerbs();
    this.allow = String.join(", ", verbs);
    readCapabilities(type);
    checkStreaming();
  }

  /**
   * The facts of a class.
   *
   * @throws IllegalStateException if its annotations contradict each other or its methods
   */
  static HandlerClass of(Class<? extends RequestHandler> type) {
    return FACTS.get(type);
  }

  String name() {
    return type.getName();
  }

  boolean streamsBody() {
    return streamsBody;
  }

  /** The value of the Allow header: the verbs that are overridden. */
  String allow() {
    return allow;
  }

  /** The verbs that are overridden. */
  Set<String> verbs() {
    return Collections.unmodifiableSet(verbs);
  }

  /** Whether the method of this verb wants a slash at the path's end. */
  boolean addsSlash(String verb) {
    return slashAdding.contains(verb);
  }

  /** Whether the method of this verb wants none. */
  boolean removesSlash(String verb) {
    return slashRemoving.contains(verb);
  }

  /** Whether the method of this verb leaves the answer open when it returns. */
  boolean isAsynchronous(String verb) {
    return asynchronousVerbs.contains(verb);
  }

  /** Whether this verb is for known users only; HEAD is, where GET is. */
  boolean requiresUser(String verb) {
    boolean asGet = verb.equals("HEAD") && authenticatedVerbs.contains("GET");
    return authenticated || asGet || authenticatedVerbs.contains(verb);
  }

  /** The capabilities whose loss it copes with. */
  Set<Capability> prefers() {
    return Collections.unmodifiableSet(prefers);
  }

  /** What it uses, found in its class files, and where. */
  List<CapabilityScan.Use> uses() {
    return needed().uses();
  }

  /** The first capability without which it is refused and that is not offered; null if none is. */
  @Nullable Capability firstMissing(Set<Capability> offered) {
    for (Capability capability : needed().required()) {
      if (!offered.contains(capability)) {
        return capability;
      }
    }
    return null;
  }

  private Needed needed() {
    var known = needed;
    if (known == null) {
      known = readNeeded();
      needed = known;
    }
    return known;
  }

  private Needed readNeeded() {
    List<CapabilityScan.Use> uses = new ArrayList<>(CapabilityScan.of(type));
    for (Capability capability : requires) {
      uses.add(new CapabilityScan.Use(capability, "is annotated @Requires(" + capability + ")"));
    }
    Set<Capability> required = EnumSet.noneOf(Capability.class);
    uses.forEach(use -> required.add(use.capability()));
    required.removeAll(prefers);
    return new Needed(List.copyOf(uses), required);
  }

  private void readVerbs() {
    for (Class<?> c = type; c != RequestHandler.class; c = c.getSuperclass()) {
      for (Method method : c.getDeclaredMethods()) {
        if (method.isSynthetic()) { // a bridge has the annotations of what it leads to
          continue;
        }
        String verb = verb(method);
        if (verb == null) {
          refuseOnOthers(method, Asynchronous.class);
          refuseOnOthers(method, Authenticated.class);
          refuseOnOthers(method, AddSlash.class);
          refuseOnOthers(method, RemoveSlash.class);
          continue;
        }
        if (verbs.add(verb)) { // the most derived one
          readAnnotations(verb, method);
        }
        if (method.isAnnotationPresent(Authenticated.class)) {
          authenticatedVerbs.add(verb);
        }
      }
    }
  }

  private void refuseOnOthers(Method method, Class<? extends Annotation> annotation) {
    if (method.isAnnotationPresent(annotation)) {
      String name = annotation.getSimpleName();
      throw refused(method.getName() + " is annotated @" + name + ", but is no verb method");
    }
  }

  private void readAnnotations(String verb, Method method) {
    if (method.isAnnotationPresent(Asynchronous.class)) {
      asynchronousVerbs.add(verb);
    }
    boolean adds = method.isAnnotationPresent(AddSlash.class);
    boolean removes = method.isAnnotationPresent(RemoveSlash.class);
    if (adds && removes) {
      throw refused(method.getName() + " says both @AddSlash and @RemoveSlash");
    }
    if (adds) {
      slashAdding.add(verb);
    }
    if (removes) {
      slashRemoving.add(verb);
    }
  }

  private static @Nullable String verb(Method method) {
    if (method.getParameterCount() > 0) {
      return null;
    }
    return Execution.METHODS.stream()
        .filter(verb -> verb.toLowerCase(Locale.ROOT).equals(method.getName()))
        .findAny()
        .orElse(null);
  }

  /** From the base class down, so that a subclass can say otherwise. */
  private void readCapabilities(Class<?> c) {
    if (c == RequestHandler.class) {
      return;
    }
    readCapabilities(c.getSuperclass());
    var required = c.getDeclaredAnnotation(Requires.class);
    var preferred = c.getDeclaredAnnotation(Prefers.class);
    Set<Capability> requiredHere = required == null ? Set.of() : set(required.value());
    Set<Capability> preferredHere = preferred == null ? Set.of() : set(preferred.value());
    if (!Collections.disjoint(requiredHere, preferredHere)) {
      throw refused(
          c.getSimpleName() + " says both @Requires and @Prefers of " + names(requiredHere));
    }
    requires.removeAll(preferredHere);
    prefers.removeAll(requiredHere);
    requires.addAll(requiredHere);
    prefers.addAll(preferredHere);
  }

  private void checkStreaming() {
    boolean receives = false;
    for (Class<?> c = type; c != RequestHandler.class; c = c.getSuperclass()) {
      for (Method method : c.getDeclaredMethods()) {
        receives |=
            method.getName().equals("dataReceived")
                && List.of(method.getParameterTypes()).equals(List.of(byte[].class));
      }
    }
    if (streamsBody && !receives) {
      throw refused("@StreamRequestBody, but dataReceived(byte[]) is not overridden");
    }
    if (receives && !streamsBody) {
      throw refused("dataReceived(byte[]) is never called without @StreamRequestBody");
    }
  }

  private IllegalStateException refused(String why) {
    return new IllegalStateException("handler " + type.getName() + ": " + why);
  }

  private static Set<Capability> set(Capability[] capabilities) {
    return capabilities.length == 0 ? Set.of() : EnumSet.copyOf(List.of(capabilities));
  }

  private static String names(Set<Capability> capabilities) {
    return capabilities.stream().map(Capability::name).collect(Collectors.joining(", "));
  }
}
