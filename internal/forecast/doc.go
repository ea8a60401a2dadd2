// SPDX-License-Identifier: Apache-2.0

// Package forecast reads the market: who is registered, who is audited, what each Akash provider has free, what was bid
// lately. Judging what was read is [market]'s.
//
// Reading is bounded. Gateways are asked all at once, each for a short time, and whoever has not answered when time is
// up is reported as silent; a forecast that comes late helps nobody. What was read lives for minutes, in memory and in
// a folder that processes share, so that a hundred leases planned together, and the apply that follows, read once. The
// files hold what anybody may know of the market and no secret.
package forecast
