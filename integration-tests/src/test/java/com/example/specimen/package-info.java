// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * A web application that says what it sees, chapter by chapter of the Servlet specification. It is
 * packed into a WAR, which the same requests are sent to in every container.
 */
package com.example.specimen;
