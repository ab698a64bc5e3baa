// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

/** A server that is measured. */
interface Server {
  /** One word, by which its program tells it apart from others that it can be. */
  String name();

  /** As the tables call it. */
  String label();

  Kind kind();

  /** The main class: it is given the name and the workload's. */
  Class<?> program();

  boolean takesPartIn(Workload workload);
}
