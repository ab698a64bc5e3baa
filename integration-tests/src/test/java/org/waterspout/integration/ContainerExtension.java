// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;
import org.waterspout.http.Capability;

/**
 * A container with the contract's WARs in a process of its own, as long as the tests of a class and
 * those nested in it run. What it printed during a test is shown if the test fails.
 */
final class ContainerExtension
    implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback, TestWatcher {
  /** Starts a container that may write to a folder. */
  @FunctionalInterface
  private interface Starter {
    ServerProcess start(Path folder) throws Exception;
  }

  private final String name;
  private final Container container;
  private final boolean atRoot; // where the first WAR is
  private final Starter starter;
  private int classes; // nested ones count: only the outermost starts and stops
  private @Nullable ServerProcess process; // null before the first and after the last
  private int printedBefore;

  private ContainerExtension(String name, Container container, boolean atRoot, Starter starter) {
    this.name = name;
    this.container = container;
    this.atRoot = atRoot;
    this.starter = starter;
  }

  static ContainerExtension of(Container container) {
    return new ContainerExtension(container.toString(), container, false, container::start);
  }

  static ContainerExtension of(Container.StandAlone home) {
    return new ContainerExtension(home.container() + "-home", home.container(), true, home::start);
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    if (classes++ == 0) {
      process = starter.start(ContractWar.cleanFolder("containers", name));
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    printedBefore = running().printed();
  }

  @Override
  public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
    System.out.println(name + " printed:\n" + running().output(printedBefore));
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    if (--classes == 0 && process != null) {
      process.close();
      process = null;
    }
  }

  private ServerProcess running() {
    return requireNonNull(process, "process");
  }

  /** The contract's application in async mode. */
  Deployment async() {
    return new WarDeployment(ContractWar.ASYNC, atRoot ? "" : "/async", container.async());
  }

  /** The contract's application in sync mode. */
  Deployment sync() {
    return new WarDeployment(ContractWar.SYNC, "/sync", container.sync());
  }

  /** The contract's application in a filter, in async mode. */
  Deployment filter() {
    return new WarDeployment(ContractWar.FILTER, "/filter", container.async());
  }

  /** The contract's application in a filter, in sync mode. */
  Deployment filterSync() {
    return new WarDeployment(ContractWar.FILTER_SYNC, "/filter-sync", container.sync());
  }

  /** One of the WARs in it. */
  private final class WarDeployment implements Deployment {
    private final ContractWar war;
    private final String contextPath;
    private final Set<Capability> capabilities;

    WarDeployment(ContractWar war, String contextPath, Set<Capability> capabilities) {
      this.war = war;
      this.contextPath = contextPath;
      this.capabilities = capabilities;
    }

    @Override
    public int port() {
      return running().port();
    }

    @Override
    public String contextPath() {
      return contextPath;
    }

    @Override
    public String name() {
      return container.text();
    }

    @Override
    public String column() {
      return container + "-" + war;
    }

    @Override
    public boolean isFilter() {
      return war.isFilter();
    }

    @Override
    public Set<Capability> capabilities() {
      return capabilities;
    }

    @Override
    public AutoCloseable expectLog(String regex) {
      int from = running().printed();
      return () -> running().await(Pattern.compile(regex), from);
    }

    @Override
    public void close() {}
  }
}
