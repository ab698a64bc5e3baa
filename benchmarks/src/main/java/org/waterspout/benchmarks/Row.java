// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** One subject in one mode: what each round gave. */
final class Row {
  private static final String CLASS_PATH = System.getProperty("java.class.path", "");
  private static final int ITERATIONS = 4;
  private static final TimeValue ITERATION_TIME = TimeValue.milliseconds(500);

  final Subject subject;
  final CarrierMode mode;
  final String classesBefore; // what stands in front of the class path, to replace the loop
  final List<Double> cpu = new ArrayList<>();
  final List<Double> wall = new ArrayList<>();

  Row(Subject subject, CarrierMode mode, String classesBefore) {
    this.subject = subject;
    this.mode = mode;
    this.classesBefore = classesBefore;
  }

  /** Runs it in a fresh JVM: first to warm up, then to measure. */
  void run() throws RunnerException {
    var options =
        new OptionsBuilder()
            .include("\\." + subject.method().replace(".", "\\.") + "$")
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .forks(1)
            .warmupIterations(ITERATIONS)
            .warmupTime(ITERATION_TIME)
            .measurementIterations(ITERATIONS)
            .measurementTime(ITERATION_TIME)
            .jvmArgs(mode.jvmArguments().toArray(String[]::new))
            .addProfiler(CPUTime.class)
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true);
    subject.parameters().forEach(options::param);
    // JMH starts the fork with this JVM's class path, and has no other way to give it one.
    System.setProperty(
        "java.class.path", classesBefore.isEmpty() ? CLASS_PATH : classesBefore + ":" + CLASS_PATH);
    var result = new Runner(options.build()).runSingle();
    wall.add(result.getPrimaryResult().getScore());
    cpu.add(requireNonNull(result.getSecondaryResults().get(CPUTime.LABEL)).getScore());
  }

  /** How its processor time compares with another's, round by round. */
  Series ratioTo(Row other) {
    var ratios = new ArrayList<Double>();
    for (int round = 0; round < cpu.size(); round++) {
      ratios.add(cpu.get(round) / other.cpu.get(round));
    }
    return new Series(ratios);
  }
}
