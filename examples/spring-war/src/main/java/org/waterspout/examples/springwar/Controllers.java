// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.springwar;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** A bit of everything that Spring MVC asks of a container. */
@RestController
public class Controllers {
  /** A path variable and an answer at once. */
  @GetMapping(path = "/hello/{name}", produces = MediaType.TEXT_PLAIN_VALUE)
  public String hello(@PathVariable String name) {
    return "Hello, " + name;
  }

  /** A form, and the session. */
  @PostMapping(path = "/count", produces = MediaType.TEXT_PLAIN_VALUE)
  public String count(@RequestParam int by, HttpSession session) {
    int count = session.getAttribute("count") instanceof Integer before ? before + by : by;
    session.setAttribute("count", count);
    return "Count: " + count;
  }

  /** An answer from another thread, by an asynchronous dispatch. */
  @GetMapping(path = "/later", produces = MediaType.TEXT_PLAIN_VALUE)
  public Callable<String> later() {
    return () -> "later";
  }

  /** Events, each flushed by itself. */
  @GetMapping("/events")
  public SseEmitter events() throws IOException {
    var emitter = new SseEmitter();
    emitter.send("one");
    emitter.send("two");
    emitter.complete();
    return emitter;
  }

  /** A file of a multipart form. */
  @PostMapping(path = "/upload", produces = MediaType.TEXT_PLAIN_VALUE)
  public String upload(@RequestParam MultipartFile file) {
    return file.getOriginalFilename() + ": " + file.getSize() + " bytes";
  }

  /** A redirect that the servlet API sends. */
  @GetMapping("/old")
  public void old(HttpServletResponse response) throws IOException {
    response.sendRedirect("hello/redirected");
  }

  /** A status, by an exception. */
  @GetMapping("/gone")
  public ResponseEntity<String> gone() {
    throw new ResponseStatusException(HttpStatus.GONE, "it was here");
  }
}
