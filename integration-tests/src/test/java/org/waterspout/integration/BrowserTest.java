// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The examples' pages in a browser: Debian's Chromium, driven by Selenium. */
final class BrowserTest {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration DEADLINE = Duration.ofSeconds(60); // browsers are slow to begin

  @TempDir private static Path profile;
  private static ChromeDriver browser; // null: there is none

  @TempDir private Path directory;

  @BeforeAll
  static void startBrowser() {
    for (var program : List.of(CHROMIUM, DRIVER)) {
      assumeTrue(
          Files.isExecutable(program),
          "there is no " + program + ": install chromium and chromium-driver");
    }
    var service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .build();
    var options =
        new ChromeOptions()
            .setBinary(CHROMIUM.toFile())
            .addArguments(
                "--headless=new",
                "--no-sandbox", // which does not start for root, as in containers
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--no-proxy-server",
                "--user-data-dir=" + profile);
    browser = new ChromeDriver(service, options);
  }

  @AfterAll
  static void endBrowser() {
    if (browser != null) {
      browser.quit();
    }
  }

  private static WebElement find(String selector) {
    return browser.findElement(By.cssSelector(selector));
  }

  private static void type(String selector, String text) {
    find(selector).sendKeys(text);
  }

  private static void click(String selector) {
    find(selector).click();
  }

  /** Waits until an element has a text in it; the page may change meanwhile. */
  private static void awaitText(String selector, String text) throws InterruptedException {
    await(
        selector + " with " + text,
        () -> {
          try {
            return find(selector).getText().contains(text);
          } catch (NoSuchElementException | StaleElementReferenceException e) {
            return false;
          }
        });
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what + " in: " + browser.getPageSource()).isLessThan(end);
      Thread.onSpinWait(); // each look asks the browser, and takes its time
    }
  }

  @Test
  void logsInAndOut() throws Exception {
    try (var login = new ExampleProcess("Login")) {
      browser.get(login.url("/"));
      assertThat(browser.getCurrentUrl()).isEqualTo(login.url("/login?next=%2F"));
      type("input[name=name]", "guest");
      type("input[name=password]", "wrong");
      click("button");
      awaitText("#problem", "There is no such user");
      type("input[name=name]", "guest");
      type("input[name=password]", "waterspout");
      click("button");
      awaitText("h1", "Hello, guest");
      assertThat(browser.manage().getCookieNamed("user").isHttpOnly()).isTrue();
      click("button");
      awaitText("h1", "Log in");
      browser.get(login.url("/"));
      awaitText("h1", "Log in");
    }
  }

  @Test
  void uploadsAFile() throws Exception {
    var file = Files.writeString(directory.resolve("Grüße.txt"), "a\r\n--b\n".repeat(100_000));
    var uploads = Files.createDirectory(directory.resolve("uploads"));
    try (var upload = new ExampleProcess("FileUpload", "--directory=" + uploads)) {
      browser.get(upload.url("/"));
      type("input[type=file]", file.toString());
      click("button");
      awaitText("body", "\"size\":" + Files.size(file));
    }
    try (var stored = Files.list(uploads)) {
      assertThat(stored)
          .singleElement()
          .satisfies(it -> assertThat(it).hasSameBinaryContentAs(file));
    }
  }

  @Test
  void chatsOverAWebSocket() throws Exception {
    try (var chat = new ExampleProcess("ChatDemo")) {
      browser.get(chat.url("/"));
      type("#input", "Ada");
      click("#send");
      awaitText("#members", "Here: Ada");
      type("#input", "Hello <b>all</b>");
      click("#send");
      awaitText("#log li .text", "Hello <b>all</b>");
    }
  }

  @Test
  void followsServerSentEvents() throws Exception {
    try (var events = new ExampleProcess("ServerSentEvents")) {
      browser.get(events.url("/"));
      awaitText("#state", "connected");
      await("a time", () -> find("#clock").getText().matches(".*[0-9].*"));
      click("#start");
      awaitText("#progress", "done: all 100 steps");
    }
  }

  @Test
  void keepsAListOfThingsToDo() throws Exception {
    try (var todo = new ExampleProcess("TodoApi")) {
      browser.get(todo.url("/"));
      type("#title", "Buy <rope>");
      click("form button");
      awaitText("#todos li label", "Buy <rope>");
      click("#todos li input");
      await("done", () -> find("#todos li").getDomAttribute("class").equals("done"));
      browser.navigate().refresh();
      awaitText("#todos li.done label", "Buy <rope>");
      click("#todos li button");
      await("none", () -> browser.findElements(By.cssSelector("#todos li")).isEmpty());
    }
  }

  @Test
  void worksWithTheConsoleOfH2BesideHandlers() throws Exception {
    try (var demo =
        new ExampleProcess("Demo", "--jetty-port=0", "--war=" + System.getProperty("demo.war"))) {
      browser.get(demo.url("/"));
      assertThat(browser.getTitle()).contains("Waterspout");
      browser.get(demo.url("/h2/"));
      await("login page", () -> !browser.findElements(By.name("url")).isEmpty());
      find("input[name=url]").clear();
      type("input[name=url]", "jdbc:h2:mem:demo;DB_CLOSE_DELAY=-1");
      click("input[type=submit]");
      await("frames", () -> !browser.findElements(By.name("h2query")).isEmpty());
      browser.switchTo().frame("h2query");
      type("#sql", "select 6 * 7 as answer");
      click("input[value=Run]");
      browser.switchTo().defaultContent().switchTo().frame("h2result");
      awaitText("table", "42");
      browser.switchTo().defaultContent();
    }
  }

  @Test
  void worksWithPagesOfAWarBesideAHandler() throws Exception {
    try (var mounted =
        ExampleProcess.withPages(
            "MountWar", "--war=../examples/shop-war/target/shop.war", "--context=/shop")) {
      browser.get(mounted.url("/shop/votes.jsp"));
      click("button[value=Rope]");
      awaitText("#Rope", "1");
      click("button[value=Rope]");
      awaitText("#Rope", "2");
      browser.findElement(By.linkText("Shelf")).click();
      click("li:nth-of-type(2) button");
      awaitText("h1", "Cart");
      awaitText("li", "Barometer");
      browser.get(mounted.url("/hello"));
      awaitText("body", "Hello, world");
    }
  }
}
