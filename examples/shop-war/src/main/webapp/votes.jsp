<%@ page contentType="text/html; charset=UTF-8" import="java.util.List, java.util.Map, java.util.TreeMap" %>
<%!
  static final List<String> ITEMS = List.of("Anchor", "Barometer", "Compass", "Rope");

  /** Never changed, only replaced. */
  static Map<String, Integer> counted(Object votes, String item) {
    var counts = new TreeMap<String, Integer>();
    if (votes instanceof Map<?, ?> before) {
      before.forEach((name, count) -> counts.put((String) name, (Integer) count));
    }
    counts.merge(item, 1, Integer::sum);
    return Map.copyOf(counts);
  }
%>
<%
  String item = request.getParameter("item");
  if (request.getMethod().equals("POST") && ITEMS.contains(item)) {
    synchronized (application) {
      application.setAttribute("votes", counted(application.getAttribute("votes"), item));
    }
    response.sendRedirect("votes.jsp");
    return;
  }
  pageContext.setAttribute("items", ITEMS);
%>
<!DOCTYPE html>
<html lang="en">
<title>Votes</title>
<link rel="stylesheet" href="shop.css">
<h1>What should there be more of?</h1>
<form method="post">
<ul>
<% for (int i = 0; i < ITEMS.size(); i++) { pageContext.setAttribute("i", i); %>
<li><button name="item" value="${items[i]}">${items[i]}</button> <span id="${items[i]}">${empty votes[items[i]] ? 0 : votes[items[i]]}</span>
<% } %>
</ul>
</form>
<%@ include file="/WEB-INF/footer.jspf" %>
</html>
