// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.scan;

import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An annotation as it stands in a class file: without the defaults of its type.
 *
 * @param type the name of its class
 * @param values strings, boxed numbers and flags, names of enum constants and of classes, other
 *     annotations, and lists of them
 */
public record AnnotationFacts(String type, Map<String, Object> values) {
  public AnnotationFacts {
    values = Map.copyOf(values);
  }

  static AnnotationFacts of(Annotation annotation) {
    Map<String, Object> values = new HashMap<>();
    for (AnnotationElement element : annotation.elements()) {
      values.put(element.name().stringValue(), value(element.value()));
    }
    return new AnnotationFacts(ClassFacts.name(annotation.className().stringValue()), values);
  }

  private static Object value(AnnotationValue value) {
    return switch (value) {
      case AnnotationValue.OfConstant constant -> constant.resolvedValue();
      case AnnotationValue.OfEnum constant -> constant.constantName().stringValue();
      case AnnotationValue.OfClass type -> ClassFacts.name(type.className().stringValue());
      case AnnotationValue.OfAnnotation nested -> of(nested.annotation());
      case AnnotationValue.OfArray array ->
          array.values().stream().map(AnnotationFacts::value).toList();
    };
  }

  /** The text of an element; null if it is not given. */
  public @Nullable String string(String element) {
    return values.get(element) instanceof String text ? text : null;
  }

  /** The texts of an element, or the names of its constants; empty if it is not given. */
  public List<String> strings(String element) {
    return values.get(element) instanceof List<?> list
        ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }

  /** The annotations in an element; empty if it is not given. */
  public List<AnnotationFacts> annotations(String element) {
    return values.get(element) instanceof List<?> list
        ? list.stream()
            .filter(AnnotationFacts.class::isInstance)
            .map(AnnotationFacts.class::cast)
            .toList()
        : List.of();
  }

  public boolean flag(String element, boolean otherwise) {
    return values.get(element) instanceof Boolean flag ? flag : otherwise;
  }

  /** The number of an element, of whatever size. */
  public long number(String element, long otherwise) {
    return values.get(element) instanceof Number number ? number.longValue() : otherwise;
  }
}
