// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.jerseywar;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.nio.charset.StandardCharsets;

/** A bit of everything that Jersey asks of a container. */
@Path("/")
@Produces(MediaType.TEXT_PLAIN)
public final class Resources {
  /** A path parameter and an answer at once. */
  @GET
  @Path("hello/{name}")
  public String hello(@PathParam("name") String name) {
    return "Hello, " + name;
  }

  /** A form, and the session. */
  @POST
  @Path("count")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public String count(@FormParam("by") int by, @Context HttpServletRequest request) {
    var session = request.getSession();
    int count = session.getAttribute("count") instanceof Integer before ? before + by : by;
    session.setAttribute("count", count);
    return "Count: " + count;
  }

  /** An answer from another thread. */
  @GET
  @Path("later")
  public void later(@Suspended AsyncResponse response) {
    var _ = Thread.ofVirtual().start(() -> response.resume("later"));
  }

  /** An answer of several writes, without a length. */
  @GET
  @Path("stream")
  public StreamingOutput stream() {
    return out -> {
      for (int i = 0; i < 3; i++) {
        out.write((i + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    };
  }

  /** A redirect with the address that the container knows. */
  @GET
  @Path("old")
  public Response old(@Context UriInfo uri) {
    return Response.seeOther(uri.getBaseUri().resolve("hello/redirected")).build();
  }

  /** A status, by an exception. */
  @GET
  @Path("item/{name}")
  public String item(@PathParam("name") String name) {
    if (!name.equals("rope")) {
      throw new NotFoundException("not on the shelf");
    }
    return "Rope";
  }
}
