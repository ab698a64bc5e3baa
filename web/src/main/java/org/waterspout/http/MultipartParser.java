// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.waterspout.text.Shown;

/**
 * Takes a multipart body apart, RFC 2046 section 5.1.1, in pieces of any size. Pure.
 *
 * <pre>
 *   PREAMBLE         to the first boundary; ignored
 *   BOUNDARY         what follows a boundary: its line ends, or two dashes
 *   DASH
 *   PADDING
 *   LINE_END
 *   HEADERS          of a part; then Begin
 *   DATA             to the next boundary; Data, any number of times
 *   DATA_END         then End, and BOUNDARY again
 *   CLOSED           after the two dashes: the body may end from here on
 *   CLOSED_LINE_END
 *   EPILOGUE         ignored, but must not hold a boundary
 * </pre>
 *
 * <p>A boundary is CR, LF, two dashes and characters of which none is CR. So where a match breaks
 * off, the only place at which another one can begin is the byte that broke it: each byte is looked
 * at once, or twice where a piece ends within a match, whatever body and boundary are. What a match
 * has eaten need not be kept: it is the beginning of the boundary.
 */
final class MultipartParser {
  /** What a body consists of. */
  sealed interface Event {
    /** A part begins. */
    record Begin(MultipartPart part) implements Event {}

    /** A piece of the part, never empty; the array belongs to the receiver. */
    @SuppressWarnings("ArrayRecordComponent") // not compared
    record Data(byte[] chunk) implements Event {}

    /** The part has ended. */
    record End() implements Event {}
  }

  private enum State {
    PREAMBLE,
    BOUNDARY,
    DASH,
    PADDING,
    LINE_END,
    HEADERS,
    DATA,
    DATA_END,
    CLOSED,
    CLOSED_LINE_END,
    EPILOGUE
  }

  /** What is matched where a line begins: the line end before it. */
  private static final int LINE_BEGINS = 2;

  private static final int MAX_BOUNDARY = 70; // RFC 2046 section 5.1.1
  private static final byte[] NOTHING = {};
  private static final Event.End END = new Event.End();

  private final byte[] delimiter;
  private final FormLimits limits;
  private final LineReader lines = new LineReader(NOTHING);
  private State state = State.PREAMBLE;
  private ByteBuffer in = ByteBuffer.wrap(NOTHING);
  private int matched = LINE_BEGINS; // how much of the delimiter was seen
  private int borrowed = LINE_BEGINS; // how much of that is no data if the match breaks off
  private int parts;
  private int headerRoom;
  private HTTPHeaders headers = new HTTPHeaders();

  /**
   * A parser of one body.
   *
   * @throws HTTPInputException if the boundary is too long or cannot be one
   */
  MultipartParser(String boundary, FormLimits limits) {
    checkBoundary(boundary);
    this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    this.limits = limits;
  }

  /**
   * Gives the parser a piece, which it may hand on as data. All events of the piece before must
   * have been taken.
   */
  void feed(byte[] piece) {
    if (in.hasRemaining()) {
      throw new IllegalStateException("the piece before has not been parsed to its end");
    }
    in = ByteBuffer.wrap(piece);
  }

  /**
   * The next event; null if the pieces so far hold no other.
   *
   * @throws HTTPInputException if the body is refused; the parser is of no use then
   */
  @Nullable Event next() {
    if (state == State.DATA_END) {
      state = State.BOUNDARY;
      return END;
    }
    while (in.hasRemaining()) {
      Event event = step();
      if (event != null) {
        return event;
      }
    }
    return null;
  }

  /** Whether the final boundary was there, and all that came was acceptable. */
  boolean finished() {
    return state == State.CLOSED || state == State.EPILOGUE;
  }

  private @Nullable Event step() {
    switch (state) {
      case PREAMBLE -> {
        if (skipToDelimiter()) {
          state = State.BOUNDARY;
        }
      }
      case BOUNDARY -> afterBoundary(in.get());
      case DASH -> require(in.get() == '-', State.CLOSED);
      case PADDING -> afterPadding(in.get());
      case LINE_END -> require(in.get() == '\n', State.HEADERS);
      case HEADERS -> {
        return readHeader();
      }
      case DATA -> {
        return readData();
      }
      case CLOSED -> {
        byte b = in.get();
        if (!Syntax.isBlank(b)) {
          require(b == '\r', State.CLOSED_LINE_END);
        }
      }
      case CLOSED_LINE_END -> {
        require(in.get() == '\n', State.EPILOGUE);
        beginLine();
      }
      case EPILOGUE -> {
        // a parser that looks for the last boundary, or for all, would read more than we did
        if (skipToDelimiter()) {
          throw new HTTPInputException("a boundary after the final one");
        }
      }
      case DATA_END -> throw new AssertionError();
    }
    return null;
  }

