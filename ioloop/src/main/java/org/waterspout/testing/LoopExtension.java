// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.testing;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.waterspout.ioloop.IOLoop;

/**
 * Runs each test on a fresh loop: what {@link GenTest} stands for, and with {@code
 * ExtendWith(LoopExtension.class)} all tests of a class. Tornado: {@code AsyncTestCase}.
 *
 * <ul>
 *   <li>The test method and the {@code BeforeEach} and {@code AfterEach} methods run on the test's
 *       loop as coroutines; constructors, and methods for all tests, do not. The loop does not run
 *       between them. What is bound to JUnit's own thread is not there.
 *   <li>A parameter of the type {@link IOLoop} is the loop. If a method asks for a {@link
 *       FakeClock}, the loop goes by that, otherwise by the system's clock.
 *   <li>A method that does not end in time, even if it blocks the loop, fails with a {@link
 *       java.util.concurrent.TimeoutException}. Its stack trace is the one that the method had
 *       then. The limit is for each method by itself, and of real time; see {@link
 *       GenTest#timeout}.
 *   <li>Exceptions of callbacks fail the test, unless their {@link org.waterspout.ioloop.Context}
 *       has its own way for them. Of several exceptions, those of the method included, the first is
 *       thrown and has the others as suppressed ones.
 *   <li>After the test its loop is closed, together with all channels that have a handler; awaits
 *       of coroutines that are left fail, so that their {@code finally} blocks run. That has the
 *       same limit.
 * </ul>
 */
@SuppressWarnings("exports") // who names these types has JUnit's module anyway
public final class LoopExtension
    implements BeforeEachCallback, AfterEachCallback, InvocationInterceptor, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(LoopExtension.class);

  /** For JUnit. */
  public LoopExtension() {}

  @Override
  public void beforeEach(ExtensionContext context) {
    var limit = limitOf(context);
    store(context).put(TestLoop.class, new TestLoop(limit, asksForClock(context)));
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    var loop = store(context).remove(TestLoop.class, TestLoop.class);
    if (loop != null) { // else it could not be made
      loop.close();
    }
  }

  @Override
  public void interceptBeforeEachMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    of(context).run(invocation);
  }

  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    of(context).run(invocation);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    of(context).run(invocation);
  }

  @Override
  public void interceptAfterEachMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    of(context).run(invocation);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return (type == IOLoop.class || type == FakeClock.class)
        && store(context).get(TestLoop.class) != null; // none for constructors
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var loop = of(context);
    return parameter.getParameter().getType() == IOLoop.class ? loop.loop() : loop.clock();
  }

  private static TestLoop of(ExtensionContext context) {
    return Objects.requireNonNull(store(context).get(TestLoop.class, TestLoop.class));
  }

  private static Store store(ExtensionContext context) {
    return context.getStore(NAMESPACE);
  }

  private static boolean asksForClock(ExtensionContext context) {
    var aroundTest =
        context.getRequiredTestInstances().getAllInstances().stream()
            .map(Object::getClass)
            .flatMap(
                type ->
                    Stream.concat(methods(type, BeforeEach.class), methods(type, AfterEach.class)));
    return Stream.concat(Stream.of(context.getRequiredTestMethod()), aroundTest)
        .flatMap(method -> Arrays.stream(method.getParameterTypes()))
        .anyMatch(FakeClock.class::equals);
  }

  private static Stream<Method> methods(Class<?> type, Class<? extends Annotation> annotation) {
    return AnnotationSupport.findAnnotatedMethods(type, annotation, HierarchyTraversalMode.TOP_DOWN)
        .stream();
  }

  private static Duration limitOf(ExtensionContext context) {
    var seconds =
        AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), GenTest.class)
            .map(GenTest::timeout)
            .orElse(0.0);
    return seconds == 0
        ? TestLoop.limit(System.getenv("ASYNC_TEST_TIMEOUT"))
        : TestLoop.limit(seconds);
  }
}
