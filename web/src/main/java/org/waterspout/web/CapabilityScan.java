// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.InnerClassesAttribute;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.Capability;
import org.waterspout.http.Needs;

/**
 * Finds in a handler's class files what some deployments cannot offer: whatever carries {@link
 * Needs} and is called, overridden, extended or used as an annotation.
 *
 * <p>Read are the class, what is nested in it, and its superclasses up to RequestHandler or to one
 * that says itself what it needs, so lambdas and anonymous classes are covered. What helper classes
 * elsewhere do with a handler is not seen; it is refused when it happens. No class is initialised.
 */
final class CapabilityScan {
  /**
   * One use.
   *
   * @param where for messages: {@code get() calls RequestHandler.flush}
   */
  record Use(Capability capability, String where) {}

  private final Set<Use> uses = new LinkedHashSet<>();
  private final ClassLoader loader;

  private CapabilityScan(Class<?> handler) {
    var own = handler.getClassLoader();
    this.loader = own == null ? ClassLoader.getSystemClassLoader() : own;
  }

  static Collection<Use> of(Class<? extends RequestHandler> handler) {
    var scan = new CapabilityScan(handler);
    for (Class<?> c = handler; c != RequestHandler.class; c = c.getSuperclass()) {
      if (c.isAnnotationPresent(Needs.class)) {
        scan.readBase(c);
        break;
      }
      scan.readDeclarations(c);
      scan.readCode(c);
    }
    return scan.uses;
  }

  // ---- what it is

  /** A base class of ours, which says itself what it needs: its code is not looked at. */
  private void readBase(Class<?> c) {
    uses.add(new Use(c.getAnnotation(Needs.class).value(), "is a " + c.getSimpleName()));
  }

  private void readDeclarations(Class<?> c) {
    readAnnotations(c, "is annotated");
    for (Method method : c.getDeclaredMethods()) {
      readAnnotations(method, method.getName() + "() is annotated");
      var inherited = needsOf(c.getSuperclass(), method.getName(), descriptor(method));
      if (inherited != null && !method.isSynthetic()) {
        uses.add(new Use(inherited, "overrides " + method.getName()));
      }
    }
  }

  private void readAnnotations(AnnotatedElement element, String what) {
    for (Annotation annotation : element.getDeclaredAnnotations()) {
      var type = annotation.annotationType();
      var needs = type.getAnnotation(Needs.class);
      if (needs != null) {
        uses.add(new Use(needs.value(), what + " @" + type.getSimpleName()));
      }
    }
  }

  // ---- what it does

  private void readCode(Class<?> c) {
    String name = c.getName().replace('.', '/');
    Set<String> seen = new HashSet<>();
    Deque<String> pending = new ArrayDeque<>(Set.of(name));
    while (!pending.isEmpty()) {
      String next = pending.pop();
      ClassModel model = seen.add(next) ? parse(next) : null;
      if (model != null) {
        String nested = next.equals(name) ? "" : next.substring(name.length() + 1) + ".";
        model.methods().forEach(method -> readMethod(method, nested.replace('$', '.')));
        pending.addAll(nestedIn(model, name));
      }
    }
  }

  private @Nullable ClassModel parse(String internalName) {
    try (var in = loader.getResourceAsStream(internalName + ".class")) {
      return in == null ? null : ClassFile.of().parse(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read class file of " + internalName, e);
    }
  }

  private static Set<String> nestedIn(ClassModel model, String outer) {
    Set<String> nested = new LinkedHashSet<>();
    for (var attribute : model.attributes()) {
      if (attribute instanceof InnerClassesAttribute inner) {
        inner.classes().forEach(info -> nested.add(info.innerClass().asInternalName()));
      }
    }
    nested.removeIf(name -> !name.startsWith(outer + "$"));
    return nested;
  }

  private void readMethod(MethodModel method, String nested) {
    var code = method.code().orElse(null);
    if (code == null) {
      return;
    }
    String where = nested + plainName(method.methodName().stringValue());
    for (CodeElement element : code) {
      if (element instanceof InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        readCall(where, owner, call.name().stringValue(), call.type().stringValue());
      } else if (element instanceof InvokeDynamicInstruction dynamic) {
        readReferences(where, dynamic);
      }
    }
  }

  private void readReferences(String where, InvokeDynamicInstruction dynamic) {
    for (var argument : dynamic.bootstrapArgs()) {
      if (argument instanceof DirectMethodHandleDesc reference) {
        String owner = reference.owner().descriptorString();
        String internalName = owner.substring(1, owner.length() - 1);
        readCall(where, internalName, reference.methodName(), reference.lookupDescriptor());
      }
    }
  }

  private void readCall(String where, String owner, String name, String descriptor) {
    if (owner.startsWith("java/") || owner.startsWith("[")) {
      return;
    }
    var needs = needsOf(load(owner), name, descriptor);
    if (needs != null) {
      uses.add(new Use(needs, where + " calls " + name));
    }
  }

  /** A lambda counts for the method in which it stands: {@code lambda$get$0} is {@code get()}. */
  private static String plainName(String method) {
    String[] parts = method.split("\\$", -1);
    String name = parts[0].equals("lambda") && parts.length == 3 ? parts[1] : method;
    return name.equals("<init>") || name.equals("new") ? "its constructor" : name + "()";
  }

  // ---- what the called method says

  private @Nullable Class<?> load(String internalName) {
    try {
      return Class.forName(internalName.replace('/', '.'), false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      return null; // an optional dependency that is not there cannot be one of our annotated API
    }
  }

  private static @Nullable Capability needsOf(
      @Nullable Class<?> c, String name, String descriptor) {
    if (c == null || c == Object.class) {
      return null;
    }
    var own = declaredNeeds(c, name, descriptor);
    var inherited = own != null ? own : needsOf(c.getSuperclass(), name, descriptor);
    for (Class<?> i : c.getInterfaces()) {
      inherited = inherited != null ? inherited : needsOf(i, name, descriptor);
    }
    return inherited;
  }

  private static @Nullable Capability declaredNeeds(Class<?> c, String name, String descriptor) {
    try {
      for (Method method : c.getDeclaredMethods()) {
        if (method.getName().equals(name) && descriptor(method).equals(descriptor)) {
          var needs = method.getAnnotation(Needs.class);
          return needs == null ? null : needs.value();
        }
      }
    } catch (LinkageError e) {
      return null; // as in load
    }
    return null;
  }

  private static String descriptor(Method method) {
    return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
        .toMethodDescriptorString();
  }
}
