// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The media type of a file by the end of its name. Pure. */
final class ContentTypes {
  static final String UNKNOWN = "application/octet-stream";

  /** Text is UTF-8: what else would a program's own files be? */
  private static final String TABLE =
      """
      text/html; charset=UTF-8: html htm
      text/css; charset=UTF-8: css
      text/javascript; charset=UTF-8: js mjs
      text/plain; charset=UTF-8: txt text log conf ini
      text/markdown; charset=UTF-8: md markdown
      text/csv; charset=UTF-8: csv
      text/tab-separated-values; charset=UTF-8: tsv
      text/calendar; charset=UTF-8: ics
      text/vcard; charset=UTF-8: vcf
      text/vtt; charset=UTF-8: vtt
      application/json: json map
      application/ld+json: jsonld
      application/geo+json: geojson
      application/manifest+json: webmanifest
      application/xml: xml xsl xsd
      application/xhtml+xml: xhtml xht
      application/atom+xml: atom
      application/rss+xml: rss
      application/yaml: yaml yml
      application/toml: toml
      application/wasm: wasm
      application/pdf: pdf
      application/rtf: rtf
      application/epub+zip: epub
      application/postscript: ps eps ai
      application/sql: sql
      application/zip: zip
      application/gzip: gz tgz
      application/zstd: zst
      application/x-bzip2: bz2
      application/x-xz: xz
      application/x-7z-compressed: 7z
      application/vnd.rar: rar
      application/x-tar: tar
      application/java-archive: jar war
      application/msword: doc
      application/vnd.ms-excel: xls
      application/vnd.ms-powerpoint: ppt
      application/vnd.openxmlformats-officedocument.wordprocessingml.document: docx
      application/vnd.openxmlformats-officedocument.spreadsheetml.sheet: xlsx
      application/vnd.openxmlformats-officedocument.presentationml.presentation: pptx
      application/vnd.oasis.opendocument.text: odt
      application/vnd.oasis.opendocument.spreadsheet: ods
      application/vnd.oasis.opendocument.presentation: odp
      image/png: png
      image/apng: apng
      image/jpeg: jpg jpeg jpe
      image/gif: gif
      image/webp: webp
      image/avif: avif
      image/heic: heic
      image/jxl: jxl
      image/svg+xml: svg
      image/bmp: bmp
      image/tiff: tif tiff
      image/x-icon: ico
      font/woff: woff
      font/woff2: woff2
      font/ttf: ttf
      font/otf: otf
      font/collection: ttc
      application/vnd.ms-fontobject: eot
      audio/mpeg: mp3
      audio/ogg: oga ogg opus
      audio/wav: wav
      audio/flac: flac
      audio/aac: aac
      audio/mp4: m4a
      audio/midi: mid midi
      audio/webm: weba
      video/mp4: mp4 m4v
      video/mpeg: mpeg mpg
      video/ogg: ogv
      video/webm: webm
      video/quicktime: mov
      video/x-msvideo: avi
      video/x-matroska: mkv
      video/mp2t: ts
      video/3gpp: 3gp
      application/vnd.apple.mpegurl: m3u8
      application/dash+xml: mpd
      model/gltf+json: gltf
      model/gltf-binary: glb
      """;

  private static final Map<String, String> BY_ENDING = read();

  private ContentTypes() {}

  private static Map<String, String> read() {
    Map<String, String> types = new HashMap<>();
    TABLE
        .lines()
        .forEach(
            line -> {
              int colon = line.lastIndexOf(": ");
              for (String ending : line.substring(colon + 2).split(" ", -1)) {
                types.put(ending, line.substring(0, colon));
              }
            });
    return Map.copyOf(types);
  }

  /** The type of the file with this name or path. */
  static String of(String name) {
    int dot = name.lastIndexOf('.');
    boolean none = dot <= name.lastIndexOf('/');
    return none
        ? UNKNOWN
        : BY_ENDING.getOrDefault(name.substring(dot + 1).toLowerCase(Locale.ROOT), UNKNOWN);
  }
}
