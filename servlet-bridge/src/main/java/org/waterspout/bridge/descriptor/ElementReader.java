// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.descriptor;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads the elements of a descriptor. A document type may be named and is never fetched; entities
 * of its own it may not have. Elements of foreign namespaces are left out.
 */
final class ElementReader {
  /** Those of J2EE, Java EE and Jakarta EE; none with the document types before them. */
  private static final Set<String> NAMESPACES =
      Set.of(
          "",
          "http://java.sun.com/xml/ns/j2ee",
          "http://java.sun.com/xml/ns/javaee",
          "http://xmlns.jcp.org/xml/ns/javaee",
          "https://jakarta.ee/xml/ns/jakartaee");

  /** Nobody writes a longer one. */
  private static final int MAX_BYTES = 16 * 1024 * 1024;

  private final String file;

  /** Those that have begun and not ended. */
  private final Deque<Open> open = new ArrayDeque<>();

  /** Null until the end of the outermost element. */
  private @Nullable Element root;

  /** Null unless the document has one. */
  private @Nullable String documentType;

  private record Open(
      String name,
      Place place,
      Map<String, String> attributes,
      List<Element> children,
      StringBuilder text) {
    Element close() {
      return new Element(
          name, place, Map.copyOf(attributes), List.copyOf(children), text.toString());
    }
  }

  ElementReader(String file) {
    this.file = file;
  }

  /**
   * Reads a whole descriptor.
   *
   * @throws DescriptorException if it is not well formed, or too long
   * @throws IOException if it cannot be read
   */
  Element read(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new DescriptorException(new Place(file, 1, 1), "more than " + MAX_BYTES + " bytes");
    }
    XMLStreamReader xml = null;
    try {
      xml = factory().createXMLStreamReader(new ByteArrayInputStream(bytes));
      while (xml.hasNext()) {
        take(xml, xml.next());
      }
    } catch (XMLStreamException e) {
      throw new DescriptorException(place(e.getLocation()), reason(e), e);
    } finally {
      close(xml);
    }
    return Objects.requireNonNull(root, "a document without an element is not well formed");
  }

  /** The declaration of the document's type, as it stands there; null if there is none. */
  @Nullable String documentType() {
    return documentType;
  }

  /** The JDK's own, whatever the WAR brings. */
  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory;
  }

  private void take(XMLStreamReader xml, int event) throws XMLStreamException {
    switch (event) {
      case XMLStreamConstants.DTD -> documentType = xml.getText();
      case XMLStreamConstants.START_ELEMENT -> begin(xml);
      case XMLStreamConstants.END_ELEMENT -> end();
      case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
        if (!open.isEmpty()) {
          open.element().text().append(xml.getText());
        }
      }
      case XMLStreamConstants.ENTITY_REFERENCE ->
          throw new DescriptorException(
              place(xml.getLocation()), "the entity " + xml.getLocalName() + " is not read");
      default -> {} // comments and instructions
    }
  }

  private void begin(XMLStreamReader xml) throws XMLStreamException {
    Place place = place(xml.getLocation());
    String namespace = xml.getNamespaceURI();
    if (!NAMESPACES.contains(namespace == null ? "" : namespace)) {
      if (open.isEmpty()) {
        throw new DescriptorException(place, "not a descriptor of the servlet specification");
      }
      skip(xml);
      return;
    }
    Map<String, String> attributes = new HashMap<>();
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      if (xml.getAttributeNamespace(i) == null || xml.getAttributeNamespace(i).isEmpty()) {
        attributes.put(xml.getAttributeLocalName(i), xml.getAttributeValue(i));
      }
    }
    open.push(
        new Open(xml.getLocalName(), place, attributes, new ArrayList<>(), new StringBuilder()));
  }

  private static void skip(XMLStreamReader xml) throws XMLStreamException {
    int depth = 1;
    while (depth > 0) {
      int event = xml.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        depth++;
      } else if (event == XMLStreamConstants.END_ELEMENT) {
        depth--;
      }
    }
  }

  private void end() {
    Element ended = open.pop().close();
    if (open.isEmpty()) {
      root = ended;
    } else {
      open.element().children().add(ended);
    }
  }

  /** The JDK's place of an event is its end: for an element, where its first tag ends. */
  private Place place(@Nullable Location location) {
    return location == null
        ? new Place(file, 1, 1)
        : new Place(
            file, Math.max(1, location.getLineNumber()), Math.max(1, location.getColumnNumber()));
  }

  /** Without the JDK's own words about the place. */
  private static String reason(XMLStreamException e) {
    String message = String.valueOf(e.getMessage());
    String mark = "Message: ";
    int start = message.indexOf(mark);
    return start < 0 ? message : message.substring(start + mark.length());
  }

  private static void close(@Nullable XMLStreamReader xml) {
    if (xml != null) {
      try {
        xml.close();
      } catch (XMLStreamException e) {
        // There is nothing behind it but an array.
      }
    }
  }
}
