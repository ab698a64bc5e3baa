// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.assembly;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.deployment.DeploymentDraft;
import org.waterspout.bridge.deployment.Environment;
import org.waterspout.bridge.deployment.Environment.Version;
import org.waterspout.bridge.deployment.Initializer;
import org.waterspout.bridge.descriptor.WebXml;
import org.waterspout.bridge.descriptor.WebXml.JspConfig;
import org.waterspout.bridge.jsp.JspInitializer;
import org.waterspout.bridge.migration.JakartaCopy;
import org.waterspout.bridge.war.WarException;
import org.waterspout.bridge.war.WarFile;
import org.waterspout.bridge.war.WorkDirectory;
import org.waterspout.log.Log;

/**
 * What an application lives on: its directory for temporary files and, if it comes from a WAR, its
 * class loader and its resources.
 *
 * <p>Life: opened before the application starts, closed when it has ended or could not start.
 */
public final class AppHome implements AutoCloseable {
  /** Section 8.1.6. */
  private static final List<String> WELCOME_FILES = List.of("index.html", "index.htm", "index.jsp");

  private final Environment environment;

  /** Null if it does not come from a WAR. */
  private final @Nullable WarParts parts;

  /** What the WAR has beside its components, for people. */
  private final String description;

  private AppHome(Environment environment, @Nullable WarParts parts, String description) {
    this.environment = environment;
    this.parts = parts;
    this.description = description;
  }

  /**
   * The home of an application that is declared in code.
   *
   * @param work where its files are; null for the directory of the user
   */
  public static AppHome ofCode(List<Initializer> initializers, @Nullable Path work)
      throws IOException {
    Path temporary = workDirectory(work).temporary();
    var environment =
        new Environment(null, temporary, initializers, List.of(), null, Version.CURRENT, null);
    return new AppHome(environment, null, "declared in code");
  }

  /**
   * The home of an application from a WAR; what that declares is declared in the draft.
   *
   * @param draft what the mount declares; its class loader is that of the host, and then the WAR's
   * @param initializers of the mount, which run first
   * @param work where its files are; null for the directory of the user
   * @throws WarException if the WAR cannot be used; the message begins with its name
   */
  public static AppHome ofWar(
      WarOptions options,
      DeploymentDraft draft,
      List<Initializer> initializers,
      @Nullable Path work)
      throws IOException {
    WorkDirectory directory = workDirectory(work);
    directory.tidy();
    WarFile war = jakarta(WarFile.open(options.source(), directory), directory);
    ClassLoader host = draft.classLoader();
    WarParts parts = WarParts.open(war, host, options.shared());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    boolean done = false;
    try {
      // Section 10.7.2: initializers are made here.
      thread.setContextClassLoader(parts.loader());
      draft.classLoader(parts.loader());
      Assembly assembly = Assembly.of(war);
      logBundledAPI(assembly);
      new SecurityCheck(assembly).check(draft.ignoresSecurity());
      new Declaring(assembly, draft).declare();
      List<Initializer> all = new ArrayList<>();
      all.add(new Initializer(new JspInitializer(Files.isDirectory(war.source())), Set.of()));
      all.addAll(initializers);
      all.addAll(new Initializers(assembly, parts.loader(), host).find());
      String description = describe(assembly);
      var home =
          new AppHome(environment(assembly, parts, directory.temporary(), all), parts, description);
      done = true;
      return home;
    } catch (RuntimeException e) {
      throw new WarException(war.source() + ": " + e.getMessage(), e);
    } finally {
      thread.setContextClassLoader(before);
      if (!done) {
        parts.close();
      }
    }
  }

  private static WarFile jakarta(WarFile war, WorkDirectory work) throws IOException {
    String evidence = JakartaCopy.evidence(war.root(), war.libraries());
    return evidence == null
        ? war
        : new WarFile(war.source(), JakartaCopy.of(war.source(), war.root(), evidence, work));
  }

  private static Environment environment(
      Assembly assembly, WarParts parts, Path temporary, List<Initializer> initializers) {
    WebXml xml = assembly.effective();
    JspConfig jsp = xml.jsp();
    Libraries libraries = assembly.libraries();
    return new Environment(
        parts.resources(),
        temporary,
        initializers,
        xml.welcomeFiles().isEmpty() ? WELCOME_FILES : xml.welcomeFiles(),
        libraries.ordered() ? libraries.included().stream().map(Library::name).toList() : null,
        assembly.version(),
        jsp == null ? null : new PageConfig(jsp));
  }

  private static void logBundledAPI(Assembly assembly) {
    for (Library library : assembly.libraries().all()) {
      if (library.bundlesAPI()) {
        Log.GENERAL.log(
            Level.INFO,
            "{0}: {1} has the servlet API, which is not used: the server''s own is",
            assembly.war().source(),
            library.inWar());
      }
    }
  }

  private static String describe(Assembly assembly) throws IOException {
    long pages;
    try (Stream<Path> files = Files.walk(assembly.war().root())) {
      pages = files.filter(file -> isPage(file.toString())).count();
    }
    return "%s for Servlet %d.%d, %d libraries, %d JSP files"
        .formatted(
            assembly.war().source().getFileName(),
            assembly.version().major(),
            assembly.version().minor(),
            assembly.libraries().all().size(),
            pages);
  }

  private static boolean isPage(String file) {
    return file.endsWith(".jsp") || file.endsWith(".jspx");
  }

  static WorkDirectory workDirectory(@Nullable Path work) throws IOException {
    return work == null ? WorkDirectory.standard() : WorkDirectory.of(work);
  }

  /** What the application finds here. */
  public Environment environment() {
    return environment;
  }

  /** The WAR as the mount names it; null if the application does not come from one. */
  public @Nullable Path source() {
    return parts == null ? null : parts.war().source();
  }

  /** What it is, for people. */
  public String description() {
    return description;
  }

  /** Lets go of the WAR and deletes the temporary files. What goes wrong is logged. */
  @Override
  public void close() {
    if (parts != null) {
      parts.close();
    }
    try {
      WorkDirectory.deleteTree(environment.temporary());
    } catch (IOException e) {
      Log.GENERAL.log(Level.WARNING, "temporary files are left: " + environment.temporary(), e);
    }
  }
}