  // ---- boundaries

  /** To the byte after the delimiter; false if it is not in this piece. */
  private boolean skipToDelimiter() {
    while (in.hasRemaining()) {
      byte b = in.get();
      if (b != delimiter[matched]) {
        matched = b == delimiter[0] ? 1 : 0;
      } else if (++matched == delimiter.length) {
        return true;
      }
    }
    return false;
  }

  private void beginLine() {
    matched = LINE_BEGINS;
    borrowed = LINE_BEGINS;
  }

  private void afterBoundary(byte b) {
    if (b == '-') {
      state = State.DASH;
      return;
    }
    if (parts == limits.maxParts()) {
      throw new HTTPInputException("a form of more than " + parts + " parts");
    }
    parts++;
    headers = new HTTPHeaders();
    headerRoom = limits.maxPartHeaderSize();
    state = State.PADDING;
    afterPadding(b);
  }

  /** RFC 2046 section 5.1.1: a transport may have added blanks. */
  private void afterPadding(byte b) {
    if (!Syntax.isBlank(b)) {
      require(b == '\r', State.LINE_END);
    } else if (--headerRoom < 0) {
      throw headersTooLarge();
    }
  }

  /** RFC 2046: what begins like a boundary is one. Others compare the whole line. */
  private void require(boolean expected, State next) {
    if (!expected) {
      throw new HTTPInputException("something else behind a boundary");
    }
    state = next;
  }

  // ---- headers

  private @Nullable Event readHeader() {
    int length = lines.read(in, headerRoom);
    if (length == LineReader.MORE) {
      return null;
    }
    if (length == LineReader.TOO_LONG) {
      throw headersTooLarge();
    }
    headerRoom -= length + 2;
    if (length > 0) {
      if (isBoundary(lines.line(), length)) {
        throw new HTTPInputException("a boundary among the headers of a part");
      }
      FieldLine.parse(lines.line(), length, headers);
      return null;
    }
    var part = MultipartPart.of(headers);
    // the empty line may be the delimiter's already: RFC 2046 knows parts without a body
    beginLine();
    state = State.DATA;
    return new Event.Begin(part);
  }

  private boolean isBoundary(byte[] line, int length) {
    int size = delimiter.length - LINE_BEGINS;
    return length >= size && Arrays.equals(line, 0, size, delimiter, LINE_BEGINS, delimiter.length);
  }

  private HTTPInputException headersTooLarge() {
    return new HTTPInputException(
        "headers of a part of more than " + limits.maxPartHeaderSize() + " bytes");
  }

  // ---- data

  private @Nullable Event readData() {
    byte[] piece = in.array();
    byte[] wanted = delimiter;
    int start = in.position();
    int before = matched; // in earlier pieces
    int count = before;
    for (int i = start; i < piece.length; ) {
      if (piece[i] == wanted[count]) {
        i++;
        if (++count == wanted.length) {
          in.position(i);
          state = State.DATA_END;
          return data(start, i - (count - before));
        }
      } else if (count == 0) {
        i = nextStart(piece, i + 1);
      } else if (before > borrowed) {
        return heldBack(before);
      } else {
        count = 0; // and this byte again, it may begin another match
        borrowed = 0;
        before = 0;
      }
    }
    in.position(piece.length);
    matched = count;
    return data(start, piece.length - (count - before));
  }

  /** The next byte at which a match may begin. */
  private static int nextStart(byte[] piece, int from) {
    int i = from;
    while (i < piece.length && piece[i] != '\r') {
      i++;
    }
    return i;
  }

  /** What an earlier piece held back was data; this piece is looked at anew. */
  private Event heldBack(int before) {
    byte[] held = Arrays.copyOfRange(delimiter, borrowed, before);
    matched = 0;
    borrowed = 0;
    return new Event.Data(held);
  }

  private @Nullable Event data(int start, int end) {
    if (end > start) {
      byte[] piece = in.array();
      boolean whole = start == 0 && end == piece.length;
      return new Event.Data(whole ? piece : Arrays.copyOfRange(piece, start, end));
    }
    return state == State.DATA_END ? next() : null;
  }

  // ---- the boundary itself

  private static void checkBoundary(String boundary) {
    if (boundary.isEmpty()
        || boundary.length() > MAX_BOUNDARY
        || boundary.endsWith(" ")
        || !boundary.chars().allMatch(MultipartParser::isBoundaryChar)) {
      throw new HTTPInputException("not a boundary: " + Shown.quoted(boundary));
    }
  }

  private static boolean isBoundaryChar(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || Syntax.isDigit(c)
        || "'()+_,-./:=? ".indexOf(c) >= 0;
  }
}
