// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test method that runs on a loop of its own and may await. Tornado: {@code gen_test}.
 *
 * <pre>{@code
 * class GreetingTest {
 *   @GenTest
 *   void comesAfterAnHour(FakeClock clock) {
 *     var greeting = spawn(() -> {
 *       await(sleep(Duration.ofHours(1)));
 *       return "hello";
 *     });
 *     clock.advance(Duration.ofMinutes(59));
 *     assertFalse(greeting.isDone());
 *     clock.advance(Duration.ofMinutes(1));
 *     assertEquals("hello", await(greeting));
 *   }
 * }
 * }</pre>
 *
 * <p>It is JUnit's {@link Test}, and like that returns nothing. What else holds is said by {@link
 * LoopExtension}, which serves parameterized and repeated tests too.
 */
@Documented
@SuppressWarnings("exports") // who names these types has JUnit's module anyway
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Test
@ExtendWith(LoopExtension.class)
public @interface GenTest {
  /**
   * How many seconds the method may take. 0 stands for the environment variable {@code
   * ASYNC_TEST_TIMEOUT}, and that for 5 if it is not set.
   */
  double timeout() default 0;
}
