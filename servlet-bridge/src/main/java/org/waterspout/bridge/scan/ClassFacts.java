// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.scan;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a class file says.
 *
 * @param name as {@code Class.getName} gives it
 * @param superclass null for Object
 * @param interfaces those that it names itself
 * @param annotations those of the class that last until run time
 * @param memberAnnotations the types of those of its fields and methods
 */
public record ClassFacts(
    String name,
    @Nullable String superclass,
    List<String> interfaces,
    List<AnnotationFacts> annotations,
    Set<String> memberAnnotations) {
  private static final int MAX_BYTES = 16 * 1024 * 1024;

  public ClassFacts {
    interfaces = List.copyOf(interfaces);
    annotations = List.copyOf(annotations);
    memberAnnotations = Set.copyOf(memberAnnotations);
  }

  /**
   * The bytes of a class file. Of one that is longer than any that a compiler writes, the
   * beginning: an entry of a jar may unpack to more than there is memory.
   */
  public static byte[] bytes(InputStream in) throws IOException {
    return in.readNBytes(MAX_BYTES);
  }

  /**
   * Reads a class file.
   *
   * @throws IllegalArgumentException if it is none, or one of a newer Java than this
   */
  public static ClassFacts of(byte[] classFile) {
    try {
      return of(ClassFile.of().parse(classFile));
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("a class file that ends too early", e);
    }
  }

  private static ClassFacts of(ClassModel model) {
    Set<String> members = new HashSet<>();
    Stream.concat(model.fields().stream(), model.methods().stream())
        .flatMap(member -> annotations(member).stream())
        .forEach(annotation -> members.add(annotation.type()));
    return new ClassFacts(
        binaryName(model.thisClass().asInternalName()),
        model.superclass().map(entry -> binaryName(entry.asInternalName())).orElse(null),
        model.interfaces().stream().map(entry -> binaryName(entry.asInternalName())).toList(),
        annotations(model),
        members);
  }

  private static List<AnnotationFacts> annotations(AttributedElement element) {
    List<AnnotationFacts> found = new ArrayList<>();
    element
        .findAttribute(Attributes.runtimeVisibleAnnotations())
        .ifPresent(all -> all.annotations().forEach(one -> found.add(AnnotationFacts.of(one))));
    return found;
  }

  /** The annotation of a type; null if the class has none. */
  public @Nullable AnnotationFacts annotation(String type) {
    for (AnnotationFacts annotation : annotations) {
      if (annotation.type().equals(type)) {
        return annotation;
      }
    }
    return null;
  }

  /** Whether it, or a field or method of it, is annotated with a type. */
  public boolean mentions(String annotationType) {
    return annotation(annotationType) != null || memberAnnotations.contains(annotationType);
  }

  /** The superclass and the interfaces that it names. */
  List<String> supertypes() {
    List<String> all = new ArrayList<>(interfaces);
    if (superclass != null) {
      all.add(superclass);
    }
    return all;
  }

  /** Of a descriptor such as {@code Lapp/A;}; others are left as they are. */
  static String name(String descriptor) {
    return descriptor.startsWith("L") && descriptor.endsWith(";")
        ? binaryName(descriptor.substring(1, descriptor.length() - 1))
        : descriptor;
  }

  private static String binaryName(String internalName) {
    return internalName.replace('/', '.');
  }
}
