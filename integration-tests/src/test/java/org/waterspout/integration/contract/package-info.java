// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/** The application that the contract is tested with. It also goes into a WAR. */
package org.waterspout.integration.contract;
