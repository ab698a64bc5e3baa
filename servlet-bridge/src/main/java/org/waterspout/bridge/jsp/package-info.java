// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * Pages in JSP, by Jasper, where it is on the class path of the server or in the WAR: nothing here
 * is compiled against it, since it may be either's. Read {@link
 * org.waterspout.bridge.jsp.JspInitializer} first.
 */
@NullMarked
package org.waterspout.bridge.jsp;

import org.jspecify.annotations.NullMarked;
