<%@ page contentType="text/html; charset=utf-8" session="false" trimDirectiveWhitespaces="true" %>
<!DOCTYPE html><title>Squares</title><table><%
for (int i = 1; i <= 20; i++) {
  request.setAttribute("i", i);
%><tr><td>${i}</td><td>${i * i}</td></tr><%
}
%></table>