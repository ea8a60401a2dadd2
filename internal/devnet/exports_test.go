// SPDX-License-Identifier: Apache-2.0

package devnet

import "time"

// FirstBlockAfter is how long [Start] took until its first block was committed.
func (n *Network) FirstBlockAfter() time.Duration { return n.firstBlock }
