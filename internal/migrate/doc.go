// SPDX-License-Identifier: Apache-2.0

// Package migrate puts what people run elsewhere into the words of Akash. It is pure: tables and texts, no network.
// What it cannot put into them it says, with a reason.
package migrate
